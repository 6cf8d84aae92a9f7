//! Assets: tokens on a chain, who holds them, and the rules that they keep.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("assets")
}
