//! Authentication: from a request's headers to a verified principal.

use crate::access::principal::{self, Acting};
use crate::access::role_book::RoleBooks;
use crate::api_key::limit::KeyLimits;
use crate::api_key::rules::KeyRules;
use crate::api_key::usage::Usage;
use crate::api_key::{self, entity::ApiKey};
use crate::factor::demand;
use crate::password::hashing::Passwords;
use crate::password::leaked::LeakedPasswords;
use crate::provider::registry::Providers;
use crate::session::entity::Session;
use crate::session::sessions::session_org;
use crate::session::signing::{Claims, SigningKey};
use crate::settings::AuthSettings;
use crate::sign_in::recover::PENDING_MAX;
use http::HeaderMap;
use http::header::{AUTHORIZATION, ORIGIN};
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User, UserStatus};
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Context, Error, Kernel, Origin, Principal, PrincipalKind, Result};
use mainstay_vault::hash_token;
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Verified callers that are remembered at most; when full, all are forgotten.
const CACHE_CAPACITY: usize = 20_000;
/// A caller is verified anew after so long, whatever else happens.
const CACHE_SECONDS: i64 = 60;
/// Longest credential that is looked at.
const MAX_CREDENTIAL_BYTES: usize = 8 * 1024;

/// Who is who: accounts, sessions and keys.
pub struct Identity {
    pub(crate) kernel: Kernel,
    pub(crate) signing: SigningKey,
    pub(crate) passwords: Passwords,
    pub(crate) leaked: LeakedPasswords,
    /// What access tokens name as their issuer.
    pub(crate) issuer: String,
    pub(crate) usage: Usage,
    pub(crate) limits: KeyLimits,
    pub(crate) settings: AuthSettings,
    /// What was promised in answers and is not done yet.
    pub(crate) pending: Arc<Semaphore>,
    /// The providers that people can come by.
    pub(crate) providers: Providers,
    /// What roles allow, compiled.
    pub(crate) books: RoleBooks,
    cache: RwLock<Cache>,
}

#[derive(Default)]
struct Cache {
    epoch: u64,
    verified: HashMap<[u8; 32], Verified>,
}

#[derive(Clone)]
struct Verified {
    principal: Arc<Principal>,
    until: Timestamp,
    /// Whether the organisation lets the caller do nothing until they show a second factor.
    is_held: bool,
    /// Of the API key, if there is one.
    rules: Option<Arc<KeyRules>>,
}

/// Who asks.
struct Caller {
    principal: Arc<Principal>,
    /// Whether the organisation lets them do nothing until they show a second factor.
    is_held: bool,
}

/// A credential that does not hold, and whose it is where that is known.
struct Unfit {
    error: Error,
    owner: Option<Arc<Principal>>,
}

impl Unfit {
    fn of(error: Error, owner: Arc<Principal>) -> Self {
        Self { error, owner: Some(owner) }
    }
}

impl From<Error> for Unfit {
    fn from(error: Error) -> Self {
        Self { error, owner: None }
    }
}

impl Identity {
    /// The identities of a kernel's data. `issuer` is the public address of `/auth/v1`.
    ///
    /// # Errors
    /// When password hashing is not to be had, or encrypted connections that the settings need.
    pub fn new(
        kernel: Kernel,
        signing: SigningKey,
        issuer: String,
        settings: AuthSettings,
    ) -> Result<Self> {
        let passwords = Passwords::of(&settings, &**kernel.entropy())?;
        let providers = Providers::of(&settings)?;
        let leaked = LeakedPasswords::of(&settings)?;
        let (usage, cache) = (Usage::default(), RwLock::default());
        let pending = Arc::new(Semaphore::new(PENDING_MAX));
        let (books, limits) = (RoleBooks::default(), KeyLimits::default());
        Ok(Self {
            kernel,
            signing,
            passwords,
            leaked,
            issuer,
            usage,
            limits,
            settings,
            pending,
            providers,
            books,
            cache,
        })
    }

    /// The public keys that verify access tokens, as a JSON Web Key Set.
    pub fn jwks(&self) -> &str {
        self.signing.jwks()
    }

