//! Ways to sign in that this release lacks: it says so, in the words that clients know.

use super::Answer;
use super::call::Call;
use mainstay_identity::{AuthCode, AuthError};

/// `GET /auth/v1/user/identities/authorize`.
pub(crate) async fn link_identity(call: Call) -> Answer {
    call.person().await?;
    Err(manual_linking().into())
}

/// `DELETE /auth/v1/user/identities/{id}`.
pub(crate) async fn unlink_identity(call: Call) -> Answer {
    call.person().await?;
    Err(manual_linking().into())
}

/// `POST /auth/v1/sso`.
pub(crate) async fn saml() -> Answer {
    Err(AuthError::new(AuthCode::SamlProviderDisabled, "SAML 2.0 is disabled").into())
}

fn manual_linking() -> AuthError {
    AuthError::new(AuthCode::ManualLinkingDisabled, "Manual linking is disabled")
}
