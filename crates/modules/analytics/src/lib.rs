//! Analytics: measurements, what happened in products, costs, and the dashboards that show them.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("analytics")
}
