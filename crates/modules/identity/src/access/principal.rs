//! Whom members and keys act as. Requests are authenticated by it, and explanations ask it too.

use crate::access::role_book::RoleBooks;
use crate::access::roles::{self, Held};
use crate::api_key::entity::ApiKey;
use crate::authenticate::may_work;
use jiff::Timestamp;
use mainstay_entity::{Id, Value};
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User};
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::permissions::ALL;
use mainstay_kernel::{Kernel, PermissionPair, Permissions, Principal, PrincipalKind, Result};
use mainstay_store::Narrow;
use std::sync::Arc;
use uuid::Uuid;

/// Whom somebody acts as, and until when that is certain.
pub(crate) struct Acting {
    pub(crate) principal: Principal,
    pub(crate) until: Option<Timestamp>,
}

/// Whom a key acts as.
pub(crate) struct ActingKey {
    pub(crate) acting: Acting,
    /// Whether it is neither withdrawn nor has ended.
    pub(crate) is_valid: bool,
    /// Whether the member that it belongs to may work; true when it belongs to none.
    pub(crate) has_owner: bool,
}

/// An account in an organisation, without a session. Who must choose a new password can do that
/// and nothing else.
pub(crate) async fn of_user(
    kernel: &Kernel,
    books: &RoleBooks,
    user: &User,
    organization: Option<Uuid>,
    now: Timestamp,
) -> Result<Acting> {
    let id = user.id.uuid();
    let mut held = Held::default();
    let (mut teams, mut venues) = (Narrow::None, Narrow::None);
    if let Some(organization) = organization.filter(|_| !user.must_change_password) {
        held = roles::held_by(kernel, books, (organization, id), now).await?;
        // Who may do everything has these two as well.
        let all = |what| user.is_platform_admin || held.permissions.allow(what, ALL);
        teams = if all(roles::TEAMS) {
            Narrow::All
        } else {
            roles::teams_of(kernel, organization, id).await?
        };
        venues = if all(roles::VENUES) {
            Narrow::All
        } else {
            roles::venues_of(kernel, organization, id).await?
        };
    }
    let principal = Principal {
        kind: PrincipalKind::User,
        organization_id: organization,
        user_id: Some(id),
        platform_admin: user.is_platform_admin,
        permissions: Arc::new(held.permissions),
        roles: held.names,
        teams,
        venues,
        ..Principal::anonymous()
    };
    Ok(Acting { principal, until: held.until })
}

/// A key. It does nothing that its owner may not do any more.
pub(crate) async fn of_key(
    kernel: &Kernel,
    books: &RoleBooks,
    key: &ApiKey,
    now: Timestamp,
) -> Result<ActingKey> {
    let organization = key.organization_id.uuid();
    let mut pairs: Vec<PermissionPair> =
        key.scopes.iter().filter_map(|scope| PermissionPair::parse(scope)).collect();
    let mut until = key.expires_at;
    let mut has_owner = true;
    if let Some(user) = key.user_id.map(Id::uuid) {
        let held = held_by_owner(kernel, books, (organization, user), now).await?;
        has_owner = held.is_some();
        let held = held.unwrap_or_default();
        pairs.retain(|pair| held.permissions.covers(pair));
        until = [until, held.until].into_iter().flatten().min();
    }
    let principal = Principal {
        kind: PrincipalKind::ApiKey(key.id.uuid()),
        organization_id: Some(organization),
        installation: key.installation,
        permissions: Arc::new(Permissions::new(pairs)),
        teams: key.team_id.map_or(Narrow::All, |team| Narrow::Only(vec![team.uuid()])),
        venues: Narrow::All,
        ..Principal::anonymous()
    };
    let has_ended = key.expires_at.is_some_and(|end| end <= now);
    let is_valid = key.is_active && key.revoked_at.is_none() && !has_ended;
    Ok(ActingKey { acting: Acting { principal, until }, is_valid, has_owner })
}

/// What the member that a key belongs to may do; none when they may not work.
async fn held_by_owner(
    kernel: &Kernel,
    books: &RoleBooks,
    (organization, user): (Uuid, Uuid),
    now: Timestamp,
) -> Result<Option<Held>> {
    let own = [("organization_id", Value::Uuid(organization)), ("user_id", Value::Uuid(user))];
    let member: Option<OrganizationMember> = find(kernel, |table| equal(table, &own)).await?.pop();
    let account: Option<User> =
        find(kernel, |table| equal(table, &[("id", Value::Uuid(user))])).await?.pop();
    let belongs = member.is_some_and(|member| member.status == MemberStatus::Active);
    if !belongs || !account.is_some_and(|account| may_work(&account, now)) {
        return Ok(None);
    }
    roles::held_by(kernel, books, (organization, user), now).await.map(Some)
}
