//! Reports: what is reported, when, to whom, and the files that come of it.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("reports")
}
