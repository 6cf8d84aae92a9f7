//! Organisations: members, seats, subscriptions, onboarding.

pub(crate) mod members;
pub(crate) mod onboarding;
pub(crate) mod onboarding_progress;
pub(crate) mod seats;
pub(crate) mod subscription;
