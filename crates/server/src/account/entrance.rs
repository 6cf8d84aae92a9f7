//! Ways into the pages and out of them: which organisation, and where to go on.

use super::Answer;
use super::cookie::Cookie;
use super::page::{Frame, View, draw};
use super::visit::{Visit, escaped, protection, redirect};
use crate::answer::Refusal;
use crate::app::App;
use crate::origin::RequestOrigin;
use axum::extract::{Extension, Query, State};
use http::{HeaderMap, StatusCode};
use mainstay_identity::{AuthRequest, Onward};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the page that asks for an organisation was told.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    organization: String,
    #[serde(default)]
    next: String,
}

/// Asks which organisation somebody belongs to.
#[derive(Serialize)]
pub(crate) struct Choose<'a> {
    pub(crate) next: &'a str,
    /// What was typed and is none.
    pub(crate) unknown: &'a str,
}

impl View for Choose<'_> {
    const TEMPLATE: &'static str = "choose.html";
    const TITLE: &'static str = "Your organisation";
}

/// Says where a browser goes on.
#[derive(Serialize)]
pub(crate) struct Continue<'a> {
    pub(crate) url: &'a str,
}

impl View for Continue<'_> {
    const TEMPLATE: &'static str = "continue.html";
    const TITLE: &'static str = "You are signed in";
}

/// `GET /account`: leads to the pages of an organisation: the one that is named, that of the
/// session, or the only one.
pub(crate) async fn choose(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    Query(chosen): Query<Chosen>,
    headers: HeaderMap,
) -> Answer {
    let identity = &app.services().ok_or(Refusal::Starting)?.identity;
    let slug = chosen.organization.trim().to_lowercase();
    let is_secure = protection(identity.own_url()).unwrap_or(true);
    let found = if !slug.is_empty() {
        identity.shown_organization(&slug).await?
    } else if let Some(cookie) = Cookie::Session.read(&headers, is_secure) {
        let request = AuthRequest { organization: None, origin };
        let session = identity.page_session(cookie, &request).await?;
        match session.and_then(|session| session.organization.map(|id| (id, session.person))) {
            Some((id, person)) => {
                let own = identity.shown_organizations_of(person.user).await?;
                own.into_iter().find(|organization| organization.id == id)
            }
            None => identity.only_organization().await?,
        }
    } else {
        identity.only_organization().await?
    };
    Ok(match found {
        Some(organization) if chosen.next.is_empty() => {
            redirect(&format!("/account/{}", organization.slug))
        }
        Some(organization) => {
            let next = escaped(&chosen.next);
            redirect(&format!("/account/{}/continue?next={next}", organization.slug))
        }
        None => {
            let status = if slug.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND };
            let view = Choose { next: &chosen.next, unknown: &chosen.organization };
            draw(status, &Frame::default(), &view)
        }
    })
}

/// `GET /account/{slug}/continue?next=…`: goes on, over a page that says so where that is another
/// site.
pub(crate) async fn go_on(visit: Visit) -> Answer {
    visit.person()?;
    Ok(match visit.onward(visit.query("next")) {
        Some(Onward::Here(path)) => redirect(&path),
        Some(Onward::Elsewhere(url)) => visit.show(&Continue { url: &url }),
        None => redirect(&visit.base()),
    })
}
