//! Notifications: what people are told, over which channel, by which template and within which limits.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("notify")
}
