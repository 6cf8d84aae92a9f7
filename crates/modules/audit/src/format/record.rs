//! What a leaf holds, as formats ask for it.

use super::Result;
use jiff::Timestamp;
use mainstay_ledger::{Field, Hash, Leaf, LeafKind, Value};
use serde_json::value::RawValue;
use std::net::IpAddr;
use uuid::Uuid;

/// An event, or a statement of the log itself, which formats tell like an event.
pub(super) struct EventRecord<'a> {
    /// The log's identity.
    pub(super) origin: &'a str,
    /// The place of the leaf.
    pub(super) index: u64,
    /// The leaf's hash.
    pub(super) hash: Hash,
    pub(super) leaf: Leaf<'a>,
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Failure,
    Error,
}

impl<'a> EventRecord<'a> {
    pub(super) fn new(origin: &'a str, index: u64, bytes: &'a [u8]) -> Result<Self> {
        Ok(Self { origin, index, hash: Hash::leaf(bytes), leaf: Leaf::decode(bytes)? })
    }

    /// What is written for an event that has no place for it.
    pub(super) fn text(&self, field: Field) -> Option<&'a str> {
        match self.leaf.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn uuid(&self, field: Field) -> Option<Uuid> {
        match self.leaf.get(field)? {
            Value::Uuid(bytes) => Some(Uuid::from_bytes(bytes)),
            _ => None,
        }
    }

    pub(super) fn time(&self, field: Field) -> Option<Timestamp> {
        match self.leaf.get(field)? {
            Value::Instant(micros) => Timestamp::from_microsecond(micros).ok(),
            _ => None,
        }
    }

    pub(super) fn json(&self, field: Field) -> Result<Option<&'a RawValue>> {
        match self.leaf.get(field) {
            Some(Value::Json(text)) => Ok(Some(serde_json::from_str(text)?)),
            _ => Ok(None),
        }
    }

    pub(super) fn ip_address(&self) -> Option<IpAddr> {
        self.text(Field::IP_ADDRESS)?.parse().ok()
    }

    /// The kind of leaf, by its name in texts.
    pub(super) fn kind(&self) -> &'static str {
        match self.leaf.kind() {
            LeafKind::Event => "event",
            LeafKind::Checkpoint => "checkpoint",
            LeafKind::Tombstone => "tombstone",
            LeafKind::Reanchor => "reanchor",
            _ => "other",
        }
    }

    /// An identifier: the event's own, or the leaf's place in its log.
    pub(super) fn id(&self) -> String {
        let place = || format!("{}-{}", self.kind(), self.index);
        self.uuid(Field::ID).map_or_else(place, |id| id.to_string())
    }

    /// What was done.
    pub(super) fn action(&self) -> &'a str {
        match self.leaf.kind() {
            LeafKind::Event => self.text(Field::ACTION).unwrap_or("unknown"),
            LeafKind::Checkpoint => "ledger.checkpoint",
            LeafKind::Tombstone => "ledger.tombstone",
            LeafKind::Reanchor => "ledger.reanchor",
            _ => "ledger.other",
        }
    }

    /// When it happened.
    pub(super) fn occurred_at(&self) -> Timestamp {
        self.time(Field::OCCURRED_AT).unwrap_or_else(|| self.created_at())
    }

    /// When it was recorded.
    pub(super) fn created_at(&self) -> Timestamp {
        self.time(Field::CREATED_AT).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.text(Field::STATUS) {
            Some("failure") => Outcome::Failure,
            Some("error") => Outcome::Error,
            _ => Outcome::Success,
        }
    }

    /// Whether the event is about somebody's health.
    pub(super) fn is_phi(&self) -> bool {
        self.text(Field::DATA_CLASSIFICATION).is_some_and(|text| text.eq_ignore_ascii_case("phi"))
    }
}
