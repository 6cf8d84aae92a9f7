//! Monitoring: rules that raise alerts, and what the system itself reports.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("monitoring")
}
