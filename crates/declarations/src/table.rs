//! `table: name`: one table of a product.

mod check;
mod column;
mod computed;
mod default;
mod formula;
mod key;
pub(crate) mod kind;
pub(crate) mod reference;
mod seed;

use crate::error::{Faults, Place, suggest};
use crate::members::{Item, Members};
use crate::name;
use crate::relationship;
use column::CLASSIFICATIONS;
pub(crate) use default::read as default;
pub(crate) use kind::{Type, by_name};
use mainstay_entity::{
    Audit, Classification, Column, DefaultValue, EntityMeta, Kind, OwnerKey, Scope, TENANT_COLUMN,
};
use reference::Draft;
pub use seed::Seed;

/// A table has at most as many columns: a row of more is no row, and engines bind no more values.
const COLUMNS_MAX: usize = 500;
/// Days in the units of `retain`.
const PERIODS: [(&str, u32); 4] = [("day", 1), ("week", 7), ("month", 30), ("year", 365)];

/// A table as its file declares it, before references are looked for.
pub(crate) struct Table {
    pub(crate) meta: EntityMeta,
    pub(crate) references: Vec<Draft>,
    pub(crate) relationships: Vec<relationship::Draft>,
    pub(crate) seed: Option<Seed>,
    /// Where the name stands.
    pub(crate) place: Place,
}

/// Reads a file whose first key is `table`.
pub(crate) fn read(root: &Item<'_>, faults: &mut Faults) -> Option<Table> {
    let mut members = Members::of(root, faults)?;
    let table = members.need("table", "write `table: name`", faults)?;
    let name = table.text(faults)?.to_owned();
    name::check_table(&name, table.node.place, &table.path, faults);
    let mut meta = empty(name);
    if let Some(item) = members.take("schema")
        && let Some(schema) = item.text(faults)
    {
        name::check_schema(schema, item.node.place, &item.path, faults);
        meta.schema = schema.to_owned().into();
    }
    meta.description = members.text("description", faults).unwrap_or_default().to_owned().into();
    scope(&mut meta, &mut members, faults);
    let is_public = meta.scope == Scope::Public;
    let usual = if is_public { Classification::Public } else { Classification::Internal };
    let classification = members.take("classification");
    let usual = classification.and_then(|i| i.word(&CLASSIFICATIONS, faults)).unwrap_or(usual);
    flags(&mut meta, &mut members, faults);
    let primary_key = members.take("primary_key");
    let columns = members.need("columns", "write `columns: {name: {type: text}}`", faults);
    let mut references = Vec::new();
    let mut uniques = Vec::new();
    let before = faults.count();
    for read in columns.map(|item| read_columns(&meta, &item, usual, faults)).unwrap_or_default() {
        references.extend(read.reference);
        if read.unique {
            uniques.push(key::of_column(&read.column.name));
        }
        meta.columns.to_mut().push(read.column);
    }
    let key_names = key::primary(&meta, primary_key.as_ref(), faults);
    add_usual_columns(&mut meta, key_names.is_none());
    meta.primary_key = key::with_tenant(&meta, key_names.unwrap_or(vec!["id".to_owned()]));
    key::finish_primary(&mut meta);
    let lists = (members.take("references"), members.take("unique"), members.take("indexes"));
    let (checks, rows) = (members.take("checks"), members.take("rows"));
    let computed = members.take("computed");
    let relationships = relationship::read(members.take("relationships").as_ref(), faults);
    let mut seed = None;
    if faults.count() == before {
        for item in lists.0.map(|item| item.items(faults)).unwrap_or_default() {
            references.extend(reference::long(&item, faults));
        }
        key::uniques(&mut meta, uniques, lists.1.as_ref(), faults);
        key::indexes(&mut meta, lists.2.as_ref(), faults);
        check::read(&mut meta, checks.as_ref(), faults);
        computed::read(&mut meta, computed.as_ref(), usual, faults);
        seed = rows.and_then(|item| seed::read(&meta, &item, faults));
        consistent(&meta, &table, faults);
    }
    members.finish(faults);
    Some(Table { meta, references, relationships, seed, place: table.node.place })
}

/// A table without anything.
pub(crate) fn empty(table: String) -> EntityMeta {
    EntityMeta {
        table: table.into(),
        schema: "public".into(),
        description: "".into(),
        scope: Scope::Tenant,
        columns: Vec::new().into(),
        computed: Vec::new().into(),
        primary_key: Vec::new().into(),
        references: Vec::new().into(),
        relationships: Vec::new().into(),
        uniques: Vec::new().into(),
        checks: Vec::new().into(),
        indexes: Vec::new().into(),
        global_key: false,
        audit: Audit::Full,
        soft_delete: false,
        append_only: false,
        read_only: false,
        partitioned: false,
        retain_days: None,
        queue: false,
        renamed_from: None,
        max_rows: None,
        search_later: false,
        view: None,
    }
}

