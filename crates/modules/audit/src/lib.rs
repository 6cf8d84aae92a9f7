//! The audit trail: what happened, who did it and how it ended, provable to outsiders.
//!
//! The kernel writes an [`AuditEvent`] with every governed change; callers with the permission may
//! add events of their own, repeatable by their idempotency key. Each organisation's events make a
//! log, the [`ledger`], that anyone can verify.

mod format;
pub mod ledger;

pub use format::{Format, LogFormat};

use mainstay_entity::Entity;
use mainstay_kernel::entities::{
    AuditEvent, LedgerEntry, LedgerHead, LedgerLease, LedgerPending, LedgerTile,
};
use mainstay_kernel::permissions::READ;
use mainstay_kernel::{Module, PermissionPair, typed};

/// What the module declares.
pub fn module() -> Module {
    Module::new("audit")
        .entities([
            AuditEvent::meta(),
            LedgerPending::meta(),
            LedgerHead::meta(),
            LedgerTile::meta(),
            LedgerEntry::meta(),
            LedgerLease::meta(),
        ])
        .action(
            "audit_proof",
            PermissionPair::new(AuditEvent::TABLE, READ),
            typed(ledger::audit_proof),
        )
}
