//! The person who is signed in.

use super::Answer;
use super::call::{Call, no_authorization};
use super::session::Redirect;
use crate::answer::json;
use axum::body::Body;
use axum::extract::Query;
use http::StatusCode;
use mainstay_identity::{AccountChange, Challenge};
use serde::Deserialize;
use serde_json::{Map, Value, json as object};

#[derive(Deserialize)]
struct Change {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    current_password: Option<String>,
    nonce: Option<String>,
    data: Option<Map<String, Value>>,
    #[serde(flatten)]
    challenge: Challenge,
}

/// `GET /auth/v1/user`.
pub(crate) async fn get(call: Call) -> Answer {
    let (person, request) = call.person().await?;
    let user = call.identity()?.user_reply(person.user, request.organization).await?;
    Ok(json(StatusCode::OK, &user.ok_or_else(no_authorization)?))
}

/// `PUT /auth/v1/user`.
pub(crate) async fn update(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let (person, request) = call.person().await?;
    let given: Change = call.read(body).await?;
    if given.phone.is_some_and(|phone| !phone.is_empty()) {
        return Err(super::session::phone_disabled("Unsupported phone provider"));
    }
    let is_given = |text: &String| !text.is_empty();
    let change = AccountChange {
        email: given.email.filter(is_given),
        password: given.password.filter(is_given),
        current_password: given.current_password.filter(is_given),
        nonce: given.nonce.filter(is_given),
        data: given.data,
        redirect_to: to.redirect_to,
        challenge: given.challenge,
    };
    let user = call.identity()?.change_account(person, &change, &request).await?;
    Ok(json(StatusCode::OK, &user))
}

/// `GET /auth/v1/reauthenticate`: sends a code by which the person shows once more who they are.
pub(crate) async fn reauthenticate(call: Call) -> Answer {
    let (person, request) = call.person().await?;
    call.identity()?.send_reauthentication(person, &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}
