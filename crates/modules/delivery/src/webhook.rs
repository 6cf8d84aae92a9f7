//! Webhooks: the keys that requests are signed with.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::destination::DeliveryDestination;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How requests are signed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    #[choice(rename = "HMAC-SHA256")]
    HmacSha256,
    #[choice(rename = "HMAC-SHA512")]
    HmacSha512,
}

/// A key that requests to a destination are signed with (S4-B57).
///
/// The primary one signs first; while keys are exchanged the other active ones sign too.
#[derive(Entity)]
#[entity(
    table = "webhook_secrets",
    scope = tenant,
    classification = confidential,
    unique(columns(destination_id), where = "is_primary and is_active"),
    index(destination_id, is_active),
    index(destination_id, is_primary),
    index(is_active),
    index(is_primary),
    index(expires_at),
    index(created_at),
    index(last_used_at)
)]
pub struct WebhookSecret {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The destination.
    #[entity(on_delete = cascade)]
    pub destination_id: Id<DeliveryDestination>,
    /// The key.
    #[entity(secret)]
    pub secret_key: Secret<String>,
    /// How requests are signed.
    #[entity(default = "HMAC-SHA256")]
    pub algorithm: SignatureAlgorithm,
    /// Whether it is used.
    #[entity(default = true)]
    pub is_active: bool,
    /// Whether it signs first.
    #[entity(default = false)]
    pub is_primary: bool,
    /// It is not used after this time.
    pub expires_at: Option<Timestamp>,
    /// When it took the place of another one.
    pub rotated_at: Option<Timestamp>,
    /// How often it was used.
    #[entity(default = 0, min = 0, read_only)]
    pub usage_count: i64,
    /// When it was last used.
    #[entity(read_only)]
    pub last_used_at: Option<Timestamp>,
    /// Who made it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
}
