//! Web Authentication: passkeys and security keys (W3C WebAuthn Level 3).

pub(crate) mod ceremony;
pub(crate) mod challenge;
pub(crate) mod entity;
pub(crate) mod passkeys;
pub(crate) mod relying_party;
pub(crate) mod with_passkey;
