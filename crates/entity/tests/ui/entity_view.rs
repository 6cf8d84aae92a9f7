use jiff::Timestamp;
use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal)]
pub struct Note {
    pub id: Id<Self>,
    /// The size.
    #[entity(value = n.size)]
    pub size: f64,
}

/// Notes.
#[derive(Entity)]
#[entity(
    table = "note_facts",
    scope = platform,
    classification = internal,
    soft_delete,
    unique(size),
    view(from(n: Note), join(n: Note, id = m.id), where(size = 1))
)]
pub struct NoteFacts {
    pub id: Id<Note>,
    /// The size.
    #[entity(value = median(n.size))]
    pub size: f64,
    /// The total.
    #[entity(value = sum(distinct n.size))]
    pub total: f64,
    /// The most.
    #[entity(value = max(size))]
    pub most: f64,
    pub deleted_at: Option<Timestamp>,
}

/// Notes of nobody.
#[derive(Entity)]
#[entity(table = "no_facts", scope = platform, classification = internal, view(where(n.size = 1)))]
pub struct NoFacts {
    pub id: Id<Note>,
}

/// Notes named twice.
#[derive(Entity)]
#[entity(
    table = "twice",
    scope = platform,
    classification = internal,
    soft_delete,
    index(id),
    view(from(n: Note), join(n: Note, id = m.id))
)]
pub struct Twice {
    pub id: Id<Note>,
    pub deleted_at: Option<Timestamp>,
}

fn main() {}
