//! Accounts that end: of people who look around for a while (S2-B44).

use crate::access::role_book::{RoleBooks, Source};
use crate::access::roles;
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User};
use mainstay_kernel::lookup::{equal, position, table};
use mainstay_kernel::{Done, Error, Input, Result, Work};
use serde::Deserialize;
use uuid::Uuid;

/// Whose account ends, and when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    user_id: Uuid,
    /// Nothing means never.
    expires_at: Option<String>,
}

/// `rpc/set_account_end`: from then on nobody signs in with the account, and sessions are over. It
/// is for members of this organisation alone, who may do nothing that the caller may not.
pub(crate) async fn set_account_end(work: Work, arguments: Arguments) -> Result<Done> {
    let user = arguments.user_id;
    let end = arguments.expires_at.as_deref().map(str::parse::<Timestamp>).transpose();
    let end =
        end.map_err(|_| Error::rule("22023", "expires_at: expected an instant (RFC 3339)"))?;
    check(&work, user).await?;
    let mut work = work.act_everywhere("accounts").await?;
    let users = table::<User>(work.kernel().catalog())?;
    let end = end.map_or(Value::Null, |end| Value::Timestamp(end.as_microsecond()));
    let set = vec![(position(&users, "expires_at")?, Input::Value(end))];
    let own = equal(&users, &[("id", Value::Uuid(user))])?;
    work.update(&users, set, own).await?;
    work.commit_with(&serde_json::Value::Null).await
}

async fn check(work: &Work, user: Uuid) -> Result<()> {
    let (kernel, principal) = (work.kernel(), &work.context().principal);
    let organization = principal.organization_id.ok_or(Error::NoOrganization)?;
    let members: Vec<OrganizationMember> = Source::Committed(kernel)
        .rows(|table| equal(table, &[("user_id", Value::Uuid(user))]))
        .await?;
    let here = |member: &OrganizationMember| member.organization_id.uuid() == organization;
    if !members.iter().any(here) {
        return Err(Error::NotFound(format!("member {user}")));
    }
    if members.iter().any(|member| !here(member) && member.status != MemberStatus::Left) {
        return Err(Error::denied("the person belongs to other organizations too"));
    }
    let (books, now) = (RoleBooks::default(), work.context().now);
    let held = roles::held_by(kernel, &books, (organization, user), now).await?;
    let mut pairs = held.permissions.sets().iter().flat_map(|set| set.pairs());
    if principal.platform_admin || pairs.all(|pair| principal.permissions.covers(pair)) {
        return Ok(());
    }
    Err(Error::denied("the person may do more than whoever asks"))
}
