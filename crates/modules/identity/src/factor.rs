//! Second factors.

pub(crate) mod challenge;
pub(crate) mod demand;
pub(crate) mod enroll;
pub(crate) mod entity;
pub(crate) mod factors;
pub(crate) mod message;
pub(crate) mod phone;
pub(crate) mod recovery_code;
pub(crate) mod reply;
pub(crate) mod security_key;
pub(crate) mod totp;
pub(crate) mod verify;
