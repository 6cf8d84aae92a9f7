//! Second factors.

pub(crate) mod entity;
pub(crate) mod factors;
pub(crate) mod recovery_code;
pub(crate) mod totp;
