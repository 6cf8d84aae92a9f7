use mainstay_entity::{Entity, Id, Json};

/// A note.
#[derive(Entity)]
#[entity(
    table = "notes",
    scope = owner(user = owner_id),
    classification = internal,
    primary_key(key),
    unique(title),
    index(text, title desc),
    index(columns(titel), where = "id is not null"),
    index(text->>"key"),
    index(details->"key"),
    references(columns(a, b), table = "others", to(c, d))
)]
pub struct Note {
    pub id: Id<Self>,
    /// The words.
    pub text: String,
    /// Everything else.
    pub details: Json<()>,
}

fn main() {}
