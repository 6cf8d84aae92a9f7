//! What is refused of changes of roles: nobody grants what they don't have, roles inherit in no
//! circle, and conditions are such that they can be kept.

use crate::access::owners;
use crate::access::role_book::{RoleBook, Source};
use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::{AssignmentStatus, Permission, Role, RolePermission, UserRole};
use mainstay_kernel::lookup::{equal, one_of};
use mainstay_kernel::permissions::{CREATE, DELETE, READ, UPDATE};
use mainstay_kernel::{
    Condition, Error, GuardFuture, PermissionPair, Principal, PrincipalKind, Result, RowChange,
    Work, policy,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// The code of a change that would take away what must stay (restrict violation).
pub(crate) const MUST_STAY: &str = "23001";
/// The code of a value that breaks a rule.
const BREAKS_RULE: &str = "23514";
/// The code of a condition that can't be kept.
const WRONG_CONDITION: &str = "22023";

/// The guard of roles.
pub(crate) fn roles(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let changes = typed::<Role>(changes)?;
        check_shipped(work, &changes)?;
        // What the server itself adds is as it should be.
        if is_server(work) && changes.iter().all(|(old, _)| old.is_none()) {
            return Ok(());
        }
        for organization in organizations(&changes, |role| role.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
            check_inheritance(work, organization).await?;
            check_roles(work, organization).await?;
        }
        Ok(())
    })
}

/// The guard of permissions that roles have.
pub(crate) fn role_permissions(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let changes = typed::<RolePermission>(changes)?;
        check_conditions(work, &changes).await?;
        if is_server(work) && changes.iter().all(|(old, _)| old.is_none()) {
            return Ok(());
        }
        for organization in organizations(&changes, |grant| grant.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
            check_roles(work, organization).await?;
        }
        Ok(())
    })
}

/// The guard of the installation's list of permissions.
pub(crate) fn permissions(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        for (_, new) in typed::<Permission>(changes)? {
            if let Some(permission) = new
                && let Some(document) = &permission.conditions
            {
                check_condition(work, &permission, document.as_str())?;
            }
        }
        Ok(())
    })
}

/// The guard of roles that members have.
pub(crate) fn user_roles(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let changes = typed::<UserRole>(changes)?;
        let takes_away = changes.iter().any(|(old, _)| old.is_some());
        if is_server(work) && !takes_away {
            return Ok(());
        }
        for organization in organizations(&changes, |role| role.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
            let book = RoleBook::load(&mut Source::Open(work), organization).await?;
            for (old, new) in &changes {
                if let Some(new) = new.as_ref().filter(|new| grants_more(old.as_ref(), new)) {
                    check_assignment(work, &book, new)?;
                }
            }
            if takes_away {
                owners::keep_one(work, organization, &book).await?;
            }
        }
        Ok(())
    })
}

/// Whether an assignment gives what the one before it did not.
fn grants_more(old: Option<&UserRole>, new: &UserRole) -> bool {
    let is_active = |role: &&UserRole| role.status == AssignmentStatus::Active;
    let Some(old) = old.filter(is_active) else {
        return is_active(&new);
    };
    let is_longer = match (old.expires_at, new.expires_at) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(old), Some(new)) => new > old,
    };
    let is_other = old.role_id != new.role_id || old.user_id != new.user_id;
    is_active(&new) && (is_longer || is_other)
}

/// Rows before and after.
pub(crate) fn typed<E: Entity>(changes: Vec<RowChange>) -> Result<Vec<(Option<E>, Option<E>)>> {
    let row = |record: Option<_>| record.map(E::from_record).transpose().map_err(Error::internal);
    changes.into_iter().map(|change| Ok((row(change.old)?, row(change.new)?))).collect()
}

/// The organisations that rows belong to.
pub(crate) fn organizations<E>(
    changes: &[(Option<E>, Option<E>)],
    of: impl Fn(&E) -> Uuid,
) -> BTreeSet<Uuid> {
    changes.iter().flat_map(|(old, new)| old.iter().chain(new)).map(of).collect()
}

/// Whether the server itself works, or an operator by it.
fn is_server(work: &Work) -> bool {
    work.context().principal.access().is_system()
}

/// Shipped roles stay under their names: what is documented of them holds everywhere.
fn check_shipped(work: &Work, changes: &[(Option<Role>, Option<Role>)]) -> Result<()> {
    let gone = |(old, new): &(Option<Role>, Option<Role>)| match (old, new) {
        (Some(old), Some(new)) => old.is_system && old.name != new.name,
        (Some(old), None) => old.is_system,
        (None, _) => false,
    };
    if is_server(work) || !changes.iter().any(gone) {
        return Ok(());
    }
    Err(Error::rule(MUST_STAY, "a shipped role can't be removed or renamed"))
}

/// Checks that all roles inherit from roles that there are, in no circle (S4-B48).
async fn check_inheritance(work: &mut Work, organization: Uuid) -> Result<()> {
    let roles: Vec<Role> = Source::Open(work)
        .rows(|table| equal(table, &[("organization_id", Value::Uuid(organization))]))
        .await?;
    let parents: HashMap<&str, &[String]> =
        roles.iter().map(|role| (&*role.name, &role.inherits[..])).collect();
    for (name, inherits) in &parents {
        if let Some(unknown) = inherits.iter().find(|other| !parents.contains_key(other.as_str())) {
            let message = format!("role {name} inherits {unknown}, and there is no such role");
            return Err(Error::rule(BREAKS_RULE, message));
        }
        let mut seen = HashSet::new();
        let mut open: Vec<&str> = inherits.iter().map(String::as_str).collect();
        while let Some(parent) = open.pop() {
            if parent == *name {
                let message = format!("role {name} would inherit itself");
                return Err(Error::rule(BREAKS_RULE, message));
            }
            if seen.insert(parent) {
                let further = parents.get(parent).copied().unwrap_or_default();
                open.extend(further.iter().map(String::as_str));
            }
        }
    }
    Ok(())
}

