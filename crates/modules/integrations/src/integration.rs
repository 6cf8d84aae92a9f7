//! Integrations: the systems that organisations can connect to, and how they are set.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;
use uuid::Uuid;

/// What a system is for (S0-B27).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegrationType {
    Payment,
    Crm,
    Email,
    Accounting,
}

/// A system that can be connected to: Stripe, Square, Mailchimp. The catalogue is the installation's,
/// the same for all organisations.
#[derive(Entity)]
#[entity(
    table = "integrations",
    scope = public,
    classification = public,
    unique(name),
    index(r#type)
)]
pub struct Integration {
    pub id: Id<Self>,
    /// What it is called.
    #[entity(search)]
    pub name: Text<100>,
    /// What it is for.
    pub r#type: IntegrationType,
    /// What it does.
    #[entity(search)]
    pub description: Option<Text<4000>>,
    /// Its picture.
    pub logo_url: Option<Text<2000>>,
    /// Where it is explained.
    pub documentation_url: Option<Text<2000>>,
    /// Whether it can be connected to.
    #[entity(default = true)]
    pub active: bool,
    /// What its configuration looks like (JSON Schema).
    pub config_schema: Option<Json<()>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How an integration, or another external service, is set: for the organisation or one venue.
/// Credentials don't belong here but into connections.
#[derive(Entity)]
#[entity(
    table = "integration_configs",
    scope = tenant,
    classification = confidential,
    unique(columns(venue_id, integration_id, service), nulls_not_distinct),
    check(name = "of_something", "integration_id is not null or service is not null")
)]
pub struct IntegrationConfig {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue that it is for; none means all.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Option<Uuid>,
    /// The integration.
    pub integration_id: Option<Id<Integration>>,
    /// The service, where it is none of the integrations.
    pub service: Option<Text<100>>,
    /// The settings.
    #[entity(default = "{}")]
    pub config: Json<()>,
    /// Whether they hold.
    #[entity(default = true)]
    pub is_enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
