//! The catalog of a developer portal: services, what they depend on, their deployments, and plugins.

mod deployment;
mod plugin;
mod service;
mod service_health;

pub use deployment::{DeploymentMethod, DeploymentStatus, ServiceDeployment};
pub use plugin::{
    InstallationMethod, Plugin, PluginEnvironment, PluginInstallation, PluginStatus, PluginVersion,
    SecurityScanStatus,
};
pub use service::{
    HealthStatus, LifecycleStage, RelationshipType, Service, ServiceRelationship, ServiceTier,
    ServiceType,
};
pub use service_health::ServiceHealthSummary;

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("catalog").entities([
        Plugin::meta(),
        PluginVersion::meta(),
        PluginInstallation::meta(),
        Service::meta(),
        ServiceRelationship::meta(),
        ServiceDeployment::meta(),
        ServiceHealthSummary::meta(),
    ])
}
