//! A product's own tables, declared in files: what they cost beside built-in ones, and what is
//! asked of them beyond lists.

mod batch;
mod changes;
mod declared;
mod embed;
mod pages;
mod same;
mod shop;

pub(crate) use declared::module;

use crate::report::Comparison;
use crate::spine::engine_name;
use crate::{Engine, Options, report};
use anyhow::Result;
use shop::Shop;

/// Measures what is asked for, prints it and writes it to a file.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut results = Vec::new();
    for engine in options.engines() {
        let name = |kind: &str| format!("{}/{kind}", engine_name(engine));
        if same::NAMES.iter().any(|kind| options.wants(&name(kind))) {
            println!("{}: loading {} rows of two tables", name("same"), options.rows);
            results.extend(same::measure(options, engine).await?);
        }
        let kinds = [embed::NAME, batch::NAME, pages::NAMES[0], pages::NAMES[1], changes::NAME];
        if kinds.into_iter().any(|kind| options.wants(&name(kind))) {
            println!("{}: loading {} lines of orders", name("shop"), options.many_rows);
            results.extend(in_shop(options, engine, &name).await?);
        }
    }
    report::write(&options.json("product"), &results)
}

async fn in_shop(
    options: &Options,
    engine: Engine,
    name: &impl Fn(&str) -> String,
) -> Result<Vec<Comparison>> {
    let shop = Shop::load(engine, options.many_rows).await?;
    let server = shop.start()?;
    let mut found = Vec::new();
    let mut add = |comparison: Comparison| {
        comparison.print();
        found.push(comparison);
    };
    if options.wants(&name(embed::NAME)) {
        add(embed::measure(options, &name(embed::NAME), &shop, &server).await?);
    }
    for kind in pages::NAMES.into_iter().filter(|kind| options.wants(&name(kind))) {
        add(pages::measure(options, kind, &name(kind), &shop, &server).await?);
    }
    if options.wants(&name(batch::NAME)) {
        add(batch::measure(options, &name(batch::NAME), &shop, &server).await?);
    }
    if options.wants(&name(changes::NAME)) {
        add(changes::measure(options, &name(changes::NAME), &shop, &server).await?);
    }
    Ok(found)
}
