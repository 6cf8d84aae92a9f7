//! The way of a browser to a provider and back.
//!
//! The state that goes with it is known to nobody else, of which the database keeps the hash. What
//! else belongs to the flow follows from the state under the server's key and is kept nowhere: the
//! nonce of the ID token, the verifier of the provider's code, and a cookie by which the browser
//! shows that it is the one that began. So whoever gets somebody to follow a link with a state or
//! a code of their own gets nowhere (RFC 9700 §4.7).

use crate::account::change::SignedIn;
use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::provider::arrival::Arrival;
use crate::provider::flow_entity::SignInFlow;
use crate::provider::registry::{Asked, Failure, Provider, Question};
use crate::records::{change, instant, lock, text};
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::sign_in::challenge::{Challenge, is_proven};
use crate::sign_in::landing::{with_refusal, with_tokens};
use crate::sign_in::lockout::network;
use crate::sign_in::redirect::with_query;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Id, Value, json};
use mainstay_kernel::lookup::{compare, equal, find, position, table};
use mainstay_kernel::{Error, Result, Tick, Work};
use mainstay_store::{Access, Compare, Filter, Select};
use mainstay_vault::{constant_time_eq, hash_token};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// How long somebody may take at the provider.
pub const FLOW: SignedDuration = SignedDuration::from_mins(10);
/// Sign-ins by a provider that may begin at one place in that time.
const FLOWS_OF_PLACE: u64 = 300;
/// How long a client has to fetch its tokens, or a person to agree, after that.
const CODE: SignedDuration = SignedDuration::from_mins(5);
const TOKEN_BYTES: usize = 32;
/// Longest part of a provider's own words that is passed on, in characters.
const TOLD_MAX: usize = 200;

/// A sign-in by a provider that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct Departure {
    /// The provider's name.
    pub provider: String,
    /// Where the browser goes on in the end.
    pub redirect_to: Option<String>,
    /// Further scopes, with spaces between them.
    pub scopes: String,
    /// What whoever asks will prove to know.
    pub challenge: Challenge,
    /// What is passed on to the provider, where it is known to be harmless.
    pub further: BTreeMap<String, String>,
}

/// Where a browser is sent, with the cookie by which it is known again.
#[derive(Debug)]
pub struct Departed {
    /// The provider's address.
    pub address: String,
    /// The cookie's name.
    pub cookie: String,
    /// Its value.
    pub browser: String,
}

/// What a browser came back with.
#[derive(Clone, Debug, Default)]
pub struct Return {
    /// What it was sent with.
    pub state: String,
    /// The provider's code.
    pub code: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
    /// The same for people.
    pub error_description: Option<String>,
    /// Who answers, if the provider says so (RFC 9207).
    pub issuer: Option<String>,
}

/// Where a browser goes on that came back.
#[derive(Debug)]
pub enum Landing {
    /// To this address.
    Away(String),
    /// To a page that asks whether it is meant so.
    Ask(Box<Agreement>),
}

/// What a person is asked who adds a provider to their account.
#[derive(Debug)]
pub struct Agreement {
    /// By which the answer is known.
    pub code: String,
    /// The provider.
    pub provider: String,
    /// Who the person is there.
    pub there: String,
    /// The account that it is added to.
    pub account: String,
}

/// What follows from a state.
struct Secrets {
    nonce: String,
    verifier: String,
    browser: String,
}

impl Identity {
    /// Sends a browser to a provider.
    ///
    /// # Errors
    /// [`AuthCode::ValidationFailed`] for a provider that people can't come by, and a challenge
    /// that is none.
    pub async fn depart(
        &self,
        departure: &Departure,
        request: &AuthRequest,
    ) -> Result<Departed, AuthError> {
        let provider = self.open_provider(&departure.provider, request).await?;
        let state = self.begin_flow(&provider, departure, None, request).await?;
        self.address_of(&provider, departure, &state).await
    }

