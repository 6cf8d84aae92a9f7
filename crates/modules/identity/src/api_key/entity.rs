//! API keys: how programs say who they are.
//!
//! A key is `ms_{organisation}_{secret}`: the organisation in it lets a lookup stay inside one
//! tenant. It is shown once; its hash is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember, Team};
use mainstay_vault::Entropy;
use std::net::IpAddr;
use uuid::Uuid;

const START: &str = "ms_";
const SECRET_BYTES: usize = 24;
/// Characters of a key that are kept in the clear, so that people can tell keys apart.
const PREFIX_LENGTH: usize = 32;

/// A key of a program, with what it may do (S1-B41, S2-B45).
#[derive(Entity)]
#[entity(
    table = "api_keys",
    scope = tenant,
    classification = confidential,
    read_only,
    unique(key_hash),
    index(user_id),
    index(team_id),
    index(key_prefix),
    index(is_active, expires_at),
    check(name = "one_owner", "user_id is null or team_id is null")
)]
pub struct ApiKey {
    /// Identifies the key in audit events.
    pub id: Id<Self>,
    /// The organisation that it works in.
    pub organization_id: Id<Organization>,
    /// The member that it belongs to.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The team that it belongs to.
    #[entity(on_delete = cascade)]
    pub team_id: Option<Id<Team>>,
    /// What it is for.
    pub name: Text<255>,
    /// SHA-256 of the key.
    #[entity(restricted)]
    pub key_hash: Vec<u8>,
    /// The key's first characters.
    pub key_prefix: Text<40>,
    /// What it may do, each `resource:action`.
    #[entity(default = "[]")]
    pub scopes: Vec<String>,
    /// Whether they hold for a product's tables of the installation too. The operator gives it, no
    /// organisation.
    #[entity(default = false)]
    pub installation: bool,
    /// Most requests an hour; none means no limit.
    #[entity(min = 1)]
    pub rate_limit_per_hour: Option<i32>,
    /// The hour that requests were last taken for, of those that the limit allows.
    pub limit_hour: Option<Timestamp>,
    /// Requests that servers have taken for it.
    #[entity(default = 0, min = 0)]
    pub limit_taken: i64,
    /// Addresses or networks that may use it; none means any.
    pub allowed_ips: Option<Vec<String>>,
    /// Origins that may use it; none means any.
    pub allowed_origins: Option<Vec<String>>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// From where.
    #[entity(pii)]
    pub last_used_ip: Option<IpAddr>,
    /// How often it was used.
    #[entity(default = 0)]
    pub usage_count: i64,
    /// It ends then.
    pub expires_at: Option<Timestamp>,
    /// Whether it may be used.
    #[entity(default = true)]
    pub is_active: bool,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
    /// Why it was withdrawn.
    pub revoked_reason: Option<Text<255>>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// The organisation that it works in.
    pub organization_id: Uuid,
    /// What it is for.
    pub name: String,
    /// What it may do, each `resource:action`.
    pub scopes: Vec<String>,
    /// Whether that holds for a product's tables of the installation too.
    pub installation: bool,
    /// It ends then; none means never.
    pub expires_at: Option<Timestamp>,
}

/// Makes the text of a key.
pub(crate) fn generate(organization: Uuid, entropy: &dyn Entropy) -> String {
    let mut secret = [0; SECRET_BYTES];
    entropy.fill(&mut secret);
    let organization = URL_SAFE_NO_PAD.encode(organization.as_bytes());
    format!("{START}{organization}_{}", URL_SAFE_NO_PAD.encode(secret))
}

/// The part of a key that may be shown.
pub(crate) fn prefix(key: &str) -> &str {
    key.get(..PREFIX_LENGTH).unwrap_or(key)
}

/// Whether a credential looks like an API key.
pub(crate) fn is_api_key(credential: &str) -> bool {
    credential.starts_with(START)
}

/// The organisation that a key names; whether the key exists is another question.
pub(crate) fn organization(key: &str) -> Option<Uuid> {
    // A UUID is 22 characters of base64; the separator follows.
    let encoded = key.strip_prefix(START)?.get(..22)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    Uuid::from_slice(&bytes).ok()
}
