//! The modules of this binary.

use mainstay_entity::Catalog;
use mainstay_kernel::Module;
use std::sync::Arc;

/// What this binary is made of, in the order in which modules may refer to each other.
pub(crate) fn modules() -> Vec<Module> {
    vec![mainstay_identity::module(), mainstay_audit::module(), mainstay_governance::module()]
}

/// The entities of all modules.
pub(crate) fn catalog() -> anyhow::Result<Arc<Catalog>> {
    Ok(Arc::new(mainstay_kernel::catalog(&modules())?))
}