    /// Begins to add a provider to an account; gives what [`Identity::continue_link`] takes.
    ///
    /// # Errors
    /// [`AuthCode::ManualLinkingDisabled`] where there are no providers, and as
    /// [`Identity::depart`].
    pub async fn begin_link(
        &self,
        departure: &Departure,
        person: SignedIn,
        request: &AuthRequest,
    ) -> Result<String, AuthError> {
        self.check_linking(request).await?;
        self.check_second_factor(person).await?;
        let provider = self.open_provider(&departure.provider, request).await?;
        self.begin_flow(&provider, departure, Some(person.user), request).await
    }

    /// Sends the browser of somebody to a provider who has begun to add it to their account. A page
    /// begins that with a token, but only a browser that comes here can be given a cookie.
    ///
    /// # Errors
    /// [`AuthCode::BadOauthState`].
    pub async fn continue_link(
        &self,
        state: &str,
        departure: &Departure,
    ) -> Result<Departed, AuthError> {
        let flow = self.flow_of("state_hash", state).await?.ok_or_else(bad_state)?;
        let is_open = flow.returned_at.is_none() && self.kernel.clock().now() < flow.expires_at;
        if !is_open || flow.user_id.is_none() || *flow.provider != *departure.provider {
            return Err(bad_state());
        }
        let auth = self.organization_auth(flow.organization_id.map(Id::uuid)).await?;
        let provider = self.providers.find(&flow.provider, &auth).ok_or_else(bad_state)?;
        self.address_of(&provider, departure, state).await
    }

    /// Takes a browser in that comes back from a provider, with its cookies.
    ///
    /// # Errors
    /// When the store does not answer. What is wrong with the sign-in stands in the address that
    /// the browser goes on to.
    pub async fn land(
        &self,
        back: &Return,
        cookie: impl Fn(&str) -> Option<String>,
        request: &AuthRequest,
    ) -> Result<Landing, AuthError> {
        let flow = match self.returned(back, cookie, request).await {
            Ok(flow) => flow,
            Err(AuthError::Kernel(error)) => return Err(error.into()),
            // Nobody knows where the browser was to go.
            Err(refusal) => return Ok(away(&self.settings.site_url, false, &refusal)),
        };
        match self.finish(&flow, back, request).await {
            Ok(landing) => Ok(landing),
            Err(AuthError::Kernel(error)) => Err(error.into()),
            Err(refusal) => Ok(away(&flow.redirect_to, flow.code_challenge.is_some(), &refusal)),
        }
    }

    /// Takes a person's word that a provider is to be added to their account; gives the address
    /// where the browser goes on.
    ///
    /// # Errors
    /// As [`Identity::land`].
    pub async fn agree(
        &self,
        code: &str,
        cookie: impl Fn(&str) -> Option<String>,
        request: &AuthRequest,
    ) -> Result<Landing, AuthError> {
        let home = &self.settings.site_url;
        let Some(flow) = self.flow_of("code_hash", code).await? else {
            return Ok(away(home, false, &bad_state()));
        };
        let given = cookie(&cookie_name(&flow.state_hash)).unwrap_or_default();
        let is_asked = flow.code_challenge.is_none() && flow.user_id.is_some();
        if !is_asked || !self.is_browser_of(&flow, &given) {
            return Ok(away(home, false, &bad_state()));
        }
        match self.redeem_flow(code, None, request).await {
            Ok(reply) => Ok(Landing::Away(with_tokens(&flow.redirect_to, &reply, None))),
            Err(AuthError::Kernel(error)) => Err(error.into()),
            Err(refusal) => Ok(away(&flow.redirect_to, false, &refusal)),
        }
    }

