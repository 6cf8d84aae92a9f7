//! Systems: what an installation is used for, and the modules that each needs.

use mainstay_entity::{EntityMeta, Reference};
use mainstay_kernel::Module;
use std::collections::{HashMap, HashSet};
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
/// A module needs those before it that its records refer to. A record that can't be without one
/// of a module that is off is left out with it. Any other reference to what is not there is left
/// out, and its column can't be written by callers, so that the reference holds when its target
/// is switched on.
pub(crate) fn select(mut modules: Vec<Module>, systems: &[System]) -> Vec<Module> {
    let is_on = |module: &Module| {
        let name = &module.name;
        BASE.contains(name) || systems.iter().any(|system| system.modules().contains(name))
    };
    let mut on: Vec<bool> = modules.iter().map(is_on).collect();
    let homes: HashMap<String, usize> = modules
        .iter()
        .enumerate()
        .flat_map(|(place, module)| {
            module.entities.iter().map(move |meta| (meta.qualified_name(), place))
        })
        .collect();
    // A module needs earlier ones alone, so one pass from the last to the first finds all.
    for place in (0..modules.len()).rev().filter(|place| on[*place]).collect::<Vec<_>>() {
        switch_on_with_its_needs(&modules, &homes, &mut on, place);
    }
    let mut places = on.into_iter();
    modules.retain(|_| places.next().unwrap_or_default());
    prune(&mut modules);
    modules
}

/// Switches a module on, and those before it that it refers to.
fn switch_on_with_its_needs(
    modules: &[Module],
    homes: &HashMap<String, usize>,
    on: &mut [bool],
    place: usize,
) {
    on[place] = true;
    let targets = modules[place].entities.iter().flat_map(needs);
    for home in targets.filter_map(|target| homes.get(&target).copied()) {
        if home < place && !on[home] {
            switch_on_with_its_needs(modules, homes, on, home);
        }
    }
}

/// The tables that an entity names.
fn needs(meta: &EntityMeta) -> Vec<String> {
    let references = meta.references.iter().map(|r| format!("{}.{}", r.schema, r.table));
    references.chain(shown(meta)).collect()
}

/// The tables that a view is computed from.
fn shown(meta: &EntityMeta) -> Vec<String> {
    let Some(view) = &meta.view else { return Vec::new() };
    let joined = view.joins.iter().map(|join| &join.source);
    let sources = std::iter::once(&view.from).chain(joined);
    sources.map(|source| format!("{}.{}", source.schema, source.table)).collect()
}

/// Leaves out what can't be without a table that is not there, and other references to it.
fn prune(modules: &mut [Module]) {
    // What goes may take others with it; each round but the last removes at least one.
    loop {
        let there: HashSet<String> =
            modules.iter().flat_map(|m| &m.entities).map(EntityMeta::qualified_name).collect();
        let stands = |meta: &EntityMeta| {
            let is_optional = |reference: &Reference| {
                reference.columns.iter().any(|c| meta.column(c).is_none_or(|c| c.nullable))
            };
            let is_there = |r: &Reference| there.contains(&format!("{}.{}", r.schema, r.table));
            meta.references.iter().all(|r| is_there(r) || is_optional(r))
                && shown(meta).iter().all(|table| there.contains(table))
        };
        let before = there.len();
        for module in modules.iter_mut() {
            module.entities.retain(stands);
        }
        if modules.iter().map(|module| module.entities.len()).sum::<usize>() == before {
            let entities = modules.iter_mut().flat_map(|module| &mut module.entities);
            entities.for_each(|meta| detach(meta, &there));
            return;
        }
    }
}

/// Leaves references to absent tables out.
fn detach(meta: &mut EntityMeta, there: &HashSet<String>) {
    let is_kept = |r: &Reference| there.contains(&format!("{}.{}", r.schema, r.table));
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