/// `scope`, and `owner` where it is one's own.
fn scope(meta: &mut EntityMeta, members: &mut Members<'_>, faults: &mut Faults) {
    #[derive(Clone, Copy, PartialEq)]
    enum Word {
        Tenant,
        Venue,
        Team,
        Owner,
        Platform,
        Public,
    }
    let words = [
        ("tenant", Word::Tenant),
        ("venue", Word::Venue),
        ("team", Word::Team),
        ("owner", Word::Owner),
        ("platform", Word::Platform),
        ("public", Word::Public),
    ];
    let item = members.take("scope");
    let word = item.as_ref().and_then(|item| item.word(&words, faults)).unwrap_or(Word::Tenant);
    let owner = members.take("owner");
    meta.scope = match word {
        Word::Tenant => Scope::Tenant,
        Word::Venue => Scope::Venue,
        Word::Team => Scope::Team,
        Word::Platform => Scope::Platform,
        Word::Public => Scope::Public,
        Word::Owner => Scope::Owner(OwnerKey::User("user_id".into())),
    };
    let fix = "write `owner: {user: user_id}` or `owner: {organization: organization_id}`";
    match (owner, item) {
        (Some(owner), _) if word != Word::Owner => {
            owner.refuse("only rows of scope `owner` name one", "leave it out", faults);
        }
        (None, Some(item)) if word == Word::Owner => {
            item.refuse("rows of one's own say whose they are", fix, faults);
        }
        (Some(owner), _) => {
            let Some(mut keys) = Members::of(&owner, faults) else { return };
            let (user, organization) =
                (keys.text("user", faults), keys.text("organization", faults));
            match (user, organization) {
                (Some(column), None) => {
                    meta.scope = Scope::Owner(OwnerKey::User(column.to_owned().into()));
                }
                (None, Some(column)) => {
                    meta.scope = Scope::Owner(OwnerKey::Organization(column.to_owned().into()));
                }
                _ => owner.refuse("expected one owner", fix, faults),
            }
            keys.finish(faults);
        }
        _ => {}
    }
}

fn flags(meta: &mut EntityMeta, members: &mut Members<'_>, faults: &mut Faults) {
    meta.soft_delete = members.flag("soft_delete", faults);
    meta.append_only = members.flag("append_only", faults);
    meta.read_only = members.flag("read_only", faults);
    meta.partitioned = members.flag("partitioned", faults);
    if let Some(item) = members.take("audit") {
        let words = [("full", Audit::Full), ("none", Audit::None)];
        meta.audit = item.word(&words, faults).unwrap_or(Audit::Full);
    }
    if let Some(item) = members.take("retain") {
        meta.retain_days = days(&item, faults);
    }
    if let Some(item) = members.take("max_rows") {
        let rows = item.integer(faults).and_then(|rows| u32::try_from(rows).ok());
        meta.max_rows = rows.filter(|rows| *rows > 0);
        if meta.max_rows.is_none() {
            item.refuse("an answer has at least one row", "write a number from 1 on", faults);
        }
    }
    if let Some(item) = members.take("renamed_from")
        && let Some(former) = item.text(faults)
    {
        name::check_table(former, item.node.place, &item.path, faults);
        meta.renamed_from = Some(former.to_owned().into());
    }
}

/// Days of `90 days`, `12 weeks`, `6 months` (of 30 days) or `7 years` (of 365).
fn days(item: &Item<'_>, faults: &mut Faults) -> Option<u32> {
    let text = item.text(faults)?;
    let parsed = text.split_once(' ').and_then(|(count, unit)| {
        let unit = unit.strip_suffix('s').unwrap_or(unit);
        let (_, days) = PERIODS.iter().find(|(name, _)| *name == unit)?;
        count.parse::<u32>().ok()?.checked_mul(*days).filter(|days| *days > 0)
    });
    if parsed.is_none() {
        let fix = "write `90 days`, `12 weeks`, `6 months` or `7 years`";
        item.refuse(format!("`{text}` is no period"), fix, faults);
    }
    parsed
}

