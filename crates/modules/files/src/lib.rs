//! Files: what is stored, who read it, whether it is clean, and how much there may be.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("files")
}
