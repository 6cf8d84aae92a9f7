use mainstay_entity::Entity;

/// A pair.
#[derive(Entity)]
#[entity(table = "pairs", scope = platform, classification = internal)]
pub struct Pair(String, String);

/// A kind.
#[derive(Entity)]
#[entity(table = "kinds", scope = platform, classification = internal)]
pub enum Kind {
    One,
}

/// A box.
#[derive(Entity)]
#[entity(table = "boxes", scope = platform, classification = internal)]
pub struct Boxed<T> {
    /// What is in it.
    pub content: T,
}

fn main() {}
