use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform)]
pub struct Note {
    pub id: Id<Self>,
    /// The words.
    pub text: String,
    /// The words in public.
    #[entity(public)]
    pub summary: String,
    /// The words in two ways.
    #[entity(internal, public)]
    pub title: String,
}

fn main() {}
