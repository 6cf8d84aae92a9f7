//! Second factors of the person who is signed in.

use super::Answer;
use super::call::Call;
use crate::answer::json;
use axum::body::Body;
use axum::extract::Path;
use http::StatusCode;
use mainstay_identity::{AuthCode, AuthError, NewFactor};
use serde::Deserialize;
use serde_json::json as object;
use serde_json::value::RawValue;
use uuid::Uuid;

#[derive(Deserialize)]
struct Wanted {
    factor_type: Option<String>,
    friendly_name: Option<String>,
    issuer: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Shown {
    challenge_id: Option<String>,
    code: Option<String>,
    webauthn: Option<ShownKey>,
}

/// The answer of a security key.
#[derive(Deserialize)]
struct ShownKey {
    credential_response: Box<RawValue>,
}

/// `POST /auth/v1/factors`.
pub(crate) async fn enroll(call: Call, body: Body) -> Answer {
    let (person, request) = call.person().await?;
    let given: Wanted = call.read(body).await?;
    let wanted = NewFactor {
        factor_type: given.factor_type.unwrap_or_default(),
        friendly_name: given.friendly_name,
        issuer: given.issuer,
        phone: given.phone,
        email: given.email,
    };
    let factor = call.identity()?.enroll_factor(person, &wanted, &request).await?;
    Ok(json(StatusCode::OK, &factor))
}

/// `POST /auth/v1/factors/{id}/challenge`: sends a code, where codes are sent.
pub(crate) async fn challenge(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let asked = call.identity()?.challenge_factor(person, named(&id)?, &request).await?;
    Ok(json(StatusCode::OK, &asked))
}

/// `POST /auth/v1/factors/{id}/verify`: with a code of the factor, the answer of a security key, or
/// a recovery code.
pub(crate) async fn verify(call: Call, Path(id): Path<String>, body: Body) -> Answer {
    let (person, request) = call.person().await?;
    let given: Shown = call.read(body).await?;
    let challenge = given.challenge_id.as_deref().and_then(|text| text.parse::<Uuid>().ok());
    let challenge = challenge.ok_or_else(|| AuthError::invalid("challenge_id: expected a UUID"))?;
    let (identity, id) = (call.identity()?, named(&id)?);
    let reply = match given.webauthn {
        Some(shown) => {
            let answer = (challenge, shown.credential_response.get().as_bytes());
            identity.verify_security_key(person, id, answer, &request).await?
        }
        None => {
            let code = given.code.unwrap_or_default();
            identity.verify_factor(person, id, (challenge, &code), &request).await?
        }
    };
    Ok(json(StatusCode::OK, &reply))
}

/// `DELETE /auth/v1/factors/{id}`.
pub(crate) async fn unenroll(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let id = named(&id)?;
    call.identity()?.unenroll_factor(person, id, &request).await?;
    Ok(json(StatusCode::OK, &object!({ "id": id })))
}

/// `POST /auth/v1/factors/{id}/recovery_codes`: codes that are shown this once.
pub(crate) async fn recovery_codes(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let codes = call.identity()?.new_recovery_codes(person, named(&id)?, &request).await?;
    Ok(json(StatusCode::OK, &object!({ "codes": codes })))
}

pub(super) fn named(id: &str) -> Result<Uuid, AuthError> {
    id.parse().map_err(|_| AuthError::new(AuthCode::MfaFactorNotFound, "Factor not found"))
}