    /// Lets somebody in with what an earlier step of their flow led to, once.
    ///
    /// # Errors
    /// [`AuthCode::FlowStateNotFound`], [`AuthCode::FlowStateExpired`],
    /// [`AuthCode::BadCodeVerifier`], and as the provider's arrival is refused.
    pub(crate) async fn redeem_flow(
        &self,
        code: &str,
        verifier: Option<&str>,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let unknown = || {
            let message = "invalid flow state, no valid flow state found";
            AuthError::new(AuthCode::FlowStateNotFound, message)
        };
        let known = self.flow_of("code_hash", code).await?.ok_or_else(unknown)?;
        let organization = known.organization_id.map(Id::uuid);
        let own = [("id", Value::Uuid(known.id.uuid()))];
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let flow: SignInFlow = lock(&mut work, &own).await?.ok_or_else(unknown)?;
        let now = work.context().now;
        if flow.used_at.is_some() {
            return Err(unknown());
        }
        if flow.expires_at <= now {
            let message = "invalid flow state, flow state has expired";
            return Err(AuthError::new(AuthCode::FlowStateExpired, message));
        }
        let arrival = flow.arrival.as_ref().ok_or_else(unknown)?;
        let arrival: Arrival = serde_json::from_str(arrival.as_str()).map_err(Error::internal)?;
        // Used up in any case: who guesses gets one guess.
        let set = [("used_at", instant(now)), ("arrival", Value::Null)];
        change::<SignInFlow>(&mut work, &set, &own).await?;
        work.commit().await?;
        let is_theirs = match (&flow.code_challenge, verifier) {
            (Some(stored), Some(verifier)) => is_proven(stored, verifier),
            (None, None) => true,
            _ => false,
        };
        if !is_theirs {
            let message = "code challenge does not match previously saved code verifier";
            return Err(AuthError::new(AuthCode::BadCodeVerifier, message));
        }
        let auth = self.organization_auth(organization).await?;
        let provider = self.providers.find(&flow.provider, &auth).ok_or_else(unknown)?;
        let request = AuthRequest { organization, origin: request.origin.clone() };
        self.welcome(&provider, &arrival, flow.user_id.map(Id::uuid), &request).await
    }

    /// The provider of a name, where the request's organisation lets people come by it.
    pub(crate) async fn open_provider(
        &self,
        name: &str,
        request: &AuthRequest,
    ) -> Result<Arc<Provider>, AuthError> {
        let auth = self.organization_auth(request.organization).await?;
        self.providers
            .find(name, &auth)
            .ok_or_else(|| AuthError::invalid("Unsupported provider: provider is not enabled"))
    }

    async fn begin_flow(
        &self,
        provider: &Provider,
        departure: &Departure,
        user: Option<Uuid>,
        request: &AuthRequest,
    ) -> Result<String, AuthError> {
        let challenge = departure.challenge.stored()?;
        let auth = self.organization_auth(request.organization).await?;
        let redirect_to = self.redirect_target(departure.redirect_to.as_deref(), &auth);
        let state = self.new_token();
        let context = self.system_request(request, None);
        let place = context.origin.ip_address.map(network);
        if let Some(place) = &place {
            self.check_flows_of(place, context.now).await?;
        }
        let mut work = self.kernel.begin(&context).await?;
        let mut row = vec![
            ("provider", text(provider.name())),
            ("state_hash", hashed(&state)),
            ("redirect_to", text(redirect_to)),
            ("expires_at", instant(work.context().now + FLOW)),
        ];
        row.extend(place.map(|place| ("network", place)));
        row.extend(user.map(|id| ("user_id", Value::Uuid(id))));
        row.extend(request.organization.map(|id| ("organization_id", Value::Uuid(id))));
        row.extend(challenge.map(|challenge| ("code_challenge", text(challenge))));
        add::<SignInFlow>(&mut work, &row).await?;
        work.commit().await?;
        Ok(state)
    }

    /// Refuses to begin more flows at a place: each is a row until its time has passed.
    async fn check_flows_of(&self, place: &Value, now: Timestamp) -> Result<(), AuthError> {
        let flows = table::<SignInFlow>(self.kernel.catalog())?;
        let mut select = Select::all(flows.clone()).filtered(Filter::And(vec![
            equal(&flows, &[("network", place.clone())])?,
            compare(&flows, "created_at", Compare::Gt, instant(now - FLOW))?,
        ]));
        select.limit = Some(FLOWS_OF_PLACE);
        let id = [position(&flows, "id")?];
        let begun = self.kernel.store().fetch_columns(&Access::system(), &select, &id).await;
        if begun.map_err(Error::Store)?.len() as u64 >= FLOWS_OF_PLACE {
            let message = "Too many requests; try again later";
            return Err(AuthError::new(AuthCode::OverRequestRateLimit, message));
        }
        Ok(())
    }

