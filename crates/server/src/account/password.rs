//! A new password.

use super::Answer;
use super::page::View;
use super::problem::Problem;
use super::visit::Visit;
use axum::body::Body;
use mainstay_identity::{AccountChange, PageSession};
use serde::Serialize;

/// The form that takes a new password.
#[derive(Serialize)]
pub(crate) struct NewPassword<'a> {
    /// For programs that keep passwords.
    pub(crate) email: &'a str,
    /// Whether the present password is asked for: by a link somebody comes who lost it.
    pub(crate) asks_present: bool,
    /// Whether nothing else can be done before.
    pub(crate) is_demanded: bool,
    pub(crate) password_min: usize,
}

impl View for NewPassword<'_> {
    const TEMPLATE: &'static str = "password.html";
    const TITLE: &'static str = "Choose a new password";
}

impl<'a> NewPassword<'a> {
    fn of(visit: &Visit, session: &'a PageSession) -> Self {
        Self {
            email: &session.email,
            asks_present: session.by_password,
            is_demanded: session.must_change_password,
            password_min: visit.identity().password_characters_min(),
        }
    }
}

/// `GET /account/{slug}/password`.
pub(crate) async fn show(visit: Visit) -> Answer {
    Ok(visit.show(&NewPassword::of(&visit, visit.proven()?)))
}

/// `POST /account/{slug}/password`.
pub(crate) async fn submit(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let session = visit.proven()?;
    let view = NewPassword::of(&visit, session);
    let Some(password) = form.given("password") else {
        let problem = Problem::at("password", "Enter a new password.");
        return Ok(visit.show_problem(&view, &problem));
    };
    if session.by_password && form.given("current").is_none() {
        let problem = Problem::at("current", "Enter your present password.");
        return Ok(visit.show_problem(&view, &problem));
    }
    let change = AccountChange {
        password: Some(password.to_owned()),
        current_password: session.by_password.then(|| form.get("current").to_owned()),
        ..AccountChange::default()
    };
    match visit.identity().change_account(session.person, &change, &visit.request).await {
        Ok(_) => Ok(visit.go_home("password")),
        Err(error) => visit.show_refusal(&view, error),
    }
}
