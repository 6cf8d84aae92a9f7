//! Webhooks that other systems call here.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Connection, Integration};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// Which part of the product is called.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookSource {
    Integration,
    Notification,
    Compliance,
}

/// How far the work on a call is (S0-B29). A failed one may be tried again.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing; processing -> completed | failed; failed -> pending")]
pub enum WebhookStatus {
    Pending,
    Processing,
    Completed,
    Failed,
}

/// A call by another system, as it came.
#[derive(Entity)]
#[entity(
    table = "webhook_events",
    scope = tenant,
    classification = confidential,
    index(status, received_at),
    index(provider, event_type),
    index(received_at)
)]
pub struct WebhookEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Which part of the product was called.
    pub source: WebhookSource,
    /// Who called.
    pub provider: Option<Text<100>>,
    /// The integration that it concerns.
    #[entity(on_delete = set_null)]
    pub integration_id: Option<Id<Integration>>,
    /// The connection that it concerns.
    #[entity(on_delete = set_null)]
    pub connection_id: Option<Id<Connection>>,
    /// What happened there.
    pub event_type: Text<255>,
    /// What was sent.
    pub payload: Json<()>,
    /// The signature that came with it.
    pub signature: Option<Text<1000>>,
    /// How far the work on it is.
    #[entity(default = "pending")]
    pub status: WebhookStatus,
    /// How often it was tried.
    #[entity(default = 0, min = 0)]
    pub attempts: i32,
    /// When it was last tried.
    pub last_attempt_at: Option<Timestamp>,
    /// Why it failed.
    pub error_message: Option<Text<4000>>,
    /// Whether its work is done.
    #[entity(default = false)]
    pub is_processed: bool,
    /// When it came.
    #[entity(default = now)]
    pub received_at: Timestamp,
}
