//! Signing in through others, and adding them to an account.

use super::Answer;
use super::call::Call;
use super::error::Problem;
use crate::answer::json;
use crate::cookies;
use crate::docs::html;
use axum::body::Body;
use axum::extract::{Form, Path, Query};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use mainstay_identity::{
    Agreement, AuthCode, AuthError, Challenge, Departed, Departure, FLOW, Landing, Return,
};
use minijinja::{Environment, context};
use serde::Deserialize;
use serde_json::json as object;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The cookie of a browser goes nowhere else.
const CALLBACK: &str = "/auth/v1/callback";
/// The parameters of our own; others may be for the provider.
const OWN: [&str; 8] = [
    "code_challenge",
    "code_challenge_method",
    "flow",
    "organization_id",
    "provider",
    "redirect_to",
    "scopes",
    "skip_http_redirect",
];

type Parameters = Query<BTreeMap<String, String>>;

/// What a browser comes back with.
#[derive(Deserialize)]
pub(crate) struct Back {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// What the page's form sends.
#[derive(Deserialize)]
pub(crate) struct Agreed {
    #[serde(default)]
    code: String,
}

/// `GET /auth/v1/authorize?provider=…`: sends a browser to a provider.
pub(crate) async fn authorize(call: Call, Query(given): Parameters) -> Answer {
    let departure = departure(&given)?;
    let departed = match given.get("flow") {
        Some(flow) => call.identity()?.continue_link(flow, &departure).await?,
        None => {
            let request = call.request(organization(&given)?).await?;
            call.identity()?.depart(&departure, &request).await?
        }
    };
    let mut response = see_other(&departed.address)?;
    response.headers_mut().insert(SET_COOKIE, cookie(&departed, is_secure(&call)?)?);
    Ok(response)
}

/// `GET /auth/v1/callback`: a browser that comes back.
pub(crate) async fn callback(call: Call, headers: HeaderMap, Query(back): Query<Back>) -> Answer {
    let request = call.request(None).await?;
    let back = Return {
        state: back.state.unwrap_or_default(),
        code: back.code,
        error: back.error,
        error_description: back.error_description,
        issuer: back.iss,
    };
    let given = |name: &str| cookies::cookie(&headers, name).map(str::to_owned);
    match call.identity()?.land(&back, given, &request).await? {
        Landing::Away(address) => see_other(&address),
        Landing::Ask(agreement) => Ok(ask(&agreement)),
    }
}

/// `POST /auth/v1/callback`: the answer to the page that asks.
pub(crate) async fn agree(call: Call, headers: HeaderMap, Form(agreed): Form<Agreed>) -> Answer {
    let request = call.request(None).await?;
    let given = |name: &str| cookies::cookie(&headers, name).map(str::to_owned);
    match call.identity()?.agree(&agreed.code, given, &request).await? {
        Landing::Away(address) => see_other(&address),
        Landing::Ask(agreement) => Ok(ask(&agreement)),
    }
}

/// `GET /auth/v1/user/identities/authorize?provider=…`: begins to add a provider to an account.
pub(crate) async fn link_identity(call: Call, Query(given): Parameters) -> Answer {
    let (person, request) = call.person().await?;
    let departure = departure(&given)?;
    let identity = call.identity()?;
    let flow = identity.begin_link(&departure, person, &request).await?;
    // The browser gets its cookie there, as it could not from an answer to another site's script.
    let parameters = given.iter().filter(|(name, _)| {
        !OWN.contains(&name.as_str()) || ["provider", "scopes"].contains(&name.as_str())
    });
    let parameters = parameters.map(|(name, value)| (name.as_str(), value.as_str()));
    let parameters: Vec<(&str, &str)> = parameters.chain([("flow", flow.as_str())]).collect();
    let address = identity.address_with("authorize", &parameters);
    if given.get("skip_http_redirect").is_some_and(|skip| skip == "true") {
        return Ok(json(StatusCode::OK, &object!({ "url": address })));
    }
    see_other(&address)
}

/// `DELETE /auth/v1/user/identities/{id}`.
pub(crate) async fn unlink_identity(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let missing = || AuthError::new(AuthCode::IdentityNotFound, "Identity doesn't exist");
    let id = id.parse::<Uuid>().map_err(|_| missing())?;
    call.identity()?.unlink(person, id, &request).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

fn departure(given: &BTreeMap<String, String>) -> Result<Departure, Problem> {
    let text = |name: &str| given.get(name).filter(|text| !text.is_empty()).cloned();
    let Some(provider) = text("provider") else {
        let message = "Unsupported provider: missing provider";
        return Err(AuthError::invalid(message).into());
    };
    let further = given.iter().filter(|(name, _)| !OWN.contains(&name.as_str()));
    Ok(Departure {
        provider,
        redirect_to: text("redirect_to"),
        scopes: text("scopes").unwrap_or_default(),
        challenge: Challenge {
            code_challenge: text("code_challenge"),
            code_challenge_method: text("code_challenge_method"),
        },
        further: further.map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

/// The organisation that the address names: a browser sends no key.
fn organization(given: &BTreeMap<String, String>) -> Result<Option<Uuid>, Problem> {
    let parse = |text: &String| {
        let message = "organization_id: expected a UUID";
        text.parse::<Uuid>().map_err(|_| AuthError::invalid(message).into())
    };
    given.get("organization_id").map(parse).transpose()
}

fn is_secure(call: &Call) -> Result<bool, Problem> {
    Ok(call.identity()?.issuer().starts_with("https://"))
}

/// The cookie by which the browser is known when it comes back. It comes back from another site by
/// a link, which `Lax` allows and `Strict` does not.
fn cookie(departed: &Departed, is_secure: bool) -> Result<HeaderValue, Problem> {
    let Departed { cookie, browser, .. } = departed;
    let (seconds, secure) = (FLOW.as_secs(), if is_secure { "; Secure" } else { "" });
    let line = format!(
        "{cookie}={browser}; Path={CALLBACK}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&line).map_err(|_| no_address())
}

/// Sends a browser on, with nothing of where it was.
pub(super) fn see_other(address: &str) -> Answer {
    let address = HeaderValue::from_str(address).map_err(|_| no_address())?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(LOCATION, address);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

fn no_address() -> Problem {
    AuthError::invalid("the address to go on to is no address").into()
}

/// The form's answer sends the browser on to another site, which some browsers hold to be a place
/// that the form is sent to: `form-action` would keep it here.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const ASK: &str = include_str!("../assets/link_identity.html");

fn ask(agreement: &Agreement) -> Response<Body> {
    let Agreement { code, provider, there, account } = agreement;
    let values = context! { code, provider, there, account };
    // The name's ending turns escaping on.
    match Environment::new().render_named_str("link_identity.html", ASK, values) {
        Ok(page) => {
            let mut response = html(StatusCode::OK, Bytes::from(page));
            let policy = HeaderValue::from_static(POLICY);
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            crate::answer::Refusal::Internal.response(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ask;
    use http_body_util::BodyExt;
    use mainstay_identity::Agreement;

    #[tokio::test]
    async fn the_page_that_asks_shows_what_others_say_as_text() {
        let agreement = Agreement {
            code: "c".to_owned(),
            provider: "okta".to_owned(),
            there: "<script>1</script>".to_owned(),
            account: String::new(),
        };
        let bytes = ask(&agreement).into_body().collect().await.unwrap().to_bytes();
        let page = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(page.contains("</html>") && !page.contains("<script>"), "{page}");
    }
}
