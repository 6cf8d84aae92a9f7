use jiff::Timestamp;
use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal, soft_delete)]
pub struct Note {
    pub id: Id<Self>,
}

/// A card.
#[derive(Entity)]
#[entity(table = "cards", scope = platform, classification = internal, soft_delete)]
pub struct Card {
    pub id: Id<Self>,
    pub deleted_at: Timestamp,
}

fn main() {}
