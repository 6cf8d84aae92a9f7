//! What people are told when something is refused.

use http::StatusCode;
use mainstay_identity::{AuthCode, AuthError};
use mainstay_kernel::Error;
use serde::Serialize;

/// Why a form was refused.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Problem {
    #[serde(skip)]
    pub(crate) status: StatusCode,
    /// The field that it is about, if it is about one.
    pub(crate) field: Option<&'static str>,
    /// In words.
    pub(crate) message: String,
}

impl Problem {
    /// What is told above the form.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, field: None, message: message.into() }
    }

    /// What is told of a field.
    pub(crate) fn at(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(message) }
    }

    /// The same of a field, if it is about nothing else.
    pub(crate) fn about(self, field: &'static str) -> Self {
        Self { field: self.field.or(Some(field)), ..self }
    }

    /// A refusal in words.
    ///
    /// # Errors
    /// What is no refusal but a failure.
    pub(crate) fn of(error: AuthError) -> Result<Self, Error> {
        match error {
            AuthError::Kernel(Error::Invalid(invalid)) => Ok(Self::new(invalid.message)),
            AuthError::Kernel(error) => Err(error),
            AuthError::WeakPassword { message, reasons } => {
                Ok(Self::at("password", weak(&reasons).map_or(message, str::to_owned)))
            }
            AuthError::Refused { code, message } => {
                let (field, words) = words(code);
                let message = words.map_or_else(|| message.into_owned(), str::to_owned);
                let status = match code {
                    AuthCode::OverEmailSendRateLimit | AuthCode::OverRequestRateLimit => {
                        StatusCode::TOO_MANY_REQUESTS
                    }
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Ok(Self { status, field, message })
            }
        }
    }
}

fn weak(reasons: &[&str]) -> Option<&'static str> {
    Some(match reasons.first().copied()? {
        "pwned" => "This password is easy to guess. Choose another one: a few words do well.",
        "reused" => "You used this password before. Choose another one.",
        _ => return None,
    })
}

/// The field that a refusal is about and what people are told; nothing where the refusal's own
/// words do.
fn words(code: AuthCode) -> (Option<&'static str>, Option<&'static str>) {
    let (field, words) = match code {
        AuthCode::InvalidCredentials => (None, "The address or the password is wrong."),
        AuthCode::EmailNotConfirmed => {
            (None, "Your address is not confirmed yet. Open the link that was sent to you.")
        }
        AuthCode::UserBanned => (None, "Your account is barred."),
        AuthCode::NotAMember => (None, "You do not belong to this organisation."),
        AuthCode::SignupDisabled => (None, "Nobody can sign up here by themselves."),
        AuthCode::UserAlreadyExists | AuthCode::EmailExists => {
            (Some("email"), "This address has an account already.")
        }
        AuthCode::OverRequestRateLimit => {
            (None, "There were too many attempts. Wait a while and try again.")
        }
        AuthCode::OverEmailSendRateLimit => {
            (None, "Too many mails were asked for. Wait a while and try again.")
        }
        AuthCode::OtpExpired => (Some("code"), "The code is wrong, or its time has passed."),
        AuthCode::SamePassword => {
            (Some("password"), "This is your present password. Choose another one.")
        }
        AuthCode::ReauthenticationNotValid => (Some("current"), "This is not your password."),
        AuthCode::ReauthenticationNeeded => {
            (None, "You signed in too long ago for this. Sign out, and in again.")
        }
        AuthCode::MfaVerificationFailed => (Some("code"), "The code is wrong."),
        AuthCode::MfaChallengeExpired => (Some("code"), "This took too long. Try again."),
        AuthCode::MfaFactorNotFound => (None, "There is no such second factor any more."),
        AuthCode::MfaFactorNameConflict => {
            (Some("name"), "Another second factor of yours has this name.")
        }
        AuthCode::TooManyEnrolledMfaFactors => {
            (None, "You have as many second factors as there can be. Remove one first.")
        }
        AuthCode::WebAuthnChallengeNotFound | AuthCode::WebAuthnChallengeExpired => {
            (None, "This took too long. Try again.")
        }
        AuthCode::WebAuthnVerificationFailed => {
            (None, "This passkey is not known here, or its answer does not hold.")
        }
        AuthCode::WebAuthnCredentialExists => (None, "You have this passkey already."),
        AuthCode::TooManyPasskeys => {
            (None, "You have as many passkeys as there can be. Remove one first.")
        }
        AuthCode::BadCodeVerifier | AuthCode::FlowStateNotFound | AuthCode::FlowStateExpired => {
            (None, "This did not begin in this browser, or took too long. Try again.")
        }
        _ => return (None, None),
    };
    (field, Some(words))
}
