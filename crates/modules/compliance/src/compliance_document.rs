//! Documents that somebody hands in: licences, statements, proofs of identity.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// How far the review of a document is. The documents list no values; a rejected or expired one is
/// replaced by another.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> approved | rejected; approved -> expired")]
pub enum DocumentStatus {
    /// Handed in.
    Pending,
    Approved,
    Rejected,
    /// Approved too long ago.
    Expired,
}

/// A document that was handed in for a venue, customer or user.
#[derive(Entity)]
#[entity(
    table = "compliance_documents",
    scope = tenant,
    classification = confidential,
    index(entity_type, entity_id),
    index(status, uploaded_at)
)]
pub struct ComplianceDocument {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it was handed in for: `venue`, `customer`, `user`.
    pub entity_type: Text<100>,
    /// Its identifier.
    pub entity_id: Text<255>,
    /// What it is: `business_license`, `bank_statement`, `passport`; the list is open.
    pub document_type: Text<100>,
    /// The key of its file in the storage.
    pub file_key: Text<1024>,
    /// How far its review is.
    #[entity(default = "pending")]
    pub status: DocumentStatus,
    /// When it was handed in.
    #[entity(default = now)]
    pub uploaded_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
