//! Sessions: how they begin, go on, and end.

use crate::account::provision::add;
use crate::account::reply::UserReply;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::{Identity, may_work};
use crate::records::{change, change_all, instant, lock, text};
use crate::session::entity::{AssuranceLevel, Session};
use crate::session::refresh_token::RefreshToken;
use crate::session::signing::{AUDIENCE, Claims, Method};
use crate::watch::{self, Kind};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Value, json};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{compare, equal, find, table};
use mainstay_kernel::{Context, Error, Event, Origin, Principal, Result, Work};
use mainstay_store::{Compare, Filter};
use mainstay_vault::{constant_time_eq, hash_token};
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// A refresh token that was replaced may be used so long, and gives the one that replaced it:
/// tabs of one browser refresh at the same time, and answers get lost on their way.
const REUSE: SignedDuration = SignedDuration::from_secs(10);
/// Longest name of a client's program that is kept, in characters.
const USER_AGENT_MAX: usize = 1_000;

/// What every request of `/auth/v1` says of itself.
#[derive(Clone, Debug)]
pub struct AuthRequest {
    /// The organisation that it is for: its API key's, or the one that it names.
    pub organization: Option<Uuid>,
    /// Where it comes from.
    pub origin: Arc<Origin>,
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

/// Which sessions of a person end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOutScope {
    /// All.
    Global,
    /// The one that asks.
    Local,
    /// All but the one that asks.
    Others,
}

/// A session as its person sees it.
#[derive(Debug, Serialize)]
pub struct KnownSession {
    /// Identifier.
    pub id: Uuid,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// The organisation that the person chose.
    pub organization_id: Option<Uuid>,
    /// Where the person signed in from.
    pub ip_address: Option<String>,
    /// The client's program.
    pub user_agent: Option<String>,
    /// What the person calls the device.
    pub device_name: Option<String>,
    /// What kind of device.
    pub device_type: Option<String>,
    /// How strongly the person has proved who they are.
    pub aal: &'static str,
    /// When it began.
    pub created_at: String,
    /// When it was last used.
    pub last_activity_at: String,
    /// When it ends.
    pub expires_at: String,
}

/// Tokens that were just made for a session.
pub(crate) struct Tokens {
    access: String,
    refresh: String,
    expires_at: i64,
}

impl Identity {
    /// Opens a session of a person who has proved who they are by one factor, in a unit of work.
    pub(crate) async fn open_session(
        &self,
        work: &mut Work,
        user: &User,
        organization: Option<Uuid>,
        method: &str,
    ) -> Result<Tokens> {
        let shown = (method, AssuranceLevel::Aal1);
        self.open_session_at(work, user, organization, shown).await
    }

    /// Opens a session of a person who has proved by a method, so strongly, who they are.
    pub(crate) async fn open_session_at(
        &self,
        work: &mut Work,
        user: &User,
        organization: Option<Uuid>,
        (method, level): (&str, AssuranceLevel),
    ) -> Result<Tokens> {
        let Context { origin, now, .. } = work.context().clone();
        let id = self.kernel.new_id(work.context());
        let methods = shown(Vec::new(), method, now);
        let document = document(&methods)?;
        let claims = self.claims(user, organization, id, methods, level, now);
        let tokens = self.tokens(&claims, RefreshToken { session: id, generation: 0 })?;
        let mut event = Event::new("session", "sign_in");
        event.resource_id = Some(id.to_string());
        work.record(event);
        let mut row = vec![
            ("id", Value::Uuid(id)),
            ("user_id", Value::Uuid(user.id.uuid())),
            ("token_hash", hashed(&tokens.access)),
            ("refresh_token_hash", hashed(&tokens.refresh)),
            ("assurance_level", text(level.as_str())),
            ("methods", document),
            ("expires_at", instant(now + self.settings.session_max)),
            ("refresh_expires_at", instant(self.idle_end(now))),
            ("last_activity_at", instant(now)),
        ];
        row.extend(organization.map(|id| ("organization_id", Value::Uuid(id))));
        row.extend(origin.ip_address.map(|address| ("ip_address", Value::Inet(address))));
        row.extend(user_agent(&origin).map(|agent| ("user_agent", text(agent))));
        let mut set = vec![
            ("last_login_at", instant(now)),
            ("failed_login_attempts", Value::Int(0)),
            ("locked_until", Value::Null),
        ];
        set.extend(origin.ip_address.map(|address| ("last_login_ip", Value::Inet(address))));
        // Before the session: its reference shares the row of the person, and two who share it
        // could not both change it.
        change::<User>(work, &set, &[("id", Value::Uuid(user.id.uuid()))]).await?;
        add::<Session>(work, &row).await?;
        Ok(tokens)
    }

