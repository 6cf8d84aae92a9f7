use mainstay_entity::{Entity, Id};

pub struct Colour;

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal)]
pub struct Note {
    pub id: Id<Self>,
    /// The colour of its paper.
    pub colour: Colour,
}

fn main() {}
