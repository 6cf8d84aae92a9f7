//! Searches for what is known outside about an address, domain or number.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a search is for (S2-B7).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum GhostQueryType {
    Email,
    Domain,
    Phone,
    Ip,
}

/// One search of breach, paste and dark-web sources, as a member made it.
#[derive(Entity)]
#[entity(
    table = "ghost_search_queries",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(searched_at),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct GhostSearchQuery {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member who searched; the search goes with the member (S2-B66).
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Id<OrganizationMember>,
    /// What the search is for.
    pub query_type: GhostQueryType,
    /// The address, domain or number that was searched for.
    #[entity(pii)]
    pub query_value: Text<255>,
    /// How many results came back.
    #[entity(default = 0, min = 0)]
    pub results_count: i32,
    /// The sources that were asked.
    #[entity(default = "[]")]
    pub search_sources: Vec<String>,
    /// How long the search took, in milliseconds.
    #[entity(min = 0)]
    pub response_time_ms: Option<i32>,
    /// When the search was made.
    #[entity(default = now)]
    pub searched_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
