//! Seats and domains: how many members and domains an organisation may have (S2-B50). Both hold
//! whoever adds them, and when many do at once.

use crate::access::delegation::{Wanted, organizations, role_to_give, typed};
use crate::access::owners;
use crate::access::role_book::Source;
use crate::auth_error::LIMIT;
use crate::organization::domain::OrganizationDomain;
use crate::organization::invitation::{Invitation, InvitationStatus};
use crate::organization::plan::{check_limit, plan_of, smaller};
use crate::settings::auth_of;
use mainstay_entity::{Choice, Value};
use mainstay_kernel::entities::{MemberStatus, Organization, OrganizationMember};
use mainstay_kernel::lookup::equal;
use mainstay_kernel::{Error, GuardFuture, Result, RowChange, Work};
use std::collections::HashSet;
use uuid::Uuid;

/// The guard of members.
pub(crate) fn members(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let coming = typed::<OrganizationMember>(changes.clone())?;
        let takes = |(old, new): &(Option<OrganizationMember>, Option<OrganizationMember>)| {
            new.as_ref().is_some_and(takes_seat) && !old.as_ref().is_some_and(takes_seat)
        };
        let coming: Vec<_> = coming.into_iter().filter(takes).collect();
        for organization in organizations(&coming, |member| member.organization_id.uuid()) {
            check_seats(work, organization).await?;
        }
        owners::members(work, changes).await
    })
}

/// Those who were asked to come have a seat kept for them.
fn takes_seat(member: &OrganizationMember) -> bool {
    matches!(member.status, MemberStatus::Active | MemberStatus::Invited)
}

async fn check_seats(work: &mut Work, organization: Uuid) -> Result<()> {
    let Some(row) = organization_row(work, organization).await? else {
        return Ok(());
    };
    let plan = plan_of(work, organization).await?.and_then(|plan| plan.max_seats);
    let Some(limit) = smaller(row.max_seats, plan) else {
        return Ok(());
    };
    // Others who take seats wait here until this work has ended.
    work.serialize_policy(organization).await?;
    let members: Vec<OrganizationMember> = Source::Open(work)
        .rows(|table| equal(table, &[("organization_id", Value::Uuid(organization))]))
        .await?;
    let members: Vec<_> = members.iter().filter(|member| takes_seat(member)).collect();
    let taken = members.len() + kept_seats(work, organization, &members).await?;
    if usize::try_from(limit).is_ok_and(|limit| taken <= limit) {
        return Ok(());
    }
    Err(Error::rule(LIMIT, format!("the organization has {limit} seats, and all are taken")))
}

/// Seats that are kept for invitations of addresses that have none yet.
async fn kept_seats(
    work: &mut Work,
    organization: Uuid,
    members: &[&OrganizationMember],
) -> Result<usize> {
    let pending = Value::Text(InvitationStatus::Pending.as_str().to_owned());
    let own = [("organization_id", Value::Uuid(organization)), ("status", pending)];
    let invitations: Vec<Invitation> = Source::Open(work).rows(|table| equal(table, &own)).await?;
    let now = work.context().now;
    let seated: HashSet<&str> = members.iter().filter_map(|m| m.email.as_deref()).collect();
    let keeps = |row: &&Invitation| now < row.expires_at && !seated.contains(&*row.email);
    Ok(invitations.iter().filter(keeps).count())
}

/// The guard of invitations: each keeps a seat while it can be accepted.
pub(crate) fn invitations(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let mut asked = typed::<Invitation>(changes)?;
        let is_pending = |row: &Invitation| row.status == InvitationStatus::Pending;
        asked.retain(|(_, new)| new.as_ref().is_some_and(is_pending));
        for organization in organizations(&asked, |row| row.organization_id.uuid()) {
            check_seats(work, organization).await?;
        }
        Ok(())
    })
}

async fn organization_row(work: &mut Work, id: Uuid) -> Result<Option<Organization>> {
    let rows: Vec<Organization> =
        Source::Open(work).rows(|table| equal(table, &[("id", Value::Uuid(id))])).await?;
    Ok(rows.into_iter().next())
}

/// The guard of organisations.
pub(crate) fn organizations_row(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let principal = work.context().principal.clone();
        let may_raise = principal.access().is_system() || principal.platform_admin;
        for (old, new) in typed::<Organization>(changes)? {
            let Some(new) = new else {
                continue;
            };
            if let Some(old) = old.as_ref().filter(|_| !may_raise)
                && (is_raised(old.max_seats, new.max_seats)
                    || is_raised(old.max_domains, new.max_domains))
            {
                let message = "seats and domains are raised by the installation's administrators";
                return Err(Error::denied(message));
            }
            if !may_raise {
                check_newcomers_role(work, old.as_ref(), &new).await?;
            }
            let names = |row: &Organization| {
                (row.max_domains, row.primary_domain.clone(), row.additional_domains.clone())
            };
            if old.is_none_or(|old| names(&old) != names(&new)) {
                check_domains(work, &new).await?;
            }
        }
        Ok(())
    })
}

/// Checks that the role of people who sign up, where it changes, is the caller's to give.
async fn check_newcomers_role(
    work: &mut Work,
    old: Option<&Organization>,
    new: &Organization,
) -> Result<()> {
    let Some(name) = auth_of(Some(new)).role else {
        return Ok(());
    };
    if auth_of(old).role.as_ref() == Some(&name) {
        return Ok(());
    }
    let id = new.id.uuid();
    let principal = work.context().principal.clone();
    match role_to_give(work, id, &name, &principal).await? {
        Wanted::Refused(why) => Err(Error::denied(why)),
        Wanted::Granted(_) | Wanted::Unknown => Ok(()),
    }
}

/// Whether a limit is higher than before, or gone.
fn is_raised(old: Option<i32>, new: Option<i32>) -> bool {
    match (old, new) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(old), Some(new)) => new > old,
    }
}

/// The guard of domains.
pub(crate) fn domains(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let mut added = typed::<OrganizationDomain>(changes)?;
        added.retain(|(old, new)| old.is_none() && new.is_some());
        for organization in organizations(&added, |row| row.organization_id.uuid()) {
            if let Some(row) = organization_row(work, organization).await? {
                check_domains(work, &row).await?;
            }
        }
        Ok(())
    })
}

/// Checks the domains that an organisation names, and those that it verifies, together.
async fn check_domains(work: &mut Work, organization: &Organization) -> Result<()> {
    let id = organization.id.uuid();
    let plan = plan_of(work, id).await?.and_then(|plan| plan.max_domains);
    let Some(limit) = smaller(organization.max_domains, plan) else {
        return Ok(());
    };
    work.serialize_policy(id).await?;
    let verified: Vec<OrganizationDomain> = Source::Open(work)
        .rows(|table| equal(table, &[("organization_id", Value::Uuid(id))]))
        .await?;
    let further = organization.additional_domains.iter().flatten().map(String::as_str);
    let primary = organization.primary_domain.iter().map(|domain| &**domain);
    let verified = verified.iter().map(|row| &*row.domain);
    let all: HashSet<String> =
        primary.chain(further).chain(verified).map(str::to_lowercase).collect();
    check_limit(all.len(), Some(limit), "domains")
}
