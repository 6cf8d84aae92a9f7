//! Passkeys of a person: added, shown, named, taken away.

use crate::account::admin_users::Administrator;
use crate::account::change::SignedIn;
use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::changed::{By, Changed, Reader};
use crate::records::{change, instant, lock, seek, text};
use crate::session::sessions::AuthRequest;
use crate::watch::{self, Kind};
use crate::webauthn::ceremony::{self, Holder, Made, Purpose, Used};
use crate::webauthn::challenge::{self, Addressee, Given};
use crate::webauthn::entity::{Ceremony, WebAuthnCredential};
use crate::webauthn::relying_party::RelyingParty;
use mainstay_entity::{Text, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find, table};
use mainstay_kernel::{Context, Event, Result, Work};
use serde::Serialize;
use uuid::Uuid;

/// Passkeys of one person.
const PASSKEYS_MAX: usize = 10;

/// What a browser needs to ask an authenticator.
#[derive(Debug, Serialize)]
pub struct PasskeyOptions {
    /// The challenge, to be named with the answer.
    pub challenge_id: Uuid,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`
    /// (WebAuthn §5.1.8, §5.1.9).
    pub options: serde_json::Value,
    /// Until when the challenge can be answered, in seconds since 1970.
    pub expires_at: i64,
}

impl PasskeyOptions {
    pub(crate) fn new(given: Given, options: serde_json::Value) -> Self {
        Self { challenge_id: given.id, options, expires_at: given.expires_at }
    }
}

/// A passkey as its person sees it.
#[derive(Debug, Serialize)]
pub struct PasskeyReply {
    /// Identifier.
    pub id: Uuid,
    /// What the person calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// When it was added.
    pub created_at: String,
    /// When it last signed its person in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<String>,
}

impl Identity {
    /// Asks for a passkey of a person who is signed in.
    ///
    /// # Errors
    /// [`AuthCode::PasskeyDisabled`], [`AuthCode::TooManyPasskeys`], [`AuthCode::InsufficientAal`]
    /// when the person has a second factor and the session has not shown it, and
    /// [`AuthCode::ValidationFailed`] for somebody who has not said who they are.
    pub async fn begin_passkey(
        &self,
        person: SignedIn,
        request: &AuthRequest,
    ) -> Result<PasskeyOptions, AuthError> {
        self.demand_second_factor(person, "AAL2 required to add a passkey").await?;
        let user = self.user(person.user).await?.ok_or_else(not_found)?;
        if user.is_anonymous {
            return Err(AuthError::invalid("A passkey needs an account with an email"));
        }
        let known = self.passkeys_of(person.user).await?;
        check_number(&known)?;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let site = self.relying_party(&mut work, request.organization).await?;
        let handle = match known.first() {
            Some(passkey) => passkey.user_handle.clone(),
            None => ceremony::new_handle(&**self.kernel.entropy()),
        };
        let holder = Holder { handle: &handle, name: &user.email };
        let begun = ceremony::begin_registration(&site, Purpose::Passkey, &holder, &known)?;
        let given =
            challenge::keep(&mut work, Ceremony::Registration, addressee(person), &begun).await?;
        work.commit().await?;
        Ok(PasskeyOptions::new(given, begun.options))
    }

    /// Takes a new passkey of a person: the answer of an authenticator,
    /// `RegistrationResponseJSON` (WebAuthn §5.1.1).
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnChallengeNotFound`], [`AuthCode::WebAuthnChallengeExpired`],
    /// [`AuthCode::WebAuthnVerificationFailed`], [`AuthCode::WebAuthnCredentialExists`].
    pub async fn add_passkey(
        &self,
        person: SignedIn,
        (challenge, answer): (Uuid, &[u8]),
        request: &AuthRequest,
    ) -> Result<PasskeyReply, AuthError> {
        self.demand_second_factor(person, "AAL2 required to add a passkey").await?;
        let user = self.user(person.user).await?.ok_or_else(not_found)?;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let whom = addressee(person);
        let state = self.take_challenge(&mut work, challenge, Ceremony::Registration, whom).await?;
        let site = self.relying_party(&mut work, request.organization).await?;
        let made = match ceremony::finish_registration(&site, &state, answer) {
            Ok(made) => made,
            Err(rejected) => {
                tracing::debug!(user = %person.user, ?rejected, "a passkey was not accepted");
                work.commit().await?;
                return Err(verification_failed());
            }
        };
        let own = [("user_id", Value::Uuid(person.user))];
        let mut known: Vec<WebAuthnCredential> = seek(&mut work, &own).await?;
        known.retain(|credential| credential.factor_id.is_none());
        check_number(&known)?;
        let id = match add_credential(&mut work, person.user, None, &site, &made).await {
            Ok(id) => id,
            Err(error) if AuthError::is_taken(&error) => return Err(exists()),
            Err(error) => return Err(error.into()),
        };
        let what = "a passkey was added";
        watch::raise(&mut work, Kind::SecondFactorEnabled, Some(person.user), None, what).await?;
        let (reader, changed) = (Reader::of(&user), Changed::PasskeyAdded);
        let letters = self.tell_of_change(&mut work, reader, changed, By::Person).await?;
        self.commit_and_post(work, letters).await?;
        self.passkey(person.user, id).await
    }

    /// The passkeys of a person, the oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn passkeys(&self, user: Uuid) -> Result<Vec<PasskeyReply>> {
        Ok(self.passkeys_of(user).await?.into_iter().map(shown).collect())
    }

    /// Gives a passkey of a person another name.
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnCredentialNotFound`], [`AuthCode::ValidationFailed`].
    pub async fn rename_passkey(
        &self,
        person: SignedIn,
        passkey: Uuid,
        name: &str,
        request: &AuthRequest,
    ) -> Result<PasskeyReply, AuthError> {
        let name = Text::<120>::new(name.trim());
        let name =
            name.map_err(|_| AuthError::invalid("friendly_name: expected at most 120 characters"))?;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        locked(&mut work, person.user, passkey).await?;
        let name = if name.is_empty() { Value::Null } else { text(&*name) };
        let set = [("friendly_name", name)];
        change::<WebAuthnCredential>(&mut work, &set, &[("id", Value::Uuid(passkey))]).await?;
        work.commit().await?;
        self.passkey(person.user, passkey).await
    }

    /// Takes a passkey of a person away.
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnCredentialNotFound`], [`AuthCode::InsufficientAal`] when the person has
    /// a second factor and the session has not shown it.
    pub async fn remove_passkey(
        &self,
        person: SignedIn,
        passkey: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        self.demand_second_factor(person, "AAL2 required to remove a passkey").await?;
        let user = self.user(person.user).await?.ok_or_else(not_found)?;
        let context = self.system_request(request, request.organization);
        self.remove_passkey_and_tell(&context, &user, passkey, By::Person).await
    }

    /// The passkeys of a member of an organisation.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`].
    pub async fn passkeys_of_member(
        &self,
        admin: &Administrator,
        user: Uuid,
    ) -> Result<Vec<PasskeyReply>, AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        Ok(self.passkeys(user.id.uuid()).await?)
    }

    /// Takes a passkey of a member of an organisation away, who has lost it.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::WebAuthnCredentialNotFound`] and what
    /// [`Identity::change_person`] refuses.
    pub async fn remove_passkey_of_member(
        &self,
        admin: &Administrator,
        user: Uuid,
        passkey: Uuid,
    ) -> Result<(), AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        self.check_own(admin, &user).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        self.remove_passkey_and_tell(&context, &user, passkey, By::Organization).await
    }

    async fn remove_passkey_and_tell(
        &self,
        context: &Context,
        user: &User,
        passkey: Uuid,
        by: By,
    ) -> Result<(), AuthError> {
        let mut work = self.kernel.begin(context).await?;
        remove(&mut work, user.id.uuid(), passkey).await?;
        let (reader, changed) = (Reader::of(user), Changed::PasskeyRemoved);
        let letters = self.tell_of_change(&mut work, reader, changed, by).await?;
        Ok(self.commit_and_post(work, letters).await?)
    }

    async fn passkey(&self, user: Uuid, id: Uuid) -> Result<PasskeyReply, AuthError> {
        let found = self.passkeys_of(user).await?.into_iter().find(|key| key.id.uuid() == id);
        Ok(shown(found.ok_or_else(not_found)?))
    }

    async fn passkeys_of(&self, user: Uuid) -> Result<Vec<WebAuthnCredential>> {
        let own = [("user_id", Value::Uuid(user))];
        let mut found: Vec<WebAuthnCredential> =
            find(&self.kernel, |table| equal(table, &own)).await?;
        found.retain(|credential| credential.factor_id.is_none());
        found.sort_by_key(|credential| credential.id);
        Ok(found)
    }
}

