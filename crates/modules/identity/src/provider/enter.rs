//! Letting somebody in whom a provider has sent.
//!
//! A provider's identifier leads to the account that it was added to, whatever the address is by
//! now. Without such an account the address decides, and then both sides must know it to be the
//! person's: the provider says that it is verified, and so is it here. One that nobody has shown to
//! be theirs may be another person's who waits for its owner; of that account nothing survives
//! that somebody else could come back with.

use crate::account::change::SignedIn;
use crate::account::provision::add;
use crate::account::user_account::UserAccount;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::Letters;
use crate::mail::changed::{By, Changed, Reader};
use crate::provider::arrival::Arrival;
use crate::provider::registry::Provider;
use crate::records::{change, instant, lock, seek, text};
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::sign_in::sign_up::{create_user, draft, metadata};
use crate::sign_in::verification::VerificationPurpose;
use jiff::Timestamp;
use mainstay_entity::{Value, json};
use mainstay_kernel::entities::User;
use mainstay_kernel::{Error, Event, Result, Work};
use uuid::Uuid;

/// How tokens name a sign-in by a provider, as Supabase Auth does (`amr`).
const METHOD: &str = "oauth";

/// An ID token that a client got by itself.
#[derive(Clone, Debug, Default)]
pub struct GivenToken {
    /// The provider's name.
    pub provider: String,
    /// The token.
    pub id_token: String,
    /// What its `nonce` is the hash of.
    pub nonce: Option<String>,
}

impl Identity {
    /// Lets somebody in with an ID token, or adds the provider to the account of who is signed in.
    ///
    /// # Errors
    /// [`AuthCode::ProviderDisabled`], [`AuthCode::BadOauthCallback`] for a token that does not
    /// hold, and as the arrival is refused.
    pub async fn sign_in_with_token(
        &self,
        given: &GivenToken,
        person: Option<SignedIn>,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        if let Some(person) = person {
            self.check_linking(request).await?;
            self.check_second_factor(person).await?;
        }
        let disabled = || {
            let message = format!("Provider {} is not enabled", given.provider);
            AuthError::new(AuthCode::ProviderDisabled, message)
        };
        let auth = self.organization_auth(request.organization).await?;
        let provider = self.providers.find(&given.provider, &auth).ok_or_else(disabled)?;
        let now = self.kernel.clock().now();
        let arrival = provider.arrival_of_token(&given.id_token, given.nonce.as_deref(), now);
        let arrival = arrival.await.ok_or_else(disabled)?;
        let arrival = arrival.map_err(|failure| failure.refusal(&provider))?;
        self.welcome(&provider, &arrival, person.map(|person| person.user), request).await
    }

    /// Lets somebody in, or adds the provider to an account first.
    ///
    /// # Errors
    /// [`AuthCode::ProviderEmailNeedsVerification`], [`AuthCode::IdentityAlreadyExists`],
    /// [`AuthCode::SignupDisabled`], [`AuthCode::NotAMember`], [`AuthCode::UserBanned`].
    pub(crate) async fn welcome(
        &self,
        provider: &Provider,
        arrival: &Arrival,
        linker: Option<Uuid>,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        // Asked before the work begins, which has its connection and may wait for no other.
        let may_come = match arrival.verified_email().filter(|_| linker.is_none()) {
            Some(email) => self.open_organization(request, email).await.map(drop),
            None => Ok(()),
        };
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let (user, letters) = match linker {
            Some(user) => self.link_account(&mut work, provider, arrival, user).await?,
            None => self.find_or_create(&mut work, provider, arrival, may_come).await?,
        };
        self.check_usable(&user)?;
        let organization = self.belong_to(&mut work, &user, request.organization, false).await?;
        self.forgive(&mut work, &user, provider.name()).await?;
        let tokens = self.open_session(&mut work, &user, organization, METHOD).await?;
        self.commit_and_post(work, letters).await.map_err(meanwhile)?;
        Ok(self.token_reply(tokens, user.id.uuid(), organization).await?)
    }

    /// The account of somebody who signs in; a new one if they may come.
    async fn find_or_create(
        &self,
        work: &mut Work,
        provider: &Provider,
        arrival: &Arrival,
        may_come: Result<(), AuthError>,
    ) -> Result<(User, Letters), AuthError> {
        if let Some(account) = account_of(work, provider, arrival).await? {
            let id = account.user_id.uuid();
            let user = lock::<User>(work, &[("id", Value::Uuid(id))]).await?;
            touch(work, &account, arrival).await?;
            let user = user.ok_or_else(|| Error::internal("an account's person vanished"))?;
            return Ok((user, Letters::default()));
        }
        let email = arrival.verified_email().ok_or_else(|| unverified(provider))?;
        let known = lock::<User>(work, &[("email", text(email))]).await?;
        match known {
            Some(user) => {
                let user = self.confirm(work, user, VerificationPurpose::MagicLink).await?;
                add_account(work, &user, provider, arrival).await?;
                let (reader, changed) =
                    (Reader::of(&user), Changed::ProviderAdded(provider.name()));
                let letters = self.tell_of_change(work, reader, changed, By::Person).await?;
                Ok((user, letters))
            }
            None => {
                may_come?;
                let id = self.kernel.new_id(work.context());
                let said = metadata(&arrival.profile)?;
                let now = work.context().now;
                let mut user = draft(id, email, said, true, now)?;
                (user.email_verified, user.email_verified_at) = (true, Some(now));
                create_user(work, &user, None).await.map_err(meanwhile)?;
                add_account(work, &user, provider, arrival).await?;
                Ok((user, Letters::default()))
            }
        }
    }

