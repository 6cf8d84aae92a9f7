//! Second factors: enrolled, shown, taken away (S1-B73, S1-B74).
//!
//! A challenge is no row: its identifier holds when it ends and a MAC over factor and session, so
//! that it is of use to nobody else. What makes a code single is the step that the factor keeps.

use crate::account::admin_users::Administrator;
use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::recovery_code::{self, RecoveryCodes};
use crate::factor::totp::{TotpKey, qr_code};
use crate::records::{change, change_all, instant, text};
use crate::session::entity::{AssuranceLevel, Session};
use crate::session::sessions::{AuthRequest, TokenReply, end_all};
use crate::watch::{self, Kind};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Entity, Record, Text, Value};
use mainstay_kernel::lookup::{equal, find, one_of, position, table};
use mainstay_kernel::{Create, Error, Event, Input, NewRow, Result, Work};
use mainstay_store::{Conflict, Select};
use mainstay_vault::constant_time_eq;
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// The factor that people can enrol, as clients name it.
const TOTP: &str = "totp";
/// The method as tokens name it when a recovery code stood in.
const RECOVERY: &str = "recovery_code";
/// Factors of one person, shown to have or not.
const FACTORS_MAX: usize = 10;
/// How long a challenge can be answered.
const CHALLENGE: SignedDuration = SignedDuration::from_mins(5);
/// Wrong codes in a row until the factor rests.
const FREE_ATTEMPTS: i64 = 5;
/// The first rest; each further wrong code doubles it.
const REST: SignedDuration = SignedDuration::from_secs(30);
/// A rest is not doubled more often.
const REST_DOUBLINGS: i64 = 7;
const CHALLENGE_PURPOSE: &str = "factor challenge";
const TIME_BYTES: usize = 6;

/// A factor that a person wants to have.
#[derive(Clone, Debug, Default)]
pub struct NewFactor {
    /// `totp`.
    pub factor_type: String,
    /// What the person calls it.
    pub friendly_name: Option<String>,
    /// What authenticators show beside the account; the organisation's name, if nothing is said.
    pub issuer: Option<String>,
}

/// A factor whose key is shown this once.
#[derive(Debug, Serialize)]
pub struct EnrolledFactor {
    /// Identifier.
    pub id: Uuid,
    /// Always `totp`.
    pub r#type: &'static str,
    /// What the person calls it.
    pub friendly_name: String,
    /// What an authenticator needs.
    pub totp: AuthenticatorKey,
}

/// What an authenticator needs.
#[derive(Serialize)]
pub struct AuthenticatorKey {
    /// The address as a QR code, SVG.
    pub qr_code: String,
    /// The key as people type it.
    pub secret: String,
    /// The key's address.
    pub uri: String,
}

impl std::fmt::Debug for AuthenticatorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthenticatorKey(…)")
    }
}

/// A question that a code answers.
#[derive(Debug, Serialize)]
pub struct FactorChallenge {
    /// Identifier.
    pub id: Uuid,
    /// Always `totp`.
    pub r#type: &'static str,
    /// Until when, in seconds since 1970.
    pub expires_at: i64,
}

