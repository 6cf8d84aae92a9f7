//! Attempts to get more rights than one has: refusals that those who watch are told of (S3-B147).

use super::Report;
use crate::context::Context;
use crate::error::Result;
use crate::kernel::Kernel;
use crate::permissions::READ;
use crate::prepare::{self, NewRow};
use jiff::Timestamp;
use mainstay_entity::{Value, json};
use mainstay_store::{Conflict, Insert};

/// Kinds of record that say who may do what.
const RESOURCES: [&str; 5] = ["api_keys", "permissions", "role_permissions", "roles", "user_roles"];
/// The table of what watchers see; a module above this crate declares it.
const SECURITY_EVENTS: (&str, &str) = ("mainstay", "security_events");
/// Characters of a description that are kept.
const DESCRIPTION_MAX: usize = 4_000;

impl Report {
    fn is_escalation(&self) -> bool {
        let what = &self.what;
        RESOURCES.contains(&&*what.resource) && ![READ, "authenticate"].contains(&&*what.operation)
    }
}

impl Kernel {
    /// The security events of refusals of one organisation.
    pub(super) fn escalations(&self, reports: &[Report], now: Timestamp) -> Result<Vec<Insert>> {
        let (schema, name) = SECURITY_EVENTS;
        let Some(table) = self.catalog().find(schema, name) else {
            return Ok(Vec::new());
        };
        let mut rows = Vec::new();
        for report in reports.iter().filter(|report| report.is_escalation()) {
            let what = &report.what;
            let first = &report.first;
            let context = Context::system("refusals", Some(report.who.organization), now);
            let text = |text: &str| Value::Text(text.to_owned());
            let actor = first.principal.actor();
            let description: String = format!(
                "{actor} was refused {} of {}: {}",
                what.operation, what.resource, what.reason
            )
            .chars()
            .take(DESCRIPTION_MAX)
            .collect();
            let metadata = serde_json::json!({
                "kind": "privilege_escalation",
                "actor": actor,
                "resource": what.resource,
                "operation": what.operation,
                "count": report.count,
            });
            let mut row = NewRow::empty(table);
            row.set(table, "event_type", text("suspicious_activity"))?;
            row.set(table, "severity", text("high"))?;
            row.set(table, "description", Value::Text(description))?;
            if let Ok(metadata) = json::canonical(&metadata.to_string()) {
                row.set(table, "metadata", Value::Json(metadata))?;
            }
            if let Some(user) = first.principal.user_id {
                row.set(table, "user_id", Value::Uuid(user))?;
            }
            if let Some(address) = first.origin.ip_address {
                row.set(table, "ip_address", Value::Inet(address))?;
            }
            if let Some(agent) = &first.origin.user_agent {
                row.set(table, "user_agent", text(agent))?;
            }
            rows.push(prepare::new_record(self, &context, table, row)?.0);
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Insert { table: table.clone(), rows, conflict: Conflict::Fail }])
    }
}
