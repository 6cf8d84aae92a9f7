//! Jobs on both engines: claims, outcomes, schedules, stopping.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "jobs/claims.rs"]
mod claims;
#[path = "jobs/declarations.rs"]
mod declarations;
#[path = "jobs/fixture.rs"]
mod fixture;
#[path = "jobs/outcomes.rs"]
mod outcomes;
#[path = "jobs/schedules.rs"]
mod schedules;
#[path = "jobs/stopping.rs"]
mod stopping;
