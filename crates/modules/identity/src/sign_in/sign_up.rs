//! Signing up: how people make accounts by themselves, where an organisation lets them.

use crate::access::role_book::Source;
use crate::account::address::{self, ANONYMOUS_DOMAIN};
use crate::account::provision::add;
use crate::account::reply::{PASSWORD, UserReply, draft_reply};
use crate::account::user_account::UserAccount;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::organization::domains::domain_entry;
use crate::records::{change, instant, text};
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::settings::OrganizationAuth;
use crate::sign_in::challenge::Challenge;
use crate::sign_in::one_time::NewCode;
use crate::sign_in::redirect;
use crate::sign_in::verification::VerificationPurpose;
use crate::sign_in::with_password::set_password_hash;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text, Value, json};
use mainstay_kernel::entities::{User, UserStatus};
use mainstay_kernel::lookup::table;
use mainstay_kernel::{Create, Error, Input, NewRow, Result, Work};
use mainstay_store::Conflict;
use serde_json::{Map, Value as JsonValue};
use uuid::Uuid;

/// Most of what a person says of themselves, in bytes of JSON.
const METADATA_BYTES_MAX: usize = 16 * 1024;

/// What somebody signs up with.
#[derive(Clone, Debug, Default)]
pub struct SignUp {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// What the person says of themselves.
    pub data: Map<String, JsonValue>,
    /// Where a browser goes on after the link.
    pub redirect_to: Option<String>,
    /// What whoever signs up will prove to know.
    pub challenge: Challenge,
}

/// What came of a sign-up.
#[derive(Debug)]
pub enum SignedUp {
    /// The person is in.
    Session(Box<TokenReply>),
    /// A link was sent; the account, as whoever asked may see it.
    Pending(Box<UserReply>),
}

impl Identity {
    /// Makes an account for somebody, who belongs to the request's organisation from then on: at
    /// once, or when they have opened the link that is sent to them.
    ///
    /// An address that has an account gets a link to sign in with, and the answer is the same.
    /// Where no link is sent the answer can't be.
    ///
    /// # Errors
    /// [`AuthCode::SignupDisabled`], [`AuthCode::UserAlreadyExists`], [`AuthError::WeakPassword`].
    pub async fn sign_up(
        &self,
        sign_up: &SignUp,
        request: &AuthRequest,
    ) -> Result<SignedUp, AuthError> {
        let email = address::normalize(&sign_up.email)?;
        let (organization, settings) = self.open_organization(request, &email).await?;
        self.check_password(&sign_up.password, &email).await?;
        let metadata = metadata(&sign_up.data)?;
        let challenge = sign_up.challenge.stored()?;
        self.count_asked(&email, "signup", request).await?;
        let context = self.system_request(request, Some(organization));
        // Hashed in any case: an address that has an account takes as long.
        let hash = self.passwords.hash(&sign_up.password, self.kernel.entropy().clone()).await?;
        let existing = self.user_by_email(&email).await?;
        let id = self.kernel.new_id(&context);
        let draft = draft(id, &email, metadata, !settings.confirm_email, context.now)?;
        let mut work = self.kernel.begin(&context).await?;
        if !settings.confirm_email {
            if existing.is_some() {
                return Err(already_registered());
            }
            create_user(&mut work, &draft, Some(&hash)).await.map_err(taken)?;
            self.join(&mut work, &draft, organization, settings.role.as_deref()).await?;
            let tokens = self.open_session(&mut work, &draft, Some(organization), PASSWORD).await?;
            work.commit().await.map_err(taken)?;
            let reply = self.token_reply(tokens, id, Some(organization)).await?;
            return Ok(SignedUp::Session(Box::new(reply)));
        }
        let purpose = match &existing {
            Some(user) if user.status != UserStatus::PendingVerification => {
                VerificationPurpose::MagicLink
            }
            _ => VerificationPurpose::Signup,
        };
        let user = match existing {
            None => {
                create_user(&mut work, &draft, Some(&hash)).await.map_err(taken)?;
                None
            }
            Some(user) => {
                if purpose == VerificationPurpose::Signup {
                    set_password(&mut work, &user, hash).await?;
                }
                Some(user)
            }
        };
        let user = user.as_ref().unwrap_or(&draft);
        let redirect_to = self.redirect_target(sign_up.redirect_to.as_deref(), &settings);
        let code = NewCode {
            user: user.id.uuid(),
            purpose,
            organization: Some(organization),
            email: &email,
            redirect_to: Some(&redirect_to),
            challenge,
        };
        let letters = self.send_code(&mut work, user, &code).await?;
        self.commit_and_post(work, letters).await.map_err(taken)?;
        let now = context.now.to_string();
        let mut reply = draft_reply(&draft);
        reply.confirmation_sent_at = Some(now);
        Ok(SignedUp::Pending(Box::new(reply)))
    }

