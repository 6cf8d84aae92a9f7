use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal)]
pub struct Note {
    pub id: Id<Self>,
    pub text: String,
}

fn main() {}
