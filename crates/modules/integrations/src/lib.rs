//! Integrations: other systems, the connections to them, and what is exchanged.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("integrations")
}