fn check_number(known: &[WebAuthnCredential]) -> Result<(), AuthError> {
    if known.len() < PASSKEYS_MAX {
        return Ok(());
    }
    let message = "Maximum number of passkeys reached, remove one to continue";
    Err(AuthError::new(AuthCode::TooManyPasskeys, message))
}

/// Keeps a credential that an authenticator has made; it fails if there is one of its name.
pub(crate) async fn add_credential(
    work: &mut Work,
    user: Uuid,
    factor: Option<Uuid>,
    site: &RelyingParty,
    made: &Made,
) -> Result<Uuid> {
    let transports = made.transports.iter().map(|transport| text(transport.as_str())).collect();
    let mut row = vec![
        ("user_id", Value::Uuid(user)),
        ("rp_id", text(site.domain.as_str())),
        ("credential_id", Value::Bytes(made.credential_id.clone())),
        ("user_handle", Value::Bytes(made.user_handle.clone())),
        ("public_key", Value::Bytes(made.public_key.clone())),
        ("transports", Value::List(transports)),
    ];
    row.extend(factor.map(|id| ("factor_id", Value::Uuid(id))));
    row.extend(state(made.used));
    add::<WebAuthnCredential>(work, &row).await
}

/// Notes that a credential was used.
pub(crate) async fn note_use(work: &mut Work, credential: Uuid, used: Used) -> Result<()> {
    let mut set = state(used).to_vec();
    set.push(("last_used_at", instant(work.context().now)));
    change::<WebAuthnCredential>(work, &set, &[("id", Value::Uuid(credential))]).await?;
    Ok(())
}

