//! The organisations that a person belongs to, and going from one to another.

use super::Answer;
use super::page::View;
use super::visit::{Stop, Visit, redirect};
use axum::body::Body;
use http::header::SET_COOKIE;
use mainstay_identity::EnterableOrganization;
use serde::Serialize;

/// The organisations.
#[derive(Serialize)]
pub(crate) struct Organizations {
    pub(crate) organizations: Vec<EnterableOrganization>,
}

impl View for Organizations {
    const TEMPLATE: &'static str = "organizations.html";
    const TITLE: &'static str = "Organisations";
}

/// `GET /account/{slug}/organizations`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let view = view(&visit).await?;
    Ok(visit.show(&view))
}

/// `POST /account/{slug}/organizations`: takes the session to another organisation. It may be in
/// one that this page is not of.
pub(crate) async fn enter(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let Some(session) = visit.session().filter(|session| !session.needs_second_factor) else {
        return Ok(visit.go("sign-in"));
    };
    let (identity, wanted) = (visit.identity(), form.id("organization"));
    let entered = identity.enter_organization(&session.person, wanted, &visit.request).await;
    let reply = match entered {
        Ok(reply) => reply,
        Err(error) => return visit.show_refusal(&view(&visit).await?, error),
    };
    let own = identity.shown_organizations_of(session.person.user).await?;
    let slug = own.into_iter().find(|own| own.id == wanted).map(|own| own.slug);
    let page = slug.map_or_else(|| "/account".to_owned(), |slug| format!("/account/{slug}"));
    let mut response = redirect(&page);
    let cookie = visit.session_cookie(&identity.page_cookie(&reply)?);
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

async fn view(visit: &Visit) -> Result<Organizations, Stop> {
    let session = visit.person()?;
    let current = session.organization;
    let organizations =
        visit.identity().enterable_organizations(session.person.user, current).await?;
    Ok(Organizations { organizations })
}
