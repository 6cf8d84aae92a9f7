//! A table of another database as a declaration.

use super::column::Declared;
use super::expression;
use super::fact;
use super::kind::{self, Base, Kind};
use super::yaml::{self, Map};
use clap::ValueEnum;
use mainstay_entity::TENANT_COLUMN;
use mainstay_store::introspect::{Action, Check, Column, Index, Reference, Schema, Table};
use std::fmt::Write;

/// Whose rows they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// Of one organisation each.
    Tenant,
    /// Of the installation; everyone may read them.
    Public,
    /// Of the installation.
    Platform,
}

/// What is read, and how it is to be declared.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    pub(super) schema: &'s Schema,
    /// The schema's name; empty for SQLite, which has none.
    pub(super) name: &'s str,
    /// The scope of tables that tell nothing of organisations.
    pub(super) scope: Scope,
}

/// A declaration with what it does not say.
pub(super) struct Declaration {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

impl Source<'_> {
    fn kind(&self, column: &Column) -> Kind {
        if self.name.is_empty() { kind::of_sqlite(column) } else { kind::of_postgres(column) }
    }

    /// Rows that carry an organisation are that organisation's.
    fn scope_of(&self, table: &Table) -> Scope {
        let is_tenant = |name: &str, data_type: &str| {
            name == TENANT_COLUMN && data_type.eq_ignore_ascii_case("uuid")
        };
        if table.columns.iter().any(|column| is_tenant(&column.name, &column.data_type)) {
            return Scope::Tenant;
        }
        self.scope
    }

    /// The declaration of a table.
    pub(super) fn declare(&self, table: &Table) -> Declaration {
        let mut writer = Writer {
            source: *self,
            table,
            scope: self.scope_of(table),
            columns: Vec::new(),
            references: Vec::new(),
            checks: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            notes: table
                .others
                .iter()
                .map(|other| format!("{other} is not carried over"))
                .collect(),
        };
        writer.columns();
        table.references.iter().for_each(|reference| writer.reference(reference));
        table.checks.iter().for_each(|check| writer.check(check));
        table.uniques.iter().chain(&table.indexes).for_each(|index| writer.index(index));
        writer.finish()
    }
}

struct Writer<'s> {
    source: Source<'s>,
    table: &'s Table,
    scope: Scope,
    columns: Vec<Declared>,
    references: Vec<Map>,
    checks: Vec<String>,
    uniques: Vec<String>,
    indexes: Vec<Map>,
    notes: Vec<String>,
}

