//! Requests of people about their own data (GDPR articles 15 to 20).
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a person asks for (S1-B30).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivacyRequestType {
    /// To see what is held (GDPR article 15).
    Access,
    /// To have it erased (GDPR article 17).
    Deletion,
    /// To take it along (GDPR article 20).
    Portability,
    /// To have it corrected (GDPR article 16).
    Rectification,
    /// To have it kept but not used (GDPR article 18).
    Restriction,
}

/// Where a request stands (S1-B31). Rejecting is a decision too, so somebody has to take the
/// request up first.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> in_progress; in_progress -> completed | rejected")]
pub enum PrivacyRequestStatus {
    /// Nobody works on it yet.
    Pending,
    /// Somebody works on it.
    InProgress,
    /// What was asked for is done.
    Completed,
    /// It was refused, with the reason in `result`.
    Rejected,
}

/// What a person asked for about the data held of them, and what came of it (S1-B54).
#[derive(Entity)]
#[entity(
    table = "privacy_requests",
    scope = tenant,
    classification = confidential,
    index(user_id),
    index(request_type),
    index(status),
    index(requested_at desc),
    check(name = "completed_after_request", "completed_at >= requested_at")
)]
pub struct PrivacyRequest {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Whose data it is about.
    #[entity(subject, references(OrganizationMember, to = "user_id"))]
    pub user_id: Id<OrganizationMember>,
    /// What is asked for.
    pub request_type: PrivacyRequestType,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: PrivacyRequestStatus,
    /// When it was made.
    #[entity(default = now)]
    pub requested_at: Timestamp,
    /// Who made it, when it was somebody else for the person.
    #[entity(references(OrganizationMember, to = "user_id"))]
    pub requested_by: Option<Id<OrganizationMember>>,
    /// When somebody began to work on it.
    pub processed_at: Option<Timestamp>,
    /// Who works on it.
    #[entity(references(OrganizationMember, to = "user_id"))]
    pub processed_by: Option<Id<OrganizationMember>>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// The sorts of data that it is about; none means all.
    pub data_categories: Option<Vec<String>>,
    /// The systems that it concerns.
    pub systems_affected: Option<Vec<String>>,
    /// What came of it: counts, places, reasons.
    #[entity(default = "{}")]
    pub result: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
