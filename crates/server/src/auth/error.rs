//! Refusals of `/auth/v1`, in the shapes of Supabase Auth: that of the version that a client asks
//! for with `X-Supabase-Api-Version`.

use crate::answer::{Refusal, json};
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, StatusCode};
use mainstay_identity::{AuthCode, AuthError};
use mainstay_kernel::Error;
use serde::Serialize;

const VERSION: HeaderName = HeaderName::from_static("x-supabase-api-version");
/// The version since which a refusal's code is called `code`.
const NAMED_CODES: &str = "2024-01-01";

/// A refusal by `/auth/v1`.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    reasons: Option<Vec<&'static str>>,
}

/// The shape of clients that name no version.
#[derive(Serialize)]
struct Numbered<'a> {
    code: u16,
    error_code: &'a str,
    msg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    weak_password: Option<WeakPassword<'a>>,
}

/// The shape since [`NAMED_CODES`].
#[derive(Serialize)]
struct Named<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    weak_password: Option<WeakPassword<'a>>,
}

#[derive(Serialize)]
struct WeakPassword<'a> {
    reasons: &'a [&'static str],
}

/// Gives refusals the shape that the request asks for.
pub(crate) async fn shape(request: Request, next: Next) -> Response {
    let version = request.headers().get(&VERSION).and_then(|value| value.to_str().ok());
    let is_named = version.is_some_and(|version| version >= NAMED_CODES);
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if is_named => problem.named(),
        _ => response,
    }
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), reasons: None }
    }

    fn weak_password(&self) -> Option<WeakPassword<'_>> {
        self.reasons.as_deref().map(|reasons| WeakPassword { reasons })
    }

    fn numbered(&self) -> Response {
        let numbered = Numbered {
            code: self.status.as_u16(),
            error_code: self.code,
            msg: &self.message,
            weak_password: self.weak_password(),
        };
        self.finished(json(self.status, &numbered))
    }

    fn named(&self) -> Response {
        let named =
            Named { code: self.code, message: &self.message, weak_password: self.weak_password() };
        let mut response = self.finished(json(self.status, &named));
        response.headers_mut().insert(VERSION, HeaderValue::from_static(NAMED_CODES));
        response
    }

    fn finished(&self, mut response: http::Response<Body>) -> Response {
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.numbered();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::BodyTooLarge { .. } => "request_too_large",
            Refusal::BodyBroken => "bad_json",
            Refusal::BodyTimeout => "request_timeout",
            _ => "unexpected_failure",
        };
        Self::new(refusal.status(), code, refusal.message())
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Refused { code, message } => Self::new(status(code), code.as_str(), message),
            AuthError::WeakPassword { message, reasons } => Self {
                reasons: Some(reasons),
                ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "weak_password", message)
            },
            AuthError::Kernel(error) => error.into(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Rule { message, .. } => Self::new(StatusCode::FORBIDDEN, "bad_jwt", message),
            Error::Invalid(invalid) => {
                Self::new(StatusCode::BAD_REQUEST, "validation_failed", invalid.message)
            }
            error => {
                let (status, code, message) = if is_temporary(&error) {
                    let message = "The server is busy or its database can't be reached";
                    (StatusCode::SERVICE_UNAVAILABLE, "service_unavailable", message)
                } else {
                    let message = "Unexpected failure, please check server logs";
                    (StatusCode::INTERNAL_SERVER_ERROR, "unexpected_failure", message)
                };
                tracing::error!(%error, "a request to /auth/v1 failed");
                Self::new(status, code, message)
            }
        }
    }
}

/// The status that Supabase Auth gives with a code.
fn status(code: AuthCode) -> StatusCode {
    match code {
        AuthCode::NoAuthorization => StatusCode::UNAUTHORIZED,
        AuthCode::BadJwt
        | AuthCode::FlowStateExpired
        | AuthCode::InsufficientAal
        | AuthCode::NotAMember
        | AuthCode::NotAdmin
        | AuthCode::OtpExpired
        | AuthCode::SessionNotFound => StatusCode::FORBIDDEN,
        AuthCode::FlowStateNotFound
        | AuthCode::IdentityNotFound
        | AuthCode::DomainNotFound
        | AuthCode::InvitationNotFound
        | AuthCode::ManualLinkingDisabled
        | AuthCode::MfaFactorNotFound
        | AuthCode::SamlProviderDisabled
        | AuthCode::UserNotFound
        | AuthCode::WebAuthnCredentialNotFound => StatusCode::NOT_FOUND,
        AuthCode::Conflict => StatusCode::CONFLICT,
        AuthCode::AnonymousProviderDisabled
        | AuthCode::EmailExists
        | AuthCode::IdentityAlreadyExists
        | AuthCode::DomainNotVerified
        | AuthCode::LimitReached
        | AuthCode::MfaChallengeExpired
        | AuthCode::MfaEmailEnrollNotEnabled
        | AuthCode::MfaFactorNameConflict
        | AuthCode::MfaPhoneEnrollNotEnabled
        | AuthCode::MfaVerificationFailed
        | AuthCode::OtpDisabled
        | AuthCode::PasskeyDisabled
        | AuthCode::ProviderEmailNeedsVerification
        | AuthCode::ReauthenticationNotValid
        | AuthCode::SamePassword
        | AuthCode::SignupDisabled
        | AuthCode::SingleIdentityNotDeletable
        | AuthCode::TooManyEnrolledMfaFactors
        | AuthCode::TooManyPasskeys
        | AuthCode::UserAlreadyExists
        | AuthCode::WebAuthnCredentialExists => StatusCode::UNPROCESSABLE_ENTITY,
        AuthCode::OverEmailSendRateLimit
        | AuthCode::OverRequestRateLimit
        | AuthCode::OverSmsSendRateLimit => StatusCode::TOO_MANY_REQUESTS,
        AuthCode::UnexpectedFailure => StatusCode::INTERNAL_SERVER_ERROR,
        AuthCode::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Whether the same request may succeed in a moment.
pub(crate) fn is_temporary(error: &Error) -> bool {
    use mainstay_store::ErrorKind;
    let Error::Store(error) = error else {
        return false;
    };
    matches!(
        error.kind(),
        ErrorKind::Timeout
            | ErrorKind::Overloaded
            | ErrorKind::Conflict
            | ErrorKind::Unavailable(_)
    )
}
