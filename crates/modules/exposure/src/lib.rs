//! Exposure: what outsiders can learn of or do to an organisation, and the road to a better state.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("exposure")
}