impl Writer<'_> {
    fn is_tenant_column(&self, name: &str) -> bool {
        self.scope == Scope::Tenant && name == TENANT_COLUMN
    }

    /// Columns without that of the organisation, which a tenant's table has by itself.
    fn own<'c>(&self, columns: &'c [String]) -> Vec<&'c str> {
        columns.iter().map(String::as_str).filter(|name| !self.is_tenant_column(name)).collect()
    }

    fn columns(&mut self) {
        for column in &self.table.columns {
            if self.is_tenant_column(&column.name) {
                if !column.data_type.eq_ignore_ascii_case("uuid") {
                    let what =
                        format!("{TENANT_COLUMN} was {} and is a uuid now", column.data_type);
                    self.notes.push(what);
                }
                continue;
            }
            let mut declared = Declared::new(column, self.source.kind(column));
            declared.apply_domain(column);
            if self.table.primary_key.contains(&column.name) {
                declared.keys.remove("nullable");
            }
            self.columns.push(declared);
        }
    }

    fn column(&mut self, name: &str) -> Option<&mut Declared> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    fn reference(&mut self, reference: &Reference) {
        let own: Vec<String> =
            self.own(&reference.columns).into_iter().map(str::to_owned).collect();
        let target =
            self.source.schema.tables.iter().find(|table| {
                table.name == reference.table && reference.schema == self.source.name
            });
        self.widen(reference);
        let described = format!(
            "reference ({}) to {}({})",
            reference.columns.join(", "),
            reference.table,
            reference.to.join(", ")
        );
        let Some(target) = target else {
            // The organisation's own table is Mainstay's.
            if !own.is_empty() {
                self.notes.push(format!("{described} leads out of what is imported"));
            }
            return;
        };
        let target_scope = self.source.scope_of(target);
        if own.is_empty() || target_scope == Scope::Tenant && self.scope != Scope::Tenant {
            self.notes.push(format!("{described} would lead from one scope into another"));
            return;
        }
        let is_theirs = |name: &&String| target_scope == Scope::Tenant && *name == TENANT_COLUMN;
        let is_theirs_not = |name: &&String| !is_theirs(name);
        let to: Vec<&String> = reference.to.iter().filter(is_theirs_not).collect();
        if to.len() != own.len() {
            self.notes.push(format!("{described} compares organisations with something else"));
            return;
        }
        let key = target.primary_key.iter().filter(is_theirs_not);
        let is_key = key.eq(to.iter().copied());
        let mut keys = Map::default();
        keys.put("table", yaml::scalar(&reference.table));
        self.actions(reference, &own, &described, &mut keys);
        let usual = format!("{}_{}_fkey", self.table.name, own.join("_"));
        if !reference.name.is_empty() && reference.name != usual {
            keys.put("name", yaml::scalar(&reference.name));
        }
        if let [only] = own.as_slice()
            && let Some(column) = self.column(only).filter(|column| !column.keys.has("references"))
        {
            if !is_key {
                keys.put("column", yaml::scalar(to[0]));
            }
            column.keys.put("references", keys.flow());
            return;
        }
        keys.put("columns", yaml::list(&own));
        keys.put("to", yaml::list(to));
        self.references.push(keys);
    }

    /// Both sides of a reference are of one type here, the target's.
    fn widen(&mut self, reference: &Reference) {
        let tables = &self.source.schema.tables;
        let Some(target) = tables.iter().find(|table| table.name == reference.table) else {
            return;
        };
        for (own, to) in reference.columns.iter().zip(&reference.to) {
            let Some(to) = target.columns.iter().find(|column| column.name == *to) else {
                continue;
            };
            let kind = self.source.kind(to);
            let Some(own) = self.column(own) else {
                continue;
            };
            let (is, wanted) = (own.keys.get("type"), kind.keys.get("type"));
            if own.base == Base::Whole && kind.base == Base::Whole && is != wanted {
                let note = format!("was {} and is of the type that it refers to", is.unwrap_or(""));
                own.notes.push(note);
                own.keys.replace("type", wanted.unwrap_or("bigint").to_owned());
            }
        }
    }

    /// What happens when the target goes or its key changes.
    fn actions(&mut self, reference: &Reference, own: &[String], described: &str, keys: &mut Map) {
        match reference.on_delete {
            Action::Refuse => {}
            Action::Cascade => keys.put("on_delete", "cascade"),
            Action::SetNull => {
                let mut columns = self.table.columns.iter();
                if columns.any(|column| own.contains(&column.name) && !column.nullable) {
                    self.notes.push(format!("{described} sets null what can't be: it refuses now"));
                } else {
                    keys.put("on_delete", "set_null");
                }
            }
            Action::SetDefault => {
                self.notes.push(format!("{described} sets defaults no more: it refuses"));
            }
        }
        if reference.on_update != Action::Refuse {
            self.notes.push(format!("{described} follows changes of the key no more"));
        }
        if reference.deferrable {
            self.notes.push(format!("{described} is looked at with each statement, never later"));
        }
    }

    /// What a check says of single columns goes to these, the rest stays one in CEL.
    fn check(&mut self, check: &Check) {
        let mut left = Vec::new();
        let parsed = expression::parse(&check.expression);
        for part in parsed.map(expression::Expression::conjuncts).into_iter().flatten() {
            let columns = &self.columns;
            let base = |name: &str| {
                columns.iter().find(|column| column.name == name).map(|column| column.base)
            };
            let fact = fact::of(&part, base);
            let taken = fact.is_some_and(|fact| {
                self.column(fact.column()).is_some_and(|column| column.apply(&fact))
            });
            if !taken {
                left.push(part);
            }
        }
        let said = expression::parse(&check.expression).is_some();
        if said && left.is_empty() {
            return;
        }
        let cel: Option<Vec<String>> = left.iter().map(expression::Expression::to_cel).collect();
        match cel.filter(|_| said) {
            Some(parts) => {
                let short = check.name.strip_prefix(&format!("{}_", self.table.name));
                let name = match short.unwrap_or(&check.name) {
                    "" => format!("rule_{}", self.checks.len() + 1),
                    name => name.to_owned(),
                };
                let condition = yaml::quoted(&parts.join(" && "));
                self.checks.push(format!("{}: {condition}", yaml::scalar(&name)));
            }
            None => self.notes.push(format!("check {} is not carried over", check.expression)),
        }
    }

    fn index(&mut self, index: &Index) {
        let what = if index.unique { "unique index" } else { "index" };
        let names: Vec<String> =
            index.parts.iter().filter(|p| !p.is_included).map(|part| part.text.clone()).collect();
        let own = self.own(&names);
        let first = index.parts.iter().find(|part| own.contains(&part.text.as_str()));
        let descending = first.is_some_and(|part| part.descending);
        let mut parts = index.parts.iter().filter(|part| own.contains(&part.text.as_str()));
        let reason = if index.method != "btree" {
            format!("by {}", index.method)
        } else if index.parts.iter().any(|part| part.is_expression) {
            "over an expression".to_owned()
        } else if index.filter.is_some() {
            format!("where {}", index.filter.as_deref().unwrap_or_default())
        } else if !index.unique && parts.any(|part| part.descending != descending) {
            "with directions that differ".to_owned()
        } else if own.is_empty() {
            // Every key of a tenant's table begins with the organisation.
            return;
        } else {
            String::new()
        };
        if !reason.is_empty() {
            let note = format!(
                "{what} {} ({}) {reason} is not carried over",
                index.name,
                names.join(", ")
            );
            self.notes.push(note);
            return;
        }
        if index.unique {
            let columns = yaml::list(&own);
            let mut keys = Map::default();
            keys.put("columns", &columns);
            keys.put("nulls", "equal");
            self.uniques.push(if index.nulls_not_distinct { keys.flow() } else { columns });
            return;
        }
        let mut keys = Map::default();
        keys.put("columns", yaml::list(&own));
        if descending {
            keys.put("descending", "true");
        }
        self.indexes.push(keys);
    }

    fn finish(mut self) -> Declaration {
        for (column, declared) in self.table.columns.iter().map(|column| (column, &column.name)) {
            if let (Some(comment), Some(declared)) = (&column.comment, self.column(declared)) {
                declared.keys.put("description", yaml::quoted(comment));
            }
        }
        let key = self.own(&self.table.primary_key);
        let is_public = self.scope != Scope::Tenant;
        if key.is_empty() && !is_public {
            self.notes.push("has no key of its own: rows get an id".to_owned());
        }
        let mut text = String::new();
        let mut line = |line: String| {
            // Writing to a String can't fail.
            let _ = writeln!(text, "{line}");
        };
        line(format!("table: {}", yaml::scalar(&self.table.name)));
        for note in &self.notes {
            line(yaml::comment(note));
        }
        if let Some(comment) = &self.table.comment {
            line(format!("description: {}", yaml::quoted(comment)));
        }
        if !matches!(self.source.name, "" | "public") {
            line(format!("schema: {}", yaml::scalar(self.source.name)));
        }
        line(format!(
            "scope: {}",
            match self.scope {
                Scope::Tenant => "tenant",
                Scope::Public => "public",
                Scope::Platform => "platform",
            }
        ));
        if key.is_empty() && is_public {
            line("primary_key: none".to_owned());
        } else if !key.is_empty() && key != ["id"] {
            line(format!("primary_key: {}", yaml::list(&key)));
        }
        line("columns:".to_owned());
        self.columns.iter().for_each(|column| line(column.line()));
        let mut items = |name: &str, items: Vec<String>| {
            if !items.is_empty() {
                line(format!("{name}:"));
                for item in items {
                    line(format!("  {item}"));
                }
            }
        };
        let flow = |maps: &[Map]| maps.iter().map(|map| format!("- {}", map.flow())).collect();
        items("references", flow(&self.references));
        items("unique", self.uniques.iter().map(|key| format!("- {key}")).collect());
        items("checks", std::mem::take(&mut self.checks));
        items("indexes", flow(&self.indexes));
        let of_columns = self.columns.iter().flat_map(|column| {
            column.notes.iter().map(move |note| format!("{}: {note}", column.name))
        });
        let notes = self.notes.iter().cloned().chain(of_columns).collect();
        Declaration { text, notes }
    }
}
