//! Challenges of factors: what a code or a security key answers.
//!
//! A challenge that a code answers is no row: its identifier holds when it ends and a MAC over
//! factor and session, so that it is of use to nobody else. What makes an authenticator's code
//! single is the step that the factor keeps; a code that was sent is kept as a MAC, bound to its
//! challenge, until it is used or another one is sent.

use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::factors::factor_not_found;
use crate::factor::reply::FactorChallenge;
use crate::session::sessions::AuthRequest;
use jiff::SignedDuration;
use mainstay_kernel::{Error, Result};
use mainstay_vault::constant_time_eq;
use uuid::Uuid;

/// How long a challenge can be answered.
pub(crate) const HOLDS: SignedDuration = SignedDuration::from_mins(5);
const PURPOSE: &str = "factor challenge";
const TIME_BYTES: usize = 6;

impl Identity {
    /// Asks a person to show a factor: sends a code, where codes are sent.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::OverEmailSendRateLimit`],
    /// [`AuthCode::OverSmsSendRateLimit`], [`AuthCode::PasskeyDisabled`].
    pub async fn challenge_factor(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<FactorChallenge, AuthError> {
        let factor = self.factor_of(person, factor).await?;
        match factor.method {
            MfaMethod::WebAuthn => self.challenge_key(person, &factor, request).await,
            MfaMethod::Totp => Ok(self.plain_challenge(person, &factor)?),
            MfaMethod::Sms | MfaMethod::Email => {
                let challenge = self.plain_challenge(person, &factor)?;
                self.send_factor_code(person, &factor, challenge.id, request).await?;
                Ok(challenge)
            }
        }
    }

    fn plain_challenge(&self, person: SignedIn, factor: &UserMfaFactor) -> Result<FactorChallenge> {
        let expires_at = (self.kernel.clock().now() + HOLDS).as_second();
        let id = self.challenge_id(person, factor.id.uuid(), expires_at)?;
        let r#type = factor.method.factor_type();
        Ok(FactorChallenge { id, r#type, expires_at, webauthn: None })
    }

    /// An identifier that says when the challenge ends, and that it was given out.
    fn challenge_id(&self, person: SignedIn, factor: Uuid, expires_at: i64) -> Result<Uuid> {
        let time = u64::try_from(expires_at).map_err(Error::internal)?.to_be_bytes();
        let time = &time[time.len() - TIME_BYTES..];
        let parts = [factor.as_bytes(), person.session.as_bytes(), time];
        let mac = self.signing.mac(PURPOSE, &parts);
        let mut bytes = [0; 16];
        bytes[..TIME_BYTES].copy_from_slice(time);
        bytes[TIME_BYTES..].copy_from_slice(&mac[..16 - TIME_BYTES]);
        // Version 8 is for identifiers that are made otherwise (RFC 9562 §5.8).
        Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// Whether a challenge was given to a session for a factor, and lasts.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::MfaChallengeExpired`].
    pub(crate) fn check_challenge(
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