/// A refused answer leaves an event; one that tells of a copied authenticator those who look after
/// security, too.
pub(crate) async fn note_rejection(
    work: &mut Work,
    credential: &WebAuthnCredential,
    rejected: &ceremony::Rejected,
) -> Result<()> {
    tracing::debug!(credential = %credential.id, ?rejected, "an assertion was not accepted");
    let mut event = Event::new("webauthn_credential", "verify");
    event.resource_id = Some(credential.id.to_string());
    event.failure = Some(match rejected {
        ceremony::Rejected::CountedBack => "the authenticator counted back".to_owned(),
        ceremony::Rejected::Invalid(_) => "the answer does not hold".to_owned(),
    });
    work.record(event);
    if *rejected == ceremony::Rejected::CountedBack {
        let what = "an authenticator counted back: there may be a copy of it";
        let user = Some(credential.user_id.uuid());
        watch::raise(work, Kind::SuspiciousActivity, user, None, what).await?;
    }
    Ok(())
}

fn state(used: Used) -> [(&'static str, Value); 4] {
    [
        ("sign_count", Value::Int(used.sign_count.into())),
        ("user_verified", Value::Bool(used.user_verified)),
        ("backup_eligible", Value::Bool(used.backup_eligible)),
        ("backed_up", Value::Bool(used.backed_up)),
    ]
}

async fn locked(work: &mut Work, user: Uuid, id: Uuid) -> Result<WebAuthnCredential, AuthError> {
    let own = [("id", Value::Uuid(id)), ("user_id", Value::Uuid(user))];
    let found: Option<WebAuthnCredential> = lock(work, &own).await?;
    found.filter(|credential| credential.factor_id.is_none()).ok_or_else(not_found)
}

async fn remove(work: &mut Work, user: Uuid, id: Uuid) -> Result<(), AuthError> {
    let credential = locked(work, user, id).await?;
    let credentials = table::<WebAuthnCredential>(work.kernel().catalog())?;
    let own = equal(&credentials, &[("id", Value::Uuid(credential.id.uuid()))])?;
    work.delete(&credentials, own).await?;
    let what = "a passkey was taken away";
    watch::raise(work, Kind::SecondFactorDisabled, Some(user), None, what).await?;
    Ok(())
}

fn addressee(person: SignedIn) -> Addressee {
    Addressee { user: Some(person.user), session: Some(person.session), factor: None }
}

fn shown(credential: WebAuthnCredential) -> PasskeyReply {
    PasskeyReply {
        id: credential.id.uuid(),
        friendly_name: credential.friendly_name.map(Text::into_string),
        created_at: credential.created_at.to_string(),
        last_used_at: credential.last_used_at.map(|at| at.to_string()),
    }
}

/// The refusal of an answer that does not hold; it does not say why.
pub(crate) fn verification_failed() -> AuthError {
    let message = "The answer of the authenticator could not be verified";
    AuthError::new(AuthCode::WebAuthnVerificationFailed, message)
}

pub(crate) fn exists() -> AuthError {
    AuthError::new(AuthCode::WebAuthnCredentialExists, "This credential is registered already")
}

fn not_found() -> AuthError {
    AuthError::new(AuthCode::WebAuthnCredentialNotFound, "Passkey not found")
}
