//! Sessions and the tokens that stand for them.

pub(crate) mod entity;
pub(crate) mod page;
pub(crate) mod refresh_token;
pub(crate) mod sessions;
pub(crate) mod signing;
