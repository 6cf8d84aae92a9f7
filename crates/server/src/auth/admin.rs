//! People as an organisation's own programs manage them.

use super::Answer;
use super::call::Call;
use super::error::Problem;
use super::session::Redirect;
use crate::answer::json;
use axum::body::Body;
use axum::extract::{Path, Query};
use http::header::LINK;
use http::{HeaderName, HeaderValue, StatusCode};
use mainstay_identity::{Administrator, AuthCode, AuthError, PersonChange, WantedLink};
use serde::Deserialize;
use serde_json::{Map, Value, json as object};
use uuid::Uuid;

const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
/// People on a page when nothing else is asked for.
const PAGE: u64 = 50;

/// Which page.
#[derive(Deserialize)]
pub(crate) struct Pages {
    page: Option<String>,
    per_page: Option<String>,
}

#[derive(Deserialize)]
struct Person {
    email: Option<String>,
    phone: Option<String>,
    password: Option<String>,
    password_hash: Option<String>,
    email_confirm: Option<bool>,
    user_metadata: Option<Map<String, Value>>,
    app_metadata: Option<Map<String, Value>>,
    ban_duration: Option<String>,
    unlock: Option<bool>,
    must_change_password: Option<bool>,
}

#[derive(Deserialize)]
struct Wanted {
    r#type: Option<String>,
    email: Option<String>,
    new_email: Option<String>,
    password: Option<String>,
    data: Option<Map<String, Value>>,
    redirect_to: Option<String>,
}

#[derive(Deserialize)]
struct Invitation {
    email: Option<String>,
    data: Option<Map<String, Value>>,
}

/// `GET /auth/v1/admin/users`.
pub(crate) async fn list(call: Call, Query(pages): Query<Pages>) -> Answer {
    let admin = administrator(&call, "read").await?;
    let page = number(pages.page.as_deref(), 1)?;
    let per_page = number(pages.per_page.as_deref(), PAGE)?;
    let people = call.identity()?.people(&admin, page, per_page).await?;
    let mut response = json(StatusCode::OK, &people);
    let headers = response.headers_mut();
    headers.insert(TOTAL, people.total.into());
    let last = people.total.div_ceil(per_page).max(1);
    let link = |page: u64, name: &str| {
        format!("</auth/v1/admin/users?page={page}&per_page={per_page}>; rel=\"{name}\"")
    };
    let mut links = Vec::new();
    if page < last {
        links.push(link(page + 1, "next"));
    }
    links.push(link(last, "last"));
    if let Ok(links) = HeaderValue::from_str(&links.join(", ")) {
        headers.insert(LINK, links);
    }
    Ok(response)
}

/// `POST /auth/v1/admin/users`.
pub(crate) async fn create(call: Call, body: Body) -> Answer {
    let admin = administrator(&call, "create").await?;
    let person = change(call.read(body).await?)?;
    Ok(json(StatusCode::OK, &call.identity()?.create_person(&admin, &person).await?))
}

/// `GET /auth/v1/admin/users/{id}`.
pub(crate) async fn get(call: Call, Path(id): Path<String>) -> Answer {
    let admin = administrator(&call, "read").await?;
    Ok(json(StatusCode::OK, &call.identity()?.person(&admin, user(&id)?).await?))
}

/// `PUT /auth/v1/admin/users/{id}`.
pub(crate) async fn update(call: Call, Path(id): Path<String>, body: Body) -> Answer {
    let admin = administrator(&call, "update").await?;
    let wanted = change(call.read(body).await?)?;
    let person = call.identity()?.change_person(&admin, user(&id)?, &wanted).await?;
    Ok(json(StatusCode::OK, &person))
}

/// `DELETE /auth/v1/admin/users/{id}`.
pub(crate) async fn remove(call: Call, Path(id): Path<String>) -> Answer {
    let admin = administrator(&call, "delete").await?;
    call.identity()?.remove_person(&admin, user(&id)?).await?;
    Ok(json(StatusCode::OK, &object!({})))
}

/// `GET /auth/v1/admin/users/{id}/factors`.
pub(crate) async fn factors(call: Call, Path(id): Path<String>) -> Answer {
    let admin = administrator(&call, "read").await?;
    Ok(json(StatusCode::OK, &call.identity()?.factors_of(&admin, user(&id)?).await?))
}

/// `DELETE /auth/v1/admin/users/{id}/factors/{factor}`.
pub(crate) async fn remove_factor(
    call: Call,
    Path((id, factor)): Path<(String, String)>,
) -> Answer {
    let admin = administrator(&call, "update").await?;
    let factor = super::factor::named(&factor)?;
    call.identity()?.remove_factor(&admin, user(&id)?, factor).await?;
    Ok(json(StatusCode::OK, &object!({ "id": factor })))
}

/// `POST /auth/v1/admin/generate_link`.
pub(crate) async fn generate_link(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let admin = administrator(&call, "update").await?;
    let given: Wanted = call.read(body).await?;
    let wanted = WantedLink {
        kind: given.r#type.unwrap_or_default(),
        email: given.email.unwrap_or_default(),
        new_email: given.new_email,
        password: given.password,
        data: given.data.unwrap_or_default(),
        redirect_to: to.redirect_to.or(given.redirect_to),
    };
    Ok(json(StatusCode::OK, &call.identity()?.generate_link(&admin, &wanted).await?))
}

/// `POST /auth/v1/invite`.
pub(crate) async fn invite(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let admin = administrator(&call, "create").await?;
    let given: Invitation = call.read(body).await?;
    let (email, data) = (given.email.unwrap_or_default(), given.data.unwrap_or_default());
    let redirect_to = to.redirect_to.as_deref();
    let user = call.identity()?.invite(&admin, &email, &data, redirect_to).await?;
    Ok(json(StatusCode::OK, &user))
}

pub(super) async fn administrator(call: &Call, action: &str) -> Result<Administrator, Problem> {
    let (principal, request) = call.principal().await?;
    Ok(call.identity()?.administrator(&principal, action, &request)?)
}

fn change(person: Person) -> Result<PersonChange, Problem> {
    if person.phone.is_some_and(|phone| !phone.is_empty()) {
        return Err(super::session::phone_disabled("Unsupported phone provider"));
    }
    Ok(PersonChange {
        email: person.email,
        password: person.password,
        password_hash: person.password_hash,
        email_confirm: person.email_confirm,
        user_metadata: person.user_metadata,
        app_metadata: person.app_metadata,
        ban_duration: person.ban_duration,
        unlock: person.unlock.unwrap_or(false),
        must_change_password: person.must_change_password,
    })
}

/// A number from 1 on.
fn number(text: Option<&str>, default: u64) -> Result<u64, Problem> {
    let wrong = || AuthError::invalid("Bad Pagination Parameters: expected a number from 1 on");
    match text {
        None | Some("") => Ok(default),
        Some(text) => match text.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(wrong().into()),
        },
    }
}

pub(super) fn user(id: &str) -> Result<Uuid, Problem> {
    id.parse().map_err(|_| AuthError::new(AuthCode::UserNotFound, "User not found").into())
}
