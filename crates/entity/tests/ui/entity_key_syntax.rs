use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(
    table = "notes",
    scope = platform,
    classification = internal,
    unique(text, where = "text <> ''"),
    unique(columns(text), nulls_distinct),
    index(text down),
    index(columns(text), unique)
)]
pub struct Note {
    pub id: Id<Self>,
    /// The words.
    pub text: String,
}

fn main() {}
