//! Plugins: what a portal can be extended with, in which versions, and where it is installed.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::HealthStatus;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where a plugin stands in a portal (S1-B13). What is being changed ends well or fails; what failed
/// is tried again or taken away.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "available -> installing; \
                  installing -> installed | failed; \
                  installed -> updating | disabled | uninstalling; \
                  updating -> installed | failed; \
                  disabled -> installed | uninstalling; \
                  failed -> installing | updating | uninstalling; \
                  uninstalling -> available | failed")]
pub enum PluginStatus {
    Available,
    Installed,
    Installing,
    Updating,
    Disabled,
    Failed,
    Uninstalling,
}

/// A plugin of the portal's market.
#[derive(Entity)]
#[entity(
    table = "plugins",
    scope = tenant,
    classification = internal,
    unique(name),
    index(category),
    index(status),
    index(is_featured),
    index(columns(category, status), where = "is_deprecated = false")
)]
pub struct Plugin {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that identifies it.
    #[entity(search)]
    pub name: Text<255>,
    /// The name that people see.
    pub display_name: Text<255>,
    /// What it does.
    #[entity(search)]
    pub description: Option<Text<4000>>,
    /// What it does, in full.
    pub long_description: Option<Text<65_536>>,
    /// The version that the portal offers.
    pub current_version: Text<50>,
    /// The newest version there is.
    pub latest_version: Option<Text<50>>,
    /// What it is for.
    pub category: Option<Text<100>>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// Who wrote it.
    pub author: Option<Json<()>>,
    /// Its licence (SPDX).
    pub license: Option<Text<50>>,
    /// Its site.
    pub homepage: Option<Text<500>>,
    /// Where its source is.
    pub repository: Option<Text<500>>,
    /// Where it is explained.
    pub documentation: Option<Text<500>>,
    /// How often it was installed.
    #[entity(default = 0, min = 0)]
    pub install_count: i32,
    /// How good people find it, 0 to 5.
    #[entity(min = 0, max = 5)]
    pub rating: Option<Numeric<2, 1>>,
    /// How many people said so.
    #[entity(default = 0, min = 0)]
    pub rating_count: i32,
    /// What it needs of the platform.
    #[entity(default = "{}")]
    pub requirements: Json<()>,
    /// Plugins that come with it.
    #[entity(default = "[]")]
    pub dependencies: Json<()>,
    /// Plugins that must be there.
    #[entity(default = "[]")]
    pub peer_dependencies: Json<()>,
    /// What its configuration looks like (JSON Schema).
    pub config_schema: Option<Json<()>>,
    /// Its configuration where nothing else is said.
    #[entity(default = "{}")]
    pub default_config: Json<()>,
    /// Where it stands.
    #[entity(default = "available")]
    pub status: PluginStatus,
    /// Whether the market shows it first.
    #[entity(default = false)]
    pub is_featured: bool,
    /// Whether somebody has reviewed it.
    #[entity(default = false)]
    pub is_verified: bool,
    /// Whether it should not be used any more.
    #[entity(default = false)]
    pub is_deprecated: bool,
    /// Who sells it, as the market names them; no table lists vendors.
    pub vendor_id: Option<Text<100>>,
    /// What it costs: `model` (free, paid, subscription), `amount`, `currency` (S1-B17).
    #[entity(default = "{\"amount\": 0, \"currency\": \"USD\", \"model\": \"free\"}")]
    pub price: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When the market began to offer it.
    pub published_at: Option<Timestamp>,
    /// Since when it should not be used any more.
    pub deprecated_at: Option<Timestamp>,
}

/// What a look for vulnerabilities found. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    moves = "pending -> passed | failed; passed -> pending | failed; failed -> pending | passed"
)]
pub enum SecurityScanStatus {
    /// Not looked at yet.
    Pending,
    Passed,
    Failed,
}

