use super::{AuditEvent, Organization};
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};

/// An event whose leaf is not in its organisation's log yet; written with the event and removed
/// when the log has grown by it.
#[derive(Entity)]
#[entity(
    table = "ledger_pending",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(number),
    global_key
)]
pub struct LedgerPending {
    /// Grows with every event of a server, so that rows are appended; says nothing else.
    pub number: i64,
    /// The organisation.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The exact bytes of the leaf.
    pub leaf: Vec<u8>,
    /// HMAC-SHA256 of the leaf under a key of the installation: who has the database alone can't
    /// bring events into a log.
    #[entity(restricted)]
    pub mac: Vec<u8>,
}

/// The state of an organisation's log.
#[derive(Entity)]
#[entity(
    table = "ledger_heads",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none
)]
pub struct LedgerHead {
    /// The organisation's own identifier: one row each.
    pub id: Id<Self>,
    /// The organisation, or the nil identifier for the platform.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The log's identity, fixed when it began.
    pub origin: Text<500>,
    /// The public key that checkpoints are verified with, as a signed note's verifier key.
    pub verifier_key: Text<1000>,
    /// How many leaves the log has.
    pub size: i64,
    /// The root of the tree (RFC 6962 §2.1).
    pub root: Vec<u8>,
    /// The signed checkpoint.
    pub checkpoint: Text<100_000>,
    /// The size of the last checkpoint that the platform's log holds.
    #[entity(default = 0)]
    pub anchored_size: i64,
    /// How many leaves, from the first, have their words in full-text search.
    #[entity(default = 0)]
    pub searched_size: i64,
    /// When the log last grew.
    pub updated_at: Timestamp,
}

/// A tile of a log: hashes of the tree, or leaves.
#[derive(Entity)]
#[entity(
    table = "ledger_tiles",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(organization_id, level, number)
)]
pub struct LedgerTile {
    /// The organisation.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The level of hashes from 0 up, as C2SP tlog-tiles count them; -1 for leaves.
    pub level: i16,
    /// The place of a tile of hashes in its level; of leaves the index of the first.
    pub number: i64,
    /// At most 256 hashes, or leaves as an entry bundle.
    pub bytes: Vec<u8>,
}

/// A run of consecutive leaves that was written at once, with the identifiers between which those
/// of its events are: the way from an event to its place in the log.
#[derive(Entity)]
#[entity(
    table = "ledger_entries",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(organization_id, first_index),
    index(last_id)
)]
pub struct LedgerEntry {
    /// The organisation.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The index of the first leaf.
    pub first_index: i64,
    /// How many leaves there are, at most 256; runs never cross a multiple of it.
    pub leaves: i16,
    /// The smallest identifier of an event.
    #[entity(no_reference)]
    pub first_id: Id<AuditEvent>,
    /// The largest identifier of an event.
    #[entity(no_reference)]
    pub last_id: Id<AuditEvent>,
}

/// What a witness last said of a log: its newest cosignature, and why it gives no more.
#[derive(Entity)]
#[entity(
    table = "ledger_cosignatures",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(organization_id, witness)
)]
pub struct LedgerCosignature {
    /// The log: an organisation, or the nil identifier for the platform.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The witness's public key, as a signed note's verifier key.
    pub witness: Text<500>,
    /// How many leaves the checkpoint has that it cosigned last; 0 for none.
    pub size: i64,
    /// That checkpoint with the cosignature, as a signed note.
    pub checkpoint: Option<Text<100_000>>,
    /// When it cosigned.
    pub cosigned_at: Option<Timestamp>,
    /// Why it refused the log when it was last asked; none when it did not.
    pub refusal: Option<Text<1000>>,
    /// How many leaves the checkpoint has that it knows and the log does not continue.
    pub refused_size: Option<i64>,
    /// Since when it refuses.
    pub refused_at: Option<Timestamp>,
}

/// Which server makes the logs grow. It saves others the work; that a log never forks is kept by
/// its head alone.
#[derive(Entity)]
#[entity(
    table = "ledger_leases",
    scope = platform,
    classification = internal,
    read_only,
    audit = none
)]
pub struct LedgerLease {
    /// The nil identifier: there is one row.
    pub id: Id<Self>,
    /// The server.
    pub leased_by: Text<255>,
    /// Until when no other takes over.
    pub leased_until: Timestamp,
}
