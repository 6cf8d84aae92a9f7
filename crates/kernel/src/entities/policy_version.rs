use mainstay_entity::{Entity, Text};

/// A counter that moves whenever who may do what has changed; servers watch it.
#[derive(Entity)]
#[entity(
    table = "policy_versions",
    scope = platform,
    classification = internal,
    read_only,
    audit = none,
    primary_key(name)
)]
pub struct PolicyVersion {
    /// What is counted.
    pub name: Text<50>,
    /// How often it changed.
    #[entity(default = 0)]
    pub version: i64,
}
