//! Full-text search: both engines find the same rows, by words that follow every change.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod agreement;
mod fixture;
mod migration;
mod writes;