    async fn address_of(
        &self,
        provider: &Provider,
        departure: &Departure,
        state: &str,
    ) -> Result<Departed, AuthError> {
        let secrets = self.secrets_of(state);
        let challenge = URL_SAFE_NO_PAD.encode(hash_token(&secrets.verifier));
        let question = Question {
            state,
            nonce: &secrets.nonce,
            challenge: &challenge,
            redirect_uri: &self.callback(),
            scopes: &departure.scopes,
            further: &departure.further,
        };
        let address = provider.address(&question, self.kernel.clock().now()).await;
        let address = address.map_err(|failure| failure.refusal(provider))?;
        let cookie = cookie_name(&hash_token(state));
        Ok(Departed { address: address.into(), cookie, browser: secrets.browser })
    }

    /// The flow of a browser that comes back, which can't do so again.
    async fn returned(
        &self,
        back: &Return,
        cookie: impl Fn(&str) -> Option<String>,
        request: &AuthRequest,
    ) -> Result<SignInFlow, AuthError> {
        let given = cookie(&cookie_name(&hash_token(&back.state))).unwrap_or_default();
        let expected = self.secrets_of(&back.state).browser;
        if !constant_time_eq(given.as_bytes(), expected.as_bytes()) {
            return Err(bad_state());
        }
        let mut work = self.kernel.begin(&self.system_request(request, None)).await?;
        let own = [("state_hash", hashed(&back.state))];
        let flow: Option<SignInFlow> = lock(&mut work, &own).await?;
        let now = work.context().now;
        let is_open = |flow: &SignInFlow| flow.returned_at.is_none() && now < flow.expires_at;
        let flow = flow.filter(is_open).ok_or_else(bad_state)?;
        change::<SignInFlow>(&mut work, &[("returned_at", instant(now))], &own).await?;
        work.commit().await?;
        Ok(flow)
    }

    /// Asks the provider who came, and lets them in, or has the one who began prove themselves.
    async fn finish(
        &self,
        flow: &SignInFlow,
        back: &Return,
        request: &AuthRequest,
    ) -> Result<Landing, AuthError> {
        let organization = flow.organization_id.map(Id::uuid);
        let auth = self.organization_auth(organization).await?;
        let provider = self.providers.find(&flow.provider, &auth).ok_or_else(bad_state)?;
        if !provider.may_say(back.issuer.as_deref()) {
            return Err(bad_state());
        }
        let Some(code) = back.code.as_deref().filter(|_| back.error.is_none()) else {
            return Err(declined(back));
        };
        let secrets = self.secrets_of(&back.state);
        let redirect_uri = self.callback();
        let asked = Asked {
            code,
            nonce: &secrets.nonce,
            verifier: &secrets.verifier,
            redirect_uri: &redirect_uri,
        };
        let arrival = provider.arrival(&asked, self.kernel.clock().now()).await;
        let arrival = arrival.map_err(|failure: Failure| failure.refusal(&provider))?;
        let user = flow.user_id.map(Id::uuid);
        let request = AuthRequest { organization, origin: request.origin.clone() };
        if flow.code_challenge.is_some() {
            let code = self.park(flow, &arrival, &request).await?;
            return Ok(Landing::Away(with_query(&flow.redirect_to, &[("code", &code)])));
        }
        let Some(user) = user else {
            let reply = self.welcome(&provider, &arrival, None, &request).await?;
            return Ok(Landing::Away(with_tokens(&flow.redirect_to, &reply, None)));
        };
        // Somebody else may have led this browser here, to add its person's account to their own.
        let account = self.user(user).await?.ok_or_else(bad_state)?;
        let agreement = Agreement {
            code: self.park(flow, &arrival, &request).await?,
            provider: provider.name().to_owned(),
            there: arrival.email.unwrap_or(arrival.subject),
            account: if account.is_anonymous { String::new() } else { account.email.to_string() },
        };
        Ok(Landing::Ask(Box::new(agreement)))
    }

