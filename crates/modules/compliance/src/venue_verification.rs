//! Verification of venues: who runs them, and whether their bank accounts are theirs.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Sealed, Text};
use mainstay_kernel::entities::Organization;
use uuid::Uuid;

/// What is verified (S0-B25).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationType {
    /// The persons: know your customer.
    Kyc,
    /// The business: know your business.
    Kyb,
}

/// How far a verification is. The documents list no values; a rejected or expired one is submitted
/// again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> in_review | verified | rejected; \
                  in_review -> verified | rejected; \
                  verified -> expired; \
                  rejected -> pending; \
                  expired -> pending")]
pub enum VerificationStatus {
    /// Submitted.
    Pending,
    /// A person looks at it.
    InReview,
    Verified,
    Rejected,
    /// Verified too long ago.
    Expired,
}

/// Whether a venue's business and the persons behind it are who they say.
#[derive(Entity)]
#[entity(
    table = "venue_verifications",
    scope = venue,
    classification = confidential,
    index(venue_id, verification_type),
    index(status, submitted_at)
)]
pub struct VenueVerification {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue.
    #[entity(references(table = "venues"))]
    pub venue_id: Uuid,
    /// What is verified.
    pub verification_type: VerificationType,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: VerificationStatus,
    /// When it was submitted.
    #[entity(default = now)]
    pub submitted_at: Timestamp,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How far the verification of a bank account is. The documents list no values; an account that
/// was closed fails later.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> verified | failed; verified -> failed; failed -> pending")]
pub enum BankVerificationStatus {
    Pending,
    Verified,
    Failed,
}

/// Whether a bank account belongs to a venue.
#[derive(Entity)]
#[entity(
    table = "bank_verifications",
    scope = venue,
    classification = confidential,
    index(venue_id, status)
)]
pub struct BankVerification {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue.
    #[entity(references(table = "venues"))]
    pub venue_id: Uuid,
    /// The account (S0-B46); equality finds one that several venues name.
    #[entity(sealed, restricted, blind_index)]
    pub account_number: Sealed<String>,
    /// The bank.
    pub routing_number: Text<34>,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: BankVerificationStatus,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
