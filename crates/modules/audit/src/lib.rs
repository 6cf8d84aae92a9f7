//! The audit trail: what happened, who did it and how it ended.
//!
//! The kernel writes an [`AuditEvent`](mainstay_kernel::entities::AuditEvent) with every governed
//! change; callers with the permission may add events of their own, repeatable by their
//! idempotency key.

use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::AuditEvent;

/// What the module declares.
pub fn module() -> Module {
    Module::new("audit").entities([AuditEvent::meta()])
}
