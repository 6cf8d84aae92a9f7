//! A person as Supabase's clients see them.

use crate::account::user_account::UserAccount;
use crate::authenticate::{Identity, active};
use crate::factor::reply::FactorReply;
use crate::session::signing::AUDIENCE;
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::Result;
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User, UserStatus};
use mainstay_kernel::lookup::{equal, find, one_of};
use mainstay_store::Filter;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::collections::HashMap;
use uuid::Uuid;

/// The provider of accounts with a password, as rows name it.
pub(crate) const PASSWORD: &str = "password";
/// The same as clients name it.
const EMAIL: &str = "email";
/// The member of `app_metadata` that says where a person belongs.
const ORGANIZATIONS: &str = "organizations";

/// A person, in Supabase Auth's shape.
#[derive(Debug, Serialize)]
pub struct UserReply {
    /// Identifier.
    pub id: Uuid,
    /// Always `authenticated`.
    pub aud: &'static str,
    /// Always `authenticated`.
    pub role: &'static str,
    /// The address that names the account; empty for somebody who gave none.
    pub email: String,
    /// Always empty: no account is named by a telephone number.
    pub phone: &'static str,
    /// When the address was shown to be the person's, or since when it may be used without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_confirmed_at: Option<String>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<String>,
    /// When an organisation asked the person to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invited_at: Option<String>,
    /// When a link to finish the sign-up was sent, in the answer to what sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_sent_at: Option<String>,
    /// The address that is to name the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_email: Option<String>,
    /// When the person last signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<String>,
    /// Barred until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub banned_until: Option<String>,
    /// What the server and the organisation's programs say of the person.
    pub app_metadata: Map<String, Json>,
    /// What the person says of themselves.
    pub user_metadata: Map<String, Json>,
    /// What the person has beside that, shown to have or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<FactorReply>,
    /// The ways in which the person signs in.
    pub identities: Vec<IdentityReply>,
    /// When the account was made.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// Whether the person has not said who they are.
    pub is_anonymous: bool,
}

/// A way to sign in, in Supabase Auth's shape.
#[derive(Debug, Serialize)]
pub struct IdentityReply {
    /// Identifier.
    pub identity_id: Uuid,
    /// The person's identifier at the provider.
    pub id: String,
    /// The person.
    pub user_id: Uuid,
    /// What the provider says of the person.
    pub identity_data: Json,
    /// `email`, or the provider's name.
    pub provider: String,
    /// When the person last signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<String>,
    /// When it was added.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl Identity {
    /// A person as they see themselves, with all organisations that they belong to, by a client of
    /// one.
    pub async fn user_reply(
        &self,
        user: Uuid,
        organization: Option<Uuid>,
    ) -> Result<Option<UserReply>> {
        let Some(user) = self.user(user).await? else {
            return Ok(None);
        };
        let mut known = self.known_of(std::slice::from_ref(&user)).await?;
        let organizations: Vec<Uuid> = active(known.members_of(&user)).collect();
        let mut reply = known.reply(&user, organization);
        reply.app_metadata.insert(ORGANIZATIONS.to_owned(), json!(organizations));
        Ok(Some(reply))
    }

    /// The account of this identifier.
    pub(crate) async fn user(&self, id: Uuid) -> Result<Option<User>> {
        let own = [("id", Value::Uuid(id))];
        Ok(find(&self.kernel, |table| equal(table, &own)).await?.pop())
    }

    /// A person whose account is known, as an organisation sees them.
    pub(crate) async fn reply(&self, user: &User, organization: Option<Uuid>) -> Result<UserReply> {
        let mut known = self.known_of(std::slice::from_ref(user)).await?;
        Ok(known.reply(user, organization))
    }

    /// People whose accounts are known, in their order, as an organisation sees them.
    pub(crate) async fn replies(
        &self,
        users: &[User],
        organization: Option<Uuid>,
    ) -> Result<Vec<UserReply>> {
        let mut known = self.known_of(users).await?;
        Ok(users.iter().map(|user| known.reply(user, organization)).collect())
    }

    async fn known_of(&self, users: &[User]) -> Result<Known> {
        let ids: Vec<Value> = users.iter().map(|user| Value::Uuid(user.id.uuid())).collect();
        let accounts: Vec<UserAccount> =
            find(&self.kernel, |table| one_of(table, "user_id", ids.clone())).await?;
        let members: Vec<OrganizationMember> =
            find(&self.kernel, |table| one_of(table, "user_id", ids.clone())).await?;
        let factors = self.factor_replies(ids).await?;
        let mut known = Known { factors, ..Known::default() };
        for account in accounts {
            known.accounts.entry(account.user_id.uuid()).or_default().push(account);
        }
        for member in members {
            known.members.entry(member.user_id.uuid()).or_default().push(member);
        }
        Ok(known)
    }

    /// People's accounts by their identifiers, in no order.
    pub(crate) async fn users(&self, ids: Vec<Value>) -> Result<Vec<User>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        find(&self.kernel, |table| Ok(Filter::And(vec![one_of(table, "id", ids)?]))).await
    }
}

