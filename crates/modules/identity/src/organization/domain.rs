//! Domains that organisations show to be theirs.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// Where a domain stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> verified; verified -> lapsed; lapsed -> verified")]
pub enum DomainStatus {
    /// Not shown to be the organisation's yet.
    Pending,
    /// The organisation's.
    Verified,
    /// It was, and its record is gone.
    Lapsed,
}

/// A domain that an organisation says is its own, shown by a record in it (S2-B50).
#[derive(Entity)]
#[entity(
    table = "organization_domains",
    scope = tenant,
    classification = internal,
    read_only,
    unique(domain),
    index(check_at)
)]
pub struct OrganizationDomain {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The domain, in lower case.
    pub domain: Text<253>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: DomainStatus,
    /// What the TXT record must say.
    pub challenge: Text<100>,
    /// Whether people with an address of the domain may join by themselves.
    #[entity(default = false)]
    pub members_join: bool,
    /// The name of the role that they get then; none gives no permissions.
    pub member_role: Option<Text<100>>,
    /// When it was shown to be the organisation's.
    pub verified_at: Option<Timestamp>,
    /// When its record was looked for last.
    pub checked_at: Option<Timestamp>,
    /// When it is looked for next.
    pub check_at: Timestamp,
    /// How often it was not there since it was last found.
    #[entity(default = 0, min = 0)]
    pub missed: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Whose a domain is: one organisation's of the whole installation.
#[derive(Entity)]
#[entity(
    table = "verified_domains",
    scope = platform,
    classification = internal,
    read_only,
    unique(domain),
    index(organization_id)
)]
pub struct VerifiedDomain {
    pub id: Id<Self>,
    /// The domain, in lower case.
    pub domain: Text<253>,
    /// The organisation.
    #[entity(on_delete = cascade)]
    pub organization_id: Id<Organization>,
    pub created_at: Timestamp,
}
