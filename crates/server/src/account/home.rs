//! The account at a glance, and what a person says of themselves.

use super::Answer;
use super::page::View;
use super::visit::{Stop, Visit, told};
use axum::body::Body;
use http::StatusCode;
use mainstay_identity::{AccountChange, PageSession, UserReply};
use serde::Serialize;
use serde_json::{Map, Value};

/// The member of what a person says of themselves that holds their name.
const NAME: &str = "full_name";

/// The account at a glance.
#[derive(Serialize)]
pub(crate) struct Home<'a> {
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
    /// The address that waits for both links.
    pub(crate) new_email: Option<&'a str>,
    /// How many second factors count.
    pub(crate) factors: usize,
}

impl View for Home<'_> {
    const TEMPLATE: &'static str = "home.html";
    const TITLE: &'static str = "Your account";
}

/// `GET /account/{slug}`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let user = own(&visit).await?;
    let name = user.user_metadata.get(NAME).and_then(Value::as_str).unwrap_or_default();
    Ok(visit.show(&view(&user, name)))
}

/// `POST /account/{slug}/profile`.
pub(crate) async fn save(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.person()?.person;
    let name = form.get("name").trim();
    let value = if name.is_empty() { Value::Null } else { Value::from(name) };
    let data = Map::from_iter([(NAME.to_owned(), value)]);
    let change = AccountChange { data: Some(data), ..AccountChange::default() };
    match visit.identity().change_account(person, &change, &visit.request).await {
        Ok(_) => Ok(visit.go_home("profile")),
        Err(error) => {
            let user = own(&visit).await?;
            visit.show_refusal(&view(&user, name), error)
        }
    }
}

/// The person who is signed in, as they see themselves.
pub(crate) async fn own(visit: &Visit) -> Result<UserReply, Stop> {
    of(visit, visit.person()?).await
}

/// Somebody who is signed in, as they see themselves.
pub(crate) async fn of(visit: &Visit, session: &PageSession) -> Result<UserReply, Stop> {
    let found = visit.identity().user_reply(session.person.user, session.organization).await?;
    let gone = || Stop::from(told(StatusCode::NOT_FOUND, "The account is gone."));
    found.ok_or_else(gone)
}

fn view<'a>(user: &'a UserReply, name: &'a str) -> Home<'a> {
    let counts = |factor: &&mainstay_identity::FactorReply| factor.status == "verified";
    Home {
        name,
        email: &user.email,
        new_email: user.new_email.as_deref(),
        factors: user.factors.iter().filter(counts).count(),
    }
}
