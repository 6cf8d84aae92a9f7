//! Jobs on both engines: claims, outcomes, schedules, stopping.

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
