//! Deployments: versions of services that were brought into environments.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{HealthStatus, Service};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How a version was brought (S1-B22).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentMethod {
    Manual,
    #[choice(rename = "ci/cd")]
    CiCd,
    Gitops,
}

/// How far a deployment is (S1-B23). One that went well or failed may be taken back.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> in_progress | failed; \
                  in_progress -> completed | failed | rolled_back; \
                  completed -> rolled_back; \
                  failed -> rolled_back")]
pub enum DeploymentStatus {
    Pending,
    InProgress,
    Completed,
    Failed,
    /// The version before runs again.
    RolledBack,
}

/// A version of a service that was brought into an environment (S1-B48).
#[derive(Entity)]
#[entity(
    table = "service_deployments",
    scope = tenant,
    classification = internal,
    index(service_id, environment, deployed_at desc),
    index(environment),
    index(status),
    index(deployed_at desc)
)]
pub struct ServiceDeployment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The service.
    pub service_id: Id<Service>,
    /// Where.
    pub environment: Text<50>,
    /// The version.
    pub version: Text<50>,
    /// The commit that it was built from.
    pub commit_sha: Option<Text<40>>,
    /// The build that made it.
    pub build_number: Option<Text<50>>,
    /// Who brought it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub deployed_by: Option<Id<OrganizationMember>>,
    /// How.
    pub deployment_method: Option<DeploymentMethod>,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: DeploymentStatus,
    /// How the service does since.
    pub health_status: Option<HealthStatus>,
    /// The version before, to go back to.
    pub previous_version: Option<Text<50>>,
    /// Whether it can be taken back.
    #[entity(default = true)]
    pub can_rollback: bool,
    /// Seconds until the service answered.
    #[entity(min = 0)]
    pub startup_time: Option<i32>,
    /// Seconds that the deployment took.
    #[entity(min = 0)]
    pub deployment_duration: Option<i32>,
    /// When it began.
    #[entity(default = now)]
    pub deployed_at: Timestamp,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// When it was taken back.
    pub rolled_back_at: Option<Timestamp>,
}
