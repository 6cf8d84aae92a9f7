//! Showing a second factor after the first.

use super::Answer;
use super::home;
use super::page::View;
use super::passkeys::Passkey;
use super::visit::{Stop, Visit, redirect};
use axum::body::Body;
use mainstay_identity::{FactorChallenge, FactorReply, PageSession};
use serde::Serialize;
use uuid::Uuid;

const TOTP: &str = "totp";
const SECURITY_KEY: &str = "webauthn";

/// The factors that can be shown, and the form that takes a code.
#[derive(Serialize)]
pub(crate) struct SecondFactor<'a> {
    /// Those whose codes are at hand.
    pub(crate) authenticators: Vec<Shown>,
    /// Those that are asked first: codes that are sent, security keys.
    pub(crate) others: Vec<Shown>,
    pub(crate) next: &'a str,
}

/// A factor that can be shown.
#[derive(Serialize)]
pub(crate) struct Shown {
    pub(crate) id: Uuid,
    /// What it is called.
    pub(crate) name: String,
    /// Whether it is a security key.
    pub(crate) is_key: bool,
}

impl View for SecondFactor<'_> {
    const TEMPLATE: &'static str = "second_factor.html";
    const TITLE: &'static str = "Second factor";
}

/// Takes a code that was sent.
#[derive(Serialize)]
pub(crate) struct SentCode<'a> {
    pub(crate) factor: Uuid,
    pub(crate) challenge: Uuid,
    pub(crate) next: &'a str,
}

impl View for SentCode<'_> {
    const TEMPLATE: &'static str = "sent_code.html";
    const TITLE: &'static str = "A code was sent";
}

/// `GET /account/{slug}/second-factor`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let next = visit.query("next");
    match visit.session() {
        None => Ok(visit.go("sign-in")),
        Some(session) if !session.needs_second_factor => Ok(redirect(&visit.destination(next))),
        Some(session) => Ok(visit.show(&view(&visit, session, next).await?)),
    }
}

/// `POST /account/{slug}/second-factor/ask`: sends a code, or asks a security key.
pub(crate) async fn ask(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let Some(session) = visit.session() else {
        return Ok(visit.go("sign-in"));
    };
    let (factor, next) = (form.id("factor"), form.get("next"));
    match visit.identity().challenge_factor(session.person, factor, &visit.request).await {
        Ok(FactorChallenge { id, webauthn: Some(asked), .. }) => Ok(visit.show(&Passkey {
            ceremony: "get",
            options: asked.credential_options.public_key.to_string(),
            challenge: id,
            action: format!("{}/second-factor", visit.base()),
            factor: Some(factor),
            name: "",
            next,
        })),
        Ok(asked) => Ok(visit.show(&SentCode { factor, challenge: asked.id, next })),
        Err(error) => visit.show_refusal(&view(&visit, session, next).await?, error),
    }
}

/// `POST /account/{slug}/second-factor`: takes a code, or the answer of a security key.
pub(crate) async fn take(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let Some(session) = visit.session() else {
        return Ok(visit.go("sign-in"));
    };
    let (person, request) = (session.person, &visit.request);
    let (factor, next, identity) = (form.id("factor"), form.get("next"), visit.identity());
    let code = form.get("code").trim().replace(' ', "");
    let shown = match (form.given("challenge"), form.given("credential")) {
        (Some(_), Some(credential)) => {
            let answer = (form.id("challenge"), credential.as_bytes());
            identity.verify_security_key(person, factor, answer, request).await
        }
        (Some(_), None) => {
            identity.verify_factor(person, factor, (form.id("challenge"), &code), request).await
        }
        (None, _) => match identity.challenge_factor(person, factor, request).await {
            Ok(asked) => identity.verify_factor(person, factor, (asked.id, &code), request).await,
            Err(error) => Err(error),
        },
    };
    match shown {
        Ok(reply) => visit.enter(&reply, next).await,
        Err(error) => visit.show_refusal(&view(&visit, session, next).await?, error),
    }
}

async fn view<'a>(
    visit: &Visit,
    session: &PageSession,
    next: &'a str,
) -> Result<SecondFactor<'a>, Stop> {
    let mut factors = home::of(visit, session).await?.factors;
    factors.retain(|factor| factor.status == "verified");
    let (authenticators, others): (Vec<_>, Vec<_>) =
        factors.into_iter().partition(|factor| factor.factor_type == TOTP);
    let shown = |factors: Vec<FactorReply>| factors.into_iter().map(shown).collect();
    Ok(SecondFactor { authenticators: shown(authenticators), others: shown(others), next })
}

fn shown(factor: FactorReply) -> Shown {
    let kind = match factor.factor_type {
        TOTP => "Authenticator",
        SECURITY_KEY => "security key",
        _ => "",
    };
    let place = factor.phone.or(factor.email);
    let name = Some(factor.friendly_name).filter(|name| !name.is_empty()).or(place);
    Shown {
        id: factor.id,
        name: name.unwrap_or_else(|| kind.to_owned()),
        is_key: factor.factor_type == SECURITY_KEY,
    }
}
