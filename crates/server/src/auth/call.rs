//! A request to `/auth/v1`: who asks, for which organisation, and what it says.

use super::error::Problem;
use crate::answer::Refusal;
use crate::app::App;
use crate::body;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use mainstay_identity::{AuthRequest, Identity, SignedIn};
use mainstay_kernel::{Error, Origin, Principal};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use uuid::Uuid;

/// Longest body that `/auth/v1` reads, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// A request to `/auth/v1`.
pub(crate) struct Call {
    app: Arc<App>,
    headers: HeaderMap,
    origin: Arc<Origin>,
}

impl FromRequestParts<Arc<App>> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let origin = parts.extensions.get::<RequestOrigin>().ok_or(Refusal::Internal)?;
        let RequestOrigin(origin) = origin.clone();
        if app.services().is_none() {
            return Err(Refusal::Starting.into());
        }
        Ok(Self { app: app.clone(), headers: parts.headers.clone(), origin })
    }
}

impl Call {
    /// Who is who.
    pub(crate) fn identity(&self) -> Result<&Arc<Identity>, Problem> {
        Ok(&self.app.services().ok_or(Refusal::Starting)?.identity)
    }

    /// What the request says of itself, when nobody is signed in yet.
    pub(crate) async fn request(&self, asked: Option<Uuid>) -> Result<AuthRequest, Problem> {
        let identity = self.identity()?;
        let organization =
            identity.organization_to_enter(&self.headers, asked, &self.origin).await?;
        Ok(AuthRequest { organization, origin: self.origin.clone() })
    }

    /// Who asks.
    pub(crate) async fn principal(&self) -> Result<(Arc<Principal>, AuthRequest), Problem> {
        let identity = self.identity()?;
        let known = identity.authenticate_for_account(&self.headers, &self.origin).await;
        let principal = match known {
            Ok(principal) => principal,
            Err(error) => return Err(self.unfit(error)?),
        };
        let organization = principal.organization_id;
        Ok((principal, AuthRequest { organization, origin: self.origin.clone() }))
    }

    /// The person who is signed in.
    pub(crate) async fn person(&self) -> Result<(SignedIn, AuthRequest), Problem> {
        if !self.headers.contains_key(AUTHORIZATION) {
            return Err(no_authorization());
        }
        let (principal, request) = self.principal().await?;
        match (principal.user_id, principal.session_id) {
            (Some(user), Some(session)) => Ok((SignedIn { user, session }, request)),
            _ => {
                let message = "invalid claim: missing sub claim";
                Err(Problem::new(StatusCode::FORBIDDEN, "bad_jwt", message))
            }
        }
    }

    /// What the body says.
    pub(crate) async fn read<T: DeserializeOwned>(&self, body: Body) -> Result<T, Problem> {
        let received = body::read(&self.app, body).await?;
        if received.bytes.len() > BODY_BYTES_MAX {
            return Err(Refusal::BodyTooLarge { bytes_max: BODY_BYTES_MAX }.into());
        }
        let text: &[u8] = if received.bytes.is_empty() { b"{}" } else { &received.bytes };
        serde_json::from_slice(text).map_err(|error| {
            // Serde's own text could repeat a password.
            let place = format!("line {} column {}", error.line(), error.column());
            let message = format!("Could not parse request body as JSON; see {place}");
            Problem::new(StatusCode::BAD_REQUEST, "bad_json", message)
        })
    }

    /// Why a credential does not hold.
    fn unfit(&self, error: Error) -> Result<Problem, Problem> {
        let Error::Rule { message, .. } = &error else {
            return Ok(error.into());
        };
        let bearer = self.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        Ok(if self.identity()?.lacks_session(token.trim()) {
            let message = "Session from session_id claim in JWT does not exist";
            Problem::new(StatusCode::FORBIDDEN, "session_not_found", message)
        } else {
            let message = format!("invalid JWT: {message}");
            Problem::new(StatusCode::FORBIDDEN, "bad_jwt", message)
        })
    }
}

/// The refusal of a request without a credential.
pub(crate) fn no_authorization() -> Problem {
    let message = "This endpoint requires a valid Bearer token";
    Problem::new(StatusCode::UNAUTHORIZED, "no_authorization", message)
}
