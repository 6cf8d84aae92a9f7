//! Ways to sign in that this release lacks: it says so, in the words that clients know.

use super::Answer;
use mainstay_identity::{AuthCode, AuthError};

/// `POST /auth/v1/sso`.
pub(crate) async fn saml() -> Answer {
    Err(AuthError::new(AuthCode::SamlProviderDisabled, "SAML 2.0 is disabled").into())
}
