use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = tenent, classification = secret, audit = full)]
pub struct Note {
    pub id: Id<Self>,
    /// Who wrote it.
    #[entity(classification = hidden, on_delete = nothing, default = today)]
    pub author: Id<Self>,
}

/// A card.
#[derive(Entity)]
#[entity(table = "cards", scope = owner, classification = internal)]
pub struct Card {
    pub id: Id<Self>,
}

/// A card.
#[derive(Entity)]
#[entity(table = "cards", scope = owner(group = id), classification = internal)]
pub struct OtherCard {
    pub id: Id<Self>,
}

fn main() {}
