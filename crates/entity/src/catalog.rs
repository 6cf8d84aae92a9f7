//! The entities that one server knows, with names resolved and references checked.

mod computed;
mod relation;

pub use relation::NamedRelation;

use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::meta::{
    Classification, Column, Direction, EntityMeta, Index, IndexColumn, OnDelete, Reference, Scope,
    Str, Unique,
};
use crate::search::is_searchable;
use crate::view::{self, ViewPlan};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// The schema of the tables that this program declares itself.
pub const BUILT_IN_SCHEMA: &str = "mainstay";
/// The column that isolates organisations.
pub const TENANT_COLUMN: &str = "organization_id";

/// The position of a table in its catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableId(u32);

impl TableId {
    /// The position as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An entity with its names resolved.
#[derive(Debug)]
pub struct Table {
    /// Position in the catalog.
    pub id: TableId,
    /// Name of the module that declares it.
    pub module: Str,
    /// The declaration.
    pub meta: EntityMeta,
    /// Positions of the primary key's columns; empty when there is no key.
    pub primary_key: Vec<usize>,
    /// References to other tables; between tenant tables they include `organization_id`.
    pub foreign_keys: Vec<ForeignKey>,
    /// Declared ways to other tables that are no references.
    pub relations: Vec<NamedRelation>,
    /// References from other tables to this one: the table and the position in its `foreign_keys`.
    pub referenced_by: Vec<(TableId, usize)>,
    /// Unique keys beside the primary key, with the tenant column put first.
    pub uniques: Vec<UniqueKey>,
    /// What a view is computed from; none for a table.
    pub view: Option<ViewPlan>,
    /// Positions by names: columns and, behind them, computed ones.
    by_name: HashMap<String, usize>,
    tenant_column: Option<usize>,
}

/// A table is itself alone: its catalog has one of each.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}
impl Eq for Table {}

/// A resolved reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Constraint name.
    pub name: String,
    /// Referring columns; `organization_id` first between tenant tables.
    pub columns: Vec<usize>,
    /// Referenced table.
    pub target: TableId,
    /// Referenced columns, in the order of `columns`.
    pub target_columns: Vec<usize>,
    /// What happens when the target goes.
    pub on_delete: OnDelete,
}

/// A resolved unique key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UniqueKey {
    /// Constraint name.
    pub name: String,
    /// Key columns; `organization_id` first in tenant tables.
    pub columns: Vec<usize>,
    /// Nulls conflict with each other.
    pub nulls_not_distinct: bool,
    /// Condition of a partial key.
    pub filter: Option<Str>,
}

impl Table {
    /// The position of a column that rows keep.
    pub fn column_index(&self, name: &str) -> Option<usize> {
        self.readable_index(name).filter(|index| *index < self.meta.columns.len())
    }

    /// The position of `organization_id` in a tenant table.
    pub fn tenant_column(&self) -> Option<usize> {
        self.tenant_column
    }

    /// Whether its rows are computed from other tables and can only be read.
    pub fn is_view(&self) -> bool {
        self.meta.view.is_some()
    }

    /// The name of the column at a position, a computed one too.
    pub fn column_name(&self, index: usize) -> &str {
        &self.readable(index).name
    }

    /// The primary key without the tenant column: what names a row inside its organisation.
    pub fn row_key(&self) -> impl Iterator<Item = usize> + '_ {
        self.primary_key.iter().copied().filter(|c| Some(*c) != self.tenant_column)
    }

    /// The column that holds the keyed hash of a blindly indexed one.
    pub fn blind_column(&self, column: usize) -> Option<usize> {
        let column = &self.meta.columns[column];
        if !column.blind_index {
            return None;
        }
        self.column_index(&format!("{}{BLIND_SUFFIX}", column.name))
    }

    /// Whether a set of columns (without the tenant column) is a key of this table.
    pub fn is_key(&self, columns: &[usize]) -> bool {
        let wanted: HashSet<usize> =
            columns.iter().copied().filter(|c| Some(*c) != self.tenant_column).collect();
        let same = |key: &[usize]| {
            let key: HashSet<usize> =
                key.iter().copied().filter(|c| Some(*c) != self.tenant_column).collect();
            key == wanted
        };
        same(&self.primary_key)
            || self.uniques.iter().any(|u| u.filter.is_none() && same(&u.columns))
    }
}

/// All entities of one server.
pub struct Catalog {
    tables: Vec<Arc<Table>>,
    by_name: HashMap<String, HashMap<String, TableId>>,
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tables.iter().map(|t| t.meta.qualified_name())).finish()
    }
}

