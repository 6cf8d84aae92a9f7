use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = platform, classification = internal)]
pub struct Note {
    pub id: Id<Self>,
    /// The words.
    #[entity(min = 1, max = 10, touch)]
    pub text: Text<10>,
    /// How long it is.
    #[entity(default = true, min = 10, max = 1, search)]
    pub length: i32,
    /// Whether it is read.
    #[entity(default = 1)]
    pub is_read: bool,
    /// When it was read.
    #[entity(default = new_id)]
    pub read_at: Option<Timestamp>,
    /// Its colour.
    #[entity(default = now)]
    pub colour: String,
}

fn main() {}
