//! Codes that are sent to a factor's number or address, through the queue of messages.

use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::challenge::HOLDS;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::factors::factor_not_found;
use crate::mail::Notice;
use crate::records::change;
use crate::session::sessions::{AuthRequest, session_org};
use crate::sign_in::verification::VerificationPurpose;
use mainstay_entity::Value;
use uuid::Uuid;

const PURPOSE: &str = "factor code";
/// A code has six digits.
const CODES: u64 = 1_000_000;

impl Identity {
    /// Sends a factor a new code for a challenge; the one before ends.
    ///
    /// # Errors
    /// [`AuthCode::OverEmailSendRateLimit`], [`AuthCode::OverSmsSendRateLimit`],
    /// [`AuthCode::OverRequestRateLimit`].
    pub(crate) async fn send_factor_code(
        &self,
        person: SignedIn,
        factor: &UserMfaFactor,
        challenge: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let is_text = factor.method == MfaMethod::Sms;
        let to: &str = match (&factor.phone, &factor.email) {
            (Some(phone), _) if is_text => phone,
            (_, Some(email)) if !is_text => email,
            _ => return Err(factor_not_found()),
        };
        let asked = self.count_asked(to, factor.method.shown_as(), request).await;
        asked.map_err(|error| match error {
            AuthError::Refused { code: AuthCode::OverEmailSendRateLimit, .. } if is_text => {
                AuthError::new(AuthCode::OverSmsSendRateLimit, "SMS rate limit exceeded")
            }
            other => other,
        })?;
        let members = self.memberships(person.user).await?;
        let entered = session_org(&self.session_of(person).await?);
        let organization = entered.or(members.first().copied());
        let digits = self.new_factor_code();
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let hash = self.factor_code_mac(factor.id.uuid(), challenge, &digits);
        let set = [("code_hash", Value::Bytes(hash))];
        let own = [("id", Value::Uuid(factor.id.uuid()))];
        change::<UserMfaFactor>(&mut work, &set, &own).await?;
        let notice = Notice {
            purpose: VerificationPurpose::SecondFactor,
            to,
            link: "",
            digits: Some(&digits),
            holds: HOLDS,
            user: organization.filter(|id| members.contains(id)).map(|_| person.user),
        };
        let letters = if is_text {
            self.send_text(&mut work, &notice).await?
        } else {
            self.send_notice(&mut work, &notice).await?
        };
        Ok(self.commit_and_post(work, letters).await?)
    }

    /// What is kept of a code that was sent.
    pub(crate) fn factor_code_mac(&self, factor: Uuid, challenge: Uuid, digits: &str) -> Vec<u8> {
        let parts = [factor.as_bytes(), challenge.as_bytes(), digits.as_bytes()];
        self.signing.mac(PURPOSE, &parts).to_vec()
    }

    fn new_factor_code(&self) -> String {
        let mut number = [0; 8];
        self.kernel.entropy().fill(&mut number);
        // Of 2^64 numbers, six digits favour none by more than one in 10^13.
        format!("{:06}", u64::from_be_bytes(number) % CODES)
    }
}
