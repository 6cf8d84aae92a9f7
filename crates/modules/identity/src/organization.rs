//! Organisations: members, invitations, seats, subscriptions, teams, onboarding.

pub(crate) mod acting;
pub(crate) mod dns;
pub(crate) mod domain;
pub(crate) mod domains;
pub(crate) mod entering;
pub(crate) mod invitation;
pub(crate) mod invitations;
pub(crate) mod members;
pub(crate) mod onboarding;
pub(crate) mod onboarding_progress;
pub(crate) mod plan;
pub(crate) mod seats;
pub(crate) mod shown;
pub(crate) mod subscription;
pub(crate) mod team_member;
pub(crate) mod team_tree;