/// A factor as Supabase's clients see it.
#[derive(Clone, Debug, Serialize)]
pub struct FactorReply {
    /// Identifier.
    pub id: Uuid,
    /// What the person calls it.
    pub friendly_name: String,
    /// `totp`, `phone`, `email` or `webauthn`.
    pub factor_type: &'static str,
    /// `verified` once the person has shown to have it, else `unverified`.
    pub status: &'static str,
    /// When it was enrolled.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

/// A factor, its row, and the session that asks.
struct Asked {
    session: Session,
    factor: UserMfaFactor,
    row: Record,
}

impl Identity {
    /// Gives a person a factor that counts once its first code was shown.
    ///
    /// # Errors
    /// [`AuthCode::InsufficientAal`] when another factor was not shown in this session,
    /// [`AuthCode::MfaFactorNameConflict`], [`AuthCode::TooManyEnrolledMfaFactors`].
    pub async fn enroll_factor(
        &self,
        person: SignedIn,
        wanted: &NewFactor,
        request: &AuthRequest,
    ) -> Result<EnrolledFactor, AuthError> {
        check_kind(&wanted.factor_type)?;
        let name = wanted.friendly_name.as_deref().unwrap_or_default().trim().to_owned();
        let stored = Text::<100>::new(name.as_str());
        stored.map_err(|_| AuthError::invalid("friendly_name: expected at most 100 characters"))?;
        let user = self.user(person.user).await?.ok_or_else(factor_not_found)?;
        let session = self.session_of(person).await?;
        let factors = self.factors(vec![Value::Uuid(person.user)]).await?;
        if factors.iter().any(|factor| factor.is_enabled) {
            demand_aal2(&session, "AAL2 required to enroll a new factor")?;
        }
        if factors.len() >= FACTORS_MAX {
            let message = "Maximum number of enrolled factors reached, unenroll to continue";
            return Err(AuthError::new(AuthCode::TooManyEnrolledMfaFactors, message));
        }
        let is_named = |factor: &UserMfaFactor| factor.friendly_name.as_deref() == Some(&*name);
        if !name.is_empty() && factors.iter().any(is_named) {
            let message = "A factor with this friendly name exists for this user already";
            return Err(AuthError::new(AuthCode::MfaFactorNameConflict, message));
        }
        let key = TotpKey::generate(&**self.kernel.entropy());
        let issuer = wanted.issuer.as_deref().filter(|issuer| !issuer.is_empty());
        let uri = key.uri(issuer.unwrap_or(&self.issuer), &user.email);
        let mut work =
            self.kernel.begin(&self.system_request(request, session_org(&session))).await?;
        let id = add_factor(&mut work, person.user, &name, &key).await?;
        work.commit().await?;
        let totp = AuthenticatorKey { qr_code: qr_code(&uri)?, secret: key.encode(), uri };
        Ok(EnrolledFactor { id, r#type: TOTP, friendly_name: name, totp })
    }

    /// Asks a person to show a factor.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`].
    pub async fn challenge_factor(
        &self,
        person: SignedIn,
        factor: Uuid,
    ) -> Result<FactorChallenge, AuthError> {
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(person.user))];
        let found: Vec<UserMfaFactor> = find(&self.kernel, |table| equal(table, &own)).await?;
        if !found.iter().any(|factor| factor.method == MfaMethod::Totp) {
            return Err(factor_not_found());
        }
        let expires_at = (self.kernel.clock().now() + CHALLENGE).as_second();
        let id = self.challenge_id(person, factor, expires_at)?;
        Ok(FactorChallenge { id, r#type: TOTP, expires_at })
    }

    /// Takes the code of a factor, or one that stands in for it: the session goes on as one of two
    /// factors. The first factor ends all other sessions, which knew one alone.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::MfaChallengeExpired`],
    /// [`AuthCode::MfaVerificationFailed`], [`AuthCode::OverRequestRateLimit`] after wrong codes.
    pub async fn verify_factor(
        &self,
        person: SignedIn,
        factor: Uuid,
        (challenge, code): (Uuid, &str),
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        self.check_challenge(person, factor, challenge)?;
        let user = self.user(person.user).await?.ok_or_else(factor_not_found)?;
        let (mut work, asked) = self.begin_with(person, factor, request).await?;
        let Asked { session, factor, row } = asked;
        let now = work.context().now;
        if now < rest_end(&factor) {
            let message = "Too many wrong codes, try again later";
            return Err(AuthError::new(AuthCode::OverRequestRateLimit, message));
        }
        let own = [("id", Value::Uuid(factor.id.uuid()))];
        let Some((set, method)) = self.accept_code(&factor, &row, code, now).await? else {
            let set = [
                ("failed_attempts", Value::Int(i64::from(factor.failed_attempts) + 1)),
                ("last_failed_at", instant(now)),
            ];
            change::<UserMfaFactor>(&mut work, &set, &own).await?;
            work.record(failure(&factor));
            work.commit().await?;
            let message = "Invalid TOTP code entered";
            return Err(AuthError::new(AuthCode::MfaVerificationFailed, message));
        };
        update(&mut work, factor.id.uuid(), set).await?;
        if !factor.is_enabled {
            self.enable(&mut work, person, &factor).await?;
        }
        let tokens = self.step_up(&mut work, &user, &session, method).await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, person.user, session_org(&session)).await?)
    }

    /// Takes a factor away. The last one takes the second factor from all sessions.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::InsufficientAal`].
    pub async fn unenroll_factor(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let (mut work, Asked { session, factor, .. }) =
            self.begin_with(person, factor, request).await?;
        if factor.is_enabled {
            demand_aal2(&session, "AAL2 required to unenroll verified factor")?;
        }
        remove(&mut work, &factor).await?;
        Ok(work.commit().await?)
    }

