use mainstay_entity::{Entity, Id};

/// A company.
#[derive(Entity)]
#[entity(table = "organizations", scope = platform, classification = internal)]
pub struct Organization {
    pub id: Id<Self>,
}

/// An event.
#[derive(Entity)]
#[entity(
    table = "events",
    scope = platform,
    classification = internal,
    append_only,
    queue
)]
pub struct Event {
    pub id: Id<Self>,
    /// Where it happened.
    #[entity(on_delete = cascade)]
    pub place_id: Id<Organization>,
}

fn main() {}
