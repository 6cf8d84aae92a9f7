//! Signing in with a passkey: the authenticator holds the key and has made sure who uses it, so
//! that it shows two factors at once (NIST SP 800-63B-4 §3.1.7).

use crate::auth_error::AuthError;
use crate::authenticate::Identity;
use crate::records::lock;
use crate::session::entity::AssuranceLevel;
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::webauthn::ceremony::{self, SignInAnswer};
use crate::webauthn::challenge::{self, Addressee};
use crate::webauthn::entity::{Ceremony, WebAuthnCredential};
use crate::webauthn::passkeys::{PasskeyOptions, note_rejection, note_use, verification_failed};
use crate::webauthn::relying_party::RelyingParty;
use mainstay_entity::Value;
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Result, Work};
use uuid::Uuid;

/// The method as tokens and attempts name it.
pub(crate) const PASSKEY: &str = "passkey";
/// Why an attempt failed, as rows say it. No lock counts it: keys can't be guessed, and nobody is
/// to lock others out.
const REJECTED: &str = "passkey rejected";

/// An answer of somebody who claims to have a passkey that there is.
struct Claim {
    answer: SignInAnswer,
    passkey: Uuid,
    user: User,
}

impl Identity {
    /// Asks whoever is there for a passkey.
    ///
    /// # Errors
    /// [`AuthCode::PasskeyDisabled`](crate::AuthCode::PasskeyDisabled),
    /// [`AuthCode::OverRequestRateLimit`](crate::AuthCode::OverRequestRateLimit).
    pub async fn begin_passkey_sign_in(
        &self,
        request: &AuthRequest,
    ) -> Result<PasskeyOptions, AuthError> {
        let mut work = self.kernel.begin(&self.system_request(request, None)).await?;
        challenge::check_room(&mut work).await?;
        let site = self.relying_party(&mut work, request.organization).await?;
        let begun = ceremony::begin_sign_in(&site)?;
        let whom = Addressee::default();
        let given = challenge::keep(&mut work, Ceremony::Authentication, whom, &begun).await?;
        work.commit().await?;
        Ok(PasskeyOptions::new(given, begun.options))
    }

    /// Signs a person in by the answer of an authenticator, `AuthenticationResponseJSON`
    /// (WebAuthn §5.1.1). The session has shown two factors.
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnChallengeNotFound`](crate::AuthCode::WebAuthnChallengeNotFound),
    /// [`AuthCode::WebAuthnChallengeExpired`](crate::AuthCode::WebAuthnChallengeExpired),
    /// [`AuthCode::WebAuthnVerificationFailed`](crate::AuthCode::WebAuthnVerificationFailed) for an
    /// unknown passkey and a wrong answer alike, and what a person is told who may not come in, as
    /// of [`Identity::sign_in`].
    pub async fn sign_in_with_passkey(
        &self,
        (challenge, answer): (Uuid, &[u8]),
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let claim = self.passkey_claim(answer).await?;
        let entrance = match &claim {
            Some(claim) => self.passkey_entrance(&claim.user, request).await,
            None => Ok(None),
        };
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        let (asked, whom) = (Ceremony::Authentication, Addressee::default());
        let state = self.take_challenge(&mut work, challenge, asked, whom).await?;
        let site = self.relying_party(&mut work, request.organization).await?;
        let holds = match &claim {
            Some(claim) => check(&mut work, claim, &site, &state).await?,
            None => false,
        };
        let user = claim.map(|claim| claim.user);
        let Some(user) = user.as_ref().filter(|_| holds) else {
            work.commit().await?;
            let email = user.as_ref().map_or("", |user| &*user.email);
            self.write_down(email, (PASSKEY, REJECTED), user.as_ref(), &context).await?;
            return Err(verification_failed());
        };
        let organization = match entrance {
            Ok(organization) => organization,
            Err(refusal) => {
                work.commit().await?;
                return Err(refusal);
            }
        };
        // Before rows that refer to it: several devices may sign in at a time.
        lock::<User>(&mut work, &[("id", Value::Uuid(user.id.uuid()))]).await?;
        self.forgive(&mut work, user, PASSKEY).await?;
        let shown = (PASSKEY, AssuranceLevel::Aal2);
        let tokens = self.open_session_at(&mut work, user, organization, shown).await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, user.id.uuid(), organization).await?)
    }

    /// Whose passkey an answer claims to be of; none if it makes no sense or nobody has it.
    async fn passkey_claim(&self, answer: &[u8]) -> Result<Option<Claim>> {
        let Ok(answer) = SignInAnswer::read(answer) else {
            return Ok(None);
        };
        let own = [("credential_id", Value::Bytes(answer.credential_id()))];
        let found: Option<WebAuthnCredential> =
            find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let Some(passkey) = found.filter(|credential| credential.factor_id.is_none()) else {
            return Ok(None);
        };
        let user = self.user(passkey.user_id.uuid()).await?;
        Ok(user.map(|user| Claim { answer, passkey: passkey.id.uuid(), user }))
    }

    /// Where somebody who has shown a passkey may come in.
    async fn passkey_entrance(
        &self,
        user: &User,
        request: &AuthRequest,
    ) -> Result<Option<Uuid>, AuthError> {
        self.check_usable(user)?;
        Ok(self.organization_of(user, request).await?.0)
    }
}

/// Checks an answer with the passkey that it claims, and notes what came of it.
async fn check(work: &mut Work, claim: &Claim, site: &RelyingParty, state: &[u8]) -> Result<bool> {
    let own = [("id", Value::Uuid(claim.passkey))];
    let Some(passkey) = lock::<WebAuthnCredential>(work, &own).await? else {
        return Ok(false);
    };
    match claim.answer.check(site, state, &passkey) {
        Ok(used) => {
            note_use(work, claim.passkey, used).await?;
            Ok(true)
        }
        Err(rejected) => {
            note_rejection(work, &passkey, &rejected).await?;
            Ok(false)
        }
    }
}