fn read_columns(
    meta: &EntityMeta,
    item: &Item<'_>,
    usual: Classification,
    faults: &mut Faults,
) -> Vec<column::Read> {
    let Some(members) = Members::of(item, faults) else { return Vec::new() };
    let entries: Vec<_> = members.entries().collect();
    if entries.len() > COLUMNS_MAX {
        let message = format!("{} columns; a table has at most {COLUMNS_MAX}", entries.len());
        item.refuse(message, "split it into several that refer to each other", faults);
        return Vec::new();
    }
    let mut columns: Vec<column::Read> = Vec::new();
    for (key, item) in entries {
        let is_alike = |other: &column::Read| {
            other.column.name != key.name
                && other.column.name.to_lowercase() == key.name.to_lowercase()
        };
        if columns.iter().any(is_alike) {
            let message = "another column has this name but for upper and lower case";
            item.refuse(message, "write another name: an embedded database knows no case", faults);
        }
        if key.name == TENANT_COLUMN && meta.scope.is_tenant() {
            let message = "rows of this scope have this column by themselves";
            faults.add(key.place, &item.path, message, "leave it out");
            continue;
        }
        columns.extend(column::read(&meta.table, key, &item, usual, faults));
    }
    columns
}

/// The columns that a table has without saying so: its key, its organisation, the time of deletion.
fn add_usual_columns(meta: &mut EntityMeta, has_usual_key: bool) {
    let columns = meta.columns.to_mut();
    if meta.scope.is_tenant() {
        let mut tenant = Column::new(TENANT_COLUMN, Kind::Uuid);
        tenant.description = "The organisation that the record belongs to.".into();
        columns.insert(0, tenant);
    }
    if has_usual_key && columns.iter().all(|column| column.name != "id") {
        let mut id = Column::new("id", Kind::Uuid);
        id.description = "The identifier of the record.".into();
        id.default = Some(DefaultValue::NewId);
        columns.insert(0, id);
    }
    if meta.soft_delete && columns.iter().all(|column| column.name != "deleted_at") {
        let mut deleted = Column::new("deleted_at", Kind::Timestamp);
        deleted.description = "When the record was deleted; null while it is there.".into();
        deleted.nullable = true;
        deleted.read_only = true;
        columns.push(deleted);
    }
}

/// What attributes of the table demand of its columns and of each other.
fn consistent(meta: &EntityMeta, table: &Item<'_>, faults: &mut Faults) {
    let mut refuse = |message: String, fix: &str| table.refuse(message, fix, faults);
    let is_uuid = |name: &str| meta.column(name).is_some_and(|c| c.kind == Kind::Uuid);
    for (wanted, column) in [(Scope::Team, "team_id"), (Scope::Venue, "venue_id")] {
        if meta.scope == wanted && !is_uuid(column) {
            let message = format!("rows of this scope have a uuid column `{column}`");
            refuse(message, "declare it, with its reference");
        }
    }
    if let Scope::Owner(OwnerKey::User(column) | OwnerKey::Organization(column)) = &meta.scope
        && !is_uuid(column)
    {
        let names = meta.columns.iter().map(|column| column.name.as_ref());
        let fix = suggest(column, names);
        refuse(format!("the owner is in the uuid column `{column}`, which is not there"), &fix);
    }
    let deleted = meta.column("deleted_at");
    if meta.soft_delete && deleted.is_some_and(|c| c.kind != Kind::Timestamp || !c.nullable) {
        let message = "deleted rows keep the time of it in `deleted_at`".to_owned();
        refuse(message, "write `{type: timestamptz, nullable: true}`, or leave the column out");
    }
    if meta.append_only && meta.soft_delete {
        let message = "`soft_delete` changes rows and `append_only` forbids it".to_owned();
        refuse(message, "keep one");
    }
    if meta.partitioned && !(is_uuid("id") && meta.primary_key.iter().any(|name| name == "id")) {
        let message = "partitions are ranges of `id`".to_owned();
        refuse(message, "have a uuid `id` in the primary key");
    }
    let is_counted = |column: &&Column| column.default == Some(DefaultValue::Identity);
    if meta.columns.iter().filter(is_counted).count() > 1 {
        refuse("two columns number the rows".to_owned(), "keep one `generated: identity`");
    }
    let is_keyed = meta.primary_key.iter().any(|name| name != TENANT_COLUMN);
    let is_searched = meta.columns.iter().any(|column| column.search);
    if is_searched && (!is_keyed || matches!(meta.scope, Scope::Owner(_))) {
        let message = "words are kept for rows with a key that are not one owner's".to_owned();
        refuse(message, "leave `search` out");
    }
    let is_sealed = meta.columns.iter().any(|column| column.kind.is_confidential());
    if is_sealed && !is_keyed {
        let message = "ciphertext is bound to the key of its row".to_owned();
        refuse(message, "write `primary_key`");
    }
}
