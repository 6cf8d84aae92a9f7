use mainstay_entity::Choice;

#[derive(Choice, Clone, Copy)]
pub enum Undescribed {
    One,
}

/// No list.
#[derive(Choice, Clone, Copy)]
pub struct NoList;

/// Nothing to choose.
#[derive(Choice, Clone, Copy)]
pub enum Empty {}

/// A value that is more than its name.
#[derive(Choice, Clone, Copy)]
pub enum Fields {
    One(i32),
}

fn main() {}
