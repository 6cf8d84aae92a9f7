//! Sessions of pages: a browser that shows pages of ours holds a cookie instead of tokens.
//!
//! The cookie names the session and its generation, under a MAC of its own purpose, so that it is
//! of no use at `/auth/v1`. Each step that proves more of a person raises the generation, and the
//! cookie from before ends.

use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::{Identity, may_work};
use crate::factor::demand;
use crate::records::{change, instant};
use crate::session::entity::Session;
use crate::session::refresh_token::RefreshToken;
use crate::session::sessions::{AuthRequest, TokenReply, session_org};
use crate::session::signing::Method;
use crate::sign_in::challenge::Challenge;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::Value;
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Error, Result};
use mainstay_vault::{constant_time_eq, hash_token};
use uuid::Uuid;

const COOKIE_PURPOSE: &str = "page session";
const FORM_PURPOSE: &str = "form of a page";
const VERIFIER_PURPOSE: &str = "code verifier of a browser";
const NONCE_BYTES: usize = 16;
/// A session that is used is written down as used once in so long.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Somebody who is signed in to pages.
#[derive(Clone, Debug)]
pub struct PageSession {
    /// Who, and in which session.
    pub person: SignedIn,
    /// The organisation that the session is for.
    pub organization: Option<Uuid>,
    /// The address; empty for somebody who gave none.
    pub email: String,
    /// Whether the person signed in with a password.
    pub by_password: bool,
    /// Whether the person has a second factor that this session has not shown.
    pub needs_second_factor: bool,
    /// Whether the organisation demands a second factor and the person has none to show.
    pub lacks_second_factor: bool,
    /// Whether the person must choose a new password before anything else.
    pub must_change_password: bool,
}

impl Identity {
    /// What a browser keeps of a session that was just opened, instead of its tokens.
    ///
    /// # Errors
    /// None that a caller could cause: the tokens are ours.
    pub fn page_cookie(&self, reply: &TokenReply) -> Result<String> {
        let token = RefreshToken::decode(&reply.refresh_token, &self.signing);
        let token = token.ok_or_else(|| Error::internal("a refresh token is not ours"))?;
        Ok(token.encode_for(COOKIE_PURPOSE, &self.signing))
    }

    /// The session of a cookie, which lasts on by being used; none when it is over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn page_session(
        &self,
        cookie: &str,
        request: &AuthRequest,
    ) -> Result<Option<PageSession>, AuthError> {
        let Some(given) = RefreshToken::decode_for(COOKIE_PURPOSE, cookie, &self.signing) else {
            return Ok(None);
        };
        let own = [("id", Value::Uuid(given.session))];
        let found: Option<Session> = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let now = self.kernel.clock().now();
        let lasts = |session: &Session| {
            session.is_active
                && session.refresh_generation == given.generation
                && now < session.expires_at.min(session.refresh_expires_at)
        };
        let Some(session) = found.filter(lasts) else {
            return Ok(None);
        };
        let is_in =
            |user: &User| may_work(user, now) && user.banned_until.is_none_or(|end| end <= now);
        let Some(user) = self.user(session.user_id.uuid()).await?.filter(is_in) else {
            return Ok(None);
        };
        self.touch(&session, request, now).await?;
        let person = SignedIn { user: user.id.uuid(), session: session.id.uuid() };
        let organization = session_org(&session);
        let needs_second_factor = match self.check_second_factor(person).await {
            Ok(()) => false,
            Err(AuthError::Refused { code: AuthCode::InsufficientAal, .. }) => true,
            Err(error) => return Err(error),
        };
        let is_held = demand::holds(&self.kernel, &session, organization).await?;
        let methods: Vec<Method> =
            serde_json::from_str(session.methods.as_str()).map_err(Error::internal)?;
        Ok(Some(PageSession {
            person,
            organization,
            email: if user.is_anonymous { String::new() } else { user.email.to_string() },
            by_password: methods.iter().any(|shown| shown.method == "password"),
            needs_second_factor,
            lacks_second_factor: is_held && !needs_second_factor,
            must_change_password: user.must_change_password,
        }))
    }

    /// Shortest password, in characters, for forms that take a new one.
    pub fn password_characters_min(&self) -> usize {
        self.settings.password_characters_min
    }

    /// A value without a meaning by which a browser is known again before anybody signs in.
    pub fn visitor(&self) -> String {
        let mut bytes = [0; NONCE_BYTES];
        self.kernel.entropy().fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a browser proves to know when it comes back from a provider, and the challenge that
    /// goes ahead of it (RFC 7636). It follows from the browser's cookie, so nobody else has it.
    pub fn page_challenge(&self, bound_to: &str) -> (String, Challenge) {
        let mac = self.signing.mac(VERIFIER_PURPOSE, &[bound_to.as_bytes()]);
        let verifier = URL_SAFE_NO_PAD.encode(mac);
        let challenge = Challenge {
            code_challenge: Some(URL_SAFE_NO_PAD.encode(hash_token(&verifier))),
            code_challenge_method: Some("s256".to_owned()),
        };
        (verifier, challenge)
    }

    /// A token that a form carries, of use with what it is bound to alone (the browser's cookie).
    /// No two are alike, so that nothing is learned from the size of compressed pages.
    pub fn form_token(&self, bound_to: &str) -> String {
        let mut nonce = [0; NONCE_BYTES];
        self.kernel.entropy().fill(&mut nonce);
        let mac = self.signing.mac(FORM_PURPOSE, &[&nonce, bound_to.as_bytes()]);
        URL_SAFE_NO_PAD.encode([&nonce[..], &mac].concat())
    }

    /// Whether a form's token is one that was made for what it comes with.
    pub fn is_form_token(&self, token: &str, bound_to: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        let Some((nonce, mac)) = bytes.split_at_checked(NONCE_BYTES) else {
            return false;
        };
        constant_time_eq(&self.signing.mac(FORM_PURPOSE, &[nonce, bound_to.as_bytes()]), mac)
    }

    /// Writes down that a session was used, now and then.
    async fn touch(&self, session: &Session, request: &AuthRequest, now: Timestamp) -> Result<()> {
        if now < session.last_activity_at + TOUCH {
            return Ok(());
        }
        let organization = session_org(session);
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let idle_end = self.idle_end(now).min(session.expires_at);
        let set = [("last_activity_at", instant(now)), ("refresh_expires_at", instant(idle_end))];
        change::<Session>(&mut work, &set, &[("id", Value::Uuid(session.id.uuid()))]).await?;
        work.commit().await
    }
}
