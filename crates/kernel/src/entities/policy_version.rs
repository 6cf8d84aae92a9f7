use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id};

/// Says when who may do what last changed in an organisation; servers watch it and forget what
/// they have cached.
#[derive(Entity)]
#[entity(
    table = "policy_versions",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    index(updated_at)
)]
pub struct PolicyVersion {
    /// The organisation's own identifier: one row each.
    pub id: Id<Self>,
    /// The organisation, or the nil identifier for the platform.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Differs after each change.
    #[entity(no_reference)]
    pub version: Id<()>,
    /// When it last changed.
    pub updated_at: Timestamp,
}