    /// The answer with tokens that were just made.
    pub(crate) async fn token_reply(
        &self,
        tokens: Tokens,
        user: Uuid,
        organization: Option<Uuid>,
    ) -> Result<TokenReply> {
        let user = self.user_reply(user, organization).await?;
        Ok(TokenReply {
            access_token: tokens.access,
            token_type: "bearer",
            expires_in: self.settings.access_token.as_secs(),
            expires_at: tokens.expires_at,
            refresh_token: tokens.refresh,
            user: user.ok_or_else(|| Error::internal("an account vanished"))?,
        })
    }

    /// Goes on with a session: gives its next tokens. A refresh token can be used once, and again
    /// for ten seconds, which gives the same refresh token as before. Used later, it ends the
    /// session: whoever has it or its successor has stolen one (RFC 9700 §4.14.2).
    ///
    /// # Errors
    /// [`AuthCode::RefreshTokenNotFound`], [`AuthCode::RefreshTokenAlreadyUsed`],
    /// [`AuthCode::SessionExpired`], [`AuthCode::UserBanned`].
    pub async fn refresh(
        &self,
        token: &str,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let given = RefreshToken::decode(token, &self.signing).ok_or_else(unknown_token)?;
        let own = [("id", Value::Uuid(given.session))];
        let found: Option<Session> = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let found = found.ok_or_else(unknown_token)?;
        let user = self.user(found.user_id.uuid()).await?.ok_or_else(unknown_token)?;
        let organization = session_org(&found);
        let context = self.system_request(request, organization);
        let now = context.now;
        let mut work = self.kernel.begin(&context).await?;
        let session: Session = lock(&mut work, &own).await?.ok_or_else(unknown_token)?;
        if !session.is_active {
            return Err(unknown_token());
        }
        if session.expires_at <= now || session.refresh_expires_at <= now {
            let message = "Invalid Refresh Token: Session Expired";
            return Err(AuthError::new(AuthCode::SessionExpired, message));
        }
        if user.banned_until.is_some_and(|end| now < end) {
            let message = "Invalid Refresh Token: User Banned";
            return Err(AuthError::new(AuthCode::UserBanned, message));
        }
        if !may_work(&user, now) {
            return Err(unknown_token());
        }
        let Some(next) = next_token(&session, given, token, now) else {
            self.end_stolen(work, &session).await?;
            let message = "Invalid Refresh Token: Already Used";
            return Err(AuthError::new(AuthCode::RefreshTokenAlreadyUsed, message));
        };
        let claims = self.claims_of(&user, &session, now)?;
        let tokens = self.tokens(&claims, next)?;
        self.go_on(&mut work, &session, next, &tokens).await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, user.id.uuid(), organization).await?)
    }

    /// Goes on with a session whose person has shown a second factor.
    pub(crate) async fn step_up(
        &self,
        work: &mut Work,
        user: &User,
        session: &Session,
        method: &str,
    ) -> Result<Tokens> {
        let now = work.context().now;
        let id = session.id.uuid();
        let methods = serde_json::from_str(session.methods.as_str()).map_err(Error::internal)?;
        let methods = shown(methods, method, now);
        let set = [
            ("assurance_level", text(AssuranceLevel::Aal2.as_str())),
            ("methods", document(&methods)?),
        ];
        change::<Session>(work, &set, &[("id", Value::Uuid(id))]).await?;
        let generation = session.refresh_generation.checked_add(1);
        let generation = generation.ok_or_else(|| Error::internal("a session is too old"))?;
        let next = RefreshToken { session: id, generation };
        let claims =
            self.claims(user, session_org(session), id, methods, AssuranceLevel::Aal2, now);
        let tokens = self.tokens(&claims, next)?;
        self.go_on(work, session, next, &tokens).await?;
        Ok(tokens)
    }

    /// The next tokens of a session that goes on as it stands now.
    pub(crate) async fn next_tokens(
        &self,
        work: &mut Work,
        user: &User,
        session: &Session,
    ) -> Result<Tokens> {
        let generation = session.refresh_generation.checked_add(1);
        let generation = generation.ok_or_else(|| Error::internal("a session is too old"))?;
        let next = RefreshToken { session: session.id.uuid(), generation };
        let tokens = self.tokens(&self.claims_of(user, session, work.context().now)?, next)?;
        self.go_on(work, session, next, &tokens).await?;
        Ok(tokens)
    }

    /// Writes a session's next tokens.
    async fn go_on(
        &self,
        work: &mut Work,
        session: &Session,
        next: RefreshToken,
        tokens: &Tokens,
    ) -> Result<()> {
        let now = work.context().now;
        let idle_end = self.idle_end(now).min(session.expires_at);
        let mut set = vec![
            ("token_hash", hashed(&tokens.access)),
            ("last_activity_at", instant(now)),
            ("refresh_expires_at", instant(idle_end)),
        ];
        if next.generation != session.refresh_generation {
            set.push(("refresh_token_hash", hashed(&tokens.refresh)));
            set.push(("refresh_generation", Value::Int(next.generation.into())));
            set.push(("refreshed_at", instant(now)));
        }
        change::<Session>(work, &set, &[("id", Value::Uuid(session.id.uuid()))]).await?;
        Ok(())
    }

    async fn end_stolen(&self, mut work: Work, session: &Session) -> Result<()> {
        let mut event = Event::new("session", "refresh");
        event.resource_id = Some(session.id.to_string());
        event.failure = Some("a refresh token was used again".to_owned());
        work.record(event);
        let own = [("id", Value::Uuid(session.id.uuid()))];
        let why = "a refresh token was used again";
        end(&mut work, &own, Filter::All, why).await?;
        let user = Some(session.user_id.uuid());
        watch::raise(&mut work, Kind::SessionRevoked, user, None, why).await?;
        work.commit().await
    }

    /// Ends sessions of a person. Every server refuses their tokens within a second.
    pub async fn sign_out(
        &self,
        user: Uuid,
        session: Uuid,
        scope: SignOutScope,
        request: &AuthRequest,
    ) -> Result<()> {
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let mut event = Event::new("session", "sign_out");
        event.resource_id = Some(session.to_string());
        work.record(event);
        match scope {
            SignOutScope::Local => {
                let own = [("user_id", Value::Uuid(user)), ("id", Value::Uuid(session))];
                end(&mut work, &own, Filter::All, "signed out").await?;
            }
            SignOutScope::Global => end_all(&mut work, user, None, "signed out").await?,
            SignOutScope::Others => end_all(&mut work, user, Some(session), "signed out").await?,
        }
        work.commit().await
    }

    /// Ends one session of a person; false when there is none of that identifier.
    pub async fn end_session(
        &self,
        user: Uuid,
        session: Uuid,
        request: &AuthRequest,
    ) -> Result<bool> {
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let own = [("user_id", Value::Uuid(user)), ("id", Value::Uuid(session))];
        let ended = end(&mut work, &own, Filter::All, "ended by the person").await?;
        work.commit().await?;
        Ok(ended > 0)
    }

    /// The sessions of a person that last, the one used last first.
    pub async fn sessions(&self, user: Uuid, current: Option<Uuid>) -> Result<Vec<KnownSession>> {
        let now = self.kernel.clock().now();
        let own = [("user_id", Value::Uuid(user)), ("is_active", Value::Bool(true))];
        let mut found: Vec<Session> = find(&self.kernel, |table| equal(table, &own)).await?;
        found.retain(|session| now < session.expires_at.min(session.refresh_expires_at));
        found.sort_by_key(|session| std::cmp::Reverse((session.last_activity_at, session.id)));
        Ok(found.into_iter().map(|session| known(session, current)).collect())
    }

    /// Whether a bearer token is one of ours that only lacks its session.
    pub fn lacks_session(&self, token: &str) -> bool {
        let now = self.kernel.clock().now();
        self.signing.verify(token, &self.issuer, now).is_some()
    }

    /// The context in which the server itself does what a request asks for.
    pub(crate) fn system_request(
        &self,
        request: &AuthRequest,
        organization: Option<Uuid>,
    ) -> Context {
        let principal = Arc::new(Principal::system("sign-in", organization));
        Context::new(principal, request.origin.clone(), self.kernel.clock().now())
    }

    pub(crate) fn idle_end(&self, now: Timestamp) -> Timestamp {
        now + self.settings.session_idle.min(self.settings.session_max)
    }

    fn tokens(&self, claims: &Claims, refresh: RefreshToken) -> Result<Tokens> {
        Ok(Tokens {
            access: self.signing.sign(claims)?,
            refresh: refresh.encode(&self.signing),
            expires_at: claims.exp,
        })
    }

    fn claims_of(&self, user: &User, session: &Session, now: Timestamp) -> Result<Claims> {
        let methods = serde_json::from_str(session.methods.as_str()).map_err(Error::internal)?;
        let level = session.assurance_level;
        Ok(self.claims(user, session_org(session), session.id.uuid(), methods, level, now))
    }

    fn claims(
        &self,
        user: &User,
        organization: Option<Uuid>,
        session_id: Uuid,
        amr: Vec<Method>,
        level: AssuranceLevel,
        now: Timestamp,
    ) -> Claims {
        Claims {
            sub: user.id.uuid(),
            aud: AUDIENCE.to_owned(),
            iss: self.issuer.clone(),
            iat: now.as_second(),
            exp: now.as_second() + self.settings.access_token.as_secs(),
            session_id,
            org_id: organization,
            role: AUDIENCE.to_owned(),
            email: if user.is_anonymous { String::new() } else { user.email.to_string() },
            phone: String::new(),
            aal: level.as_str().to_owned(),
            amr,
            is_anonymous: user.is_anonymous,
        }
    }
}