    /// What access tokens name as their issuer: the public address of `/auth/v1`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The caller of a request, by its `apikey` and `Authorization: Bearer` headers. A request
    /// without either is anonymous.
    ///
    /// # Errors
    /// `PGRST301` for a credential that does not hold, `PGRST302` for a key and a token of
    /// different organisations, `insufficient_aal` for a session that has not shown the second
    /// factor that the organisation demands.
    pub async fn authenticate(
        &self,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Arc<Principal>> {
        let caller = self.caller(headers, origin).await?;
        if caller.is_held {
            let now = self.kernel.clock().now();
            let unfit = Unfit::of(demand::refusal(), caller.principal);
            return Err(self.note_unfit(unfit, origin, now));
        }
        Ok(caller.principal)
    }

    /// The same for what people do with their own account alone. Somebody whose organisation
    /// demands a second factor is known, and may do nothing else.
    ///
    /// # Errors
    /// As [`Identity::authenticate`], but for `insufficient_aal`.
    pub async fn authenticate_for_account(
        &self,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Arc<Principal>> {
        Ok(self.caller(headers, origin).await?.principal)
    }

    async fn caller(&self, headers: &HeaderMap, origin: &Origin) -> Result<Caller> {
        let bearer = match headers.get(AUTHORIZATION) {
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|value| value.strip_prefix("Bearer "))
                .map(str::trim)
                .ok_or_else(|| refused("expected Authorization: Bearer with a token or key"))?,
            None => "",
        };
        self.identify(bearer, apikey(headers)?, page(headers), origin).await
    }

    /// The organisation that a sign-in is for: the one that is asked for, else that of the key in
    /// the `apikey` header, else the installation's default, if there is one.
    ///
    /// # Errors
    /// `PGRST301` for a key that does not hold.
    pub async fn organization_to_enter(
        &self,
        headers: &HeaderMap,
        asked: Option<Uuid>,
        origin: &Origin,
    ) -> Result<Option<Uuid>> {
        let key = self.identify("", apikey(headers)?, page(headers), origin).await?;
        match (asked.or(key.principal.organization_id), &self.settings.default_organization) {
            (None, Some(slug)) => self.organization_by_slug(slug).await,
            (named, _) => Ok(named),
        }
    }

    /// The caller that credentials name; none is anonymous.
    async fn identify(
        &self,
        bearer: &str,
        apikey: &str,
        page: Option<&str>,
        origin: &Origin,
    ) -> Result<Caller> {
        if bearer.is_empty() && apikey.is_empty() {
            return Ok(Caller { principal: Arc::new(Principal::anonymous()), is_held: false });
        }
        if bearer.len() + apikey.len() > MAX_CREDENTIAL_BYTES {
            return Err(refused("the credential is too long"));
        }
        let now = self.kernel.clock().now();
        let cache_key = hash_token(&format!("{bearer}\n{apikey}"));
        let epoch = self.kernel.policy().epoch();
        let known = self.remembered(&cache_key, epoch, now);
        let is_new = known.is_none();
        let verified = match known {
            Some(known) => Ok(known),
            None => self.verify(bearer, apikey, now).await,
        };
        let admitted = verified.and_then(|verified| {
            let checked = verified.rules.as_ref().map_or(Ok(()), |rules| rules.check(origin, page));
            checked.map_err(|error| Unfit::of(error, verified.principal.clone()))?;
            Ok(verified)
        });
        let verified = admitted.map_err(|unfit| self.note_unfit(unfit, origin, now))?;
        let caller = Caller { principal: verified.principal.clone(), is_held: verified.is_held };
        let rules = verified.rules.clone();
        if is_new {
            self.remember(cache_key, epoch, verified);
        }
        if let Some(rules) = rules {
            rules.admit(&self.kernel, origin, now).await?;
        }
        Ok(caller)
    }

    /// A credential of a known owner that is refused leaves an event.
    fn note_unfit(&self, unfit: Unfit, origin: &Origin, now: Timestamp) -> Error {
        let Unfit { error, owner } = unfit;
        if let Some(owner) = owner {
            let resource = if owner.user_id.is_some() { "session" } else { "api_key" };
            let context = Context::new(owner, Arc::new(origin.clone()), now);
            let why = error.to_string();
            self.kernel.record_refusal(&context, resource, "authenticate", &why);
        }
        error
    }

    fn remembered(&self, key: &[u8; 32], epoch: u64, now: Timestamp) -> Option<Verified> {
        let cache = self.cache.read();
        if cache.epoch != epoch {
            return None;
        }
        cache.verified.get(key).filter(|known| now < known.until).cloned()
    }

    fn remember(&self, key: [u8; 32], epoch: u64, verified: Verified) {
        let mut cache = self.cache.write();
        if cache.epoch != epoch || cache.verified.len() >= CACHE_CAPACITY {
            cache.verified.clear();
            cache.epoch = epoch;
        }
        cache.verified.insert(key, verified);
    }

    async fn verify(&self, bearer: &str, apikey: &str, now: Timestamp) -> Result<Verified, Unfit> {
        let key = if apikey.is_empty() { None } else { Some(self.verify_key(apikey, now).await?) };
        if bearer.is_empty() || bearer == apikey {
            return key.ok_or_else(|| refused("no credential").into());
        }
        if api_key::is_api_key(bearer) {
            let own = self.verify_key(bearer, now).await?;
            let differs =
                |key: &Verified| key.principal.organization_id != own.principal.organization_id;
            return match key.filter(differs) {
                Some(key) => Err(Unfit::of(conflicting(), key.principal)),
                None => Ok(own),
            };
        }
        let organization = key.as_ref().and_then(|key| key.principal.organization_id);
        let verified = self.verify_token(bearer, organization, now).await;
        let mut verified = verified.map_err(|unfit| match &key {
            // The key's organisation learns of it, not the one that the token is of.
            Some(key) if is_conflict(&unfit.error) => Unfit::of(unfit.error, key.principal.clone()),
            _ => unfit,
        })?;
        if let Some(key) = key {
            verified.until = verified.until.min(key.until);
            verified.rules = key.rules;
        }
        Ok(verified)
    }

    async fn verify_key(&self, key: &str, now: Timestamp) -> Result<Verified, Unfit> {
        let unknown = || refused("the API key is not valid");
        let organization = api_key::organization(key).ok_or_else(unknown)?;
        let hash = hash_token(key).to_vec();
        let found: Option<ApiKey> = find(&self.kernel, |table| {
            equal(
                table,
                &[("organization_id", Value::Uuid(organization)), ("key_hash", Value::Bytes(hash))],
            )
        })
        .await?
        .pop();
        let row = found.ok_or_else(unknown)?;
        let key = principal::of_key(&self.kernel, &self.books, &row, now).await?;
        let Acting { principal, until } = key.acting;
        let principal = Arc::new(principal);
        if !key.is_valid || !key.has_owner {
            return Err(Unfit::of(unknown(), principal));
        }
        let rules = Some(Arc::new(self.rules_of(&row, now)));
        Ok(Verified { principal, until: cache_until(now, until), is_held: false, rules })
    }

    async fn verify_token(
        &self,
        token: &str,
        organization: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Verified, Unfit> {
        let invalid = || refused("the access token is not valid");
        let claims = self.signing.verify(token, &self.issuer, now).ok_or_else(invalid)?;
        let unfit = |error| Unfit::of(error, Arc::new(bearer_of(&claims)));
        let chosen = match (organization, claims.org_id) {
            (Some(key), Some(token)) if key != token => return Err(unfit(conflicting())),
            (key, token) => key.or(token),
        };
        let active = self.active_user(&claims, now).await?;
        let (user, session) = active.ok_or_else(|| unfit(invalid()))?;
        let members = self.memberships(claims.sub).await?;
        let organization = match chosen {
            Some(id) if members.contains(&id) => Some(id),
            // A platform administrator may enter any organisation that the request names.
            Some(id) if user.is_platform_admin => Some(id),
            Some(_) => return Err(unfit(conflicting())),
            None => {
                if let [only] = members[..] {
                    Some(only)
                } else {
                    None
                }
            }
        };
        let acting = principal::of_user(&self.kernel, &self.books, &user, organization, now);
        let Acting { principal, until } = acting.await?;
        let principal = Principal { session_id: Some(claims.session_id), ..principal };
        let is_held = demand::holds(&self.kernel, &session, organization).await?;
        let principal = if is_held { demand::held(principal) } else { principal };
        let end = Timestamp::from_second(claims.exp).map_err(Error::internal)?;
        let end = [until, user.expires_at].into_iter().flatten().fold(end, Timestamp::min);
        Ok(Verified {
            principal: Arc::new(principal),
            until: cache_until(now, Some(end)),
            is_held,
            rules: None,
        })
    }

    /// The user and the session of a token, while both may be used.
    async fn active_user(
        &self,
        claims: &Claims,
        now: Timestamp,
    ) -> Result<Option<(User, Session)>> {
        let id = claims.session_id;
        let session: Option<Session> =
            find(&self.kernel, |table| equal(table, &[("id", Value::Uuid(id))])).await?.pop();
        // A session that went to another organisation has other tokens.
        let is_named = |session: &Session| {
            session.user_id.uuid() == claims.sub && session_org(session) == claims.org_id
        };
        let is_usable =
            |session: &Session| session.is_active && is_named(session) && now < session.expires_at;
        let Some(session) = session.filter(is_usable) else {
            return Ok(None);
        };
        let id = claims.sub;
        let user: Option<User> =
            find(&self.kernel, |table| equal(table, &[("id", Value::Uuid(id))])).await?.pop();
        Ok(user.filter(|user| may_work(user, now)).map(|user| (user, session)))
    }

    /// The organisations that a user belongs to.
    pub(crate) async fn memberships(&self, user: Uuid) -> Result<Vec<Uuid>> {
        let members: Vec<OrganizationMember> =
            find(&self.kernel, |table| equal(table, &[("user_id", Value::Uuid(user))])).await?;
        Ok(active(&members).collect())
    }
}

/// The organisations that somebody belongs to, of those that they have to do with.
pub(crate) fn active(members: &[OrganizationMember]) -> impl Iterator<Item = Uuid> {
    let active = members.iter().filter(|member| member.status == MemberStatus::Active);
    active.map(|member| member.organization_id.uuid())
}

/// Whether an account may be used at a time.
pub(crate) fn may_work(user: &User, now: Timestamp) -> bool {
    user.is_active
        && user.status == UserStatus::Active
        && user.deleted_at.is_none()
        && user.expires_at.is_none_or(|end| now < end)
}

fn cache_until(now: Timestamp, end: Option<Timestamp>) -> Timestamp {
    let soon = now + jiff::SignedDuration::from_secs(CACHE_SECONDS);
    end.map_or(soon, |end| end.min(soon))
}

/// The `apikey` header; empty when there is none.
fn apikey(headers: &HeaderMap) -> Result<&str> {
    match headers.get("apikey") {
        Some(value) => Ok(value.to_str().map_err(|_| refused("apikey is no text"))?.trim()),
        None => Ok(""),
    }
}

/// The page that made a request, as browsers say.
fn page(headers: &HeaderMap) -> Option<&str> {
    headers.get(ORIGIN).and_then(|value| value.to_str().ok())
}

/// Whom a token names, before it is known whether they may do anything.
fn bearer_of(claims: &Claims) -> Principal {
    Principal {
        kind: PrincipalKind::User,
        organization_id: claims.org_id,
        user_id: Some(claims.sub),
        session_id: Some(claims.session_id),
        ..Principal::anonymous()
    }
}

pub(crate) fn refused(message: &str) -> Error {
    Error::rule("PGRST301", message)
}

const CONFLICTING: &str = "PGRST302";

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Rule { code: CONFLICTING, .. })
}

fn conflicting() -> Error {
    Error::rule(CONFLICTING, "the API key and the token belong to different organisations")
}