    /// Codes that stand in for a factor that is lost, each once; those from before end.
    ///
    /// # Errors
    /// As [`Identity::unenroll_factor`].
    pub async fn new_recovery_codes(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<Vec<String>, AuthError> {
        let (mut work, Asked { session, factor, .. }) =
            self.begin_with(person, factor, request).await?;
        demand_aal2(&session, "AAL2 required to make recovery codes")?;
        let codes = recovery_code::generate(&**self.kernel.entropy());
        let hashes = RecoveryCodes::of(&codes).to_json()?;
        let set = vec![("backup_codes", Input::Plain(hashes))];
        update(&mut work, factor.id.uuid(), set).await?;
        let mut event = Event::new("user_mfa_factor", "make_recovery_codes");
        event.resource_id = Some(factor.id.to_string());
        work.record(event);
        work.commit().await?;
        Ok(codes)
    }

    /// The factors of a member of an organisation.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`].
    pub async fn factors_of(
        &self,
        admin: &Administrator,
        user: Uuid,
    ) -> Result<Vec<FactorReply>, AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        let factors = self.factors(vec![Value::Uuid(user.id.uuid())]).await?;
        Ok(factors.iter().map(shown).collect())
    }

    /// Takes a factor of a member of an organisation away, who has lost it.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::MfaFactorNotFound`] and what
    /// [`Identity::change_person`] refuses.
    pub async fn remove_factor(
        &self,
        admin: &Administrator,
        user: Uuid,
        factor: Uuid,
    ) -> Result<(), AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        self.check_own(admin, &user).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        let mut work = self.kernel.begin(&context).await?;
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(user.id.uuid()))];
        let row = locked(&mut work, &own).await?.ok_or_else(factor_not_found)?;
        let factor = UserMfaFactor::from_record(row).map_err(Error::internal)?;
        remove(&mut work, &factor).await?;
        Ok(work.commit().await?)
    }

    /// People's factors as clients see them, by person.
    pub(crate) async fn factor_replies(
        &self,
        users: Vec<Value>,
    ) -> Result<HashMap<Uuid, Vec<FactorReply>>> {
        let mut replies: HashMap<Uuid, Vec<FactorReply>> = HashMap::new();
        for factor in self.factors(users).await? {
            replies.entry(factor.user_id.uuid()).or_default().push(shown(&factor));
        }
        Ok(replies)
    }

    /// Whether a person who changes what signs them in has shown a second factor, if they have one.
    ///
    /// # Errors
    /// [`AuthCode::InsufficientAal`].
    pub(crate) async fn check_second_factor(&self, person: SignedIn) -> Result<(), AuthError> {
        let factors = self.factors(vec![Value::Uuid(person.user)]).await?;
        if !factors.iter().any(|factor| factor.is_enabled) {
            return Ok(());
        }
        let session = self.session_of(person).await?;
        demand_aal2(
            &session,
            "AAL2 session is required to update email or password when MFA is enabled.",
        )
    }

    /// The factors of people, the oldest first.
    async fn factors(&self, users: Vec<Value>) -> Result<Vec<UserMfaFactor>> {
        let mut found: Vec<UserMfaFactor> =
            find(&self.kernel, |table| one_of(table, "user_id", users)).await?;
        found.sort_by_key(|factor| factor.id);
        Ok(found)
    }

    async fn session_of(&self, person: SignedIn) -> Result<Session, AuthError> {
        let own = [("id", Value::Uuid(person.session)), ("user_id", Value::Uuid(person.user))];
        let found = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        found.ok_or_else(session_not_found)
    }

    /// A unit of work that holds the session and the factor.
    async fn begin_with(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<(Work, Asked), AuthError> {
        let organization = session_org(&self.session_of(person).await?);
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let own = [("id", Value::Uuid(person.session)), ("user_id", Value::Uuid(person.user))];
        let session = crate::records::lock(&mut work, &own).await?.ok_or_else(session_not_found)?;
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(person.user))];
        let row = locked(&mut work, &own).await?.ok_or_else(factor_not_found)?;
        let factor = UserMfaFactor::from_record(row.clone()).map_err(Error::internal)?;
        Ok((work, Asked { session, factor, row }))
    }

    /// What changes when a code is right, and by which method it is; none when it is wrong.
    async fn accept_code(
        &self,
        factor: &UserMfaFactor,
        row: &Record,
        code: &str,
        now: Timestamp,
    ) -> Result<Option<(Vec<(&'static str, Input)>, &'static str)>> {
        let code = code.trim();
        let secret = self.open_column(row, "secret").await?;
        let key = secret.and_then(|text| TotpKey::decode(&text));
        let step = key.and_then(|key| key.step_of(code, now, factor.last_step));
        let mut set = vec![("failed_attempts", Input::Value(Value::Int(0)))];
        if let Some(step) = step {
            set.push(("is_enabled", Input::Value(Value::Bool(true))));
            set.push(("last_step", Input::Value(Value::Int(step))));
            return Ok(Some((set, TOTP)));
        }
        let kept = self.open_column(row, "backup_codes").await?;
        let kept = kept.and_then(|text| RecoveryCodes::from_json(&text));
        let Some(left) = kept.filter(|_| factor.is_enabled).and_then(|kept| kept.without(code))
        else {
            return Ok(None);
        };
        set.push(("backup_codes", Input::Plain(left.to_json()?)));
        Ok(Some((set, RECOVERY)))
    }

    async fn open_column(
        &self,
        row: &Record,
        column: &str,
    ) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>> {
        let factors = table::<UserMfaFactor>(self.kernel.catalog())?;
        self.kernel.open_secret(&factors, row, position(&factors, column)?).await
    }

    /// What happens when a person has shown to have a factor for the first time.
    async fn enable(
        &self,
        work: &mut Work,
        person: SignedIn,
        factor: &UserMfaFactor,
    ) -> Result<()> {
        let others = [("user_id", Value::Uuid(person.user)), ("is_enabled", Value::Bool(true))];
        let is_first = self.enabled(work, &others).await? == 1;
        if is_first {
            end_all(work, person.user, Some(person.session), "a second factor was added").await?;
        }
        let what = format!("a second factor was added: {}", factor.method.as_str());
        watch::raise(work, Kind::SecondFactorEnabled, Some(person.user), None, &what).await
    }

    async fn enabled(&self, work: &mut Work, own: &[(&str, Value)]) -> Result<usize> {
        let factors = table::<UserMfaFactor>(self.kernel.catalog())?;
        let filter = equal(&factors, own)?;
        Ok(work.fetch(&Select::all(factors).filtered(filter)).await?.len())
    }

    /// An identifier that says when the challenge ends, and that it was given out.
    fn challenge_id(&self, person: SignedIn, factor: Uuid, expires_at: i64) -> Result<Uuid> {
        let time = u64::try_from(expires_at).map_err(Error::internal)?.to_be_bytes();
        let time = &time[time.len() - TIME_BYTES..];
        let parts = [factor.as_bytes(), person.session.as_bytes(), time];
        let mac = self.signing.mac(CHALLENGE_PURPOSE, &parts);
        let mut bytes = [0; 16];
        bytes[..TIME_BYTES].copy_from_slice(time);
        bytes[TIME_BYTES..].copy_from_slice(&mac[..16 - TIME_BYTES]);
        // Version 8 is for identifiers that are made otherwise (RFC 9562 §5.8).
        Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    fn check_challenge(
        &self,
        person: SignedIn,
        factor: Uuid,
        challenge: Uuid,
    ) -> Result<(), AuthError> {
        let mut time = [0; 8];
        time[8 - TIME_BYTES..].copy_from_slice(&challenge.as_bytes()[..TIME_BYTES]);
        let expires_at = i64::from_be_bytes(time);
        let expected = self.challenge_id(person, factor, expires_at)?;
        if !constant_time_eq(expected.as_bytes(), challenge.as_bytes()) {
            return Err(factor_not_found());
        }
        if expires_at <= self.kernel.clock().now().as_second() {
            let message = "MFA challenge has expired, verify against another challenge or create a \
                           new challenge.";
            return Err(AuthError::new(AuthCode::MfaChallengeExpired, message));
        }
        Ok(())
    }
}

/// Only codes of an authenticator can be enrolled.
fn check_kind(kind: &str) -> Result<(), AuthError> {
    let (code, message) = match kind {
        TOTP => return Ok(()),
        "phone" => (AuthCode::MfaPhoneEnrollNotEnabled, "MFA enroll is disabled for Phone"),
        "webauthn" => {
            (AuthCode::MfaWebAuthnEnrollNotEnabled, "MFA enroll is disabled for WebAuthn")
        }
        _ => return Err(AuthError::invalid("factor_type needs to be totp")),
    };
    Err(AuthError::new(code, message))
}

async fn add_factor(work: &mut Work, user: Uuid, name: &str, key: &TotpKey) -> Result<Uuid> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let id = work.kernel().new_id(work.context());
    let mut row = NewRow::empty(&factors);
    row.set(&factors, "id", Value::Uuid(id))?;
    row.set(&factors, "user_id", Value::Uuid(user))?;
    row.set(&factors, "method", text(MfaMethod::Totp.as_str()))?;
    if !name.is_empty() {
        row.set(&factors, "friendly_name", text(name))?;
    }
    row.values[position(&factors, "secret")?] = Some(Input::Plain(key.encode()));
    work.create(Create { table: factors, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(id)
}

async fn locked(work: &mut Work, own: &[(&str, Value)]) -> Result<Option<Record>> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let mut select = Select::all(factors.clone()).filtered(equal(&factors, own)?);
    select.for_update = true;
    Ok(work.fetch(&select).await?.into_iter().next())
}

async fn update(work: &mut Work, factor: Uuid, set: Vec<(&str, Input)>) -> Result<()> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let column = |(name, input): (&str, Input)| Ok((position(&factors, name)?, input));
    let set = set.into_iter().map(column).collect::<Result<_>>()?;
    work.update(&factors, set, equal(&factors, &[("id", Value::Uuid(factor))])?).await?;
    Ok(())
}

