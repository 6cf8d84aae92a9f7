//! What a member's role in a team allows: owners decide who is in it, maintainers look after its
//! members. A team that had an owner keeps one.
//!
//! A role in a team counts in the teams below it too. Beside it stand the permissions of the
//! organisation: who reaches all teams (`teams:all`) decides in each.

use crate::access::delegation::{MUST_STAY, organizations, typed};
use crate::access::role_book::Source;
use crate::access::roles::TEAMS;
use crate::account::provision::add;
use crate::organization::team_tree::ancestors;
use crate::records::{change, lock, text};
use mainstay_entity::{Choice, Value};
use mainstay_kernel::entities::{Team, TeamMember, TeamRole};
use mainstay_kernel::lookup::{equal, table};
use mainstay_kernel::permissions::ALL;
use mainstay_kernel::{Done, Error, GuardFuture, Principal, Result, RowChange, Work};
use mainstay_store::Narrow;
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A member of a team before and after.
type Membership = (Option<TeamMember>, Option<TeamMember>);

/// A member who comes to a team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTeamMember {
    team_id: Uuid,
    user_id: Uuid,
    /// `OWNER`, `MAINTAINER` or `MEMBER`, which is the default.
    role: Option<String>,
}

/// A member of a team whose role changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTeamRole {
    team_id: Uuid,
    user_id: Uuid,
    role: String,
}

/// A member who leaves a team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamLeaver {
    team_id: Uuid,
    user_id: Uuid,
}

/// The guard of teams' members.
pub(crate) fn members(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let changes = typed::<TeamMember>(changes)?;
        for organization in organizations(&changes, |member| member.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
        }
        let principal = work.context().principal.clone();
        if !decides_everywhere(&principal) {
            for change in &changes {
                check(work, &principal, change, &changes).await?;
            }
        }
        keep_owners(work, &changes).await
    })
}

/// `rpc/add_team_member`.
pub(crate) async fn add_team_member(mut work: Work, new: NewTeamMember) -> Result<Done> {
    let role = role(new.role.as_deref().unwrap_or(TeamRole::Member.as_str()))?;
    let organization = team_of(&mut work, new.team_id).await?;
    require(&mut work, new.team_id, None, Some(role)).await?;
    work.act(TEAMS);
    let row = [
        ("organization_id", Value::Uuid(organization)),
        ("team_id", Value::Uuid(new.team_id)),
        ("user_id", Value::Uuid(new.user_id)),
        ("role", text(role.as_str())),
    ];
    let id = add::<TeamMember>(&mut work, &row).await?;
    work.commit_with(&serde_json::json!({ "id": id })).await
}

/// `rpc/set_team_role`.
pub(crate) async fn set_team_role(mut work: Work, new: NewTeamRole) -> Result<Done> {
    let wanted = role(&new.role)?;
    let own = own_row(&mut work, new.team_id, new.user_id).await?;
    let member: TeamMember = lock(&mut work, &own).await?.ok_or_else(|| missing(new.user_id))?;
    require(&mut work, new.team_id, Some(member.role), Some(wanted)).await?;
    work.act(TEAMS);
    change::<TeamMember>(&mut work, &[("role", text(wanted.as_str()))], &own).await?;
    work.commit_with(&serde_json::Value::Null).await
}

/// `rpc/remove_team_member`. Everybody may leave by themselves.
pub(crate) async fn remove_team_member(mut work: Work, leaver: TeamLeaver) -> Result<Done> {
    let own = own_row(&mut work, leaver.team_id, leaver.user_id).await?;
    let member: TeamMember = lock(&mut work, &own).await?.ok_or_else(|| missing(leaver.user_id))?;
    if work.context().principal.user_id != Some(leaver.user_id) {
        require(&mut work, leaver.team_id, Some(member.role), None).await?;
    }
    work.act(TEAMS);
    let members = table::<TeamMember>(work.kernel().catalog())?;
    work.delete(&members, equal(&members, &own)?).await?;
    work.commit_with(&serde_json::Value::Null).await
}

fn role(text: &str) -> Result<TeamRole> {
    let known = [TeamRole::Owner, TeamRole::Maintainer, TeamRole::Member];
    let found = known.into_iter().find(|role| role.as_str() == text);
    found.ok_or_else(|| Error::rule("22023", "role: expected OWNER, MAINTAINER or MEMBER"))
}

fn missing(user: Uuid) -> Error {
    Error::NotFound(format!("team member {user}"))
}

/// The organisation of a team that the caller may see.
async fn team_of(work: &mut Work, team: Uuid) -> Result<Uuid> {
    let organization = work.context().principal.organization_id.ok_or(Error::NoOrganization)?;
    let own = [("organization_id", Value::Uuid(organization)), ("id", Value::Uuid(team))];
    let found: Option<Team> = lock(work, &own).await?;
    let found = found.filter(|team| team.deleted_at.is_none());
    found.ok_or_else(|| Error::NotFound(format!("team {team}")))?;
    Ok(organization)
}

