use mainstay_entity::Choice;

/// How far it is.
#[derive(Choice, Clone, Copy)]
#[choice(rename_all = "camelCase", life_cycle)]
pub enum Status {
    #[choice(rename = "")]
    Pending,
    #[choice(to(Pending))]
    Sent,
    #[choice(rename = "sent")]
    Delivered,
}

fn main() {}