    /// Adds a provider to the account of somebody who is signed in. Who had not said who they are
    /// has now.
    async fn link_account(
        &self,
        work: &mut Work,
        provider: &Provider,
        arrival: &Arrival,
        linker: Uuid,
    ) -> Result<(User, Letters), AuthError> {
        let by_id = [("id", Value::Uuid(linker))];
        let user = lock::<User>(work, &by_id).await?;
        let mut user = user.ok_or_else(|| Error::internal("an account vanished"))?;
        if let Some(account) = account_of(work, provider, arrival).await? {
            let message = if account.user_id == user.id {
                "Identity is already linked"
            } else {
                "Identity is already linked to another user"
            };
            return Err(AuthError::new(AuthCode::IdentityAlreadyExists, message));
        }
        let same = [("user_id", Value::Uuid(linker)), ("provider", text(provider.name()))];
        if !seek::<UserAccount>(work, &same).await?.is_empty() {
            let message = "Another identity of this provider is linked already";
            return Err(AuthError::new(AuthCode::IdentityAlreadyExists, message));
        }
        let was_anonymous = user.is_anonymous;
        if was_anonymous {
            let email = arrival.verified_email().ok_or_else(|| unverified(provider))?;
            let now = work.context().now;
            let set = [
                ("email", text(email)),
                ("email_verified", Value::Bool(true)),
                ("email_verified_at", instant(now)),
                ("is_anonymous", Value::Bool(false)),
            ];
            let changed = change::<User>(work, &set, &by_id).await;
            changed.map_err(crate::account::change::taken)?;
            user.email = mainstay_entity::Text::new(email).map_err(Error::internal)?;
            (user.is_anonymous, user.email_verified) = (false, true);
            user.email_verified_at = Some(now);
        }
        add_account(work, &user, provider, arrival).await?;
        let mut event = Event::new("user", "link_identity");
        event.resource_id = Some(linker.to_string());
        let details = serde_json::json!({ "provider": provider.name() }).to_string();
        event.details = Some(json::canonical(&details).map_err(Error::internal)?);
        work.record(event);
        let reader = Reader { is_anonymous: was_anonymous, ..Reader::of(&user) };
        let changed = Changed::ProviderAdded(provider.name());
        let letters = self.tell_of_change(work, reader, changed, By::Person).await?;
        Ok((user, letters))
    }
}

async fn account_of(
    work: &mut Work,
    provider: &Provider,
    arrival: &Arrival,
) -> Result<Option<UserAccount>> {
    let own = [
        ("provider", text(provider.name())),
        ("provider_account_id", text(arrival.subject.as_str())),
    ];
    Ok(seek::<UserAccount>(work, &own).await?.pop())
}

async fn add_account(
    work: &mut Work,
    user: &User,
    provider: &Provider,
    arrival: &Arrival,
) -> Result<(), AuthError> {
    let now = work.context().now;
    let mut row = vec![
        ("user_id", Value::Uuid(user.id.uuid())),
        ("provider", text(provider.name())),
        ("provider_account_id", text(arrival.subject.as_str())),
    ];
    row.extend(said(arrival, now)?);
    add::<UserAccount>(work, &row).await.map_err(meanwhile)?;
    Ok(())
}

/// Keeps what the provider says of the person now.
async fn touch(work: &mut Work, account: &UserAccount, arrival: &Arrival) -> Result<()> {
    let set = said(arrival, work.context().now)?;
    change::<UserAccount>(work, &set, &[("id", Value::Uuid(account.id.uuid()))]).await?;
    Ok(())
}

fn said(arrival: &Arrival, now: Timestamp) -> Result<Vec<(&'static str, Value)>> {
    let profile = serde_json::to_string(&arrival.profile).map_err(Error::internal)?;
    let profile = json::canonical(&profile).map_err(Error::internal)?;
    let email = arrival.email.as_deref().map_or(Value::Null, text);
    Ok(vec![
        ("email", email),
        ("email_verified", Value::Bool(arrival.email_verified)),
        ("profile", Value::Json(profile)),
        ("last_sign_in_at", instant(now)),
    ])
}

/// Nobody comes into an account by an address that may be another person's.
fn unverified(provider: &Provider) -> AuthError {
    let message = format!(
        "{} does not say that the e-mail address is verified. Sign in by another way and link it",
        provider.name()
    );
    AuthError::new(AuthCode::ProviderEmailNeedsVerification, message)
}

/// The same person came twice at a time, or somebody else took the address.
fn meanwhile(error: Error) -> AuthError {
    if AuthError::is_taken(&error) {
        let message = "The identity or its address was taken meanwhile; try again";
        AuthError::new(AuthCode::IdentityAlreadyExists, message)
    } else {
        error.into()
    }
}
