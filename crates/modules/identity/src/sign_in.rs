//! Signing in with a password.

use crate::account::UserAccount;
use crate::authenticate::{Identity, may_work};
use crate::session::Session;
use crate::signing::{AUDIENCE, Claims};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Entity, Id, Text, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find, table};
use mainstay_kernel::{
    Context, Error, Event, Input, NewRow, Origin, Principal, PrincipalKind, Result,
};
use mainstay_store::Conflict;
use mainstay_vault::hash_token;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// How long an access token holds.
const ACCESS_TOKEN_SECONDS: i64 = 3_600;
/// How long a session lasts.
const SESSION_DAYS: i64 = 30;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Address and password don't belong together; nothing tells which is wrong.
    #[error("Invalid login credentials")]
    InvalidCredentials,
    /// The person does not belong to the organisation that was named.
    #[error("not a member of this organisation")]
    NotAMember,
    /// Something else went wrong.
    #[error(transparent)]
    Kernel(#[from] Error),
}

/// What a sign-in answers, in Supabase Auth's shape.
#[derive(Debug, Serialize)]
pub struct TokenReply {
    /// The access token, a JSON Web Token.
    pub access_token: String,
    /// Always `bearer`.
    pub token_type: &'static str,
    /// Seconds that the access token holds.
    pub expires_in: i64,
    /// When it ends, in seconds since 1970.
    pub expires_at: i64,
    /// The token for the next access token.
    pub refresh_token: String,
    /// The person.
    pub user: UserReply,
}

/// A person, in Supabase Auth's shape.
#[derive(Debug, Serialize)]
pub struct UserReply {
    /// Identifier.
    pub id: Uuid,
    /// Always `authenticated`.
    pub aud: &'static str,
    /// Always `authenticated`.
    pub role: &'static str,
    /// The address that names the account.
    pub email: String,
    /// When the address was verified.
    pub email_confirmed_at: Option<String>,
    /// When the person last signed in.
    pub last_sign_in_at: Option<String>,
    /// Organisations that the person belongs to.
    pub app_metadata: AppMetadata,
    /// Kept for clients that expect it.
    pub user_metadata: serde_json::Map<String, serde_json::Value>,
    /// When the account was made.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

/// What the server says of a person beside their own data.
#[derive(Debug, Serialize)]
pub struct AppMetadata {
    /// Organisations that the person belongs to.
    pub organizations: Vec<Uuid>,
    /// How the person signs in.
    pub provider: &'static str,
}

/// What a sign-in is asked with.
#[derive(Clone, Copy)]
pub(crate) struct SignIn<'a> {
    organization: Option<Uuid>,
    origin: &'a Arc<Origin>,
    now: Timestamp,
}