/// What there is about some people beside their accounts, by their identifiers.
#[derive(Default)]
struct Known {
    accounts: HashMap<Uuid, Vec<UserAccount>>,
    members: HashMap<Uuid, Vec<OrganizationMember>>,
    factors: HashMap<Uuid, Vec<FactorReply>>,
}

impl Known {
    fn members_of(&self, user: &User) -> &[OrganizationMember] {
        self.members.get(&user.id.uuid()).map_or(&[], Vec::as_slice)
    }

    fn reply(&mut self, user: &User, organization: Option<Uuid>) -> UserReply {
        let id = user.id.uuid();
        let factors = self.factors.remove(&id).unwrap_or_default();
        let accounts = self.accounts.get(&id).map_or(&[][..], Vec::as_slice);
        UserReply { factors, ..of(user, accounts, self.members_of(user), organization) }
    }
}

/// The answer of a sign-up that waits for its link: alike for an account that was just made and for
/// one that was there before, of which it tells nothing.
pub(crate) fn draft_reply(draft: &User) -> UserReply {
    let mut reply = of(draft, &[], &[], None);
    reply.app_metadata.insert("provider".to_owned(), json!(EMAIL));
    reply.app_metadata.insert("providers".to_owned(), json!([EMAIL]));
    reply
}

fn of(
    user: &User,
    accounts: &[UserAccount],
    members: &[OrganizationMember],
    organization: Option<Uuid>,
) -> UserReply {
    let email = if user.is_anonymous { String::new() } else { user.email.to_string() };
    let is_in = user.status != UserStatus::PendingVerification && !user.is_anonymous;
    let verified = user.email_verified_at.filter(|_| user.email_verified);
    let confirmed = verified.or(is_in.then_some(user.created_at)).map(text);
    UserReply {
        id: user.id.uuid(),
        aud: AUDIENCE,
        role: AUDIENCE,
        email,
        phone: "",
        email_confirmed_at: confirmed.clone(),
        confirmed_at: confirmed,
        invited_at: user.invited_at.map(text),
        confirmation_sent_at: None,
        new_email: user.new_email.as_ref().map(ToString::to_string),
        last_sign_in_at: user.last_login_at.map(text),
        banned_until: user.banned_until.map(text),
        app_metadata: app_metadata(user, accounts, members, organization),
        user_metadata: object(user.metadata.as_str()),
        factors: Vec::new(),
        identities: accounts.iter().map(|account| identity(user, account)).collect(),
        created_at: text(user.created_at),
        updated_at: text(user.updated_at),
        is_anonymous: user.is_anonymous,
    }
}

/// What the organisation's programs keep, and what the server itself says, which counts over it.
fn app_metadata(
    user: &User,
    accounts: &[UserAccount],
    members: &[OrganizationMember],
    organization: Option<Uuid>,
) -> Map<String, Json> {
    let own = members.iter().find(|m| Some(m.organization_id.uuid()) == organization);
    let mut metadata = own.map(|own| object(own.app_metadata.as_str())).unwrap_or_default();
    // Nobody learns by others where a person belongs besides.
    let organizations: Vec<Uuid> = own
        .filter(|own| own.status == MemberStatus::Active)
        .map(|own| own.organization_id.uuid())
        .into_iter()
        .collect();
    let providers: Vec<&str> = accounts.iter().map(provider).collect();
    if let Some(first) = providers.first() {
        metadata.insert("provider".to_owned(), json!(first));
        metadata.insert("providers".to_owned(), json!(providers));
    }
    metadata.insert(ORGANIZATIONS.to_owned(), json!(organizations));
    if user.must_change_password {
        metadata.insert("must_change_password".to_owned(), json!(true));
    }
    metadata
}

fn identity(user: &User, account: &UserAccount) -> IdentityReply {
    let id = account.provider_account_id.as_ref();
    let id = id.map_or_else(|| user.id.to_string(), ToString::to_string);
    let is_own = &*account.provider == PASSWORD;
    let (email, is_verified) = if is_own {
        (Some(user.email.to_string()), user.email_verified)
    } else {
        (account.email.as_ref().map(ToString::to_string), account.email_verified)
    };
    let mut data = object(account.profile.as_str());
    data.extend([
        ("sub".to_owned(), json!(id)),
        ("email".to_owned(), json!(email)),
        ("email_verified".to_owned(), json!(is_verified)),
        ("phone_verified".to_owned(), json!(false)),
    ]);
    IdentityReply {
        identity_id: account.id.uuid(),
        user_id: user.id.uuid(),
        identity_data: Json::Object(data),
        id,
        provider: provider(account).to_owned(),
        last_sign_in_at: account.last_sign_in_at.or(user.last_login_at).map(text),
        created_at: text(account.created_at),
        updated_at: text(account.updated_at),
        email,
    }
}

fn provider(account: &UserAccount) -> &str {
    match &*account.provider {
        PASSWORD => EMAIL,
        other => other,
    }
}

fn text(at: Timestamp) -> String {
    at.to_string()
}

/// The members of a document; none if it is no object.
pub(crate) fn object(document: &str) -> Map<String, Json> {
    serde_json::from_str(document).unwrap_or_default()
}
