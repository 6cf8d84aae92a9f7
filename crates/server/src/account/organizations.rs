//! The organisations that a person belongs to.

use super::Answer;
use super::page::View;
use super::visit::Visit;
use mainstay_identity::ShownOrganization;
use serde::Serialize;

/// The organisations.
#[derive(Serialize)]
pub(crate) struct Organizations {
    pub(crate) organizations: Vec<Membership>,
}

/// One of them.
#[derive(Serialize)]
pub(crate) struct Membership {
    pub(crate) name: String,
    pub(crate) slug: String,
    /// Whether it is the one of this session.
    pub(crate) is_current: bool,
}

impl View for Organizations {
    const TEMPLATE: &'static str = "organizations.html";
    const TITLE: &'static str = "Organisations";
}

/// `GET /account/{slug}/organizations`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let person = visit.person()?.person;
    let own = visit.identity().shown_organizations_of(person.user).await?;
    let membership = |organization: ShownOrganization| Membership {
        is_current: organization.id == visit.organization.id,
        name: organization.name,
        slug: organization.slug,
    };
    let organizations = own.into_iter().map(membership).collect();
    Ok(visit.show(&Organizations { organizations }))
}
