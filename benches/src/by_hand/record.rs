//! The table's rows as structs, with serde.

use anyhow::Result;
use jiff::Timestamp;
use mainstay_kernel::{Clock, Identifiers, SystemClock};
use mainstay_vault::SystemEntropy;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};
use uuid::Uuid;

/// A row as a client sends it.
#[derive(Deserialize)]
pub(super) struct Sent {
    pub(super) organization_id: Uuid,
    pub(super) actor_id: String,
    pub(super) action: String,
    pub(super) resource_type: String,
    pub(super) resource_id: String,
    pub(super) status: String,
    pub(super) ip_address: IpAddr,
    pub(super) user_agent: String,
    pub(super) duration_ms: i64,
    pub(super) details: Box<RawValue>,
}

/// A row to be written.
pub(super) struct NewEvent {
    pub(super) id: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) sent: Sent,
}

impl NewEvent {
    /// Reads a row and gives it an identifier and its time.
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        static IDENTIFIERS: LazyLock<Identifiers> =
            LazyLock::new(|| Identifiers::new(Arc::new(SystemEntropy)));
        let now = SystemClock.now();
        Ok(Self { id: IDENTIFIERS.next(now), created_at: now, sent: serde_json::from_slice(body)? })
    }
}

/// A row as a client gets it.
#[derive(Serialize)]
pub(super) struct Event<'a, Address> {
    pub(super) id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) actor_id: &'a str,
    pub(super) action: &'a str,
    pub(super) resource_type: &'a str,
    pub(super) resource_id: &'a str,
    pub(super) status: &'a str,
    pub(super) ip_address: Address,
    pub(super) user_agent: &'a str,
    pub(super) duration_ms: i64,
    pub(super) details: &'a RawValue,
    pub(super) created_at: Timestamp,
}
