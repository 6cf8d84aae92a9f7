//! What people change of their own account.

use crate::account::address;
use crate::account::reply::{PASSWORD, UserReply, object};
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::Letters;
use crate::mail::changed::{By, Changed, Reader};
use crate::password::policy::remember;
use crate::records::{change, text};
use crate::session::entity::Session;
use crate::session::sessions::{AuthRequest, end_all};
use crate::settings::organization_auth_within;
use crate::sign_in::challenge::Challenge;
use crate::sign_in::one_time::NewCode;
use crate::sign_in::sign_up::{metadata, set_password};
use crate::sign_in::verification::VerificationPurpose;
use crate::watch::{self, Kind};
use jiff::SignedDuration;
use mainstay_entity::Value;
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Event, Work};
use serde_json::{Map, Value as JsonValue};
use uuid::Uuid;

/// A password can be changed without a further proof for so long after a sign-in.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// What a person wants to be otherwise.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Another address.
    pub email: Option<String>,
    /// Another password.
    pub password: Option<String>,
    /// The present one.
    pub current_password: Option<String>,
    /// A code that was sent to show who asks.
    pub nonce: Option<String>,
    /// What the person says of themselves: members to set; null removes one.
    pub data: Option<Map<String, JsonValue>>,
    /// Where a browser goes on after a link.
    pub redirect_to: Option<String>,
    /// What whoever asks will prove to know.
    pub challenge: Challenge,
}

/// A person who is signed in.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    /// The person.
    pub user: Uuid,
    /// The session.
    pub session: Uuid,
}

impl Identity {
    /// Changes the account of a person; gives it as it is then. A new password ends all other
    /// sessions; a new address counts when both addresses have agreed.
    ///
    /// # Errors
    /// [`AuthCode::ReauthenticationNeeded`], [`AuthCode::SamePassword`],
    /// [`AuthError::WeakPassword`], [`AuthCode::EmailExists`].
    pub async fn change_account(
        &self,
        person: SignedIn,
        wanted: &AccountChange,
        request: &AuthRequest,
    ) -> Result<UserReply, AuthError> {
        let user = self.user(person.user).await?.ok_or_else(no_user)?;
        if wanted.email.is_some() || wanted.password.is_some() {
            self.check_second_factor(person).await?;
        }
        let password_hash = match &wanted.password {
            Some(password) => {
                Some(self.accept_password(person, &user, password, wanted, request).await?)
            }
            None => None,
        };
        let own = self.memberships(person.user).await?;
        let organization = request.organization.or(own.first().copied());
        let context = self.system_request(request, organization);
        let mut work = self.kernel.begin(&context).await?;
        let mut letters = Letters::default();
        if let Some((hash, former)) = password_hash {
            self.replace_password(&mut work, &user, hash, former, Some(person.session)).await?;
            let (reader, changed) = (Reader::of(&user), Changed::Password);
            letters = self.tell_of_change(&mut work, reader, changed, By::Person).await?;
        }
        if let Some(data) = &wanted.data {
            let merged = merged(object(user.metadata.as_str()), data);
            let set = [("metadata", Value::Json(metadata(&merged)?))];
            change::<User>(&mut work, &set, &[("id", Value::Uuid(person.user))]).await?;
        }
        if let Some(email) = &wanted.email {
            let more = self.want_email(&mut work, &user, email, wanted, request).await?;
            letters = letters.and(more);
        }
        self.commit_and_post(work, letters).await.map_err(taken)?;
        let reply = self.user_reply(person.user, request.organization).await?;
        reply.ok_or_else(no_user)
    }

    /// Sends a code by which a person shows that it is them.
    ///
    /// # Errors
    /// [`AuthCode::ValidationFailed`] for somebody who gave no address.
    pub async fn send_reauthentication(
        &self,
        person: SignedIn,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let user = self.user(person.user).await?.ok_or_else(no_user)?;
        if user.is_anonymous {
            let message = "Reauthentication requires the user to have an email or a phone number";
            return Err(AuthError::invalid(message));
        }
        let own = self.memberships(person.user).await?;
        let organization = request.organization.or(own.first().copied());
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let code = NewCode {
            user: person.user,
            purpose: VerificationPurpose::Reauthentication,
            organization: None,
            email: &user.email,
            redirect_to: None,
            challenge: None,
        };
        let letters = self.send_code(&mut work, &user, &code).await?;
        Ok(self.commit_and_post(work, letters).await?)
    }

    /// Replaces a password and ends all sessions but one.
    pub(crate) async fn replace_password(
        &self,
        work: &mut Work,
        user: &User,
        hash: String,
        former: Option<String>,
        but: Option<Uuid>,
    ) -> Result<(), AuthError> {
        let id = user.id.uuid();
        if let Some(former) = former {
            remember(work, id, &former).await?;
        }
        set_password(work, user, hash).await?;
        end_all(work, id, but, "the password was changed").await?;
        let mut event = Event::new("user", "change_password");
        event.resource_id = Some(id.to_string());
        work.record(event);
        let what = "the password was changed";
        watch::raise(work, Kind::PasswordChanged, Some(id), None, what).await?;
        Ok(())
    }

