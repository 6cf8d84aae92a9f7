//! An organisation can demand a second factor: a session that has not shown one does nothing there
//! but enrol and show one.

use crate::session::entity::{AssuranceLevel, Session};
use mainstay_entity::Value;
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Error, Kernel, Principal, Result};
use mainstay_store::Narrow;
use std::sync::Arc;
use uuid::Uuid;

/// Where an organisation's settings say it.
const SETTING: &str = "/auth/require_second_factor";
/// The code of the refusal, as `/auth/v1` has it too.
pub(crate) const INSUFFICIENT_AAL: &str = "insufficient_aal";
const MESSAGE: &str = "The organization demands a second factor, and this session has shown none";
const HINT: &str = "Enroll a factor at /auth/v1/factors, or show one of those that you have.";

/// Whether a session is held in an organisation until it has shown a second factor.
pub(crate) async fn holds(
    kernel: &Kernel,
    session: &Session,
    organization: Option<Uuid>,
) -> Result<bool> {
    match session.assurance_level {
        AssuranceLevel::Aal1 => is_demanded(kernel, organization).await,
        AssuranceLevel::Aal2 => Ok(false),
    }
}

/// Whether an organisation demands a second factor.
pub(crate) async fn is_demanded(kernel: &Kernel, organization: Option<Uuid>) -> Result<bool> {
    let Some(id) = organization else {
        return Ok(false);
    };
    let found: Option<Organization> =
        find(kernel, |table| equal(table, &[("id", Value::Uuid(id))])).await?.pop();
    Ok(found.is_some_and(|organization| demands(organization.settings.as_str())))
}

/// Whether settings demand it. They do unless they say plainly that they don't, whatever else of
/// them is not understood.
fn demands(settings: &str) -> bool {
    use serde_json::Value as Json;
    let settings: Json = serde_json::from_str(settings).unwrap_or_default();
    !matches!(settings.pointer(SETTING), None | Some(Json::Null | Json::Bool(false)))
}

/// Somebody who is held: they are who they are, and may do nothing.
pub(crate) fn held(principal: Principal) -> Principal {
    Principal {
        platform_admin: false,
        permissions: Arc::default(),
        roles: Vec::new(),
        teams: Narrow::None,
        venues: Narrow::None,
        ..principal
    }
}

/// What somebody who is held is told.
pub(crate) fn refusal() -> Error {
    Error::Rule {
        code: INSUFFICIENT_AAL,
        message: MESSAGE.to_owned(),
        details: None,
        hint: Some(HINT.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::demands;

    #[test]
    fn settings_demand_it_unless_they_say_no() {
        for (settings, does) in [
            ("{}", false),
            (r#"{"auth": {"signup": true}}"#, false),
            (r#"{"auth": {"require_second_factor": false}}"#, false),
            (r#"{"auth": {"require_second_factor": null}}"#, false),
            (r#"{"auth": {"require_second_factor": true}}"#, true),
            (r#"{"auth": {"require_second_factor": "yes", "signup": 7}}"#, true),
        ] {
            assert_eq!(demands(settings), does, "{settings}");
        }
    }
}
