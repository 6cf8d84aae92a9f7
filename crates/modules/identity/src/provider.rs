//! Signing in through others: any issuer of OpenID Connect, and GitHub.
//!
//! Providers are the operator's to set, never an organisation's: an account is of the whole
//! installation, so whoever can name a provider that vouches for addresses could come into any
//! account.

pub(crate) mod arrival;
pub(crate) mod cached;
pub(crate) mod enter;
pub(crate) mod flow;
pub(crate) mod flow_entity;
pub(crate) mod github;
pub(crate) mod id_token;
pub(crate) mod identities;
pub(crate) mod issuer;
pub(crate) mod registry;
pub(crate) mod settings;
