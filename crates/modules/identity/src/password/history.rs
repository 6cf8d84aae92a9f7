//! Former passwords, so that they are not used again.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};
use mainstay_kernel::entities::User;

/// A former password of a person (S2-B47).
#[derive(Entity)]
#[entity(
    table = "password_history",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    audit = none,
    index(user_id, created_at desc)
)]
pub struct PasswordHistory {
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The password's hash in PHC form.
    #[entity(restricted)]
    pub password_hash: Text<255>,
    /// When the password was replaced.
    pub created_at: Timestamp,
}
