//! Invitations: an address that is asked to come to an organisation.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::api_key::entity::ApiKey;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember, Role};

/// Where an invitation stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> accepted | revoked | expired; expired -> pending | revoked")]
pub enum InvitationStatus {
    /// Not answered yet.
    Pending,
    /// The person belongs to the organisation.
    Accepted,
    /// Taken back.
    Revoked,
    /// Its time has passed.
    Expired,
}

/// An invitation of an address. It keeps a seat while it can be accepted (S2-B50).
#[derive(Entity)]
#[entity(
    table = "invitations",
    scope = tenant,
    classification = internal,
    read_only,
    unique(token_hash),
    unique(columns(email), where = "status = 'pending'"),
    index(status, expires_at)
)]
pub struct Invitation {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The address that it was sent to, and that names the account of who accepts it.
    #[entity(pii)]
    pub email: Text<320>,
    /// The role that it gives; none gives no permissions.
    #[entity(on_delete = cascade)]
    pub role_id: Option<Id<Role>>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: InvitationStatus,
    /// SHA-256 of the token that was sent last.
    #[entity(restricted)]
    pub token_hash: Vec<u8>,
    /// It can't be accepted after this time.
    pub expires_at: Timestamp,
    /// Where a browser goes on after the link.
    pub redirect_to: Option<Text<2000>>,
    /// The member who invited.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub invited_by: Option<Id<OrganizationMember>>,
    /// The program that invited.
    #[entity(on_delete = cascade)]
    pub api_key_id: Option<Id<ApiKey>>,
    /// How often it was sent.
    #[entity(default = 1, min = 1)]
    pub sent_count: i32,
    /// When it was sent last.
    pub sent_at: Timestamp,
    /// Who accepted it.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub accepted_by: Option<Id<OrganizationMember>>,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
