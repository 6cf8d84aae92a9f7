//! The audit trail: what happened, who did it and how it ended, provable to outsiders.
//!
//! The kernel writes an [`AuditEvent`] with every governed change; callers with the permission may
//! add events of their own, repeatable by their idempotency key. Each organisation's events make a
//! log, the [`ledger`], that anyone can verify.

mod access_log;
mod counts;
mod data_change;
mod format;
mod intake;
mod integrity_check;
pub mod ledger;
mod preset;
mod security_event;
mod transaction_log;

pub use access_log::{AccessLog, AccessResult, PciAccessLog};
pub use data_change::{DataChange, DataChangeType};
pub use format::{Format, LogFormat};
pub use integrity_check::{AuditIntegrityCheck, VerificationStatus, check};
pub use preset::AuditPreset;
pub use security_event::{SecurityEvent, SecurityEventType, Severity};
pub use transaction_log::{ComplianceCheckLog, ComplianceCheckResult, TransactionLog};

use mainstay_entity::Entity;
use mainstay_kernel::entities::{
    AuditEvent, IdempotencyKey, LedgerCosignature, LedgerEntry, LedgerHead, LedgerLease,
    LedgerPending, LedgerStatement, LedgerTile,
};
use mainstay_kernel::permissions::READ;
use mainstay_kernel::{Module, PermissionPair, make_partitions, remove_old_answers, typed};

/// What the module declares.
pub fn module() -> Module {
    Module::new("audit")
        .entities([
            AuditEvent::meta(),
            AuditIntegrityCheck::meta(),
            AuditPreset::meta(),
            SecurityEvent::meta(),
            DataChange::meta(),
            AccessLog::meta(),
            PciAccessLog::meta(),
            TransactionLog::meta(),
            ComplianceCheckLog::meta(),
            IdempotencyKey::meta(),
            LedgerPending::meta(),
            LedgerHead::meta(),
            LedgerTile::meta(),
            LedgerEntry::meta(),
            LedgerLease::meta(),
            LedgerCosignature::meta(),
            LedgerStatement::meta(),
        ])
        .intake::<AuditEvent>(intake::events)
        .intake::<AuditPreset>(intake::presets)
        .action(
            "audit_proof",
            PermissionPair::new(AuditEvent::TABLE, READ),
            typed(ledger::audit_proof),
        )
        .action(
            "audit_evidence",
            PermissionPair::new(AuditEvent::TABLE, READ),
            typed(ledger::audit_evidence),
        )
        .action(
            "audit_counts",
            PermissionPair::new(AuditEvent::TABLE, READ),
            typed(counts::audit_counts),
        )
        .every("1 day", integrity_check::check_all)
        .every("12 hours", make_partitions)
        .every("1 hour", remove_old_answers)
}
