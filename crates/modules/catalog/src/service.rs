//! Services: what an organisation runs, who answers for it, and what it depends on.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember, Team};

/// How something does (S1-B16).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthStatus {
    Healthy,
    Degraded,
    Unhealthy,
    /// Not measured yet.
    Unknown,
}

/// What a service is (S1-B18).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceType {
    Service,
    Website,
    Library,
    Application,
    Tool,
    Infrastructure,
}

/// How far the life of a service is (S1-B19). It mostly goes forward; a stage may be left again
/// until production, and what is deprecated may be taken up again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "experimental -> development | staging | production | deprecated; \
                  development -> experimental | staging | production | deprecated; \
                  staging -> development | production | deprecated; \
                  production -> deprecated; \
                  deprecated -> production")]
pub enum LifecycleStage {
    Experimental,
    Development,
    Staging,
    Production,
    /// Should not be used any more.
    Deprecated,
}

/// Which layer a service belongs to (S1-B20).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceTier {
    Frontend,
    Backend,
    Data,
    Infrastructure,
}

/// Something that an organisation runs. Members reach the services of their teams (S1-B68).
#[derive(Entity)]
#[entity(
    table = "services",
    scope = team,
    classification = internal,
    soft_delete,
    retain = "1095 days",
    unique(name),
    index(r#type),
    index(lifecycle),
    index(team_id),
    index(owner_id),
    index(health_status),
    index(columns(team_id, lifecycle), where = "deleted_at is null")
)]
pub struct Service {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that identifies it.
    #[entity(search)]
    pub name: Text<255>,
    /// The name that people see.
    pub display_name: Text<255>,
    /// What it does.
    #[entity(search)]
    pub description: Option<Text<8000>>,
    /// What it is.
    pub r#type: ServiceType,
    /// How far its life is.
    #[entity(default = "production")]
    pub lifecycle: LifecycleStage,
    /// Which layer it belongs to.
    pub tier: Option<ServiceTier>,
    /// Who answers for it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub owner_id: Option<Id<OrganizationMember>>,
    /// The team that runs it and reaches it.
    pub team_id: Id<Team>,
    /// Where its source is.
    pub repository_url: Option<Text<500>>,
    /// Where it is explained.
    pub documentation_url: Option<Text<500>>,
    /// Where its interface is described.
    pub api_spec_url: Option<Text<500>>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// Names and values to find it by.
    #[entity(default = "{}")]
    pub labels: Json<()>,
    /// Names and values for programs.
    #[entity(default = "{}")]
    pub annotations: Json<()>,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// How it does.
    #[entity(default = "unknown")]
    pub health_status: HealthStatus,
    /// Where its health is asked for.
    pub health_check_url: Option<Text<500>>,
    /// When it was asked for.
    pub last_health_check: Option<Timestamp>,
    /// What is promised, such as `{"availability": 99.9, "latency_p99": 500}` (S1-B49).
    #[entity(default = "{}")]
    pub sla: Json<()>,
    /// What was measured.
    #[entity(default = "{}")]
    pub metrics: Json<()>,
    /// Services that it names as needed, by identifier, as its own description has them. What the
    /// catalog goes by are the relationships (S1-B51).
    pub depends_on: Option<Vec<String>>,
    /// Frameworks that it meets, such as `{"soc2": true, "gdpr": true}` (S1-B50).
    #[entity(default = "{}")]
    pub compliance_status: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// How services belong together (S1-B21).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationshipType {
    DependsOn,
    ConsumedBy,
    ProvidesApi,
    ConsumesApi,
    DeployedWith,
    OwnedBy,
    PartOf,
}

/// That one service belongs to another in some way, from source to target (S1-B47).
#[derive(Entity)]
#[entity(
    table = "service_relationships",
    scope = tenant,
    classification = internal,
    unique(source_id, target_id, relationship_type),
    index(target_id),
    index(relationship_type),
    check(name = "two_services", "source_id <> target_id")
)]
pub struct ServiceRelationship {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The service that is spoken of.
    #[entity(on_delete = cascade)]
    pub source_id: Id<Service>,
    /// The service that it belongs to.
    #[entity(on_delete = cascade)]
    pub target_id: Id<Service>,
    /// How.
    pub relationship_type: RelationshipType,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// How much, 0 to 1.
    #[entity(min = 0, max = 1)]
    pub strength: Option<Numeric<3, 2>>,
    pub created_at: Timestamp,
    /// When it was last seen to be so.
    pub validated_at: Option<Timestamp>,
}
