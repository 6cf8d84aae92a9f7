use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};

/// Something that can be allowed: an action on a kind of record (S3-B149).
#[derive(Entity)]
#[entity(
    table = "permissions",
    scope = public,
    classification = public,
    unique(name),
    unique(resource, action)
)]
pub struct Permission {
    /// Identifier.
    pub id: Id<Self>,
    /// `resource:action`.
    pub name: Text<200>,
    /// What it allows.
    pub description: Option<Text<1000>>,
    /// The table or surface; `*` is every one.
    pub resource: Text<100>,
    /// What may be done; `*` is everything.
    pub action: Text<100>,
    /// When it holds; nothing means always.
    pub conditions: Option<Json<()>>,
    /// When it was made.
    pub created_at: Timestamp,
}
