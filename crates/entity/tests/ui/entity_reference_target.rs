use mainstay_entity::{Entity, Id};

pub struct Other;

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal)]
pub struct Note {
    pub id: Id<Self>,
    /// What it is about.
    pub other_id: Id<Other>,
}

fn main() {}
