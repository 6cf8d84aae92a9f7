//! Organisations as their pages show them.

use crate::authenticate::Identity;
use crate::settings::{OrganizationAuth, auth_of};
use mainstay_entity::Value;
use mainstay_kernel::Result;
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup::{equal, find, one_of};
use mainstay_store::Filter;
use uuid::Uuid;

/// An organisation that works, as its pages show it.
#[derive(Clone, Debug)]
pub struct ShownOrganization {
    /// Identifier.
    pub id: Uuid,
    /// The short name in addresses.
    pub slug: String,
    /// The name.
    pub name: String,
    /// How people come to it.
    pub auth: OrganizationAuth,
}

impl Identity {
    /// The organisation of a slug, while it works.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn shown_organization(&self, slug: &str) -> Result<Option<ShownOrganization>> {
        let slug = [("slug", Value::Text(slug.to_owned()))];
        let found = find(&self.kernel, |table| equal(table, &slug)).await?;
        Ok(shown(found).pop())
    }

    /// The organisations that a person belongs to and that work, by their names.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn shown_organizations_of(&self, user: Uuid) -> Result<Vec<ShownOrganization>> {
        let own = self.memberships(user).await?;
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let own = own.into_iter().map(Value::Uuid).collect();
        Ok(shown(find(&self.kernel, |table| one_of(table, "id", own)).await?))
    }

    /// The only organisation of the installation; none when there are several.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn only_organization(&self) -> Result<Option<ShownOrganization>> {
        let mut all = shown(find(&self.kernel, |_| Ok(Filter::All)).await?);
        Ok(if all.len() == 1 { all.pop() } else { None })
    }
}

fn shown(found: Vec<Organization>) -> Vec<ShownOrganization> {
    let mut shown: Vec<ShownOrganization> = found
        .into_iter()
        .filter(|organization| organization.is_active && organization.deleted_at.is_none())
        .map(|organization| ShownOrganization {
            id: organization.id.uuid(),
            slug: organization.slug.to_string(),
            name: organization.name.to_string(),
            auth: auth_of(Some(&organization)),
        })
        .collect();
    shown.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    shown
}
