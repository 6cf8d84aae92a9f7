//! Factors that are shown: a right code or a security key's answer raises the session.

use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::factors::{Held, factor_not_found, update};
use crate::factor::recovery_code::RecoveryCodes;
use crate::factor::totp::TotpKey;
use crate::mail::Letters;
use crate::mail::changed::{By, Changed, Reader};
use crate::records::{change, instant};
use crate::session::sessions::{AuthRequest, TokenReply, end_all, session_org};
use crate::watch::{self, Kind};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Value};
use mainstay_kernel::lookup::{equal, table};
use mainstay_kernel::{Event, Input, Result, Work};
use mainstay_store::Select;
use mainstay_vault::constant_time_eq;
use uuid::Uuid;

/// The method as tokens name it when a recovery code stood in.
const RECOVERY: &str = "recovery_code";
/// Wrong codes in a row until the factor rests.
const FREE_ATTEMPTS: i64 = 5;
/// The first rest; each further wrong code doubles it.
const REST: SignedDuration = SignedDuration::from_secs(30);
/// A rest is not doubled more often.
const REST_DOUBLINGS: i64 = 7;

/// What a right answer changes of its factor, and the method that it shows.
struct Accepted {
    set: Vec<(&'static str, Input)>,
    method: &'static str,
}

impl Identity {
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
        let (mut work, held) = self.begin_with(person, factor, request).await?;
        if held.factor.method != MfaMethod::WebAuthn {
            self.check_challenge(person, factor, challenge)?;
        }
        let now = work.context().now;
        if now < rest_end(&held.factor) {
            let message = "Too many wrong codes, try again later";
            return Err(AuthError::new(AuthCode::OverRequestRateLimit, message));
        }
        if held.factor.method == MfaMethod::WebAuthn {
            self.replace_key(&mut work, person, &held, challenge).await?;
        }
        let Some(accepted) = self.accept_code(&held, (challenge, code.trim()), now).await? else {
            count_failure(&mut work, &held.factor, now).await?;
            work.commit().await?;
            return Err(wrong(held.factor.method));
        };
        self.raise(work, person, &held, accepted).await
    }

    /// Takes the answer of a security key, `RegistrationResponseJSON` or
    /// `AuthenticationResponseJSON` (WebAuthn §5.1.1), as [`Identity::verify_factor`] takes a code.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::WebAuthnChallengeNotFound`],
    /// [`AuthCode::WebAuthnChallengeExpired`], [`AuthCode::WebAuthnCredentialExists`],
    /// [`AuthCode::MfaVerificationFailed`].
    pub async fn verify_security_key(
        &self,
        person: SignedIn,
        factor: Uuid,
        answer: (Uuid, &[u8]),
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let (mut work, held) = self.begin_with(person, factor, request).await?;
        if held.factor.method != MfaMethod::WebAuthn {
            return Err(factor_not_found());
        }
        if !self.accept_key(&mut work, person, &held, answer, request).await? {
            work.record(failure(&held.factor, "the answer does not hold"));
            work.commit().await?;
            return Err(wrong(MfaMethod::WebAuthn));
        }
        let accepted = Accepted { set: Vec::new(), method: MfaMethod::WebAuthn.shown_as() };
        self.raise(work, person, &held, accepted).await
    }

    /// Goes on with a session that has shown a factor.
    async fn raise(
        &self,
        mut work: Work,
        person: SignedIn,
        held: &Held,
        Accepted { mut set, method }: Accepted,
    ) -> Result<TokenReply, AuthError> {
        let Held { session, factor, user, .. } = held;
        set.push(("failed_attempts", Input::Value(Value::Int(0))));
        set.push(("is_enabled", Input::Value(Value::Bool(true))));
        update(&mut work, factor.id.uuid(), set).await?;
        let mut letters = Letters::default();
        let reader = Reader::of(user);
        if !factor.is_enabled {
            enable(&mut work, person, factor).await?;
            let changed = Changed::FactorAdded(factor.method);
            letters = self.tell_of_change(&mut work, reader, changed, By::Person).await?;
        } else if method == RECOVERY {
            let changed = Changed::RecoveryCodeUsed;
            letters = self.tell_of_change(&mut work, reader, changed, By::Person).await?;
        }
        let tokens = self.step_up(&mut work, user, session, method).await?;
        self.commit_and_post(work, letters).await?;
        Ok(self.token_reply(tokens, person.user, session_org(session)).await?)
    }

