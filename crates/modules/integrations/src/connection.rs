//! Connections: an account at another system, what it may see, and how it does.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::Integration;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use uuid::Uuid;

/// Whether a connection works (S0-B28).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    moves = "inactive -> active | error; active -> inactive | error; error -> active | inactive"
)]
pub enum ConnectionStatus {
    /// Not begun, or switched off.
    Inactive,
    Active,
    /// The other system refuses.
    Error,
}

/// An account of a member or a venue at another system (S0-B82).
#[derive(Entity)]
#[entity(
    table = "connections",
    scope = tenant,
    classification = confidential,
    index(status),
    check(name = "one_owner", "(user_id is null) <> (venue_id is null)")
)]
pub struct Connection {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The other system.
    pub integration_id: Id<Integration>,
    /// The member whose account it is.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The venue whose account it is.
    #[entity(references(table = "venues", on_delete = cascade))]
    pub venue_id: Option<Uuid>,
    /// Whether it works.
    #[entity(default = "inactive")]
    pub status: ConnectionStatus,
    /// What opens the account (S0-B48).
    #[entity(secret)]
    pub credentials: Option<Secret<()>>,
    /// When data were last exchanged.
    pub last_synced_at: Option<Timestamp>,
    /// Why the other system refuses.
    pub error_message: Option<Text<4000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A field of the other system and the one that it becomes here.
#[derive(Entity)]
#[entity(
    table = "field_mappings",
    scope = tenant,
    classification = internal,
    unique(connection_id, source_field, target_field)
)]
pub struct FieldMapping {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The connection.
    #[entity(on_delete = cascade)]
    pub connection_id: Id<Connection>,
    /// The field there.
    pub source_field: Text<255>,
    /// The field here.
    pub target_field: Text<255>,
    /// How a value is changed on its way.
    pub transformation_rule: Option<Json<()>>,
    /// Whether it is used.
    #[entity(default = true)]
    pub enabled: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How a connection does (S0-B30).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionHealth {
    Healthy,
    Degraded,
    Down,
    /// Not measured yet.
    Unknown,
}

/// How a connection did when it was last looked at.
#[derive(Entity)]
#[entity(
    table = "integration_health",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    unique(connection_id),
    index(health_status)
)]
pub struct IntegrationHealth {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The connection.
    #[entity(on_delete = cascade)]
    pub connection_id: Id<Connection>,
    /// How it does.
    #[entity(default = "unknown")]
    pub health_status: ConnectionHealth,
    /// Calls that succeeded, in percent.
    #[entity(min = 0, max = 100)]
    pub success_rate: Option<Numeric<5, 2>>,
    /// How long a call takes on average, in milliseconds.
    #[entity(min = 0)]
    pub avg_response_time: Option<Numeric<10, 2>>,
    /// When it was looked at.
    pub last_check_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}
