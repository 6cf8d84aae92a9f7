//! Compliance: assessments and their evidence, verification of people and businesses, screening and risk.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("compliance")
}