/// The refresh token that follows one of this session; none if that was used before.
fn next_token(
    session: &Session,
    given: RefreshToken,
    token: &str,
    now: Timestamp,
) -> Option<RefreshToken> {
    let current = session.refresh_generation;
    let holds = given.generation == current
        && constant_time_eq(&session.refresh_token_hash, &hash_token(token));
    let was_just_replaced = given.generation.checked_add(1) == Some(current)
        && session.refreshed_at.is_some_and(|at| now < at + REUSE);
    let generation = match (holds, was_just_replaced) {
        (true, _) => current.checked_add(1)?,
        (_, true) => current,
        _ => return None,
    };
    Some(RefreshToken { session: given.session, generation })
}

/// Ends all sessions of a person, or all but one.
pub(crate) async fn end_all(
    work: &mut Work,
    user: Uuid,
    but: Option<Uuid>,
    reason: &str,
) -> Result<()> {
    let sessions = table::<Session>(work.kernel().catalog())?;
    let others = match but {
        Some(id) => compare(&sessions, "id", Compare::Ne, Value::Uuid(id))?,
        None => Filter::All,
    };
    end(work, &[("user_id", Value::Uuid(user))], others, reason).await?;
    Ok(())
}

/// Ends sessions that last and meet both conditions; gives their number.
async fn end(
    work: &mut Work,
    own: &[(&str, Value)],
    further: Filter,
    reason: &str,
) -> Result<usize> {
    let sessions = table::<Session>(work.kernel().catalog())?;
    let lasting = equal(&sessions, &[("is_active", Value::Bool(true))])?;
    let filter = Filter::And(vec![equal(&sessions, own)?, lasting, further]);
    let now = instant(work.context().now);
    let set =
        [("is_active", Value::Bool(false)), ("revoked_at", now), ("revoked_reason", text(reason))];
    change_all::<Session>(work, &set, filter).await
}

