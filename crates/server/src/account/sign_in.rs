//! Signing in with a password or by a mail, and signing out.

use super::Answer;
use super::link::{Sent, next_of};
use super::page::View;
use super::problem::Problem;
use super::visit::{Visit, redirect};
use axum::body::Body;
use mainstay_identity::{Asked, AuthCode, AuthError, Challenge};
use serde::Serialize;

/// The forms to sign in with.
#[derive(Default, Serialize)]
pub(crate) struct SignIn<'a> {
    pub(crate) email: &'a str,
    /// Where to go on.
    pub(crate) next: &'a str,
    /// Whether people can make an account here.
    pub(crate) is_open: bool,
    /// Whether the address that was given waits for its link.
    pub(crate) is_unconfirmed: bool,
    /// Whether mails are sent.
    pub(crate) sends_mail: bool,
}

impl View for SignIn<'_> {
    const TEMPLATE: &'static str = "sign_in.html";
    const TITLE: &'static str = "Sign in";
}

/// `GET /account/{slug}/sign-in`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let next = visit.query("next");
    if visit.proven().is_ok() {
        return Ok(redirect(&visit.destination(next)));
    }
    Ok(visit.show(&view(&visit, "", next)))
}

/// `POST /account/{slug}/sign-in`.
pub(crate) async fn with_password(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, next) = (form.get("email").trim(), form.get("next"));
    let view = view(&visit, email, next);
    if let Some(problem) = missing_address(email) {
        return Ok(visit.show_problem(&view, &problem));
    }
    match visit.identity().sign_in(email, form.get("password"), &visit.request).await {
        Ok(reply) => visit.enter(&reply, next).await,
        Err(error) => {
            let code = AuthCode::EmailNotConfirmed;
            let is_unconfirmed =
                matches!(&error, AuthError::Refused { code: given, .. } if *given == code);
            visit.show_refusal(&SignIn { is_unconfirmed, ..view }, error)
        }
    }
}

/// `POST /account/{slug}/sign-in/link`: sends a link and a code.
pub(crate) async fn send_link(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, next) = (form.get("email").trim(), form.get("next"));
    let asked = asked(&visit, email, next);
    match visit.identity().send_magic_link(&asked, None, &visit.request).await {
        Ok(()) => Ok(visit.show(&Sent { email, kind: "email", next: &next_of(&visit, next) })),
        Err(error) => {
            let problem = Problem::of(error)?.about("email");
            Ok(visit.show_problem(&view(&visit, email, next), &problem))
        }
    }
}

/// `POST /account/{slug}/sign-out`.
pub(crate) async fn sign_out(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    visit.leave().await
}

/// A link that is asked for, which leads to the page that takes links.
pub(crate) fn asked(visit: &Visit, email: &str, next: &str) -> Asked {
    Asked {
        email: email.to_owned(),
        redirect_to: Some(visit.landing(&next_of(visit, next))),
        challenge: Challenge::default(),
    }
}

/// What is wrong with an address that was not given.
pub(crate) fn missing_address(email: &str) -> Option<Problem> {
    email.is_empty().then(|| Problem::at("email", "Enter your e-mail address."))
}

fn view<'a>(visit: &Visit, email: &'a str, next: &'a str) -> SignIn<'a> {
    SignIn {
        email,
        next,
        is_open: visit.organization.auth.signup,
        is_unconfirmed: false,
        sends_mail: visit.identity().sends_mail(),
    }
}
