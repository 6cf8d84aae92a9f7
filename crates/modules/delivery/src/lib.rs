//! Delivery: destinations outside, what waits to be sent to them, and how they are.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("delivery")
}
