//! What opens other systems: OAuth tokens and API keys. They are written, never read back.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Connection, Integration};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::Organization;
use uuid::Uuid;

/// What an OAuth provider gave for a connection.
#[derive(Entity)]
#[entity(
    table = "oauth_tokens",
    scope = tenant,
    classification = confidential,
    unique(connection_id, provider),
    index(expires_at)
)]
pub struct OauthToken {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The connection.
    #[entity(on_delete = cascade)]
    pub connection_id: Id<Connection>,
    /// Who gave it.
    pub provider: Text<100>,
    /// What opens the account (S0-B49).
    #[entity(secret)]
    pub access_token: Secret<String>,
    /// What gets another access token (S0-B49).
    #[entity(secret)]
    pub refresh_token: Option<Secret<String>>,
    /// The access token works until then.
    pub expires_at: Option<Timestamp>,
    /// What it allows, separated by spaces (RFC 6749 §3.3).
    pub scope: Option<Text<2000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Which of a system's worlds a key opens (S0-B32).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEnvironment {
    Production,
    Sandbox,
}

/// A venue's key at a system that knows no OAuth.
#[derive(Entity)]
#[entity(
    table = "venue_api_keys",
    scope = venue,
    classification = confidential,
    unique(columns(venue_id, integration_id, environment), where = "active = true")
)]
pub struct VenueApiKey {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Uuid,
    /// The system.
    pub integration_id: Id<Integration>,
    /// The key (S0-B50).
    #[entity(secret)]
    pub api_key: Secret<String>,
    /// What belongs to the key (S0-B50).
    #[entity(secret)]
    pub api_secret: Option<Secret<String>>,
    /// Which world it opens.
    pub environment: KeyEnvironment,
    /// Whether it is used.
    #[entity(default = true)]
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
