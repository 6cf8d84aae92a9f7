use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Sealed, Text};
use std::net::IpAddr;
use uuid::Uuid;

/// How what happened ended.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventStatus {
    /// As intended.
    Success,
    /// Refused or failed.
    Failure,
    /// A fault of the system.
    Error,
}

/// What happened: who did what to which record, when and how it ended.
///
/// Personal data is in `personal` alone, so that the rest can be kept for ever.
#[derive(Entity)]
#[entity(
    table = "audit_events",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    search_later,
    unique(columns(idempotency_key), where = "idempotency_key is not null"),
    index(occurred_at),
    index(actor_id, occurred_at),
    index(action, occurred_at),
    index(resource_type, resource_id),
    index(columns(correlation_id), where = "correlation_id is not null")
)]
pub struct AuditEvent {
    /// Identifier; tells when the event was recorded.
    #[entity(read_only)]
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Who did it: a user, key or principal of another system; may be a pseudonym.
    pub actor_id: Option<Text<255>>,
    /// What was done, as `resource.verb` or in the sender's own words.
    pub action: Text<255>,
    /// The kind of record.
    pub resource_type: Option<Text<255>>,
    /// The record.
    pub resource_id: Option<Text<255>>,
    /// What the record is called.
    pub resource_name: Option<Text<255>>,
    /// How it ended.
    #[entity(default = "success")]
    pub status: EventStatus,
    /// What happened, in words; no personal data. Of an event classified PHI it is in `personal`.
    #[entity(search)]
    pub description: Option<Text<4000>>,
    /// Why it failed.
    pub error_message: Option<Text<4000>>,
    /// The changed fields before.
    pub old_value: Option<Json<()>>,
    /// The changed fields after.
    pub new_value: Option<Json<()>>,
    /// Where the request came from.
    pub ip_address: Option<IpAddr>,
    /// The client.
    pub user_agent: Option<Text<1000>>,
    /// The session.
    pub session_id: Option<Text<255>>,
    /// The request, as the log names it.
    pub request_id: Option<Text<255>>,
    /// What belongs together.
    pub correlation_id: Option<Text<255>>,
    /// By this key a repeated sending is recognised.
    pub idempotency_key: Option<Text<255>>,
    /// How confidential the event is: `public`, `internal`, `confidential`, `restricted` or `phi`.
    /// None is `internal`.
    pub data_classification: Option<Text<50>>,
    /// The policy by which it is kept.
    pub retention_policy: Option<Text<100>>,
    /// When the event may be removed, as its sender sees it (S4); retention policies decide.
    pub ttl: Option<Timestamp>,
    /// The hash of the event's leaf in the ledger.
    #[entity(read_only)]
    pub hash: Option<Vec<u8>>,
    /// How the hash was made.
    #[entity(read_only)]
    pub hash_algorithm: Option<Text<20>>,
    /// When the event was moved to an archive.
    #[entity(read_only)]
    pub archived_at: Option<Timestamp>,
    /// Version of the sender's event format.
    #[entity(default = "1.0")]
    pub event_version: Text<20>,
    /// How long the work took, in milliseconds.
    #[entity(min = 0)]
    pub processing_latency_ms: Option<i64>,
    /// Further facts; no personal data. Those of an event classified PHI are in `personal`.
    #[entity(default = "{}", search)]
    pub details: Json<()>,
    /// Whatever the sender keeps beside it.
    pub metadata: Option<Json<()>>,
    /// Personal data, sealed with the subject's key: a document of its own and, each in its place,
    /// the fields that a preset or the classification PHI has moved here.
    #[entity(sealed)]
    pub personal: Option<Sealed<()>>,
    /// When it happened.
    #[entity(default = now)]
    pub occurred_at: Timestamp,
    /// When it was recorded.
    #[entity(default = now, read_only)]
    pub created_at: Timestamp,
    /// The preset that the event keeps, by its name.
    pub preset: Option<Text<50>>,
    /// Whose personal data the event holds: a person's identifier or the pseudonym that stands for
    /// it. Without one the event's personal data is nobody else's.
    #[entity(subject)]
    pub subject_id: Option<Uuid>,
}