async fn remove(work: &mut Work, factor: &UserMfaFactor) -> Result<()> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    work.delete(&factors, equal(&factors, &[("id", Value::Uuid(factor.id.uuid()))])?).await?;
    if !factor.is_enabled {
        return Ok(());
    }
    let user = factor.user_id.uuid();
    let own = [("user_id", Value::Uuid(user)), ("is_enabled", Value::Bool(true))];
    let left = Select::all(factors.clone()).filtered(equal(&factors, &own)?);
    if work.fetch(&left).await?.is_empty() {
        let sessions = table::<Session>(work.kernel().catalog())?;
        let own = equal(&sessions, &[("user_id", Value::Uuid(user))])?;
        let set = [("assurance_level", text(AssuranceLevel::Aal1.as_str()))];
        change_all::<Session>(work, &set, own).await?;
    }
    let what = format!("a second factor was taken away: {}", factor.method.as_str());
    watch::raise(work, Kind::SecondFactorDisabled, Some(user), None, &what).await
}

/// Until when a factor takes no code, after wrong ones.
fn rest_end(factor: &UserMfaFactor) -> Timestamp {
    let over = i64::from(factor.failed_attempts) - FREE_ATTEMPTS;
    match factor.last_failed_at {
        Some(at) if over >= 0 => at + REST * (1 << over.min(REST_DOUBLINGS)),
        _ => Timestamp::MIN,
    }
}