    /// Keeps what a provider said until the one who began proves themselves; gives the code.
    async fn park(
        &self,
        flow: &SignInFlow,
        arrival: &Arrival,
        request: &AuthRequest,
    ) -> Result<String> {
        let code = self.new_token();
        let document = serde_json::to_string(arrival).map_err(Error::internal)?;
        let document = json::canonical(&document).map_err(Error::internal)?;
        let mut work = self.kernel.begin(&self.system_request(request, None)).await?;
        let set = [
            ("arrival", Value::Json(document)),
            ("code_hash", hashed(&code)),
            ("expires_at", instant(work.context().now + CODE)),
        ];
        change::<SignInFlow>(&mut work, &set, &[("id", Value::Uuid(flow.id.uuid()))]).await?;
        work.commit().await?;
        Ok(code)
    }

    async fn flow_of(&self, column: &str, token: &str) -> Result<Option<SignInFlow>> {
        let own = [(column, hashed(token))];
        Ok(find(&self.kernel, |table| equal(table, &own)).await?.pop())
    }

    fn secrets_of(&self, state: &str) -> Secrets {
        let hash = hash_token(state);
        let secret =
            |purpose: &str| URL_SAFE_NO_PAD.encode(self.signing.mac(purpose, &[state.as_bytes()]));
        Secrets {
            nonce: secret("nonce of a provider's token"),
            verifier: secret("verifier of a provider's code"),
            browser: self.browser_secret(&hash),
        }
    }

    fn is_browser_of(&self, flow: &SignInFlow, given: &str) -> bool {
        let expected = self.browser_secret(&flow.state_hash);
        constant_time_eq(given.as_bytes(), expected.as_bytes())
    }

    /// What the browser of a flow has as its cookie.
    fn browser_secret(&self, state_hash: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.signing.mac("browser of a sign-in", &[state_hash]))
    }

    /// An address below `/auth/v1/` with parameters.
    pub fn address_with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        with_query(&format!("{}/{path}", self.issuer), parameters)
    }

    /// Where providers send browsers back to.
    fn callback(&self) -> String {
        format!("{}/callback", self.issuer)
    }

    fn new_token(&self) -> String {
        let mut token = [0; TOKEN_BYTES];
        self.kernel.entropy().fill(&mut token);
        URL_SAFE_NO_PAD.encode(token)
    }
}

/// Removes flows whose time has passed.
pub(crate) async fn remove_old(tick: Tick) -> Result<()> {
    let flows = table::<SignInFlow>(tick.kernel().catalog())?;
    let now = instant(tick.context().now);
    let over = compare(&flows, "expires_at", Compare::Le, now)?;
    let mut work: Work = tick.begin().await?;
    if work.delete(&flows, over).await?.is_empty() {
        work.rollback().await;
        return Ok(());
    }
    work.commit().await
}

fn hashed(token: &str) -> Value {
    Value::Bytes(hash_token(token).to_vec())
}

/// Each flow has its own cookie, so that several can be on their way in one browser.
fn cookie_name(state_hash: &[u8]) -> String {
    format!("mainstay-flow-{}", HEXLOWER.encode(state_hash.get(..8).unwrap_or_default()))
}

fn bad_state() -> AuthError {
    let message = "OAuth state is invalid, was used before, or has expired";
    AuthError::new(AuthCode::BadOauthState, message)
}

/// The provider, or the person there, did not want to.
fn declined(back: &Return) -> AuthError {
    let said = back.error_description.as_deref().or(back.error.as_deref());
    let said: String = said
        .unwrap_or("The provider gave no code")
        .chars()
        .filter(|c| !c.is_control())
        .take(TOLD_MAX)
        .collect();
    AuthError::new(AuthCode::BadOauthCallback, said)
}

/// Back to where the browser was to go, with what went wrong.
fn away(redirect_to: &str, uses_code: bool, refusal: &AuthError) -> Landing {
    Landing::Away(with_refusal(redirect_to, refusal, &refusal.to_string(), uses_code))
}
