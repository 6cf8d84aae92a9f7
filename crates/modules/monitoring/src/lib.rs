//! Monitoring: rules that raise alerts, and what the system itself reports.

mod alert;
mod system;

pub use alert::{Alert, AlertRule, AlertSeverity, AlertStatus, AlertTrend};
pub use system::{SystemError, SystemEvent, SystemEventSeverity};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("monitoring").entities([
        AlertRule::meta(),
        Alert::meta(),
        SystemEvent::meta(),
        SystemError::meta(),
    ])
}
