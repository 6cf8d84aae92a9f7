//! How people come to belong to an organisation by what they do at `/auth/v1`.

use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{change, lock, seek, text};
use mainstay_entity::Value;
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, Role, User, UserRole};
use mainstay_kernel::{Result, Work};
use uuid::Uuid;

/// Longest name of a member, in characters.
const NAME_MAX: usize = 255;

impl Identity {
    /// Makes a person a member of the work's organisation, with a role, unless they are one.
    ///
    /// # Errors
    /// [`AuthCode::NotAMember`] for somebody who is suspended there.
    pub(crate) async fn join(
        &self,
        work: &mut Work,
        user: &User,
        organization: Uuid,
        role: Option<&str>,
    ) -> Result<(), AuthError> {
        let own = [
            ("organization_id", Value::Uuid(organization)),
            ("user_id", Value::Uuid(user.id.uuid())),
        ];
        let member: Option<OrganizationMember> = lock(work, &own).await?;
        match member.map(|member| member.status) {
            Some(MemberStatus::Active) => return Ok(()),
            Some(MemberStatus::Suspended) => {
                let message = "not a member of this organisation";
                return Err(AuthError::new(AuthCode::NotAMember, message));
            }
            Some(MemberStatus::Invited | MemberStatus::Left) => {
                let set = [("status", text("active")), ("left_at", Value::Null)];
                change::<OrganizationMember>(work, &set, &own).await?;
                return Ok(());
            }
            None => self.add_to(work, user, organization, "active").await?,
        }
        if let Some(role) = role {
            self.assign(work, user.id.uuid(), organization, role).await?;
        }
        Ok(())
    }

    /// Adds a member in a state.
    pub(crate) async fn add_to(
        &self,
        work: &mut Work,
        user: &User,
        organization: Uuid,
        status: &str,
    ) -> Result<()> {
        let mut member = vec![
            ("organization_id", Value::Uuid(organization)),
            ("user_id", Value::Uuid(user.id.uuid())),
            ("status", text(status)),
        ];
        member.extend(name_of(user).map(|name| ("display_name", text(name))));
        if !user.is_anonymous {
            member.push(("email", text(&*user.email)));
        }
        add::<OrganizationMember>(work, &member).await?;
        Ok(())
    }

    /// Asks somebody who has an account to come, or to come back.
    pub(crate) async fn add_again(
        &self,
        work: &mut Work,
        user: &User,
        organization: Uuid,
    ) -> Result<()> {
        let own = [
            ("organization_id", Value::Uuid(organization)),
            ("user_id", Value::Uuid(user.id.uuid())),
        ];
        if lock::<OrganizationMember>(work, &own).await?.is_none() {
            return self.add_to(work, user, organization, "invited").await;
        }
        let set = [("status", text("invited")), ("left_at", Value::Null)];
        change::<OrganizationMember>(work, &set, &own).await?;
        Ok(())
    }

    async fn assign(
        &self,
        work: &mut Work,
        user: Uuid,
        organization: Uuid,
        role: &str,
    ) -> Result<()> {
        let own = [("organization_id", Value::Uuid(organization)), ("name", text(role))];
        let found = seek::<Role>(work, &own).await?.pop();
        let Some(role) = found else {
            tracing::warn!(%organization, role, "settings.auth.role names no role");
            return Ok(());
        };
        let assignment = [
            ("organization_id", Value::Uuid(organization)),
            ("user_id", Value::Uuid(user)),
            ("role_id", Value::Uuid(role.id.uuid())),
        ];
        add::<UserRole>(work, &assignment).await?;
        Ok(())
    }
}

/// The name that a person gave, where clients usually put it.
fn name_of(user: &User) -> Option<String> {
    let said = crate::account::reply::object(user.metadata.as_str());
    let name = ["full_name", "name"].iter().find_map(|key| said.get(*key)?.as_str())?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    (!name.trim().is_empty()).then_some(name)
}

/// Whether somebody has, or had, a membership.
pub(crate) async fn was_member(work: &mut Work, organization: Uuid, user: Uuid) -> Result<bool> {
    let own = [("organization_id", Value::Uuid(organization)), ("user_id", Value::Uuid(user))];
    Ok(!seek::<OrganizationMember>(work, &own).await?.is_empty())
}