/// Checks that no role gained what whoever changed them does not have, by whatever way: a
/// permission, inheritance, or the loss of a narrower permission that overrode a wide one.
async fn check_roles(work: &mut Work, organization: Uuid) -> Result<()> {
    let after = RoleBook::load(&mut Source::Open(work), organization).await?;
    if !is_server(work) && !work.context().principal.platform_admin {
        let kernel = work.kernel().clone();
        let before = RoleBook::load(&mut Source::Committed(&kernel), organization).await?;
        for (role, grants) in after.iter() {
            let gained = match before.grants(role) {
                Some(earlier) => grants.gained_over(earlier),
                None => grants.pairs().cloned().collect(),
            };
            check_covered(work, &gained)?;
        }
    }
    owners::keep_one(work, organization, &after).await
}

fn check_assignment(work: &Work, book: &RoleBook, assignment: &UserRole) -> Result<()> {
    match book.grants(assignment.role_id.uuid()) {
        Some(grants) => check_covered(work, &grants.pairs().cloned().collect::<Vec<_>>()),
        // The reference refuses it.
        None => Ok(()),
    }
}

/// Checks that whoever works has some permissions, always.
fn check_covered(work: &Work, pairs: &[PermissionPair]) -> Result<()> {
    let principal = &work.context().principal;
    if is_server(work) || principal.platform_admin {
        return Ok(());
    }
    match pairs.iter().find(|pair| !principal.permissions.covers(pair)) {
        None => Ok(()),
        Some(pair) => Err(Error::denied(ungrantable(pair))),
    }
}

fn ungrantable(pair: &PermissionPair) -> String {
    format!("{pair} can't be granted by somebody who does not have it")
}

/// A role that somebody wants to give.
pub(crate) enum Wanted {
    /// They may.
    Granted(Uuid),
    /// They may not, for this reason.
    Refused(String),
    /// There is no such role.
    Unknown,
}

/// Looks a role up by its name, and whether somebody may give it.
pub(crate) async fn role_to_give(
    work: &mut Work,
    organization: Uuid,
    name: &str,
    principal: &Principal,
) -> Result<Wanted> {
    let own =
        [("organization_id", Value::Uuid(organization)), ("name", Value::Text(name.to_owned()))];
    let roles: Vec<Role> = Source::Open(work).rows(|table| equal(table, &own)).await?;
    let Some(role) = roles.first().map(|role| role.id.uuid()) else {
        return Ok(Wanted::Unknown);
    };
    Ok(match lacking(work, organization, role, principal).await? {
        None => Wanted::Granted(role),
        Some(pair) => Wanted::Refused(ungrantable(&pair)),
    })
}

/// The permission of a role that somebody lacks; none if they may give it.
pub(crate) async fn lacking(
    work: &mut Work,
    organization: Uuid,
    role: Uuid,
    principal: &Principal,
) -> Result<Option<PermissionPair>> {
    if principal.platform_admin {
        return Ok(None);
    }
    let book = RoleBook::load(&mut Source::Open(work), organization).await?;
    let pairs: Vec<PermissionPair> =
        book.grants(role).map(|grants| grants.pairs().cloned().collect()).unwrap_or_default();
    Ok(pairs.into_iter().find(|pair| !principal.permissions.covers(pair)))
}

/// Checks the conditions of new grants.
async fn check_conditions(
    work: &mut Work,
    changes: &[(Option<RolePermission>, Option<RolePermission>)],
) -> Result<()> {
    let conditional: Vec<&RolePermission> = changes
        .iter()
        .filter_map(|(_, new)| new.as_ref())
        .filter(|g| g.conditions.is_some())
        .collect();
    if conditional.is_empty() {
        return Ok(());
    }
    let ids = conditional.iter().map(|grant| Value::Uuid(grant.permission_id.uuid())).collect();
    let permissions: Vec<Permission> =
        Source::Open(work).rows(|table| one_of(table, "id", ids)).await?;
    for grant in conditional {
        let permission = permissions.iter().find(|p| p.id == grant.permission_id);
        if let (Some(permission), Some(document)) = (permission, &grant.conditions) {
            check_condition(work, permission, document.as_str())?;
        }
    }
    Ok(())
}

/// Checks that a condition can be kept for what a permission is about.
fn check_condition(work: &Work, permission: &Permission, document: &str) -> Result<()> {
    let refuse =
        |message: String| Err(Error::rule(WRONG_CONDITION, format!("conditions: {message}")));
    let condition = match Condition::compile(&[document]) {
        Ok(condition) => condition,
        Err(fault) => return refuse(fault),
    };
    if condition.columns().is_empty() {
        return Ok(());
    }
    let action = &*permission.action;
    if ![READ, CREATE, UPDATE, DELETE, "*"].contains(&action) {
        return refuse(format!("{action} is about no row; ask about subject and request alone"));
    }
    if &*permission.resource == "*" {
        return Ok(());
    }
    let mut tables = work.kernel().catalog().tables().iter();
    match tables.find(|table| policy::resource_name(table) == *permission.resource) {
        Some(table) => condition.check(table).or_else(refuse),
        // Shipped roles are the same whichever systems are switched on.
        None if matches!(work.context().principal.kind, PrincipalKind::System(_)) => Ok(()),
        None => refuse(format!("{} is no table and has no rows", &*permission.resource)),
    }
}
