//! Feature flags: what an organisation has switched on.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// A feature that an organisation has switched on or off (S3-B79).
#[derive(Entity)]
#[entity(
    table = "feature_flags",
    scope = tenant,
    classification = internal,
    unique(feature),
    check(name = "feature_given", "feature <> ''")
)]
pub struct FeatureFlag {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name by which programs ask for it.
    pub feature: Text<100>,
    /// Whether it is on.
    #[entity(default = false)]
    pub enabled: bool,
    /// For whom it is on; none means for everyone.
    pub conditions: Option<Json<()>>,
    /// What it switches.
    pub description: Option<Text<2000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
