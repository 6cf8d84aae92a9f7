use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = tenant, classification = internal)]
pub struct Note {
    /// The words.
    pub text: String,
}

/// A company.
#[derive(Entity)]
#[entity(table = "organizations", scope = platform, classification = internal)]
pub struct Organization {
    pub id: Id<Self>,
}

/// A card.
#[derive(Entity)]
#[entity(table = "cards", scope = team, classification = internal)]
pub struct Card {
    pub id: String,
    pub organization_id: Id<Organization>,
}

fn main() {}
