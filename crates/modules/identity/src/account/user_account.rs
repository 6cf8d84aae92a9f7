//! The ways in which a person proves who they are.

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Secret, Text};
use mainstay_kernel::entities::User;

/// One way to sign in: a password, or an account at another provider.
#[derive(Entity)]
#[entity(
    table = "user_accounts",
    scope = owner(user = user_id),
    classification = confidential,
    read_only,
    unique(user_id, provider),
    unique(provider, provider_account_id)
)]
pub struct UserAccount {
    /// Identifies the row.
    pub id: Id<Self>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// `password`, or the provider's name.
    pub provider: Text<50>,
    /// The person's identifier there.
    #[entity(pii)]
    pub provider_account_id: Option<Text<255>>,
    /// The password's hash in PHC form.
    #[entity(restricted)]
    pub password_hash: Option<Text<255>>,
    /// The provider's access token.
    #[entity(secret)]
    pub access_token: Option<Secret<String>>,
    /// The provider's refresh token.
    #[entity(secret)]
    pub refresh_token: Option<Secret<String>>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