impl Catalog {
    /// Resolves declarations, each with the name of its module.
    ///
    /// # Errors
    /// [`Error::is_declaration`] names the table and what is wrong: a name used twice, a missing
    /// column or target, a reference to something that is no key or that would leave its tenant.
    pub fn new(declarations: impl IntoIterator<Item = (Str, EntityMeta)>) -> Result<Self> {
        let mut tables = Vec::new();
        let mut by_name: HashMap<String, HashMap<String, TableId>> = HashMap::new();
        for (module, meta) in declarations {
            let id = TableId(u32::try_from(tables.len()).unwrap_or(u32::MAX));
            let names = by_name.entry(meta.schema.to_string()).or_default();
            if names.insert(meta.table.to_string(), id).is_some() {
                return Err(fault(&meta, "is declared twice"));
            }
            tables.push(resolve_table(id, module, meta)?);
        }
        for index in 0..tables.len() {
            let keys = resolve_references(&tables, &by_name, &tables[index])?;
            for (position, key) in keys.iter().enumerate() {
                let source = tables[index].id;
                tables[key.target.index()].referenced_by.push((source, position));
            }
            tables[index].foreign_keys = keys;
        }
        for index in 0..tables.len() {
            tables[index].relations = relation::resolve(&tables, &by_name, &tables[index])?;
        }
        Ok(Self { tables: resolve_views(tables, &by_name)?, by_name })
    }

    /// The table of this name.
    pub fn find(&self, schema: &str, table: &str) -> Option<&Arc<Table>> {
        let id = self.by_name.get(schema)?.get(table)?;
        self.tables.get(id.index())
    }

    /// The table at a position.
    pub fn table(&self, id: TableId) -> &Arc<Table> {
        &self.tables[id.index()]
    }

    /// All tables, in the order of their modules.
    pub fn tables(&self) -> &[Arc<Table>] {
        &self.tables
    }

