use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(
    table = "notes",
    table = "cards",
    scope = platform,
    classification = internal,
    unique(text, text),
    unique(text),
    unique(text),
    index(text desc),
    index(text desc),
    check(name = "given", "text <> ''"),
    check(name = "given", "text <> ' '")
)]
pub struct Note {
    pub id: Id<Self>,
    /// The words.
    #[entity(pii, pii)]
    pub text: String,
}

fn main() {}
