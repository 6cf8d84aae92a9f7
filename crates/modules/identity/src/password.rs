//! Passwords: hashing, what may be chosen, what was used before.

pub(crate) mod hashing;
pub(crate) mod history;
pub(crate) mod leaked;
pub(crate) mod policy;
