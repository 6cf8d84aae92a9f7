//! How services do, at a glance.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{HealthStatus, LifecycleStage, Service, ServiceRelationship};
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::{Organization, Team};

/// How each service does: its team, what it depends on, and its last hour (S1-B65). It is computed
/// when it is read, so it needs no refreshing.
#[derive(Entity)]
#[entity(
    table = "service_health_summary",
    scope = team,
    classification = internal,
    view(
        from(service: Service),
        join(team: Team, id = service.team_id),
        related(relationship: ServiceRelationship, source_id = service.id),
        related(
            latency: "metrics",
            service_id = service.id,
            metric_name = "latency_p99",
            time > ago("1 hour")
        ),
        related(
            errors: "metrics",
            service_id = service.id,
            metric_name = "error_rate",
            time > ago("1 hour")
        )
    )
)]
pub struct ServiceHealthSummary {
    pub id: Id<Service>,
    pub organization_id: Id<Organization>,
    /// The name that identifies it.
    pub name: Text<255>,
    /// How it does.
    pub health_status: HealthStatus,
    /// How far its life is.
    pub lifecycle: LifecycleStage,
    /// The team that runs it.
    pub team_id: Id<Team>,
    /// The name of that team.
    #[entity(value = team.name)]
    pub team_name: Option<Text<100>>,
    /// Services that it has relationships to.
    #[entity(value = count(distinct relationship.target_id))]
    pub dependency_count: i64,
    /// The mean of `latency_p99` over the last hour; none when nothing was measured.
    #[entity(value = avg(latency.value))]
    pub avg_latency: Option<f64>,
    /// The mean of `error_rate` over the last hour; none when nothing was measured.
    #[entity(value = avg(errors.value))]
    pub avg_error_rate: Option<f64>,
}
