//! The ways in which a person proves who they are.

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Secret, Text};
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
    /// The person's identifier there; of a password the account's own (S1-B37).
    #[entity(pii)]
    pub provider_account_id: Option<Text<255>>,
    /// The address that the provider knows the person by.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// Whether the provider says that the address is the person's.
    #[entity(default = false)]
    pub email_verified: bool,
    /// What else the provider says of the person.
    #[entity(pii, default = "{}")]
    pub profile: Json<()>,
    /// When the person last came by it.
    pub last_sign_in_at: Option<Timestamp>,
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
