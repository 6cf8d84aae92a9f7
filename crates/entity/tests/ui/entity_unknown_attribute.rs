use mainstay_entity::{Entity, Id};

/// A note.
#[derive(Entity)]
#[entity(tabel = "notes", table = "notes", scope = platform, soft_delete = true)]
#[entity]
pub struct Note {
    #[entity(publik)]
    pub id: Id<Self>,
    /// The words.
    #[entity(private, search)]
    pub text: String,
}

fn main() {}