    /// Lets somebody in who does not say who they are.
    ///
    /// # Errors
    /// [`AuthCode::AnonymousProviderDisabled`].
    pub async fn sign_in_anonymously(
        &self,
        data: &Map<String, JsonValue>,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let settings = self.organization_auth(request.organization).await?;
        let Some(organization) = request.organization.filter(|_| settings.anonymous) else {
            let message = "Anonymous sign-ins are disabled";
            return Err(AuthError::new(AuthCode::AnonymousProviderDisabled, message));
        };
        let context = self.system_request(request, Some(organization));
        let id = self.kernel.new_id(&context);
        let email = format!("{id}@{ANONYMOUS_DOMAIN}");
        self.count_asked(&email, "anonymous", request).await?;
        let mut user = draft(id, &email, metadata(data)?, false, context.now)?;
        (user.is_anonymous, user.status) = (true, UserStatus::Active);
        let mut work = self.kernel.begin(&context).await?;
        create_user(&mut work, &user, None).await?;
        self.join(&mut work, &user, organization, settings.role.as_deref()).await?;
        let tokens = self.open_session(&mut work, &user, Some(organization), "anonymous").await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, id, Some(organization)).await?)
    }

    /// The organisation that somebody with an address can join by themselves: one that lets people
    /// sign up, or whose own domain the address is of, once that is shown.
    ///
    /// # Errors
    /// [`AuthCode::SignupDisabled`].
    pub(crate) async fn open_organization(
        &self,
        request: &AuthRequest,
        email: &str,
    ) -> Result<(Uuid, OrganizationAuth), AuthError> {
        let settings = self.organization_auth(request.organization).await?;
        let closed = || {
            let message = "Signups not allowed for this instance";
            AuthError::new(AuthCode::SignupDisabled, message)
        };
        let organization = request.organization.ok_or_else(closed)?;
        if settings.signup {
            return Ok((organization, settings));
        }
        let mut committed = Source::Committed(&self.kernel);
        domain_entry(&mut committed, organization, email).await?.ok_or_else(closed)?;
        Ok((organization, OrganizationAuth { confirm_email: true, ..settings }))
    }

    /// Where a browser goes on, as the organisation allows.
    pub(crate) fn redirect_target(
        &self,
        asked: Option<&str>,
        settings: &OrganizationAuth,
    ) -> String {
        if let Some(page) = asked.filter(|asked| self.is_landing(asked)) {
            return page.to_owned();
        }
        redirect::target(asked, settings, &self.settings.site_url)
    }
}

/// A new account, not written yet. One that may be used at once is still of an address that nobody
/// has shown to be theirs.
pub(crate) fn draft(
    id: Uuid,
    email: &str,
    metadata: String,
    is_usable: bool,
    now: Timestamp,
) -> Result<User> {
    Ok(User {
        id: Id::new(id),
        email: Text::new(email).map_err(Error::internal)?,
        username: None,
        status: if is_usable { UserStatus::Active } else { UserStatus::PendingVerification },
        is_active: true,
        is_platform_admin: false,
        is_anonymous: false,
        email_verified: false,
        email_verified_at: None,
        new_email: None,
        invited_at: None,
        banned_until: None,
        failed_login_attempts: 0,
        locked_until: None,
        must_change_password: false,
        last_password_change_at: None,
        last_login_at: None,
        last_login_ip: None,
        expires_at: None,
        metadata: Json::from_canonical(metadata),
        created_at: now,
        updated_at: now,
        deleted_at: None,
    })
}

/// Writes a new account, with a password where there is one.
pub(crate) async fn create_user(
    work: &mut Work,
    user: &User,
    password_hash: Option<&str>,
) -> Result<()> {
    let users = table::<User>(work.kernel().catalog())?;
    let values = user_record(user).into_iter().map(|value| Some(Input::Value(value))).collect();
    let rows = vec![NewRow { values }];
    work.create(Create { table: users, rows, conflict: Conflict::Fail }).await?;
    if let Some(hash) = password_hash {
        add_password(work, user.id.uuid(), hash).await?;
    }
    Ok(())
}

/// Gives an account its first password.
pub(crate) async fn add_password(work: &mut Work, user: Uuid, hash: &str) -> Result<()> {
    let account = [
        ("user_id", Value::Uuid(user)),
        ("provider", text(PASSWORD)),
        ("provider_account_id", text(user.to_string())),
        ("password_hash", text(hash)),
    ];
    add::<UserAccount>(work, &account).await?;
    Ok(())
}

/// Replaces the password of an account, or gives it its first.
pub(crate) async fn set_password(work: &mut Work, user: &User, hash: String) -> Result<()> {
    let id = user.id.uuid();
    if set_password_hash(work, id, hash.clone()).await? == 0 {
        add_password(work, id, &hash).await?;
    }
    let now = instant(work.context().now);
    let set = [("last_password_change_at", now), ("must_change_password", Value::Bool(false))];
    change::<User>(work, &set, &[("id", Value::Uuid(id))]).await?;
    Ok(())
}

fn user_record(user: &User) -> Vec<Value> {
    let copy = User {
        email: user.email.clone(),
        username: user.username.clone(),
        new_email: user.new_email.clone(),
        metadata: user.metadata.clone(),
        ..*user
    };
    copy.into_record().0
}

/// What a person says of themselves, as rows hold it.
pub(crate) fn metadata(data: &Map<String, JsonValue>) -> Result<String, AuthError> {
    let document = serde_json::to_string(data).map_err(Error::internal)?;
    if document.len() > METADATA_BYTES_MAX {
        return Err(AuthError::invalid("data is longer than 16384 bytes of JSON"));
    }
    json::canonical(&document).map_err(|_| AuthError::invalid("data can't be kept as it is"))
}

fn already_registered() -> AuthError {
    AuthError::new(AuthCode::UserAlreadyExists, "User already registered")
}

/// Somebody else took the address meanwhile.
fn taken(error: Error) -> AuthError {
    if AuthError::is_taken(&error) { already_registered() } else { error.into() }
}
