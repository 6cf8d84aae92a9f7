//! Codes that stand in for a lost factor: ten, each for one use, kept as hashes.

use crate::account::change::SignedIn;
use crate::auth_error::AuthError;
use crate::authenticate::Identity;
use crate::factor::factors::{demand_aal2, update};
use crate::mail::changed::{By, Changed, Reader};
use crate::session::sessions::AuthRequest;
use data_encoding::BASE32_NOPAD;
use mainstay_kernel::{Error, Event, Input, Result};
use mainstay_vault::{Entropy, constant_time_eq, hash_token};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const CODES: usize = 10;
/// 80 bits: too many to be guessed, and sixteen characters to be typed.
const CODE_BYTES: usize = 10;
const HALF: usize = 8;

impl Identity {
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
        let (mut work, held) = self.begin_with(person, factor, request).await?;
        demand_aal2(&held.session, "AAL2 required to make recovery codes")?;
        let codes = generate(&**self.kernel.entropy());
        let hashes = RecoveryCodes::of(&codes).to_json()?;
        let set = vec![("backup_codes", Input::Plain(hashes))];
        update(&mut work, factor, set).await?;
        let mut event = Event::new("user_mfa_factor", "make_recovery_codes");
        event.resource_id = Some(factor.to_string());
        work.record(event);
        let (reader, changed) = (Reader::of(&held.user), Changed::RecoveryCodesMade);
        let letters = self.tell_of_change(&mut work, reader, changed, By::Person).await?;
        self.commit_and_post(work, letters).await?;
        Ok(codes)
    }
}

/// New codes, as people keep them: `abcdefgh-ijklmnop`.
pub(crate) fn generate(entropy: &dyn Entropy) -> Vec<String> {
    let code = |_| {
        let mut bytes = [0; CODE_BYTES];
        entropy.fill(&mut bytes);
        let text = BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        let (front, back) = text.split_at(HALF);
        format!("{front}-{back}")
    };
    (0..CODES).map(code).collect()
}

/// The hashes of codes that were not used yet.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// The hashes of new codes.
    pub(crate) fn of(codes: &[String]) -> Self {
        Self(codes.iter().map(|code| hash(code)).collect())
    }

    /// Reads what a row keeps; none if it keeps something else.
    pub(crate) fn from_json(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// What a row keeps.
    pub(crate) fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// Those that are left when a code is used; none if it is not among them.
    pub(crate) fn without(self, code: &str) -> Option<Self> {
        let used = hash(code);
        let count = self.0.len();
        let is_other = |kept: &String| !constant_time_eq(kept.as_bytes(), used.as_bytes());
        let left: Vec<String> = self.0.into_iter().filter(is_other).collect();
        (left.len() < count).then_some(Self(left))
    }
}

/// Case and hyphens are the reader's.
fn hash(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let normal: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    data_encoding::HEXLOWER.encode(&hash_token(&normal))
}

#[cfg(test)]
mod tests {
    use super::{CODES, RecoveryCodes, generate};
    use mainstay_vault::SystemEntropy;

    #[test]
    fn a_code_is_used_once_however_it_is_typed() {
        let codes = generate(&SystemEntropy);
        assert_eq!(codes.len(), CODES);
        let kept = RecoveryCodes::of(&codes);
        let kept = RecoveryCodes::from_json(kept.to_json().unwrap().as_bytes()).unwrap();
        let typed = codes[3].to_ascii_uppercase().replace('-', " ");
        let left = kept.without(&typed).unwrap();
        assert_eq!(left.0.len(), CODES - 1);
        assert!(left.without(&codes[3]).is_none());
        assert!(RecoveryCodes::of(&codes).without("").is_none());
    }
}