fn known(session: Session, current: Option<Uuid>) -> KnownSession {
    let id = session.id.uuid();
    KnownSession {
        id,
        is_current: current == Some(id),
        organization_id: session_org(&session),
        ip_address: session.ip_address.map(|address| address.to_string()),
        user_agent: session.user_agent.map(mainstay_entity::Text::into_string),
        device_name: session.device_name.map(mainstay_entity::Text::into_string),
        device_type: session.device_type.map(mainstay_entity::Text::into_string),
        aal: session.assurance_level.as_str(),
        created_at: session.created_at.to_string(),
        last_activity_at: session.last_activity_at.to_string(),
        expires_at: session.expires_at.min(session.refresh_expires_at).to_string(),
    }
}

/// The organisation that a session is in.
pub(crate) fn session_org(session: &Session) -> Option<Uuid> {
    session.organization_id.map(mainstay_entity::Id::uuid)
}

/// Whether a session has shown a method.
pub(crate) fn has_shown(session: &Session, method: &str) -> bool {
    let methods: Vec<Method> = serde_json::from_str(session.methods.as_str()).unwrap_or_default();
    methods.iter().any(|shown| shown.method == method)
}

/// The methods that a session has shown, with one more.
fn shown(mut methods: Vec<Method>, method: &str, now: Timestamp) -> Vec<Method> {
    methods.retain(|shown| shown.method != method);
    methods.push(Method { method: method.to_owned(), timestamp: now.as_second() });
    methods
}

/// The same as rows hold it.
fn document(methods: &[Method]) -> Result<Value> {
    let document = serde_json::to_string(methods).map_err(Error::internal)?;
    Ok(Value::Json(json::canonical(&document).map_err(Error::internal)?))
}

/// The client's program, as rows hold it.
pub(crate) fn user_agent(origin: &Origin) -> Option<String> {
    let agent = origin.user_agent.as_deref()?;
    Some(agent.chars().filter(|c| *c != '\0').take(USER_AGENT_MAX).collect())
}

fn hashed(token: &str) -> Value {
    Value::Bytes(hash_token(token).to_vec())
}

fn unknown_token() -> AuthError {
    let message = "Invalid Refresh Token: Refresh Token Not Found";
    AuthError::new(AuthCode::RefreshTokenNotFound, message)
}
