//! The tables, as a product's files declare them.

use anyhow::{Result, anyhow};
use mainstay_declarations::Declarations;
use mainstay_kernel::Module;

const FILES: [(&str, &str); 4] = [
    ("own_events.yaml", include_str!("entities/own_events.yaml")),
    ("own_customers.yaml", include_str!("entities/own_customers.yaml")),
    ("own_orders.yaml", include_str!("entities/own_orders.yaml")),
    ("own_lines.yaml", include_str!("entities/own_lines.yaml")),
];

/// A module behind those it may refer to.
pub(crate) fn module(before: &[Module]) -> Result<Module> {
    let known: Vec<_> = before.iter().flat_map(|module| module.entities.clone()).collect();
    let files = FILES.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let declared = Declarations::parse(&files, &known).map_err(|faults| anyhow!("{faults:?}"))?;
    Ok(Module::new("product").entities(&declared.entities))
}
