//! Systems: what an installation is used for, and the modules that each needs.

use mainstay_entity::{EntityMeta, Reference};
use mainstay_kernel::Module;
use std::collections::HashMap;
use std::str::FromStr;

/// One of the systems that stand on the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Ticketing operations.
    Ticketing,
    /// A developer portal's catalog.
    Portal,
    /// Security exposure management.
    Exposure,
    /// Tokenised assets.
    Assets,
    /// Audit trails that are delivered and reported.
    Audit,
}

/// What every installation has.
const BASE: &[&str] = &["identity", "audit", "governance"];

impl System {
    pub(crate) const ALL: [Self; 5] =
        [Self::Ticketing, Self::Portal, Self::Exposure, Self::Assets, Self::Audit];

    const fn name(self) -> &'static str {
        match self {
            Self::Ticketing => "ticketing",
            Self::Portal => "portal",
            Self::Exposure => "exposure",
            Self::Assets => "assets",
            Self::Audit => "audit",
        }
    }

    /// The modules that it is made of, beside what these refer to.
    const fn modules(self) -> &'static [&'static str] {
        match self {
            Self::Ticketing => &[
                "reports",
                "notify",
                "files",
                "analytics",
                "monitoring",
                "compliance",
                "integrations",
                "ticketing",
            ],
            Self::Portal => &["analytics", "compliance", "catalog"],
            Self::Exposure => &["reports", "compliance", "exposure"],
            Self::Assets => &["reports", "monitoring", "integrations", "assets"],
            Self::Audit => &["delivery", "reports", "monitoring"],
        }
    }
}

impl FromStr for System {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|system| system.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("{text} is no system; expected some of {names}")
        })
    }
}

/// Keeps the modules that the systems need, in their order.
///
/// A module needs those before it that its records refer to, and a later one if a record can't
/// be without it. Other references to what is switched off are left out, and their columns can't
/// be written by callers, so that they hold when it is switched on.
pub(crate) fn select(modules: Vec<Module>, systems: &[System]) -> Vec<Module> {
    let homes: HashMap<String, usize> = modules
        .iter()
        .enumerate()
        .flat_map(|(place, module)| {
            module.entities.iter().map(move |e| (e.qualified_name(), place))
        })
        .collect();
    let wanted = |name: &str| {
        BASE.contains(&name) || systems.iter().any(|system| system.modules().contains(&name))
    };
    let mut is_on: Vec<bool> = modules.iter().map(|module| wanted(module.name)).collect();
    // What a module needs may need more; each round switches at least one on.
    while let Some(missing) = needed(&modules, &homes, &is_on) {
        is_on[missing] = true;
    }
    let is_there = |table: &str| homes.get(table).is_none_or(|home| is_on[*home]);
    let mut selected = Vec::new();
    for (place, mut module) in modules.into_iter().enumerate() {
        if is_on[place] {
            module.entities.iter_mut().for_each(|meta| detach(meta, &is_there));
            selected.push(module);
        }
    }
    selected
}

/// A module that is off and that one that is on needs.
fn needed(modules: &[Module], homes: &HashMap<String, usize>, is_on: &[bool]) -> Option<usize> {
    modules.iter().enumerate().filter(|(place, _)| is_on[*place]).find_map(|(place, module)| {
        module.entities.iter().find_map(|meta| {
            meta.references.iter().find_map(|reference| {
                let target = format!("{}.{}", reference.schema, reference.table);
                let home = *homes.get(&target)?;
                let is_required = reference
                    .columns
                    .iter()
                    .all(|name| meta.column(name).is_some_and(|column| !column.nullable));
                (!is_on[home] && (home < place || is_required)).then_some(home)
            })
        })
    })
}

/// Leaves references to absent tables out.
fn detach(meta: &mut EntityMeta, is_there: &impl Fn(&str) -> bool) {
    let is_kept = |r: &Reference| is_there(&format!("{}.{}", r.schema, r.table));
    if meta.references.iter().all(is_kept) {
        return;
    }
    let (kept, absent): (Vec<_>, Vec<_>) = meta.references.iter().cloned().partition(is_kept);
    meta.references = kept.into();
    for column in meta.columns.to_mut() {
        if absent.iter().any(|reference| reference.columns.contains(&column.name)) {
            column.read_only = true;
        }
    }
}