    /// The hash of a new password that a person may take, and that of the present one.
    async fn accept_password(
        &self,
        person: SignedIn,
        user: &User,
        password: &str,
        wanted: &AccountChange,
        request: &AuthRequest,
    ) -> Result<(String, Option<String>), AuthError> {
        self.check_password(password, &user.email).await?;
        let account = self.password_account(person.user).await?;
        let present = account.and_then(|account| account.password_hash);
        let present = present.map(mainstay_entity::Text::into_string);
        self.check_identity(person, user, present.as_deref(), wanted, request).await?;
        self.check_unused(password, person.user, present.as_deref()).await?;
        let hash = self.passwords.hash(password, self.kernel.entropy().clone()).await?;
        Ok((hash, present))
    }

    /// Who changes a password signed in lately, or shows once more who they are.
    async fn check_identity(
        &self,
        person: SignedIn,
        user: &User,
        present: Option<&str>,
        wanted: &AccountChange,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let not_valid = || {
            AuthError::new(AuthCode::ReauthenticationNotValid, "Nonce has expired or is invalid")
        };
        if let Some(current) = &wanted.current_password {
            let is_right = self.is_present_password(user, current, present, request).await?;
            return if is_right { Ok(()) } else { Err(not_valid()) };
        }
        if let Some(nonce) = &wanted.nonce {
            let context = self.system_request(request, request.organization);
            let owner = (person.user, &*user.email);
            let purposes = [VerificationPurpose::Reauthentication];
            let redeemed = self.redeem_code(&context, owner, nonce, &purposes).await;
            let (work, _) = redeemed.map_err(|error| match error {
                AuthError::Refused { .. } => not_valid(),
                other => other,
            })?;
            return Ok(work.commit().await?);
        }
        let own = [("id", Value::Uuid(person.session))];
        let session: Option<Session> = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let now = self.kernel.clock().now();
        if session.is_some_and(|session| now < session.created_at + RECENT) {
            return Ok(());
        }
        let message = "Password update requires reauthentication";
        Err(AuthError::new(AuthCode::ReauthenticationNeeded, message))
    }

    /// Whether somebody knows their present password. Guessing it is guessing at sign-in.
    async fn is_present_password(
        &self,
        user: &User,
        given: &str,
        present: Option<&str>,
        request: &AuthRequest,
    ) -> Result<bool, AuthError> {
        let attempt = self.begin_attempt(&user.email, PASSWORD, Some(user), request).await?;
        let matches = self.check_attempt(&attempt, given, present).await?.matches;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        if matches {
            self.end_attempt(&mut work, &attempt).await?;
        } else {
            self.fail_attempt(&mut work, &attempt).await?;
        }
        work.commit().await?;
        Ok(matches)
    }

    async fn want_email(
        &self,
        work: &mut Work,
        user: &User,
        email: &str,
        wanted: &AccountChange,
        request: &AuthRequest,
    ) -> Result<Letters, AuthError> {
        let email = address::normalize(email)?;
        if *email == *user.email {
            return Ok(Letters::default());
        }
        let settings = organization_auth_within(work, request.organization).await?;
        if !settings.confirm_email {
            let set = [
                ("email", text(email.as_str())),
                ("new_email", Value::Null),
                ("email_verified", Value::Bool(false)),
                ("email_verified_at", Value::Null),
                ("is_anonymous", Value::Bool(false)),
            ];
            let own = [("id", Value::Uuid(user.id.uuid()))];
            change::<User>(work, &set, &own).await.map_err(taken)?;
            let reader = Reader { email: &email, is_verified: false, ..Reader::of(user) };
            let changed = Changed::address(user);
            return Ok(self.tell_of_change(work, reader, changed, By::Person).await?);
        }
        let redirect_to = self.redirect_target(wanted.redirect_to.as_deref(), &settings);
        let challenge = wanted.challenge.stored()?;
        let places = (request.organization, redirect_to.as_str());
        Ok(self.send_change_codes(work, user, &email, places, challenge.as_ref()).await?)
    }
}

/// Members that are set; null removes one.
pub(crate) fn merged(
    mut present: Map<String, JsonValue>,
    changes: &Map<String, JsonValue>,
) -> Map<String, JsonValue> {
    for (key, value) in changes {
        if value.is_null() {
            present.remove(key);
        } else {
            present.insert(key.clone(), value.clone());
        }
    }
    present
}

fn no_user() -> AuthError {
    AuthError::new(AuthCode::UserNotFound, "User from sub claim in JWT does not exist")
}

pub(crate) fn taken(error: mainstay_kernel::Error) -> AuthError {
    if AuthError::is_taken(&error) {
        let message = "A user with this email address has already been registered";
        AuthError::new(AuthCode::EmailExists, message)
    } else {
        error.into()
    }
}
