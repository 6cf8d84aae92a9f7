//! The hierarchy of teams: each belongs to at most one other, and none to itself.

use crate::access::delegation::{organizations, typed};
use crate::access::role_book::Source;
use mainstay_entity::{Id, Value};
use mainstay_kernel::entities::Team;
use mainstay_kernel::lookup::equal;
use mainstay_kernel::{Error, GuardFuture, Result, RowChange, Work};
use uuid::Uuid;

/// Teams above a team, at most.
const DEPTH_MAX: usize = 32;
/// The code of a value that breaks a rule.
const BREAKS_RULE: &str = "23514";

/// The guard of teams.
pub(crate) fn teams(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let mut moved = typed::<Team>(changes)?;
        moved.retain(|(old, new)| {
            let parent = |team: &Option<Team>| team.as_ref().and_then(|team| team.parent_team_id);
            parent(new).is_some() && parent(old) != parent(new)
        });
        for organization in organizations(&moved, |team| team.organization_id.uuid()) {
            work.serialize_policy(organization).await?;
        }
        for team in moved.into_iter().filter_map(|(_, new)| new) {
            if ancestors(work, team.id.uuid()).await?.contains(&team.id.uuid()) {
                let message = format!("team {} would belong to itself", &*team.name);
                return Err(Error::rule(BREAKS_RULE, message));
            }
        }
        Ok(())
    })
}

/// The teams above a team, the nearest first. One that belongs to itself is among them.
///
/// # Errors
/// When there are too many.
pub(crate) async fn ancestors(work: &mut Work, team: Uuid) -> Result<Vec<Uuid>> {
    let mut above = Vec::new();
    let mut next = Some(team);
    while let Some(id) = next {
        let found: Vec<Team> =
            Source::Open(work).rows(|table| equal(table, &[("id", Value::Uuid(id))])).await?;
        next = found.into_iter().next().and_then(|team| team.parent_team_id).map(Id::uuid);
        if let Some(parent) = next {
            if above.contains(&parent) {
                break;
            }
            above.push(parent);
        }
        if above.len() > DEPTH_MAX {
            let message = format!("a team has at most {DEPTH_MAX} teams above it");
            return Err(Error::rule(BREAKS_RULE, message));
        }
    }
    Ok(above)
}
