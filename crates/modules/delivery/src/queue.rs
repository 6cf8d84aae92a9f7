//! Deliveries: what waits to be sent, and what became of it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::destination::DeliveryDestination;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// How far a delivery is (S4-B20). A failed one can be put back into the queue; one that waits
/// can be given up.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | failed; \
                  processing -> pending | completed | failed; \
                  failed -> pending")]
pub enum DeliveryStatus {
    /// Waits for its first attempt, or the next one.
    Pending,
    /// Is being sent.
    Processing,
    /// Has arrived.
    Completed,
    /// Was given up.
    Failed,
}

/// Something to be sent to a destination (S4-B52, S4-B53).
#[derive(Entity)]
#[entity(
    table = "delivery_queue",
    scope = tenant,
    classification = confidential,
    queue,
    unique(idempotency_key),
    index(destination_id),
    index(status, priority),
    index(status, scheduled_at),
    index(next_retry_at, status),
    index(priority),
    index(scheduled_at),
    index(correlation_id),
    index(created_at),
    index(columns(status, scheduled_at), global)
)]
pub struct Delivery {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where it is sent.
    pub destination_id: Id<DeliveryDestination>,
    /// What is sent.
    pub payload: Json<()>,
    /// Larger ones are sent first.
    #[entity(default = 0, min = 0, max = 10)]
    pub priority: i32,
    /// It is not sent before this time.
    #[entity(default = now)]
    pub scheduled_at: Timestamp,
    /// When it was last worked on.
    #[entity(read_only)]
    pub processed_at: Option<Timestamp>,
    /// How far it is.
    #[entity(default = "pending", read_only)]
    pub status: DeliveryStatus,
    /// What belongs together.
    pub correlation_id: Option<Text<255>>,
    /// By this key a repeated request is recognised.
    pub idempotency_key: Option<Text<255>>,
    /// Attempts that were begun, the first one included.
    #[entity(default = 0, min = 0, read_only)]
    pub attempts: i32,
    /// Attempts after the first one.
    #[entity(default = 0, min = 0, read_only)]
    pub retry_count: i32,
    /// Most attempts after the first one.
    #[entity(default = 5, min = 0, max = 100)]
    pub max_retries: i32,
    /// When it is tried again.
    #[entity(read_only)]
    pub next_retry_at: Option<Timestamp>,
    /// Why the last attempt failed.
    #[entity(read_only)]
    pub last_error: Option<Text<4000>>,
    /// The server that works on it.
    #[entity(read_only)]
    pub leased_by: Option<Text<255>>,
    /// Until when no other one may.
    #[entity(read_only)]
    pub leased_until: Option<Timestamp>,
    /// What caused it, and further facts.
    pub metadata: Option<Json<()>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What became of a delivery (S4-B19). One that is retried ends as delivered or failed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> delivered | failed | retrying; retrying -> delivered | failed")]
pub enum DeliveryLogStatus {
    /// Not tried yet.
    Pending,
    /// Has arrived.
    Delivered,
    /// Was given up.
    Failed,
    /// An attempt failed, another one follows.
    Retrying,
}

/// What became of a delivery, with each attempt (S4-B55). It stays when the queue is cleared.
#[derive(Entity)]
#[entity(
    table = "delivery_logs",
    scope = tenant,
    classification = confidential,
    read_only,
    audit = none,
    index(delivery_id),
    index(destination_id, status),
    index(status, attempt_count),
    index(attempt_count),
    index(last_attempt_at),
    index(delivered_at),
    index(cross_system_reference),
    index(correlation_id),
    index(idempotency_key),
    index(created_at),
    index(updated_at)
)]
pub struct DeliveryLog {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The delivery.
    #[entity(no_reference)]
    pub delivery_id: Id<Delivery>,
    /// Where it was sent.
    pub destination_id: Id<DeliveryDestination>,
    /// What was sent: its type, identifier, name, size in bytes, format and address.
    pub object_details: Json<()>,
    /// What became of it.
    #[entity(default = "pending")]
    pub status: DeliveryLogStatus,
    /// Each attempt with its time and outcome, the first one first.
    #[entity(default = "[]")]
    pub attempts: Json<()>,
    /// How many attempts there were.
    #[entity(default = 0, min = 0)]
    pub attempt_count: i32,
    /// When it was last tried.
    pub last_attempt_at: Option<Timestamp>,
    /// When it arrived.
    pub delivered_at: Option<Timestamp>,
    /// Why it did not.
    pub failure_reason: Option<Text<4000>>,
    /// What the receiving system calls it.
    pub cross_system_reference: Option<Text<255>>,
    /// What belongs together.
    pub correlation_id: Option<Text<255>>,
    /// The key of the delivery, by which a repeated request is recognised.
    pub idempotency_key: Option<Text<255>>,
    /// The answer of the destination, and further facts.
    pub details: Option<Json<()>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
