use mainstay_entity::Choice;

/// How far it is.
#[derive(Choice, Clone, Copy)]
#[choice(moves = "pending -> sent | lost; gone -> sent; sent; sent -> sent; pending -> sent")]
pub enum Status {
    Pending,
    Sent,
}

/// How far it is.
#[derive(Choice, Clone, Copy)]
#[choice(moves = "")]
pub enum Still {
    Pending,
}

fn main() {}