    /// The schemas that hold tables, sorted.
    pub fn schemas(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// Gives views their plans, which hold the tables that they show.
fn resolve_views(
    tables: Vec<Table>,
    by_name: &HashMap<String, HashMap<String, TableId>>,
) -> Result<Vec<Arc<Table>>> {
    let (views, plain): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(Table::is_view);
    let mut tables: Vec<Arc<Table>> = plain.into_iter().map(Arc::new).collect();
    let mut planned = Vec::with_capacity(views.len());
    for mut table in views {
        table.view = view::plan(&table, |schema, name| {
            let id = by_name.get(schema)?.get(name)?;
            tables.binary_search_by_key(id, |table| table.id).ok().map(|index| &tables[index])
        })?;
        planned.push(Arc::new(table));
    }
    tables.extend(planned);
    tables.sort_by_key(|table| table.id);
    Ok(tables)
}

fn fault(meta: &EntityMeta, what: impl fmt::Display) -> Error {
    Error::declaration(format!("table {} {what}", meta.qualified_name()))
}

/// What the companion of a column with a blind index adds to its name.
pub const BLIND_SUFFIX: &str = "_blind";

/// Adds, behind the declared columns, one for the keyed hash of each blindly indexed column.
fn add_blind_indexes(meta: &mut EntityMeta) {
    let indexed: Vec<String> =
        meta.columns.iter().filter(|c| c.blind_index).map(|c| c.name.to_string()).collect();
    for name in indexed {
        let companion = format!("{name}{BLIND_SUFFIX}");
        let mut column = Column::new("", Kind::Bytes);
        column.name = companion.clone().into();
        column.nullable = true;
        column.read_only = true;
        column.classification = Classification::Restricted;
        column.description =
            format!("Keyed hash of {name}, by which equal values are found.").into();
        meta.columns.to_mut().push(column);
        let column = IndexColumn {
            name: companion.into(),
            path: Vec::new().into(),
            direction: Direction::Ascending,
        };
        meta.indexes.to_mut().push(Index {
            columns: vec![column].into(),
            filter: None,
            global: false,
            brin: false,
        });
    }
}

fn resolve_table(id: TableId, module: Str, mut meta: EntityMeta) -> Result<Table> {
    add_blind_indexes(&mut meta);
    let mut by_name = HashMap::new();
    for (index, column) in meta.columns.iter().enumerate() {
        if by_name.insert(column.name.to_string(), index).is_some() {
            return Err(fault(&meta, format_args!("declares column {} twice", column.name)));
        }
    }
    let tenant_column = if meta.scope.is_tenant() {
        let index = by_name.get(TENANT_COLUMN).copied();
        let Some(index) = index.filter(|i| meta.columns[*i].kind == Kind::Uuid) else {
            return Err(fault(&meta, "has tenant scope and needs a uuid column organization_id"));
        };
        Some(index)
    } else {
        None
    };
    let mut table = Table {
        id,
        module,
        primary_key: Vec::new(),
        foreign_keys: Vec::new(),
        relations: Vec::new(),
        referenced_by: Vec::new(),
        uniques: Vec::new(),
        view: None,
        by_name,
        tenant_column,
        meta,
    };
    computed::resolve(&mut table)?;
    table.primary_key = resolve_primary_key(&table)?;
    table.uniques =
        table.meta.uniques.iter().map(|u| resolve_unique(&table, u)).collect::<Result<_>>()?;
    check_keys(&table)?;
    check_names(&table)?;
    check_partitions(&table)?;
    check_search(&table)?;
    Ok(table)
}

/// Keys are of kinds whose equal values are written alike: one engine compares what is written.
fn check_keys(table: &Table) -> Result<()> {
    let keys = table.primary_key.iter().chain(table.uniques.iter().flat_map(|u| &u.columns));
    let is_loose = |column: &&usize| !table.meta.columns[**column].kind.has_one_spelling();
    match keys.into_iter().find(is_loose).filter(|_| !table.is_view()) {
        None => Ok(()),
        Some(column) => {
            let Column { name, kind, .. } = &table.meta.columns[*column];
            let what = format!(
                "has {name} in a key; equal values of type {} can be written differently",
                kind.name()
            );
            Err(fault(&table.meta, what))
        }
    }
}

fn resolve_primary_key(table: &Table) -> Result<Vec<usize>> {
    let mut key = positions(table, &table.meta.primary_key)?;
    if let Some(tenant) = table.tenant_column.filter(|_| !table.meta.global_key) {
        key.retain(|c| *c != tenant);
        key.insert(0, tenant);
        // A view may be one row about a whole organisation.
        if key.len() == 1 && !table.is_view() {
            return Err(fault(&table.meta, "has tenant scope and needs a primary key"));
        }
    }
    Ok(key)
}

fn resolve_unique(table: &Table, unique: &Unique) -> Result<UniqueKey> {
    let mut columns = positions(table, &unique.columns)?;
    let names: Vec<&str> =
        unique.columns.iter().map(AsRef::as_ref).filter(|c| *c != TENANT_COLUMN).collect();
    if let Some(tenant) = table.tenant_column {
        columns.retain(|c| *c != tenant);
        columns.insert(0, tenant);
    }
    Ok(UniqueKey {
        name: format!("{}_{}_key", table.meta.table, names.join("_")),
        columns,
        nulls_not_distinct: unique.nulls == crate::meta::NullsDistinct::No,
        filter: unique.filter.clone(),
    })
}

fn positions(table: &Table, names: &[Str]) -> Result<Vec<usize>> {
    names
        .iter()
        .map(|name| {
            table
                .column_index(name)
                .ok_or_else(|| fault(&table.meta, format_args!("has no column {name}")))
        })
        .collect()
}

fn check_names(table: &Table) -> Result<()> {
    let meta = &table.meta;
    for index in meta.indexes.iter().flat_map(|i| i.columns.iter()) {
        if table.column_index(&index.name).is_none() {
            return Err(fault(meta, format_args!("indexes a missing column {}", index.name)));
        }
    }
    if let Scope::Owner(owner) = &meta.scope {
        let (crate::meta::OwnerKey::User(column) | crate::meta::OwnerKey::Organization(column)) =
            owner;
        if table.column_index(column).is_none() {
            return Err(fault(meta, format_args!("names a missing owner column {column}")));
        }
    }
    Ok(())
}

/// Partitions are ranges of `id`, and none knows the rows of another.
fn check_partitions(table: &Table) -> Result<()> {
    let meta = &table.meta;
    if !meta.partitioned {
        return Ok(());
    }
    let Some(id) = table.column_index("id").filter(|id| meta.columns[*id].kind == Kind::Uuid)
    else {
        return Err(fault(meta, "is partitioned and needs a uuid column id"));
    };
    if !table.primary_key.contains(&id) {
        return Err(fault(meta, "is partitioned by id, which its primary key must contain"));
    }
    for unique in table.uniques.iter().filter(|unique| !unique.columns.contains(&id)) {
        let is_given = |filter: &Str| {
            let words = filter.to_ascii_lowercase();
            let column = words.strip_suffix(" is not null").map(str::trim);
            column.and_then(|name| table.column_index(name)).is_some_and(|column| {
                unique.columns.contains(&column) && meta.columns[column].nullable
            })
        };
        let is_plain = unique.filter.as_ref().is_none_or(is_given) && !unique.nulls_not_distinct;
        if !meta.append_only || table.tenant_column.is_none() || !is_plain {
            let what = format!(
                "is partitioned by id, which unique key {} does not contain: make the entity \
                 append_only, in an organisation and the key one of all rows or of those that \
                 have it (`where = \"column is not null\"`), so that it can be held beside the \
                 partitions; or move the key to an entity of its own",
                unique.name
            );
            return Err(fault(meta, what));
        }
    }
    Ok(())
}

/// Words are kept beside the rows that they find.
fn check_search(table: &Table) -> Result<()> {
    let meta = &table.meta;
    for index in table.search_columns() {
        let column = &meta.columns[index];
        if !is_searchable(column) {
            let what = "which is no text, or tells of a person";
            return Err(fault(meta, format_args!("searches column {}, {what}", column.name)));
        }
    }
    let is_kept = table.is_searched() && !table.is_view();
    if is_kept && (table.row_key().next().is_none() || matches!(meta.scope, Scope::Owner(_))) {
        let what = "searches rows that have no key or belong to one owner";
        return Err(fault(meta, what));
    }
    if meta.search_later && (!is_kept || !meta.append_only) {
        return Err(fault(meta, "is searched later and needs search columns and append_only"));
    }
    Ok(())
}

fn resolve_references(
    tables: &[Table],
    by_name: &HashMap<String, HashMap<String, TableId>>,
    table: &Table,
) -> Result<Vec<ForeignKey>> {
    table
        .meta
        .references
        .iter()
        .map(|reference| {
            let target = by_name
                .get(reference.schema.as_ref())
                .and_then(|names| names.get(reference.table.as_ref()))
                .ok_or_else(|| {
                    let target = format!("{}.{}", reference.schema, reference.table);
                    fault(&table.meta, format_args!("refers to the missing table {target}"))
                })?;
            resolve_reference(table, &tables[target.index()], reference)
        })
        .collect()
}

fn resolve_reference(table: &Table, target: &Table, reference: &Reference) -> Result<ForeignKey> {
    let meta = &table.meta;
    let mut columns = positions(table, &reference.columns)?;
    let mut target_columns = positions(target, &reference.to)?;
    let described = || format!("{} -> {}", reference.columns.join(", "), target.meta.table);
    if target.is_view() {
        return Err(fault(meta, format_args!("reference {} names a view", described())));
    }
    if columns.len() != target_columns.len() || columns.is_empty() {
        return Err(fault(meta, format_args!("reference {} pairs no columns", described())));
    }
    if !target.is_key(&target_columns) {
        let what = format!("reference {} must name a key of its target", described());
        return Err(fault(meta, what));
    }
    let id = target.column_index("id").filter(|_| target.meta.partitioned);
    if id.is_some_and(|id| !target_columns.contains(&id)) {
        let what = format!("reference {} names no id of a partitioned table", described());
        return Err(fault(meta, what));
    }
    for (from, to) in columns.iter().zip(&target_columns) {
        let (from, to) = (&meta.columns[*from], &target.meta.columns[*to]);
        if !is_comparable(&from.kind, &to.kind) {
            let what = format!("reference {} pairs columns of different kinds", described());
            return Err(fault(meta, what));
        }
        if reference.on_delete == OnDelete::SetNull && !from.nullable {
            let what = format!("reference {} sets null a column that can't be", described());
            return Err(fault(meta, what));
        }
    }
    match (table.tenant_column, target.tenant_column) {
        (Some(own), Some(theirs)) => {
            columns.insert(0, own);
            target_columns.insert(0, theirs);
        }
        (None, Some(_)) => {
            let what = format!("reference {} would leave the installation's scope", described());
            return Err(fault(meta, what));
        }
        (_, None) => {}
    }
    let name = match &reference.name {
        Some(name) => name.to_string(),
        None => format!("{}_{}_fkey", meta.table, reference.columns.join("_")),
    };
    Ok(ForeignKey {
        name,
        columns,
        target: target.id,
        target_columns,
        on_delete: reference.on_delete,
    })
}

/// Whether values of two columns can be equal.
fn is_comparable(one: &Kind, other: &Kind) -> bool {
    one.name() == other.name() || (one.is_textual() && other.is_textual())
}
