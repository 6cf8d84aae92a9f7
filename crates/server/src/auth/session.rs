//! Sessions: how they begin, go on, and end.

use super::Answer;
use super::call::Call;
use super::error::Problem;
use crate::answer::{json, no_content};
use axum::body::Body;
use axum::extract::{Path, Query};
use http::StatusCode;
use mainstay_identity::{
    AuthCode, AuthError, Challenge, GivenToken, SignOutScope, SignUp, SignedUp,
};
use serde::Deserialize;
use serde_json::{Map, Value, json as object};
use uuid::Uuid;

/// How a token is asked for.
#[derive(Deserialize)]
pub(crate) struct Grant {
    grant_type: Option<String>,
}

/// Where a browser goes on.
#[derive(Deserialize)]
pub(crate) struct Redirect {
    pub(crate) redirect_to: Option<String>,
}

/// Which sessions end.
#[derive(Deserialize)]
pub(crate) struct Scope {
    scope: Option<String>,
}

/// What a person signs in with.
#[derive(Deserialize)]
struct Credentials {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    /// Chooses one of several memberships.
    organization_id: Option<Uuid>,
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Exchange {
    auth_code: Option<String>,
    code_verifier: Option<String>,
}

/// A token of a provider that the client got by itself.
#[derive(Deserialize)]
struct ForeignToken {
    provider: Option<String>,
    id_token: Option<String>,
    /// What the token's own is the hash of.
    nonce: Option<String>,
    /// Whether the provider is to be added to the account of who is signed in.
    #[serde(default)]
    link_identity: bool,
    /// Chooses one of several memberships.
    organization_id: Option<Uuid>,
}

#[derive(Deserialize)]
struct NewAccount {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    data: Option<Map<String, Value>>,
    #[serde(flatten)]
    challenge: Challenge,
}

/// `POST /auth/v1/token?grant_type=…`.
pub(crate) async fn token(call: Call, Query(grant): Query<Grant>, body: Body) -> Answer {
    match grant.grant_type.as_deref() {
        Some("password") => sign_in(&call, body).await,
        Some("refresh_token") => refresh(&call, body).await,
        Some("pkce") => exchange(&call, body).await,
        Some("id_token") => with_id_token(&call, body).await,
        Some("web3") => {
            let message = "Web3 provider is disabled";
            Err(AuthError::new(AuthCode::ProviderDisabled, message).into())
        }
        _ => Err(AuthError::invalid("unsupported_grant_type").into()),
    }
}

async fn sign_in(call: &Call, body: Body) -> Answer {
    let given: Credentials = call.read(body).await?;
    let Some(email) = given.email.filter(|email| !email.is_empty()) else {
        return Err(match given.phone {
            Some(_) => phone_disabled("Phone logins are disabled"),
            None => AuthError::invalid("missing email or phone").into(),
        });
    };
    let request = call.request(given.organization_id).await?;
    let password = given.password.unwrap_or_default();
    let reply = call.identity()?.sign_in(&email, &password, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

async fn refresh(call: &Call, body: Body) -> Answer {
    let given: Refresh = call.read(body).await?;
    let Some(token) = given.refresh_token.filter(|token| !token.is_empty()) else {
        return Err(AuthError::invalid("refresh_token required").into());
    };
    let request = call.request(None).await?;
    Ok(json(StatusCode::OK, &call.identity()?.refresh(&token, &request).await?))
}

async fn exchange(call: &Call, body: Body) -> Answer {
    let given: Exchange = call.read(body).await?;
    let (Some(code), Some(verifier)) = (given.auth_code, given.code_verifier) else {
        let message = "invalid request: both auth code and code verifier should be non-empty";
        return Err(AuthError::invalid(message).into());
    };
    let request = call.request(None).await?;
    Ok(json(StatusCode::OK, &call.identity()?.exchange(&code, &verifier, &request).await?))
}

async fn with_id_token(call: &Call, body: Body) -> Answer {
    let given: ForeignToken = call.read(body).await?;
    let is_given = |text: &String| !text.is_empty();
    let (Some(provider), Some(id_token)) =
        (given.provider.filter(is_given), given.id_token.filter(is_given))
    else {
        return Err(AuthError::invalid("id_token and provider required").into());
    };
    let given_token = GivenToken { provider, id_token, nonce: given.nonce.filter(is_given) };
    let (person, request) = if given.link_identity {
        let (person, request) = call.person().await?;
        (Some(person), request)
    } else {
        (None, call.request(given.organization_id).await?)
    };
    let identity = call.identity()?;
    let reply = identity.sign_in_with_token(&given_token, person, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `POST /auth/v1/signup`: with an address and a password, or with neither.
pub(crate) async fn sign_up(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let given: NewAccount = call.read(body).await?;
    let request = call.request(None).await?;
    let identity = call.identity()?;
    let data = given.data.unwrap_or_default();
    let is_given = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    if !is_given(&given.email) {
        if is_given(&given.phone) {
            return Err(phone_disabled("Phone signups are disabled"));
        }
        let reply = identity.sign_in_anonymously(&data, &request).await?;
        return Ok(json(StatusCode::OK, &reply));
    }
    let sign_up = SignUp {
        email: given.email.unwrap_or_default(),
        password: given.password.unwrap_or_default(),
        data,
        redirect_to: to.redirect_to,
        challenge: given.challenge,
    };
    Ok(match identity.sign_up(&sign_up, &request).await? {
        SignedUp::Session(reply) => json(StatusCode::OK, &reply),
        SignedUp::Pending(user) => json(StatusCode::OK, &user),
    })
}

/// `POST /auth/v1/logout?scope=global|local|others`.
pub(crate) async fn sign_out(call: Call, Query(asked): Query<Scope>) -> Answer {
    let scope = match asked.scope.as_deref() {
        None | Some("" | "global") => SignOutScope::Global,
        Some("local") => SignOutScope::Local,
        Some("others") => SignOutScope::Others,
        Some(_) => {
            let message = "Unsupported logout scope: expected global, local or others";
            return Err(AuthError::invalid(message).into());
        }
    };
    let (person, request) = call.person().await?;
    call.identity()?.sign_out(person.user, person.session, scope, &request).await?;
    Ok(no_content())
}

/// `GET /auth/v1/sessions`: where the person is signed in.
pub(crate) async fn list(call: Call) -> Answer {
    let (person, _) = call.person().await?;
    let sessions = call.identity()?.sessions(person.user, Some(person.session)).await?;
    Ok(json(StatusCode::OK, &object!({ "sessions": sessions })))
}

/// `DELETE /auth/v1/sessions/{id}`: signs the person out at one device.
pub(crate) async fn end(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let missing = || AuthError::new(AuthCode::SessionNotFound, "There is no such session");
    let id = id.parse::<Uuid>().map_err(|_| missing())?;
    if call.identity()?.end_session(person.user, id, &request).await? {
        Ok(no_content())
    } else {
        Err(missing().into())
    }
}

pub(crate) fn phone_disabled(message: &'static str) -> Problem {
    AuthError::new(AuthCode::PhoneProviderDisabled, message).into()
}
