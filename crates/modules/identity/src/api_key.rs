//! Keys of programs.

pub(crate) mod actions;
pub(crate) mod entity;
pub(crate) mod known;
pub(crate) mod limit;
pub(crate) mod rules;
pub(crate) mod usage;

pub(crate) use entity::{generate, is_api_key, organization, prefix};
