//! Seats and domains: how many members and domains an organisation may have (S2-B50). Both hold
//! whoever adds them, and when many do at once.

use crate::access::delegation::{organizations, typed};
use crate::access::owners;
use crate::access::role_book::Source;
use mainstay_entity::Value;
use mainstay_kernel::entities::{MemberStatus, Organization, OrganizationMember};
use mainstay_kernel::lookup::equal;
use mainstay_kernel::{Error, GuardFuture, Result, RowChange, Work};
use uuid::Uuid;

/// The code of what is more than the limit (program limit exceeded).
const TOO_MANY: &str = "54000";

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
    let Some(limit) = row.max_seats else {
        return Ok(());
    };
    // Others who take seats wait here until this work has ended.
    work.serialize_policy(organization).await?;
    let members: Vec<OrganizationMember> = Source::Open(work)
        .rows(|table| equal(table, &[("organization_id", Value::Uuid(organization))]))
        .await?;
    let taken = members.iter().filter(|member| takes_seat(member)).count();
    if usize::try_from(limit).is_ok_and(|limit| taken <= limit) {
        return Ok(());
    }
    Err(Error::rule(TOO_MANY, format!("the organization has {limit} seats, and all are taken")))
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
            if let Some(old) = old.filter(|_| !may_raise)
                && (is_raised(old.max_seats, new.max_seats)
                    || is_raised(old.max_domains, new.max_domains))
            {
                let message = "seats and domains are raised by the installation's administrators";
                return Err(Error::denied(message));
            }
            check_domains(&new)?;
        }
        Ok(())
    })
}

/// Whether a limit is higher than before, or gone.
fn is_raised(old: Option<i32>, new: Option<i32>) -> bool {
    match (old, new) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(old), Some(new)) => new > old,
    }
}

fn check_domains(organization: &Organization) -> Result<()> {
    let further = organization.additional_domains.as_deref().unwrap_or_default().len();
    let domains = further + usize::from(organization.primary_domain.is_some());
    match organization.max_domains {
        Some(limit) if usize::try_from(limit).is_ok_and(|limit| domains > limit) => {
            Err(Error::rule(
                TOO_MANY,
                format!("the organization may have {limit} domains, and would have {domains}"),
            ))
        }
        _ => Ok(()),
    }
}
