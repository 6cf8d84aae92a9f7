use mainstay_entity::{Entity, Id};

/// A company.
#[derive(Entity)]
#[entity(table = "organizations", scope = platform, classification = internal)]
pub struct Organization {
    pub id: Id<Self>,
}

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = tenant, classification = internal, primary_key(id))]
pub struct Note {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
}

/// A card.
#[derive(Entity)]
#[entity(table = "cards", scope = platform, classification = internal)]
pub struct Card {
    /// The words.
    pub text: String,
}

/// A page.
#[derive(Entity)]
#[entity(
    table = "pages",
    scope = platform,
    classification = internal,
    partitioned,
    primary_key(number)
)]
pub struct Page {
    /// Its number.
    pub number: Option<i32>,
}

fn main() {}
