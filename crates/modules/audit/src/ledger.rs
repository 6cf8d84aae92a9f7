//! The logs of events: how they grow, how they are read and how they are verified.
//!
//! Each organisation has a log (RFC 6962), and the platform has one; `docs/ledger.md` describes
//! them for outsiders. The kernel writes leaves as pending rows with their events. The
//! [`Sequencer`] gives them their places: head, tiles, entries and the removal of what was pending
//! are one transaction, which commits only if the head is still the one that it grew from. So no
//! log can fork, however many servers try. Checkpoints of the organisations' logs are leaves of
//! the platform's.

mod anchor;
mod database;
mod evidence;
mod export;
pub mod feed;
mod growth;
mod host;
mod key;
mod lease;
mod log;
mod proof;
mod reader;
mod reanchor;
mod removal;
mod search;
mod sequencer;
#[cfg(test)]
mod simulation;
mod since;
mod statements;
mod tables;
mod tiles;
mod verify;
mod witness;
mod witnessed;

pub use evidence::{
    EvidenceError, EvidenceOf, EvidenceReport, Expired, audit_evidence, verify_evidence,
};
pub use export::{Export, ExportFailure, logs};
pub use key::SigningSeed;
pub use proof::audit_proof;
pub use reader::{checkpoint, is_public, tile, verifier_key};
pub use reanchor::{Unprovable, reanchor, told};
pub use removal::{Removal, Removed, remove, size};
pub use sequencer::Sequencer;
pub use verify::{Anchored, Anchors, Finding, Options, Progress, Report, Since, verify};
pub use witness::{Cosigning, Opinion, WITNESSES_MAX, Witness, ask_witnesses};
