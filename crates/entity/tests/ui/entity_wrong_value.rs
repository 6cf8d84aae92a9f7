use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(
    table = "Notes",
    schema = notes,
    scope = platform,
    classification = internal,
    retain = "a while",
    max_rows = 0,
    renamed_from,
    check("id is not null"),
    unique()
)]
pub struct Note {
    pub id: Id<Self>,
    /// How long it is.
    #[entity(min = "0")]
    pub length: i32,
}

fn main() {}
