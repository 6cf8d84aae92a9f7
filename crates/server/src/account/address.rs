//! Another e-mail address.

use super::Answer;
use super::page::View;
use super::problem::Problem;
use super::visit::Visit;
use axum::body::Body;
use mainstay_identity::AccountChange;
use serde::Serialize;

/// The form that takes another address.
#[derive(Serialize)]
pub(crate) struct NewAddress<'a> {
    pub(crate) present: &'a str,
    pub(crate) email: &'a str,
}

impl View for NewAddress<'_> {
    const TEMPLATE: &'static str = "address.html";
    const TITLE: &'static str = "Change your address";
}

/// `GET /account/{slug}/address`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let session = visit.person()?;
    Ok(visit.show(&NewAddress { present: &session.email, email: "" }))
}

/// `POST /account/{slug}/address`: sends links to both addresses.
pub(crate) async fn submit(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let session = visit.person()?;
    let email = form.get("email").trim();
    let view = NewAddress { present: &session.email, email };
    let change = AccountChange {
        email: Some(email.to_owned()),
        redirect_to: Some(visit.landing("")),
        ..AccountChange::default()
    };
    match visit.identity().change_account(session.person, &change, &visit.request).await {
        Ok(_) => Ok(visit.go("address?done=address")),
        Err(error) => {
            let problem = Problem::of(error)?.about("email");
            Ok(visit.show_problem(&view, &problem))
        }
    }
}