async fn own_row(work: &mut Work, team: Uuid, user: Uuid) -> Result<[(&'static str, Value); 3]> {
    let organization = team_of(work, team).await?;
    Ok([
        ("organization_id", Value::Uuid(organization)),
        ("team_id", Value::Uuid(team)),
        ("user_id", Value::Uuid(user)),
    ])
}

/// Checks that the caller may change a role in a team to another; none stands for no membership.
async fn require(
    work: &mut Work,
    team: Uuid,
    old: Option<TeamRole>,
    new: Option<TeamRole>,
) -> Result<()> {
    let principal = work.context().principal.clone();
    if decides_everywhere(&principal) || reaches(&principal, team) {
        return Ok(());
    }
    let held = held_by(work, &principal, team, &[]).await?;
    if allows(held, old, new) { Ok(()) } else { Err(refusal()) }
}

/// Whether somebody decides in all teams: the server, and who reaches all of them.
fn decides_everywhere(principal: &Principal) -> bool {
    principal.access().is_system()
        || principal.platform_admin
        || principal.permissions.allow(TEAMS, ALL)
        || (principal.user_id.is_none() && matches!(principal.teams, Narrow::All))
}

/// Whether a program has the team for its own.
fn reaches(principal: &Principal, team: Uuid) -> bool {
    principal.user_id.is_none()
        && matches!(&principal.teams, Narrow::Only(teams) if teams.contains(&team))
}

/// Whether a role in a team allows a change of another member's.
fn allows(held: Option<TeamRole>, old: Option<TeamRole>, new: Option<TeamRole>) -> bool {
    match held {
        Some(TeamRole::Owner) => true,
        Some(TeamRole::Maintainer) => {
            let is_plain =
                |role: Option<TeamRole>| role.is_none_or(|role| role == TeamRole::Member);
            is_plain(old) && is_plain(new)
        }
        Some(TeamRole::Member) | None => false,
    }
}

async fn check(
    work: &mut Work,
    principal: &Principal,
    (old, new): &Membership,
    changes: &[Membership],
) -> Result<()> {
    let Some(row) = old.as_ref().or(new.as_ref()) else {
        return Ok(());
    };
    let leaves = new.is_none() && Some(row.user_id.uuid()) == principal.user_id;
    let is_same = |(old, new): (&TeamMember, &TeamMember)| {
        (old.role, old.team_id, old.user_id) == (new.role, new.team_id, new.user_id)
    };
    if leaves || old.as_ref().zip(new.as_ref()).is_some_and(is_same) {
        return Ok(());
    }
    for row in old.iter().chain(new) {
        let team = row.team_id.uuid();
        let held = held_by(work, principal, team, changes).await?;
        let of = |row: &Option<TeamMember>| {
            row.as_ref().filter(|row| row.team_id.uuid() == team).map(|row| row.role)
        };
        let begins = is_first(work, principal, team, changes).await?;
        if !begins && !reaches(principal, team) && !allows(held, of(old), of(new)) {
            return Err(refusal());
        }
    }
    Ok(())
}

fn refusal() -> Error {
    Error::denied("who is in a team is decided by its owners; maintainers look after its members")
}

/// The members of a team as they were before some changes.
async fn before(work: &mut Work, team: Uuid, changes: &[Membership]) -> Result<Vec<TeamMember>> {
    let mut members: Vec<TeamMember> =
        Source::Open(work).rows(|table| equal(table, &[("team_id", Value::Uuid(team))])).await?;
    for (old, new) in changes {
        if let Some(new) = new {
            members.retain(|member| member.id != new.id);
        }
        if let Some(old) = old.as_ref().filter(|old| old.team_id.uuid() == team) {
            members.push(copy(old));
        }
    }
    Ok(members)
}

fn copy(member: &TeamMember) -> TeamMember {
    TeamMember { ..*member }
}

/// The strongest role of the caller in a team or one above it.
async fn held_by(
    work: &mut Work,
    principal: &Principal,
    team: Uuid,
    changes: &[Membership],
) -> Result<Option<TeamRole>> {
    let Some(user) = principal.user_id else {
        return Ok(None);
    };
    let mut strongest = None;
    for team in std::iter::once(team).chain(ancestors(work, team).await?) {
        let own = before(work, team, changes).await?;
        let roles = own.iter().filter(|member| member.user_id.uuid() == user).map(|m| m.role);
        strongest = roles.chain(strongest).min_by_key(|role| *role as u8);
    }
    Ok(strongest)
}

/// Whether a caller begins a team that nobody is in, with themselves.
async fn is_first(
    work: &mut Work,
    principal: &Principal,
    team: Uuid,
    changes: &[Membership],
) -> Result<bool> {
    let adds_caller = |(old, new): &Membership| {
        let is_own = |new: &TeamMember| {
            new.team_id.uuid() == team && Some(new.user_id.uuid()) == principal.user_id
        };
        old.is_none() && new.as_ref().is_some_and(is_own)
    };
    Ok(changes.iter().any(adds_caller) && before(work, team, changes).await?.is_empty())
}

/// Refuses changes after which a team that had owners has none.
async fn keep_owners(work: &mut Work, changes: &[Membership]) -> Result<()> {
    let is_owner = |member: &TeamMember| member.role == TeamRole::Owner;
    let leaves = |(old, new): &&Membership| {
        let stays = |old: &TeamMember| {
            new.as_ref().is_some_and(|new| is_owner(new) && new.team_id == old.team_id)
        };
        old.as_ref().is_some_and(|old| is_owner(old) && !stays(old))
    };
    let teams: BTreeSet<Uuid> = changes
        .iter()
        .filter(leaves)
        .filter_map(|(old, _)| old.as_ref())
        .map(|old| old.team_id.uuid())
        .collect();
    for team in teams {
        let members: Vec<TeamMember> = Source::Open(work)
            .rows(|table| equal(table, &[("team_id", Value::Uuid(team))]))
            .await?;
        if !members.iter().any(is_owner) {
            return Err(no_owner());
        }
    }
    Ok(())
}

fn no_owner() -> Error {
    let mut error = Error::rule(MUST_STAY, "the last owner of a team can't be removed or demoted");
    if let Error::Rule { hint, .. } = &mut error {
        *hint = Some("Make somebody else an OWNER of the team first.".to_owned());
    }
    error
}