    /// What a right code changes; none when it is wrong.
    async fn accept_code(
        &self,
        held: &Held,
        (challenge, code): (Uuid, &str),
        now: Timestamp,
    ) -> Result<Option<Accepted>> {
        let factor = &held.factor;
        let method = factor.method.shown_as();
        match factor.method {
            MfaMethod::Totp => {
                let secret = self.open_factor_column(held, "secret").await?;
                let key = secret.and_then(|text| TotpKey::decode(&text));
                if let Some(step) = key.and_then(|key| key.step_of(code, now, factor.last_step)) {
                    let set = vec![("last_step", Input::Value(Value::Int(step)))];
                    return Ok(Some(Accepted { set, method }));
                }
            }
            MfaMethod::Sms | MfaMethod::Email => {
                let expected = self.factor_code_mac(factor.id.uuid(), challenge, code);
                let sent = factor.code_hash.as_deref();
                if sent.is_some_and(|hash| constant_time_eq(hash, &expected)) {
                    let set = vec![("code_hash", Input::Value(Value::Null))];
                    return Ok(Some(Accepted { set, method }));
                }
            }
            MfaMethod::WebAuthn => {}
        }
        if !factor.is_enabled {
            return Ok(None);
        }
        let kept = self.open_factor_column(held, "backup_codes").await?;
        let kept = kept.and_then(|text| RecoveryCodes::from_json(&text));
        let Some(left) = kept.and_then(|kept| kept.without(code)) else {
            return Ok(None);
        };
        let set = vec![("backup_codes", Input::Plain(left.to_json()?))];
        Ok(Some(Accepted { set, method: RECOVERY }))
    }
}

/// What happens when a person has shown to have a factor for the first time.
async fn enable(work: &mut Work, person: SignedIn, factor: &UserMfaFactor) -> Result<()> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let own = [("user_id", Value::Uuid(person.user)), ("is_enabled", Value::Bool(true))];
    let filter = equal(&factors, &own)?;
    if work.fetch(&Select::all(factors).filtered(filter)).await?.len() == 1 {
        end_all(work, person.user, Some(person.session), "a second factor was added").await?;
    }
    let what = format!("a second factor was added: {}", factor.method.as_str());
    watch::raise(work, Kind::SecondFactorEnabled, Some(person.user), None, &what).await
}

/// Counts a wrong code. After a few of them, the code that was sent ends.
async fn count_failure(work: &mut Work, factor: &UserMfaFactor, now: Timestamp) -> Result<()> {
    let failures = i64::from(factor.failed_attempts) + 1;
    let mut set = vec![("failed_attempts", Value::Int(failures)), ("last_failed_at", instant(now))];
    if failures >= FREE_ATTEMPTS {
        set.push(("code_hash", Value::Null));
    }
    change::<UserMfaFactor>(work, &set, &[("id", Value::Uuid(factor.id.uuid()))]).await?;
    work.record(failure(factor, "wrong code"));
    Ok(())
}

/// Until when a factor takes no code, after wrong ones.
fn rest_end(factor: &UserMfaFactor) -> Timestamp {
    let over = i64::from(factor.failed_attempts) - FREE_ATTEMPTS;
    match factor.last_failed_at {
        Some(at) if over >= 0 => at + REST * (1 << over.min(REST_DOUBLINGS)),
        _ => Timestamp::MIN,
    }
}

fn failure(factor: &UserMfaFactor, why: &str) -> Event {
    let mut event = Event::new("user_mfa_factor", "verify");
    event.resource_id = Some(factor.id.to_string());
    event.failure = Some(why.to_owned());
    event
}

fn wrong(method: MfaMethod) -> AuthError {
    let message = match method {
        MfaMethod::Totp => "Invalid TOTP code entered",
        MfaMethod::Sms => "Invalid MFA Phone code entered",
        MfaMethod::Email => "Invalid MFA Email code entered",
        MfaMethod::WebAuthn => "The answer of the security key could not be verified",
    };
    AuthError::new(AuthCode::MfaVerificationFailed, message)
}
