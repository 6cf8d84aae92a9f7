//! The catalog of a developer portal: services, what they depend on, their deployments, and plugins.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("catalog")
}
