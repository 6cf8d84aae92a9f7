//! Events: what happened, as a row of `audit_events` written with the change itself.

use crate::context::Context;
use crate::entities::{AuditEvent, EventStatus, Organization};
use crate::principal::PLATFORM_ORGANIZATION;
use jiff::Timestamp;
use mainstay_entity::{
    Classification, Entity, Id, Json, Kind, Personal, Record, Table, Text, json,
};
use uuid::Uuid;

/// What happened, before it is stamped with who, where and when.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// What was done, `resource.verb`.
    pub action: String,
    /// The kind of record.
    pub resource_type: Option<String>,
    /// The record.
    pub resource_id: Option<String>,
    /// How it ended; success when not said.
    pub failure: Option<String>,
    /// Changed fields before, as canonical JSON.
    pub old_value: Option<String>,
    /// Changed fields after, as canonical JSON.
    pub new_value: Option<String>,
    /// Further facts, as canonical JSON.
    pub details: Option<String>,
    /// When it happened, if not at the time of the request.
    pub occurred_at: Option<Timestamp>,
}

impl Event {
    /// Something done to a kind of record.
    pub fn new(resource: &str, verb: &str) -> Self {
        Self {
            action: format!("{resource}.{verb}"),
            resource_type: Some(resource.to_owned()),
            ..Self::default()
        }
    }

    /// The row: the event with its caller, origin and time.
    pub(crate) fn into_record(self, context: &Context, id: Uuid) -> Record {
        let organization = context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
        let origin = &context.origin;
        AuditEvent {
            id: Id::new(id),
            organization_id: Id::<Organization>::new(organization),
            actor_id: text(Some(&context.caller().actor())),
            action: clip(&self.action),
            resource_type: text(self.resource_type.as_deref()),
            resource_id: text(self.resource_id.as_deref()),
            resource_name: None,
            status: if self.failure.is_some() {
                EventStatus::Failure
            } else {
                EventStatus::Success
            },
            description: None,
            error_message: text(self.failure.as_deref()),
            old_value: self.old_value.map(Json::from_canonical),
            new_value: self.new_value.map(Json::from_canonical),
            ip_address: origin.ip_address,
            user_agent: text(origin.user_agent.as_deref()),
            session_id: text(context.caller().session_id.map(|id| id.to_string()).as_deref()),
            request_id: text(origin.request_id.as_deref()),
            correlation_id: text(origin.correlation_id.as_deref()),
            idempotency_key: None,
            data_classification: None,
            retention_policy: None,
            ttl: None,
            hash: None,
            hash_algorithm: None,
            archived_at: None,
            event_version: clip("1.0"),
            processing_latency_ms: None,
            details: Json::from_canonical(self.details.unwrap_or_else(|| "{}".to_owned())),
            metadata: None,
            personal: None,
            occurred_at: self.occurred_at.unwrap_or(context.now),
            created_at: context.now,
            preset: None,
            subject_id: None,
        }
        .into_record()
    }
}

fn text<const MAX: u32>(value: Option<&str>) -> Option<Text<MAX>> {
    value.map(clip)
}

/// Text cut to its column: what a client sends about itself never makes an event fail.
fn clip<const MAX: u32>(value: &str) -> Text<MAX> {
    let kept: String = value.chars().filter(|c| *c != '\0').take(MAX as usize).collect();
    #[expect(clippy::expect_used, reason = "cut to the limit and without NUL just above")]
    Text::new(kept).expect("text fits its column")
}

/// Whether events may show a column: nothing personal, secret or restricted stands in them.
pub(crate) fn is_loggable(table: &Table, column: usize) -> bool {
    let column = &table.meta.columns[column];
    column.personal == Personal::None
        && !column.kind.is_confidential()
        && column.classification < Classification::Restricted
}

/// The loggable columns of a row, as canonical JSON.
pub(crate) fn snapshot(
    table: &Table,
    record: &Record,
    columns: impl IntoIterator<Item = usize>,
) -> Option<String> {
    let mut out = Vec::with_capacity(256);
    for column in columns {
        let value = &record.0[column];
        if value.is_null() || !is_loggable(table, column) {
            continue;
        }
        out.push(b',');
        json::escape_into(&mut out, table.column_name(column));
        out.push(b':');
        value.as_cell().write_json(&mut out);
    }
    if let Some(first) = out.first_mut() {
        *first = b'{';
    } else {
        out.push(b'{');
    }
    out.push(b'}');
    let text = String::from_utf8(out).ok()?;
    json::canonical(&text).ok()
}

/// The key of a row inside its organisation, as events name it.
pub(crate) fn row_key(table: &Table, record: &Record) -> String {
    let mut out = Vec::with_capacity(36);
    for (position, column) in table.row_key().enumerate() {
        if position > 0 {
            out.push(b'/');
        }
        record.0[column].as_cell().write_text(&mut out);
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether a kind's values are bytes that no one reads over the data API.
pub(crate) fn is_hidden_kind(kind: &Kind) -> bool {
    *kind == Kind::Secret
}
