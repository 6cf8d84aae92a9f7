//! Passkeys: signing in with one, and those of the person who is signed in.

use super::Answer;
use super::call::Call;
use crate::answer::json;
use axum::body::Body;
use axum::extract::Path;
use http::StatusCode;
use mainstay_identity::{AuthCode, AuthError};
use serde::Deserialize;
use serde_json::json as object;
use serde_json::value::RawValue;
use uuid::Uuid;

/// The answer of an authenticator.
#[derive(Deserialize)]
struct Shown {
    challenge_id: Option<String>,
    credential: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Name {
    friendly_name: Option<String>,
}

impl Shown {
    fn parts(&self) -> Result<(Uuid, &[u8]), AuthError> {
        let challenge = self.challenge_id.as_deref().and_then(|text| text.parse().ok());
        let challenge =
            challenge.ok_or_else(|| AuthError::invalid("challenge_id: expected a UUID"))?;
        let credential = self.credential.as_deref();
        let credential =
            credential.ok_or_else(|| AuthError::invalid("credential: expected an object"))?;
        Ok((challenge, credential.get().as_bytes()))
    }
}

/// `POST /auth/v1/passkeys/authentication/options`: what a browser asks an authenticator.
pub(crate) async fn sign_in_options(call: Call) -> Answer {
    let request = call.request(None).await?;
    Ok(json(StatusCode::OK, &call.identity()?.begin_passkey_sign_in(&request).await?))
}

/// `POST /auth/v1/passkeys/authentication/verify`: a session for what it answered.
pub(crate) async fn sign_in(call: Call, body: Body) -> Answer {
    let given: Shown = call.read(body).await?;
    let request = call.request(None).await?;
    let reply = call.identity()?.sign_in_with_passkey(given.parts()?, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `POST /auth/v1/passkeys/registration/options`.
pub(crate) async fn registration_options(call: Call) -> Answer {
    let (person, request) = call.person().await?;
    Ok(json(StatusCode::OK, &call.identity()?.begin_passkey(person, &request).await?))
}

/// `POST /auth/v1/passkeys/registration/verify`.
pub(crate) async fn register(call: Call, body: Body) -> Answer {
    let (person, request) = call.person().await?;
    let given: Shown = call.read(body).await?;
    let passkey = call.identity()?.add_passkey(person, given.parts()?, &request).await?;
    Ok(json(StatusCode::OK, &passkey))
}

/// `GET /auth/v1/passkeys`.
pub(crate) async fn list(call: Call) -> Answer {
    let (person, _) = call.person().await?;
    Ok(json(StatusCode::OK, &call.identity()?.passkeys(person.user).await?))
}

/// `PATCH /auth/v1/passkeys/{id}`: another name.
pub(crate) async fn rename(call: Call, Path(id): Path<String>, body: Body) -> Answer {
    let (person, request) = call.person().await?;
    let given: Name = call.read(body).await?;
    let name = given.friendly_name.unwrap_or_default();
    let passkey = call.identity()?.rename_passkey(person, named(&id)?, &name, &request).await?;
    Ok(json(StatusCode::OK, &passkey))
}

/// `DELETE /auth/v1/passkeys/{id}`.
pub(crate) async fn remove(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    call.identity()?.remove_passkey(person, named(&id)?, &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

/// `GET /auth/v1/admin/users/{id}/passkeys`.
pub(crate) async fn list_of_member(call: Call, Path(id): Path<String>) -> Answer {
    let admin = super::admin::administrator(&call, "read").await?;
    let user = super::admin::user(&id)?;
    Ok(json(StatusCode::OK, &call.identity()?.passkeys_of_member(&admin, user).await?))
}

/// `DELETE /auth/v1/admin/users/{id}/passkeys/{passkey}`.
pub(crate) async fn remove_of_member(
    call: Call,
    Path((id, passkey)): Path<(String, String)>,
) -> Answer {
    let admin = super::admin::administrator(&call, "update").await?;
    let user = super::admin::user(&id)?;
    call.identity()?.remove_passkey_of_member(&admin, user, named(&passkey)?).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

fn named(id: &str) -> Result<Uuid, AuthError> {
    let missing = || AuthError::new(AuthCode::WebAuthnCredentialNotFound, "Passkey not found");
    id.parse().map_err(|_| missing())
}
