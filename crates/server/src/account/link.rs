//! Links and codes that were mailed: a page says that one was sent, others take it.

use super::Answer;
use super::page::View;
use super::problem::Problem;
use super::sign_in;
use super::visit::{Visit, redirect};
use axum::body::Body;
use mainstay_identity::{AuthError, Proof, Verified};
use serde::Serialize;

/// A new password is chosen after a link of this kind.
const RECOVERY: &str = "recovery";

/// Says that a mail was sent, and takes the code in it.
#[derive(Serialize)]
pub(crate) struct Sent<'a> {
    pub(crate) email: &'a str,
    /// What the code is for: `email` or `recovery`.
    pub(crate) kind: &'a str,
    pub(crate) next: &'a str,
}

impl View for Sent<'_> {
    const TEMPLATE: &'static str = "sent.html";
    const TITLE: &'static str = "Look into your mail";
}

/// A link that was opened and not used yet.
#[derive(Serialize)]
pub(crate) struct Link<'a> {
    /// The address that it was sent to; none for a link that does not hold.
    pub(crate) email: Option<&'a str>,
    pub(crate) kind: &'a str,
    pub(crate) token: &'a str,
    pub(crate) next: &'a str,
}

impl View for Link<'_> {
    const TEMPLATE: &'static str = "link.html";
    const TITLE: &'static str = "Your link";
}

/// `GET /account/{slug}/link?type=…&token=…`: asks before the link is used up. A browser that a
/// provider sends comes here too, with `code=…`.
pub(crate) async fn show(visit: Visit) -> Answer {
    if !visit.query("code").is_empty() || !visit.query("error").is_empty() {
        return arrive(&visit).await;
    }
    let (kind, token) = (visit.query("type"), visit.query("token"));
    let email = visit.identity().link_address(kind, token).await?;
    let view = Link { email: email.as_deref(), kind, token, next: visit.query("next") };
    Ok(visit.show(&view))
}

/// `POST /account/{slug}/link`: uses the link.
pub(crate) async fn take(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (kind, next) = (form.get("type"), form.get("next"));
    let proof = Proof::Token(form.get("token").to_owned());
    match visit.identity().redeem(kind, &proof, &visit.request).await {
        Ok(verified) => enter(&visit, verified, kind, next).await,
        Err(error @ AuthError::Refused { .. }) => {
            let view = Link { email: None, kind: "", token: "", next };
            let problem = Problem { field: None, ..Problem::of(error)? };
            Ok(visit.show_problem(&view, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/{slug}/code`: takes the code beside a link.
pub(crate) async fn take_code(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, kind, next) = (form.get("email"), form.get("type"), form.get("next"));
    let digits = form.get("code").trim().replace([' ', '-'], "");
    let proof = Proof::Code { email: email.to_owned(), digits };
    match visit.identity().redeem(kind, &proof, &visit.request).await {
        Ok(verified) => enter(&visit, verified, kind, next).await,
        Err(error) => visit.show_refusal(&Sent { email, kind, next }, error),
    }
}

/// A browser that comes back from a provider.
async fn arrive(visit: &Visit) -> Answer {
    let (code, next) = (visit.query("code"), visit.query("next"));
    let (verifier, _) = visit.identity().page_challenge(visit.bound_to());
    let refused = |problem: &Problem, view| Ok(visit.show_problem(&view, problem));
    let view = sign_in::view(visit, "", next).await?;
    if code.is_empty() {
        let said = visit.query("error_description");
        let words = if said.is_empty() { "The provider did not sign you in." } else { said };
        return refused(&Problem::new(words), view);
    }
    match visit.identity().exchange(code, &verifier, &visit.request).await {
        Ok(reply) => visit.enter(&reply, next).await,
        Err(error) => refused(&Problem::of(error)?, view),
    }
}

/// Where to go on, as a link or form carries it: nothing for what is not allowed.
pub(crate) fn next_of(visit: &Visit, next: &str) -> String {
    if visit.onward(next).is_some() { next.to_owned() } else { String::new() }
}

async fn enter(visit: &Visit, verified: Verified, kind: &str, next: &str) -> Answer {
    match verified {
        Verified::Session(reply) if kind == RECOVERY => {
            visit.enter(&reply, &format!("{}/password", visit.base())).await
        }
        Verified::Session(reply) => visit.enter(&reply, next).await,
        Verified::Told(_) if kind == "unlock" => Ok(visit.go("sign-in?done=unlocked")),
        Verified::Told(_) => {
            let page = if visit.session().is_some() { "address" } else { "sign-in" };
            Ok(redirect(&format!("{}/{page}?done=address-half", visit.base())))
        }
    }
}
