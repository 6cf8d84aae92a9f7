//! Rows: the same for every side, made from their number.

use mainstay_entity::{Table, Value};
use mainstay_kernel::{NewRow, Result};
use std::net::{IpAddr, Ipv4Addr};

const ACTIONS: [&str; 6] = ["login", "create", "update", "delete", "export", "approve"];
const RESOURCES: [&str; 5] = ["invoice", "patient", "ticket", "document", "asset"];
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15",
    "okhttp/4.12.0",
    "python-requests/2.32.3",
];
/// One row in so many failed.
const FAILURE_PERIOD: u64 = 10;
/// 2026-01-01T00:00:00Z in microseconds.
const EPOCH_US: i64 = 1_767_225_600_000_000;
/// Rows lie half a second apart, in microseconds.
const STEP_US: i64 = 500_000;

/// The values of one row that a client gives.
pub(crate) struct Row {
    pub(crate) actor_id: String,
    pub(crate) action: &'static str,
    pub(crate) resource_type: &'static str,
    pub(crate) resource_id: String,
    pub(crate) status: &'static str,
    pub(crate) ip_address: IpAddr,
    pub(crate) user_agent: &'static str,
    pub(crate) duration_ms: i64,
    /// Some 200 bytes, in jsonb's canonical form.
    pub(crate) details: String,
    /// Microseconds since 1970.
    pub(crate) created_at: i64,
}

impl Row {
    /// The row of a number.
    pub(crate) fn nth(number: u64) -> Self {
        let random = mix(number);
        let pick = |shift: u32, length: usize| (random >> shift) as usize % length;
        let changed = mix(random);
        Self {
            actor_id: format!("user-{:05}", random % 5_000),
            action: ACTIONS[pick(8, ACTIONS.len())],
            resource_type: RESOURCES[pick(16, RESOURCES.len())],
            resource_id: format!("{changed:016x}"),
            status: if number.is_multiple_of(FAILURE_PERIOD) { "failure" } else { "success" },
            ip_address: IpAddr::V4(Ipv4Addr::new(
                10,
                (random >> 24) as u8,
                (random >> 32) as u8,
                7,
            )),
            user_agent: AGENTS[pick(40, AGENTS.len())],
            duration_ms: (random >> 48).cast_signed() % 2_000,
            details: details(random, changed),
            created_at: EPOCH_US + number.cast_signed() * STEP_US,
        }
    }

    /// The row as a JSON object, without what the server makes. `extra` comes first.
    pub(crate) fn json(&self, extra: &str) -> String {
        format!(
            "{{{extra}\"actor_id\":\"{}\",\"action\":\"{}\",\"resource_type\":\"{}\",\
             \"resource_id\":\"{}\",\"status\":\"{}\",\"ip_address\":\"{}\",\"user_agent\":\"{}\",\
             \"duration_ms\":{},\"details\":{}}}",
            self.actor_id,
            self.action,
            self.resource_type,
            self.resource_id,
            self.status,
            self.ip_address,
            self.user_agent,
            self.duration_ms,
            self.details,
        )
    }

    /// The row for the governed write path.
    pub(crate) fn new_row(self, table: &Table) -> Result<NewRow> {
        let mut row = NewRow::empty(table);
        row.set(table, "actor_id", Value::Text(self.actor_id))?;
        row.set(table, "action", Value::Text(self.action.to_owned()))?;
        row.set(table, "resource_type", Value::Text(self.resource_type.to_owned()))?;
        row.set(table, "resource_id", Value::Text(self.resource_id))?;
        row.set(table, "status", Value::Text(self.status.to_owned()))?;
        row.set(table, "ip_address", Value::Inet(self.ip_address))?;
        row.set(table, "user_agent", Value::Text(self.user_agent.to_owned()))?;
        row.set(table, "duration_ms", Value::Int(self.duration_ms))?;
        row.set(table, "details", Value::Json(self.details))?;
        row.set(table, "created_at", Value::Timestamp(self.created_at))?;
        Ok(row)
    }
}

/// Keys by length, then by bytes, with a space after `:` and `,`: as jsonb prints them.
fn details(random: u64, changed: u64) -> String {
    format!(
        "{{\"region\": \"eu-{}\", \"changes\": {{\"to\": \"approved\", \"from\": \"pending\"}}, \
         \"session\": \"{random:016x}{changed:016x}\", \"attempts\": {}, \
         \"trace_id\": \"{changed:016x}{random:016x}\"}}",
        random % 4,
        changed % 5,
    )
}

/// `SplitMix64`: the same numbers on every machine.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Row;

    #[test]
    fn details_are_canonical_and_of_the_size_that_the_peers_were_given() {
        for number in 0..100 {
            let details = Row::nth(number).details;
            assert_eq!(mainstay_entity::json::canonical(&details).unwrap(), details);
            assert!((170..=240).contains(&details.len()), "{} bytes", details.len());
        }
    }
}
