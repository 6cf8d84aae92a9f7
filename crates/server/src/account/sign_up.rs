//! Signing up, where the organisation lets people in.

use super::Answer;
use super::link::{Sent, next_of};
use super::page::View;
use super::sign_in::{asked, missing_address};
use super::visit::Visit;
use axum::body::Body;
use mainstay_identity::{Challenge, Resend, SignUp, SignedUp};
use serde::Serialize;
use serde_json::{Map, Value};

/// The form to sign up with.
#[derive(Serialize)]
pub(crate) struct NewAccount<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    pub(crate) next: &'a str,
    pub(crate) password_min: usize,
    /// Whether people can make an account here.
    pub(crate) is_open: bool,
}

impl View for NewAccount<'_> {
    const TEMPLATE: &'static str = "sign_up.html";
    const TITLE: &'static str = "Sign up";
}

/// `GET /account/{slug}/sign-up`.
pub(crate) async fn show(visit: Visit) -> Answer {
    Ok(visit.show(&view(&visit, ("", ""), visit.query("next"))))
}

/// `POST /account/{slug}/sign-up`.
pub(crate) async fn submit(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (name, email, next) = (form.get("name").trim(), form.get("email").trim(), form.get("next"));
    let view = view(&visit, (name, email), next);
    if let Some(problem) = missing_address(email) {
        return Ok(visit.show_problem(&view, &problem));
    }
    let mut data = Map::new();
    if !name.is_empty() {
        data.insert("full_name".to_owned(), Value::from(name));
    }
    let sign_up = SignUp {
        email: email.to_owned(),
        password: form.get("password").to_owned(),
        data,
        redirect_to: Some(visit.landing(&next_of(&visit, next))),
        challenge: Challenge::default(),
    };
    match visit.identity().sign_up(&sign_up, &visit.request).await {
        Ok(SignedUp::Session(reply)) => visit.enter(&reply, next).await,
        Ok(SignedUp::Pending(_)) => {
            Ok(visit.show(&Sent { email, kind: "email", next: &next_of(&visit, next) }))
        }
        Err(error) => visit.show_refusal(&view, error),
    }
}

/// `POST /account/{slug}/sign-up/again`: sends the link that confirms an address once more.
pub(crate) async fn send_again(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, next) = (form.get("email").trim(), form.get("next"));
    let asked = asked(&visit, email, next);
    match visit.identity().resend(Resend::Signup, &asked, &visit.request).await {
        Ok(()) => Ok(visit.show(&Sent { email, kind: "email", next: &next_of(&visit, next) })),
        Err(error) => visit.show_refusal(&view(&visit, ("", email), next), error),
    }
}

fn view<'a>(visit: &Visit, (name, email): (&'a str, &'a str), next: &'a str) -> NewAccount<'a> {
    NewAccount {
        name,
        email,
        next,
        password_min: visit.identity().password_characters_min(),
        is_open: visit.organization.auth.signup,
    }
}
