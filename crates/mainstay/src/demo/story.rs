//! The rows that the demonstration fills each module with: a small story, the same in both
//! organisations.
//!
//! A module's rows are in a file of their own, as blocks of one table each. A text that begins
//! with `@` stands for something that is known when the rows are loaded:
//!
//! | text | stands for |
//! |---|---|
//! | `@org` | the organisation |
//! | `@user:admin` | the demonstration's user of that role |
//! | `@team:platform` | one of its teams |
//! | `@now`, `@now-3d`, `@now+2h` | an instant, relative to the load |
//! | `@today`, `@today-7d` | a date |
//! | `@hash:anything` | 32 bytes made for that name, as of a token |
//! | `@anything else` | an identifier made for that name, the same wherever it stands |

use anyhow::{Context as _, Result, bail};
use jiff::{Span, Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// The modules' files, in the order in which rows may refer to each other.
const FILES: &[(&str, &str)] = &[
    ("identity", include_str!("identity.json")),
    ("audit", include_str!("audit.json")),
    ("governance", include_str!("governance.json")),
    ("delivery", include_str!("delivery.json")),
    ("reports", include_str!("reports.json")),
    ("notify", include_str!("notify.json")),
    ("files", include_str!("files.json")),
    ("analytics", include_str!("analytics.json")),
    ("monitoring", include_str!("monitoring.json")),
    ("compliance", include_str!("compliance.json")),
    ("integrations", include_str!("integrations.json")),
    ("ticketing", include_str!("ticketing.json")),
    ("catalog", include_str!("catalog.json")),
    ("exposure", include_str!("exposure.json")),
    ("assets", include_str!("assets.json")),
];

/// Rows of one table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// The table.
    pub table: String,
    /// Loaded with the first organisation alone: rows of the whole installation.
    #[serde(default)]
    pub once: bool,
    rows: Vec<Map<String, Value>>,
}

/// All blocks, in the order in which they are loaded.
pub(crate) fn blocks() -> Result<Vec<Block>> {
    let mut all = Vec::new();
    for (module, text) in FILES {
        let blocks: Vec<Block> =
            serde_json::from_str(text).with_context(|| format!("the story of {module}"))?;
        all.extend(blocks);
    }
    Ok(all)
}

/// Leaves out the rows of tables that are not served, and those that name such a row.
pub(crate) fn served(mut blocks: Vec<Block>, is_served: impl Fn(&str) -> bool) -> Vec<Block> {
    let mut gone: HashSet<Value> = HashSet::new();
    for block in &mut blocks {
        let is_there = is_served(&block.table);
        block.rows.retain(|row| {
            let stays = is_there && !row.values().any(|value| names_any(value, &gone));
            if !stays && let Some(id) = row.get("id") {
                gone.insert(id.clone());
            }
            stays
        });
    }
    blocks.retain(|block| !block.rows.is_empty());
    blocks
}

fn names_any(value: &Value, names: &HashSet<Value>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| names_any(item, names)),
        Value::Object(fields) => fields.values().any(|field| names_any(field, names)),
        value => names.contains(value),
    }
}

impl Block {
    /// The columns that any row has: rows may leave some to their defaults.
    pub(crate) fn columns(&self) -> String {
        let names: BTreeSet<&str> =
            self.rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect();
        names.into_iter().collect::<Vec<_>>().join(",")
    }

    /// The rows with everything that texts stand for.
    pub(crate) fn resolved(&self, names: &mut Names) -> Result<Value> {
        let mut rows =
            Value::from(self.rows.clone().into_iter().map(Value::from).collect::<Vec<_>>());
        names.resolve(&mut rows).with_context(|| format!("the story of {}", self.table))?;
        Ok(rows)
    }
}

/// What the names of a story stand for, in one organisation.
pub(crate) struct Names {
    known: HashMap<String, Uuid>,
    now: Timestamp,
    new_id: Box<dyn Fn() -> Uuid + Send>,
}

impl Names {
    /// Names of which nothing is known yet.
    pub(crate) fn new(now: Timestamp, new_id: Box<dyn Fn() -> Uuid + Send>) -> Self {
        Self { known: HashMap::new(), now, new_id }
    }

    /// Says what a name stands for.
    pub(crate) fn set(&mut self, name: impl Into<String>, id: Uuid) {
        self.known.insert(name.into(), id);
    }

    /// Takes over the names that the rows of another organisation's `once` blocks have.
    pub(crate) fn share(&mut self, blocks: &[Block], other: &Self) {
        for id in blocks.iter().filter(|b| b.once).flat_map(|b| &b.rows).filter_map(|r| r.get("id"))
        {
            let Some(name) = id.as_str().and_then(|text| text.strip_prefix('@')) else { continue };
            if let Some(id) = other.known.get(name) {
                self.set(name, *id);
            }
        }
    }

    fn resolve(&mut self, value: &mut Value) -> Result<()> {
        match value {
            Value::String(text) => {
                if let Some(name) = text.strip_prefix('@') {
                    *text = self.meaning(name)?;
                }
                Ok(())
            }
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.resolve(item)),
            Value::Object(fields) => fields.values_mut().try_for_each(|field| self.resolve(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        }
    }

    fn meaning(&mut self, name: &str) -> Result<String> {
        if let Some(offset) = name.strip_prefix("now") {
            return Ok(self.moment(offset)?.to_string());
        }
        if let Some(offset) = name.strip_prefix("today") {
            return Ok(self.moment(offset)?.to_zoned(TimeZone::UTC).date().to_string());
        }
        if let Some(of) = name.strip_prefix("hash:") {
            let id = Uuid::parse_str(&self.meaning(of)?)?.simple().to_string();
            return Ok(format!("\\x{id}{id}"));
        }
        if let Some(id) = self.known.get(name) {
            return Ok(id.to_string());
        }
        if name.starts_with("user:") || name.starts_with("team:") {
            bail!("nothing is called @{name}");
        }
        let id = (self.new_id)();
        self.set(name, id);
        Ok(id.to_string())
    }

    /// The time of the load, moved by an offset such as `-3d`, `+2h` or `-15m`.
    fn moment(&self, offset: &str) -> Result<Timestamp> {
        if offset.is_empty() {
            return Ok(self.now);
        }
        let (number, unit) = offset.split_at(offset.len() - 1);
        let number: i64 = number.parse().with_context(|| format!("{offset} is no offset"))?;
        let span = match unit {
            "m" => Span::new().try_minutes(number)?,
            "h" => Span::new().try_hours(number)?,
            "d" => Span::new().try_hours(number.saturating_mul(24))?,
            _ => bail!("{offset} is no offset: write minutes, hours or days, as -3d"),
        };
        Ok(self.now.checked_add(span)?)
    }
}
