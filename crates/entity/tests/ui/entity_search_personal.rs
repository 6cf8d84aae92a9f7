use mainstay_entity::{Entity, Id, Text};

/// A person.
#[derive(Entity)]
#[entity(table = "people", scope = platform, classification = internal)]
pub struct Person {
    pub id: Id<Self>,
    /// The name.
    #[entity(pii, search)]
    pub name: Text<10>,
}

fn main() {}
