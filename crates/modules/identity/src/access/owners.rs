//! Owners: members who may do everything in their organisation, for good. The last one can't be
//! removed, demoted, suspended or deleted, by whomever.

use crate::access::delegation::{MUST_STAY, organizations, typed};
use crate::access::role_book::{RoleBook, Source};
use jiff::Timestamp;
use mainstay_entity::{Choice, Value};
use mainstay_kernel::entities::{
    AssignmentStatus, MemberStatus, OrganizationMember, User, UserRole, UserStatus,
};
use mainstay_kernel::lookup::{equal, one_of};
use mainstay_kernel::{Error, GuardFuture, Kernel, PermissionPair, Result, RowChange, Work};
use std::collections::HashSet;
use uuid::Uuid;

/// The guard of members.
pub(crate) fn members(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let changes = typed::<OrganizationMember>(changes)?;
        let is_active = |member: &OrganizationMember| member.status == MemberStatus::Active;
        let leaves = |(old, new): &(Option<OrganizationMember>, Option<OrganizationMember>)| {
            old.as_ref().is_some_and(is_active) && !new.as_ref().is_some_and(is_active)
        };
        let leaving: Vec<_> = changes.into_iter().filter(leaves).collect();
        for organization in organizations(&leaving, |member| member.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
            let book = RoleBook::load(&mut Source::Open(work), organization).await?;
            keep_one(work, organization, &book).await?;
        }
        Ok(())
    })
}

/// The guard of accounts. Signing in changes them all the time; only who can't come back counts.
pub(crate) fn users(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let mut leaving = HashSet::new();
        let now = work.context().now;
        for (old, new) in typed::<User>(changes)? {
            if let Some(old) = old.filter(|old| is_usable(old, now))
                && !new.as_ref().is_some_and(|new| is_usable(new, now))
            {
                leaving.insert(old.id.uuid());
            }
        }
        if leaving.is_empty() {
            return Ok(());
        }
        let kernel = work.kernel().clone();
        let ids = leaving.iter().copied().map(Value::Uuid).collect();
        let members: Vec<OrganizationMember> =
            Source::Committed(&kernel).rows(|table| one_of(table, "user_id", ids)).await?;
        let access = work.context().access();
        for organization in members.iter().map(|m| m.organization_id.uuid()).collect::<HashSet<_>>()
        {
            // Administrators of the installation reach the policy of one organisation at a time.
            if access.is_system() || access.tenant() == Some(organization) {
                work.serialize_policy(organization).await?;
            }
            let mut committed = Source::Committed(&kernel);
            let book = RoleBook::load(&mut committed, organization).await?;
            let before = owners(&mut committed, &kernel, organization, &book).await?;
            refuse_none(&before, &before.difference(&leaving).copied().collect())?;
        }
        Ok(())
    })
}

/// Whether somebody can come back to an account by themselves, for good: a lock ends.
fn is_usable(user: &User, now: Timestamp) -> bool {
    user.is_active
        && user.deleted_at.is_none()
        && user.expires_at.is_none()
        && user.status != UserStatus::Suspended
        && user.banned_until.is_none_or(|until| until <= now)
}

/// Refuses changes after which an organisation that had owners has none. `book` is as the changes
/// leave it; they must be serialized.
pub(crate) async fn keep_one(work: &mut Work, organization: Uuid, book: &RoleBook) -> Result<()> {
    let kernel = work.kernel().clone();
    let after = owners(&mut Source::Open(work), &kernel, organization, book).await?;
    if !after.is_empty() {
        return Ok(());
    }
    let mut committed = Source::Committed(&kernel);
    let earlier = RoleBook::load(&mut committed, organization).await?;
    let before = owners(&mut committed, &kernel, organization, &earlier).await?;
    refuse_none(&before, &after)
}

fn refuse_none(before: &HashSet<Uuid>, after: &HashSet<Uuid>) -> Result<()> {
    if before.is_empty() || !after.is_empty() {
        return Ok(());
    }
    let message = "the last owner of an organization can't be removed, demoted or barred";
    let mut error = Error::rule(MUST_STAY, message);
    if let Error::Rule { hint, .. } = &mut error {
        *hint = Some("Give somebody else a role that may do everything (*:*) first.".to_owned());
    }
    Err(error)
}

/// The owners of an organisation.
async fn owners(
    source: &mut Source<'_>,
    kernel: &Kernel,
    organization: Uuid,
    book: &RoleBook,
) -> Result<HashSet<Uuid>> {
    let now = kernel.clock().now();
    let everything = PermissionPair::new("*", "*");
    let own = |table: &mainstay_entity::Table, status: &str| {
        let status = Value::Text(status.to_owned());
        equal(table, &[("organization_id", Value::Uuid(organization)), ("status", status)])
    };
    let active = AssignmentStatus::Active.as_str();
    let assigned: Vec<UserRole> = source.rows(|table| own(table, active)).await?;
    let owns = |role: &UserRole| {
        let grants = book.grants(role.role_id.uuid());
        role.expires_at.is_none() && grants.is_some_and(|grants| grants.covers(&everything))
    };
    let holders: HashSet<Uuid> =
        assigned.iter().filter(|role| owns(role)).map(|role| role.user_id.uuid()).collect();
    if holders.is_empty() {
        return Ok(holders);
    }
    let active = MemberStatus::Active.as_str();
    let members: Vec<OrganizationMember> = source.rows(|table| own(table, active)).await?;
    let ids: Vec<Value> = members
        .iter()
        .map(|member| member.user_id.uuid())
        .filter(|user| holders.contains(user))
        .map(Value::Uuid)
        .collect();
    // Accounts are out of an organisation's reach; nothing of them is told.
    let users: Vec<User> = Source::Committed(kernel).rows(|table| one_of(table, "id", ids)).await?;
    Ok(users.iter().filter(|user| is_usable(user, now)).map(|user| user.id.uuid()).collect())
}
