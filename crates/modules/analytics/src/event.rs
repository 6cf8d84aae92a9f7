//! Events: what happened in a product, for those who want to know how it is used.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember, Team};
use std::net::IpAddr;
use uuid::Uuid;

/// Where an event was noticed (S1-B25).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnalyticsSource {
    /// By the product's pages.
    Ui,
    /// By its interface for programs.
    Api,
    /// By the system itself.
    System,
    /// By another service, which told it.
    Webhook,
}

/// Something that happened in a product.
///
/// What it names may be gone, so nothing refers to it.
#[derive(Entity)]
#[entity(
    table = "analytics_events",
    scope = tenant,
    classification = confidential,
    audit = none,
    partitioned,
    index(event_type),
    index(event_category),
    index(user_id),
    index(occurred_at desc),
    index(columns(occurred_at), brin)
)]
pub struct AnalyticsEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What happened, such as `plugin.installed`.
    pub event_type: Text<255>,
    /// What it belongs to, such as `plugins`.
    pub event_category: Option<Text<100>>,
    /// Who did it.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The team that it concerns.
    #[entity(no_reference)]
    pub team_id: Option<Id<Team>>,
    /// The service that it concerns.
    pub service_id: Option<Uuid>,
    /// The plugin that it concerns.
    pub plugin_id: Option<Uuid>,
    /// What is to be known of it.
    #[entity(default = "{}")]
    pub data: Json<()>,
    /// What surrounds it, such as the version of the product.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Where it was noticed.
    pub source: Option<AnalyticsSource>,
    /// Where the request came from.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// The client's program.
    #[entity(pii)]
    pub user_agent: Option<Text<1000>>,
    /// When it happened.
    #[entity(default = now)]
    pub occurred_at: Timestamp,
    /// When something was made of it.
    pub processed_at: Option<Timestamp>,
}