fn failure(factor: &UserMfaFactor) -> Event {
    let mut event = Event::new("user_mfa_factor", "verify");
    event.resource_id = Some(factor.id.to_string());
    event.failure = Some("wrong code".to_owned());
    event
}

fn demand_aal2(session: &Session, message: &'static str) -> Result<(), AuthError> {
    match session.assurance_level {
        AssuranceLevel::Aal2 => Ok(()),
        AssuranceLevel::Aal1 => Err(AuthError::new(AuthCode::InsufficientAal, message)),
    }
}

fn session_org(session: &Session) -> Option<Uuid> {
    session.organization_id.map(mainstay_entity::Id::uuid)
}

fn shown(factor: &UserMfaFactor) -> FactorReply {
    FactorReply {
        id: factor.id.uuid(),
        friendly_name: factor.friendly_name.as_ref().map(ToString::to_string).unwrap_or_default(),
        factor_type: match factor.method {
            MfaMethod::Totp => TOTP,
            MfaMethod::Sms => "phone",
            MfaMethod::Email => "email",
            MfaMethod::WebAuthn => "webauthn",
        },
        status: if factor.is_enabled { "verified" } else { "unverified" },
        created_at: factor.created_at.to_string(),
        updated_at: factor.updated_at.to_string(),
    }
}

fn factor_not_found() -> AuthError {
    AuthError::new(AuthCode::MfaFactorNotFound, "Factor not found")
}

fn session_not_found() -> AuthError {
    AuthError::new(AuthCode::SessionNotFound, "Session not found")
}
