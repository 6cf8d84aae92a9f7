use mainstay_entity::{Entity, Id};

/// A company.
#[derive(Entity)]
#[entity(table = "organizations", scope = platform, classification = internal)]
pub struct Organization {
    pub id: Id<Self>,
}

/// A note.
#[derive(Entity)]
#[entity(
    table = "notes",
    scope = platform,
    classification = internal,
    references(Organization),
    references(columns(first_id, second_id), table = "pairs", to(first)),
    references(columns(first_id, second_id), table = "others")
)]
pub struct Note {
    pub id: Id<Self>,
    /// A reference that can't become null.
    #[entity(on_delete = set_null)]
    pub first_id: Id<Organization>,
    /// Two words that contradict each other.
    #[entity(no_reference, on_delete = cascade)]
    pub second_id: Id<Organization>,
    /// No reference by itself.
    #[entity(no_reference)]
    pub third_id: String,
    /// No reference at all.
    #[entity(on_delete = cascade)]
    pub fourth_id: String,
    /// No target.
    #[entity(references(on_delete = cascade))]
    pub fifth_id: String,
    /// Two targets.
    #[entity(references(Organization, table = "organizations"))]
    pub sixth_id: Id<Organization>,
    /// Two actions.
    #[entity(references(Organization, on_delete = restrict), on_delete = cascade)]
    pub seventh_id: Id<Organization>,
}

fn main() {}
