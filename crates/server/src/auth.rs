//! `/auth/v1`: signing in, as Supabase Auth speaks it.

use crate::answer::{Refusal, json, with_type};
use crate::app::{App, Services};
use crate::body;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::{Extension, Query, State};
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use mainstay_identity::SignInError;
use mainstay_kernel::Error;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// A refusal in Supabase Auth's shape.
#[derive(Debug)]
pub(crate) struct AuthError {
    status: StatusCode,
    error_code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: u16,
    error_code: &'a str,
    msg: &'a str,
}

/// How a token is asked for.
#[derive(Deserialize)]
pub(crate) struct Grant {
    grant_type: Option<String>,
}

/// What a person signs in with.
#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
    /// Chooses one of several memberships.
    organization_id: Option<Uuid>,
}

#[derive(Serialize)]
struct Health {
    name: &'static str,
    version: &'static str,
    description: &'static str,
}

type Answer = Result<Response<Body>, AuthError>;

pub(crate) async fn health() -> Response<Body> {
    let health = Health {
        name: "Mainstay",
        version: env!("CARGO_PKG_VERSION"),
        description: "Mainstay speaks the API of Supabase Auth",
    };
    json(StatusCode::OK, &health)
}

pub(crate) async fn jwks(State(app): State<Arc<App>>) -> Answer {
    let jwks = services(&app)?.identity.jwks().to_owned();
    let mut response = with_type(StatusCode::OK, "application/json", Bytes::from(jwks));
    let kept = http::HeaderValue::from_static("public, max-age=600");
    response.headers_mut().insert(http::header::CACHE_CONTROL, kept);
    Ok(response)
}

/// `POST /auth/v1/token?grant_type=password`.
pub(crate) async fn token(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    Query(grant): Query<Grant>,
    headers: HeaderMap,
    request: Body,
) -> Answer {
    if grant.grant_type.as_deref() != Some("password") {
        let message = "grant_type must be password";
        return Err(AuthError::new(StatusCode::BAD_REQUEST, "validation_failed", message));
    }
    let body = body::read(&app, request).await?;
    let given: Credentials = serde_json::from_slice(&body.bytes).map_err(|error| {
        // Serde's own text could repeat the password.
        let place = format!("line {} column {}", error.line(), error.column());
        let message = format!("expected a JSON object with email and password; see {place}");
        AuthError::new(StatusCode::BAD_REQUEST, "bad_json", message)
    })?;
    let identity = &services(&app)?.identity;
    let asked = given.organization_id;
    let organization = identity.organization_to_enter(&headers, asked, &origin).await?;
    let reply = identity.sign_in(&given.email, &given.password, organization, &origin).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `GET /auth/v1/user`: the person that the access token names.
pub(crate) async fn user(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    headers: HeaderMap,
) -> Answer {
    let identity = &services(&app)?.identity;
    let principal = identity.authenticate(&headers, &origin).await?;
    let missing = || {
        let message = "This endpoint requires a valid Bearer token";
        AuthError::new(StatusCode::UNAUTHORIZED, "no_authorization", message)
    };
    let id = principal.user_id.ok_or_else(missing)?;
    let user = identity.user_reply(id).await?.ok_or_else(missing)?;
    Ok(json(StatusCode::OK, &user))
}

fn services(app: &App) -> Result<&Services, AuthError> {
    app.services().ok_or_else(|| Refusal::Starting.into())
}

impl AuthError {
    fn new(status: StatusCode, error_code: &'static str, message: impl Into<String>) -> Self {
        Self { status, error_code, message: message.into() }
    }
}

impl From<Refusal> for AuthError {
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

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        match error {
            Error::Rule { message, .. } => Self::new(StatusCode::FORBIDDEN, "bad_jwt", message),
            error => {
                let (status, code, message) = if is_temporary(&error) {
                    let message = "The database is busy or can't be reached";
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

/// Whether the same request may succeed in a moment.
fn is_temporary(error: &Error) -> bool {
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

impl From<SignInError> for AuthError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::InvalidCredentials => {
                Self::new(StatusCode::BAD_REQUEST, "invalid_credentials", error.to_string())
            }
            SignInError::NotAMember => {
                Self::new(StatusCode::FORBIDDEN, "not_a_member", error.to_string())
            }
            SignInError::Kernel(error) => error.into(),
        }
    }
}

impl axum::response::IntoResponse for AuthError {
    fn into_response(self) -> axum::response::Response {
        let code = self.status.as_u16();
        let problem = Problem { code, error_code: self.error_code, msg: &self.message };
        json(self.status, &problem)
    }
}
