//! Proof Key for Code Exchange (RFC 7636): the browser that asked for a link is the one that gets
//! the tokens, whoever opened the link.

use crate::auth_error::AuthError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mainstay_vault::{constant_time_eq, hash_token};
use serde::Deserialize;

/// Shortest and longest challenge and verifier (RFC 7636 §4.1, §4.2).
const LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;
const SHA256: &str = "s256";
const PLAIN: &str = "plain";

/// What a request says of the proof that is to come.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Challenge {
    /// What follows from the verifier.
    pub code_challenge: Option<String>,
    /// How: `s256` or `plain`.
    pub code_challenge_method: Option<String>,
}

impl Challenge {
    /// The challenge as a row holds it; none when the request has none.
    ///
    /// # Errors
    /// For one that is not of the standard's form.
    pub(crate) fn stored(&self) -> Result<Option<String>, AuthError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (challenge, method) =
            match (given(&self.code_challenge), given(&self.code_challenge_method)) {
                (None, None) => return Ok(None),
                (Some(challenge), Some(method)) => (challenge, method.to_ascii_lowercase()),
                _ => {
                    let message = "PKCE flow requires code_challenge_method and code_challenge";
                    return Err(AuthError::invalid(message));
                }
            };
        if ![SHA256, PLAIN].contains(&method.as_str()) {
            return Err(AuthError::invalid("code challenge method is not supported"));
        }
        if !is_well_formed(&challenge) {
            let message = "code challenge has to be between 43 and 128 characters, of letters, \
                           digits and -._~";
            return Err(AuthError::invalid(message));
        }
        Ok(Some(format!("{method}:{challenge}")))
    }
}

/// Whether a verifier is what a stored challenge was made of.
pub(crate) fn is_proven(stored: &str, verifier: &str) -> bool {
    if !is_well_formed(verifier) {
        return false;
    }
    match stored.split_once(':') {
        Some((SHA256, challenge)) => {
            let expected = URL_SAFE_NO_PAD.encode(hash_token(verifier));
            constant_time_eq(challenge.as_bytes(), expected.as_bytes())
        }
        Some((PLAIN, challenge)) => constant_time_eq(challenge.as_bytes(), verifier.as_bytes()),
        _ => false,
    }
}

fn is_well_formed(text: &str) -> bool {
    let is_unreserved = |c: u8| c.is_ascii_alphanumeric() || b"-._~".contains(&c);
    LENGTHS.contains(&text.len()) && text.bytes().all(is_unreserved)
}

#[cfg(test)]
mod tests {
    use super::{Challenge, is_proven};

    /// The pair is of RFC 7636, appendix B.
    #[test]
    fn the_verifier_proves_its_own_challenge() {
        let challenge = Challenge {
            code_challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned()),
            code_challenge_method: Some("S256".to_owned()),
        };
        let stored = challenge.stored().ok().flatten().unwrap_or_default();
        assert!(is_proven(&stored, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!is_proven(&stored, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        assert!(!is_proven(&stored, ""));
    }

    #[test]
    fn challenges_of_another_form_are_refused() {
        for (challenge, method) in
            [("short", "s256"), ("", "s256"), (&*"a".repeat(43), ""), (&*"a".repeat(43), "md5")]
        {
            let given = Challenge {
                code_challenge: Some(challenge.to_owned()),
                code_challenge_method: Some(method.to_owned()),
            };
            assert!(given.stored().is_err(), "{challenge} {method}");
        }
    }
}
