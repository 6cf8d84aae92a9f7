//! Security keys as second factors: a challenge asks for a new key while the factor has none, and
//! for a signature from then on.

use crate::account::change::SignedIn;
use crate::auth_error::AuthError;
use crate::authenticate::Identity;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::factors::{Held, factor_not_found};
use crate::factor::reply::{CredentialOptions, FactorChallenge, KeyChallenge};
use crate::records::{lock, seek};
use crate::session::sessions::AuthRequest;
use crate::webauthn::ceremony::{self, Holder, Purpose};
use crate::webauthn::challenge::{self, Addressee};
use crate::webauthn::entity::{Ceremony, WebAuthnCredential};
use crate::webauthn::passkeys::{add_credential, exists, note_rejection, note_use};
use mainstay_entity::Value;
use mainstay_kernel::{Result, Work};
use uuid::Uuid;

impl Identity {
    pub(crate) async fn challenge_key(
        &self,
        person: SignedIn,
        factor: &UserMfaFactor,
        request: &AuthRequest,
    ) -> Result<FactorChallenge, AuthError> {
        let user = self.user(person.user).await?.ok_or_else(factor_not_found)?;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let site = self.relying_party(&mut work, request.organization).await?;
        let known: Vec<WebAuthnCredential> =
            seek(&mut work, &[("user_id", Value::Uuid(person.user))]).await?;
        let own = known.iter().find(|credential| credential.factor_id == Some(factor.id));
        let (begun, asked, kind) = match own {
            Some(key) => {
                (ceremony::begin_assertion(&site, key)?, Ceremony::Authentication, "request")
            }
            None => {
                let handle = match known.first() {
                    Some(credential) => credential.user_handle.clone(),
                    None => ceremony::new_handle(&**self.kernel.entropy()),
                };
                let holder = Holder { handle: &handle, name: &user.email };
                let purpose = Purpose::SecondFactor;
                let begun = ceremony::begin_registration(&site, purpose, &holder, &known)?;
                (begun, Ceremony::Registration, "create")
            }
        };
        let whom = addressee(person, factor.id.uuid());
        let given = challenge::keep(&mut work, asked, whom, &begun).await?;
        work.commit().await?;
        let credential_options = CredentialOptions { public_key: begun.options };
        Ok(FactorChallenge {
            id: given.id,
            r#type: MfaMethod::WebAuthn.factor_type(),
            expires_at: given.expires_at,
            webauthn: Some(KeyChallenge { r#type: kind, credential_options }),
        })
    }

    /// Uses up the challenge of a security key, and says whether its answer holds: a new key for a
    /// factor that has none, or a signature with the one that it has. Whatever comes of it, the
    /// work is to be committed.
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnChallengeNotFound`](crate::AuthCode::WebAuthnChallengeNotFound),
    /// [`AuthCode::WebAuthnChallengeExpired`](crate::AuthCode::WebAuthnChallengeExpired),
    /// [`AuthCode::WebAuthnCredentialExists`](crate::AuthCode::WebAuthnCredentialExists).
    pub(crate) async fn accept_key(
        &self,
        work: &mut Work,
        person: SignedIn,
        held: &Held,
        (challenge, answer): (Uuid, &[u8]),
        request: &AuthRequest,
    ) -> Result<bool, AuthError> {
        let factor = held.factor.id.uuid();
        let key: Option<WebAuthnCredential> =
            lock(work, &[("factor_id", Value::Uuid(factor))]).await?;
        let state = self.take_key_challenge(work, person, factor, challenge, key.as_ref()).await?;
        let site = self.relying_party(work, request.organization).await?;
        let Some(key) = key else {
            let made = match ceremony::finish_registration(&site, &state, answer) {
                Ok(made) => made,
                Err(rejected) => {
                    tracing::debug!(%factor, ?rejected, "a security key was not accepted");
                    return Ok(false);
                }
            };
            let added = add_credential(work, person.user, Some(factor), &site, &made).await;
            return match added {
                Ok(_) => Ok(true),
                Err(error) if AuthError::is_taken(&error) => Err(exists()),
                Err(error) => Err(error.into()),
            };
        };
        match ceremony::finish_assertion(&site, &state, &key, answer) {
            Ok(used) => {
                note_use(work, key.id.uuid(), used).await?;
                Ok(true)
            }
            Err(rejected) => {
                note_rejection(work, &key, &rejected).await?;
                Ok(false)
            }
        }
    }

    /// Uses up the challenge of a security key that a recovery code stands in for.
    ///
    /// # Errors
    /// As [`Identity::accept_key`].
    pub(crate) async fn replace_key(
        &self,
        work: &mut Work,
        person: SignedIn,
        held: &Held,
        challenge: Uuid,
    ) -> Result<(), AuthError> {
        let factor = held.factor.id.uuid();
        let key: Option<WebAuthnCredential> =
            lock(work, &[("factor_id", Value::Uuid(factor))]).await?;
        self.take_key_challenge(work, person, factor, challenge, key.as_ref()).await?;
        Ok(())
    }

    async fn take_key_challenge(
        &self,
        work: &mut Work,
        person: SignedIn,
        factor: Uuid,
        challenge: Uuid,
        key: Option<&WebAuthnCredential>,
    ) -> Result<Vec<u8>, AuthError> {
        let asked = match key {
            Some(_) => Ceremony::Authentication,
            None => Ceremony::Registration,
        };
        self.take_challenge(work, challenge, asked, addressee(person, factor)).await
    }
}

fn addressee(person: SignedIn, factor: Uuid) -> Addressee {
    Addressee { user: Some(person.user), session: Some(person.session), factor: Some(factor) }
}