/// A released version of a plugin (S1-B46).
#[derive(Entity)]
#[entity(
    table = "plugin_versions",
    scope = tenant,
    classification = internal,
    unique(plugin_id, version),
    index(version),
    index(released_at desc)
)]
pub struct PluginVersion {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The plugin.
    pub plugin_id: Id<Plugin>,
    /// The version.
    pub version: Text<50>,
    /// What changed, for those who build on it.
    pub changelog: Option<Text<65_536>>,
    /// What changed, for those who use it.
    pub release_notes: Option<Text<65_536>>,
    /// Whether something that worked no longer does.
    #[entity(default = false)]
    pub breaking_changes: bool,
    /// Oldest platform that it runs on.
    pub min_platform_version: Option<Text<50>>,
    /// Newest platform that it runs on.
    pub max_platform_version: Option<Text<50>>,
    /// Oldest Backstage that it runs on.
    pub min_backstage_version: Option<Text<50>>,
    /// Newest Backstage that it runs on.
    pub max_backstage_version: Option<Text<50>>,
    /// What a look for vulnerabilities found.
    pub security_scan_status: Option<SecurityScanStatus>,
    /// The vulnerabilities.
    #[entity(default = "[]")]
    pub vulnerabilities: Json<()>,
    /// Where its package is.
    pub package_url: Option<Text<500>>,
    /// Bytes of the package.
    #[entity(min = 0)]
    pub package_size: Option<i64>,
    /// Checksum of the package.
    pub checksum: Option<Text<255>>,
    /// Whether it is meant for everybody.
    #[entity(default = true)]
    pub is_stable: bool,
    /// Whether it is meant for trying out.
    #[entity(default = false)]
    pub is_beta: bool,
    /// Whether it should not be used any more.
    #[entity(default = false)]
    pub is_deprecated: bool,
    /// When it was released.
    #[entity(default = now)]
    pub released_at: Timestamp,
    /// Since when it should not be used any more.
    pub deprecated_at: Option<Timestamp>,
}

/// Where plugins are installed (S1-B14).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginEnvironment {
    Development,
    Staging,
    Production,
}

/// How a plugin was installed (S1-B15).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallationMethod {
    Ui,
    Api,
    Cli,
    Auto,
}

/// A plugin in an environment, with its configuration, health and needs (S1-B44, S1-B45).
#[derive(Entity)]
#[entity(
    table = "plugin_installations",
    scope = tenant,
    classification = internal,
    unique(plugin_id, environment),
    index(environment),
    index(health_status)
)]
pub struct PluginInstallation {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The plugin.
    pub plugin_id: Id<Plugin>,
    /// Where it is installed.
    pub environment: PluginEnvironment,
    /// The version that is installed.
    pub installed_version: Text<50>,
    /// The version before, to go back to.
    pub previous_version: Option<Text<50>>,
    /// Who installed it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub installed_by: Option<Id<OrganizationMember>>,
    /// How.
    pub installation_method: Option<InstallationMethod>,
    /// Its configuration.
    #[entity(default = "{}", confidential)]
    pub config: Json<()>,
    /// The part of its configuration that nobody reads back (S1-B74).
    #[entity(secret)]
    pub secrets: Option<Secret<()>>,
    /// How it does.
    #[entity(default = "unknown")]
    pub health_status: HealthStatus,
    /// Where its health is asked for.
    pub health_check_url: Option<Text<500>>,
    /// When it was asked for.
    pub last_health_check: Option<Timestamp>,
    /// What was measured.
    #[entity(default = "{}")]
    pub health_metrics: Json<()>,
    /// Processor that it uses, in percent of one.
    #[entity(min = 0)]
    pub cpu_usage: Option<Numeric<5, 2>>,
    /// Memory that it uses, in MB.
    #[entity(min = 0)]
    pub memory_usage: Option<i32>,
    /// Disk that it uses, in MB.
    #[entity(min = 0)]
    pub disk_usage: Option<i32>,
    /// Whether it works.
    #[entity(default = true)]
    pub is_enabled: bool,
    /// When it was installed.
    #[entity(default = now)]
    pub installed_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it was switched off.
    pub disabled_at: Option<Timestamp>,
    /// When it was taken away.
    pub uninstalled_at: Option<Timestamp>,
}
