use mainstay_entity::{Entity, Id};

#[derive(Entity)]
pub struct Nothing {
    pub id: Id<Self>,
}

fn main() {}
