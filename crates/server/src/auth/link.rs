//! Links and codes: asking for them, and using them.

use super::Answer;
use super::call::Call;
use super::error::Problem;
use super::provider::see_other;
use super::session::{Redirect, phone_disabled};
use crate::answer::json;
use axum::body::Body;
use axum::extract::Query;
use http::StatusCode;
use mainstay_identity::{
    Asked, AuthCode, AuthError, Challenge, Proof, Resend, Verified, normalize_phone,
};
use serde::Deserialize;
use serde_json::{Map, Value, json as object};

#[derive(Deserialize)]
struct OneTime {
    email: Option<String>,
    phone: Option<String>,
    #[serde(default = "yes")]
    create_user: bool,
    data: Option<Map<String, Value>>,
    #[serde(flatten)]
    challenge: Challenge,
}

#[derive(Deserialize)]
struct Recover {
    email: Option<String>,
    #[serde(flatten)]
    challenge: Challenge,
}

#[derive(Deserialize)]
struct Again {
    r#type: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    #[serde(flatten)]
    challenge: Challenge,
}

#[derive(Deserialize)]
struct Shown {
    r#type: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    token: Option<String>,
    token_hash: Option<String>,
}

/// What stands in a link.
#[derive(Deserialize)]
pub(crate) struct Opened {
    r#type: Option<String>,
    token: Option<String>,
    token_hash: Option<String>,
}

fn yes() -> bool {
    true
}

/// `POST /auth/v1/otp`: a link and a code to sign in with.
pub(crate) async fn one_time(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let given: OneTime = call.read(body).await?;
    let asked = asked(given.email, given.phone, given.challenge, to)?;
    let request = call.request(None).await?;
    let data = given.create_user.then(|| given.data.unwrap_or_default());
    call.identity()?.send_magic_link(&asked, data.as_ref(), &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

/// `POST /auth/v1/recover`: a link to choose a new password with.
pub(crate) async fn recover(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let given: Recover = call.read(body).await?;
    let asked = asked(given.email, None, given.challenge, to)?;
    let request = call.request(None).await?;
    call.identity()?.recover(&asked, &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

/// `POST /auth/v1/resend`: once more what was sent before.
pub(crate) async fn resend(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let given: Again = call.read(body).await?;
    let what = match given.r#type.as_deref() {
        Some("signup") => Resend::Signup,
        Some("email_change") => Resend::EmailChange,
        Some("sms" | "phone_change") => return Err(phone_disabled("Unsupported phone provider")),
        _ => {
            let message = "Missing one of these types: signup, email_change, sms, phone_change";
            return Err(AuthError::invalid(message).into());
        }
    };
    let asked = asked(given.email, given.phone, given.challenge, to)?;
    let request = call.request(None).await?;
    call.identity()?.resend(what, &asked, &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

/// `POST /auth/v1/verify`: a code, or the token of a link.
pub(crate) async fn verify(call: Call, body: Body) -> Answer {
    let given: Shown = call.read(body).await?;
    let kind = given.r#type.unwrap_or_default();
    if let Some(phone) = &given.phone {
        normalize_phone(phone)?;
        let message = "Token has expired or is invalid";
        return Err(AuthError::new(AuthCode::OtpExpired, message).into());
    }
    let proof = match (given.token_hash, given.token, given.email) {
        (Some(token), ..) => Proof::Token(token),
        (None, Some(digits), Some(email)) => Proof::Code { email, digits },
        _ => {
            let message = "Verify requires either a token or a token hash";
            return Err(AuthError::invalid(message).into());
        }
    };
    let request = call.request(None).await?;
    Ok(match call.identity()?.redeem(&kind, &proof, &request).await? {
        Verified::Session(reply) => json(StatusCode::OK, &reply),
        Verified::Told(what) => json(StatusCode::OK, &object!({ "code": "200", "msg": what })),
    })
}

/// `GET /auth/v1/verify`: a link that was opened in a browser, which goes on from here.
pub(crate) async fn follow(call: Call, Query(opened): Query<Opened>) -> Answer {
    let token = opened.token.or(opened.token_hash).unwrap_or_default();
    let kind = opened.r#type.unwrap_or_default();
    if token.is_empty() || kind.is_empty() {
        return Err(AuthError::invalid("Verify requires a token and a verification type").into());
    }
    let request = call.request(None).await?;
    let address = call.identity()?.follow_link(&kind, &token, &request).await?;
    see_other(&address)
}

fn asked(
    email: Option<String>,
    phone: Option<String>,
    challenge: Challenge,
    to: Redirect,
) -> Result<Asked, Problem> {
    match (email.filter(|email| !email.is_empty()), phone) {
        (Some(email), _) => Ok(Asked { email, redirect_to: to.redirect_to, challenge }),
        (None, Some(phone)) if !phone.is_empty() => {
            normalize_phone(&phone)?;
            Err(phone_disabled("Unsupported phone provider"))
        }
        _ => Err(AuthError::invalid("One of email or phone must be set").into()),
    }
}
