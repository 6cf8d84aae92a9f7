//! The modules of this binary.

use crate::config::Config;
use crate::own;
use crate::systems::{self, System};
use mainstay_declarations::Declarations;
use mainstay_entity::Catalog;
use mainstay_kernel::Module;
use std::sync::Arc;

/// What the systems are made of, in the order in which modules may refer to each other.
pub(crate) fn built_in(systems: &[System]) -> Vec<Module> {
    systems::select(all(), systems)
}

/// What the systems are made of, and behind it what a product declares.
pub(crate) fn modules(systems: &[System], own: &Declarations) -> Vec<Module> {
    let mut modules = built_in(systems);
    modules.push(own::module(own));
    modules
}

fn all() -> Vec<Module> {
    vec![
        mainstay_identity::module(),
        mainstay_audit::module(),
        mainstay_governance::module(),
        mainstay_delivery::module(),
        mainstay_reports::module(),
        mainstay_notify::module(),
        mainstay_files::module(),
        mainstay_analytics::module(),
        mainstay_monitoring::module(),
        mainstay_compliance::module(),
        mainstay_integrations::module(),
        mainstay_ticketing::module(),
        mainstay_catalog::module(),
        mainstay_exposure::module(),
        mainstay_assets::module(),
    ]
}

/// The entities of the systems, and a product's own.
pub(crate) fn catalog(systems: &[System], own: &Declarations) -> anyhow::Result<Arc<Catalog>> {
    Ok(Arc::new(mainstay_kernel::catalog(&modules(systems, own))?))
}

/// The entities that a configuration asks for.
pub(crate) fn configured_catalog(config: &Config) -> anyhow::Result<Arc<Catalog>> {
    catalog(&config.systems()?, &own::read(config)?)
}
