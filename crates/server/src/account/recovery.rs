//! A forgotten password.

use super::Answer;
use super::link::Sent;
use super::page::View;
use super::problem::Problem;
use super::sign_in::{asked, missing_address};
use super::visit::Visit;
use axum::body::Body;
use serde::Serialize;

/// The form that asks for a link to choose a new password with.
#[derive(Serialize)]
pub(crate) struct Recovery<'a> {
    pub(crate) email: &'a str,
}

impl View for Recovery<'_> {
    const TEMPLATE: &'static str = "recovery.html";
    const TITLE: &'static str = "Forgotten password";
}

/// `GET /account/{slug}/recovery`.
pub(crate) async fn show(visit: Visit) -> Answer {
    Ok(visit.show(&Recovery { email: "" }))
}

/// `POST /account/{slug}/recovery`.
pub(crate) async fn submit(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let email = form.get("email").trim();
    if let Some(problem) = missing_address(email) {
        return Ok(visit.show_problem(&Recovery { email }, &problem));
    }
    match visit.identity().recover(&asked(&visit, email, ""), &visit.request).await {
        Ok(()) => Ok(visit.show(&Sent { email, kind: "recovery", next: "" })),
        Err(error) => {
            let problem = Problem::of(error)?.about("email");
            Ok(visit.show_problem(&Recovery { email }, &problem))
        }
    }
}