impl Identity {
    /// Signs a person in. `organization` chooses one of several memberships.
    ///
    /// # Errors
    /// [`SignInError::InvalidCredentials`] for an unknown address, a wrong password and an account
    /// that may not be used alike, after the same time.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        organization: Option<Uuid>,
        origin: &Arc<Origin>,
    ) -> Result<TokenReply, SignInError> {
        let now = self.kernel.clock().now();
        let email = email.trim().to_lowercase();
        let request = SignIn { organization, origin, now };
        let user = self.user_by_email(&email).await?;
        let hash = match &user {
            Some(user) => self.password_hash(user.id.uuid()).await?,
            None => None,
        };
        let matches = self.passwords.verify(password, hash.as_deref()).await?;
        match user {
            Some(user) if matches && may_work(&user, now) => self.open_session(request, user).await,
            user => {
                self.record_failure(request, user.as_ref()).await?;
                Err(SignInError::InvalidCredentials)
            }
        }
    }

    /// A person as Supabase's clients see them.
    pub async fn user_reply(&self, user: Uuid) -> Result<Option<UserReply>> {
        let found: Option<User> =
            find(&self.kernel, |table| equal(table, &[("id", Value::Uuid(user))])).await?.pop();
        match found {
            Some(user) => {
                let organizations = self.memberships(user.id.uuid()).await?;
                Ok(Some(reply(&user, organizations)))
            }
            None => Ok(None),
        }
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let email = Value::Text(email.to_owned());
        Ok(find(&self.kernel, |table| equal(table, &[("email", email)])).await?.pop())
    }

    async fn password_hash(&self, user: Uuid) -> Result<Option<String>> {
        let account: Option<UserAccount> = find(&self.kernel, |table| {
            let provider = Value::Text("password".to_owned());
            equal(table, &[("user_id", Value::Uuid(user)), ("provider", provider)])
        })
        .await?
        .pop();
        Ok(account.and_then(|account| account.password_hash).map(Text::into_string))
    }

    async fn open_session(
        &self,
        request: SignIn<'_>,
        mut user: User,
    ) -> Result<TokenReply, SignInError> {
        let organizations = self.memberships(user.id.uuid()).await?;
        let chosen = match request.organization {
            Some(id) if organizations.contains(&id) || user.is_platform_admin => Some(id),
            Some(_) => {
                self.note_stranger(request, &user, organizations.first().copied());
                return Err(SignInError::NotAMember);
            }
            None => {
                if let [only] = organizations[..] {
                    Some(only)
                } else {
                    None
                }
            }
        };
        let context = Self::context(request, chosen.or(organizations.first().copied()));
        let session_id = self.kernel.new_id(&context);
        let mut secret = [0; 32];
        self.kernel.entropy().fill(&mut secret);
        let refresh_token = URL_SAFE_NO_PAD.encode(secret);
        let claims = self.claims(&user, chosen, session_id, request.now);
        let access_token = self.signing.sign(&claims)?;
        let session = Session {
            id: Id::new(session_id),
            user_id: user.id,
            organization_id: chosen.map(Id::new),
            token_hash: Some(hash_token(&access_token).to_vec()),
            refresh_token_hash: hash_token(&refresh_token).to_vec(),
            ip_address: request.origin.ip_address,
            user_agent: request.origin.user_agent.as_deref().and_then(|ua| Text::new(ua).ok()),
            device_id: None,
            device_name: None,
            device_type: None,
            location: None,
            expires_at: request.now + SignedDuration::from_hours(24 * SESSION_DAYS),
            refresh_expires_at: request.now + SignedDuration::from_hours(24 * SESSION_DAYS),
            last_activity_at: request.now,
            is_active: true,
            revoked_at: None,
            revoked_reason: None,
            created_at: request.now,
        };
        self.record_session(&context, &user, session).await?;
        user.last_login_at = Some(request.now);
        Ok(TokenReply {
            access_token,
            token_type: "bearer",
            expires_in: ACCESS_TOKEN_SECONDS,
            expires_at: claims.exp,
            refresh_token,
            user: reply(&user, organizations),
        })
    }

    fn claims(
        &self,
        user: &User,
        organization: Option<Uuid>,
        session_id: Uuid,
        now: Timestamp,
    ) -> Claims {
        Claims {
            sub: user.id.uuid(),
            aud: AUDIENCE.to_owned(),
            iss: self.issuer.clone(),
            iat: now.as_second(),
            exp: now.as_second() + ACCESS_TOKEN_SECONDS,
            session_id,
            org_id: organization,
            role: AUDIENCE.to_owned(),
            email: user.email.to_string(),
            aal: "aal1".to_owned(),
        }
    }

    async fn record_session(&self, context: &Context, user: &User, session: Session) -> Result<()> {
        let sessions = table::<Session>(self.kernel.catalog())?;
        let users = table::<User>(self.kernel.catalog())?;
        let mut work = self.kernel.begin(context).await?;
        let mut event = Event::new("session", "sign_in");
        event.resource_id = Some(session.id.to_string());
        work.record(event);
        let values = session.into_record().0.into_iter().map(|v| Some(Input::Value(v))).collect();
        work.create(mainstay_kernel::Create {
            table: sessions,
            rows: vec![NewRow { values }],
            conflict: Conflict::Fail,
        })
        .await?;
        let column = |name| mainstay_kernel::lookup::position(&users, name);
        let set = vec![
            (
                column("last_login_at")?,
                Input::Value(Value::Timestamp(context.now.as_microsecond())),
            ),
            (column("failed_login_attempts")?, Input::Value(Value::Int(0))),
        ];
        let own = equal(&users, &[("id", Value::Uuid(user.id.uuid()))])?;
        work.update(&users, set, own).await?;
        work.commit().await
    }

    /// Failed sign-ins leave an event; of an unknown address nothing but that it happened.
    async fn record_failure(&self, request: SignIn<'_>, user: Option<&User>) -> Result<()> {
        let organization = match user {
            Some(user) => self.memberships(user.id.uuid()).await?.first().copied(),
            None => None,
        };
        let context = Self::context(request, organization);
        let mut work = self.kernel.begin(&context).await?;
        let mut event = Event::new("session", "sign_in");
        event.resource_id = user.map(|user| user.id.to_string());
        event.failure = Some("invalid credentials".to_owned());
        work.record(event);
        work.commit().await
    }

    /// A person who asks for somebody else's organisation leaves an event in their own.
    fn note_stranger(&self, request: SignIn<'_>, user: &User, organization: Option<Uuid>) {
        let principal = Principal {
            kind: PrincipalKind::User,
            organization_id: organization,
            user_id: Some(user.id.uuid()),
            ..Principal::anonymous()
        };
        let context = Context::new(Arc::new(principal), request.origin.clone(), request.now);
        let why = SignInError::NotAMember.to_string();
        self.kernel.record_refusal(&context, "session", "sign_in", &why);
    }

    fn context(request: SignIn<'_>, organization: Option<Uuid>) -> Context {
        let principal = Arc::new(Principal::system("sign-in", organization));
        Context::new(principal, request.origin.clone(), request.now)
    }
}

fn reply(user: &User, organizations: Vec<Uuid>) -> UserReply {
    UserReply {
        id: user.id.uuid(),
        aud: AUDIENCE,
        role: AUDIENCE,
        email: user.email.to_string(),
        email_confirmed_at: user.email_verified_at.map(|at| at.to_string()),
        last_sign_in_at: user.last_login_at.map(|at| at.to_string()),
        app_metadata: AppMetadata { organizations, provider: "email" },
        user_metadata: serde_json::Map::new(),
        created_at: user.created_at.to_string(),
        updated_at: user.updated_at.to_string(),
    }
}
