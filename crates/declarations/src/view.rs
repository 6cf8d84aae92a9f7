//! `view: name`: rows that are computed from tables whenever they are read.

mod follow;
mod text;

use crate::error::{Error, Faults, Place, suggest};
use crate::link;
use crate::members::{Item, Members};
use crate::name;
use crate::relationship;
use crate::table::{self, Table, Type};
use crate::yaml::{Node, Value};
use mainstay_entity::view::{
    ColumnRef, Comparison, Condition, First, Function, Join, JoinKind, Operand, Ordered, Shown,
    Source, View,
};
use mainstay_entity::{
    BUILT_IN_SCHEMA, Catalog, Classification, Column, DefaultValue, Direction, EntityMeta, Kind,
    Personal, Scope, TENANT_COLUMN,
};

/// How a join says which rows belong together.
const ON: &str = "write `on: {id: orders.customer_id}`";

/// Reads the files of all views, each with its name. A view of which tables are at fault is not
/// looked at: what it lacks may only be told wrongly.
pub(crate) fn all(
    views: &[(String, Node)],
    tables: &[(String, Table)],
    known: &[EntityMeta],
    errors: &mut Vec<Error>,
) -> Views {
    let are_tables_right = errors.is_empty();
    let own = tables.iter().map(|(_, table)| &table.meta);
    let own: Vec<&EntityMeta> = own.chain(known).filter(|meta| meta.view.is_none()).collect();
    let words = link::words(own.iter().copied());
    let mut read: Vec<EntityMeta> = Vec::new();
    let mut relationships = Vec::new();
    for (file, node) in views.iter().filter(|_| are_tables_right) {
        let mut faults = Faults::new(file);
        if let Some(Read { meta, place, drafts }) = self::read(&Item::root(node), &own, &mut faults)
        {
            let name = meta.qualified_name();
            let mut others = own.iter().copied().chain(&read);
            if others.any(|other| other.qualified_name().eq_ignore_ascii_case(&name)) {
                let message = format!("`{name}` is declared already");
                faults.add(place, "view", message, "write another name");
            } else if !link::refuse_words(&words, &name, (place, "view"), &mut faults)
                && let Err(message) = promises(&meta, &own)
            {
                faults.add(place, "view", message, "");
            }
            read.push(meta);
            relationships.push((file.clone(), drafts));
        }
        errors.extend(faults.into_errors());
    }
    Views { entities: read, relationships }
}

/// All views of a folder.
pub(crate) struct Views {
    pub(crate) entities: Vec<EntityMeta>,
    /// For each view its file, and the relationships there.
    pub(crate) relationships: Vec<(String, Vec<relationship::Draft>)>,
}

/// What holds for views wherever they are declared.
fn promises(view: &EntityMeta, tables: &[&EntityMeta]) -> Result<(), String> {
    let metas = tables.iter().copied().chain([view]);
    let catalog = Catalog::new(metas.map(|meta| ("views".into(), meta.clone())));
    let fault = catalog.err().map(|error| error.to_string());
    let is_own = |message: &String| message.contains(&view.qualified_name());
    fault.filter(is_own).map_or(Ok(()), Err)
}

/// A view that was read, and where its name stands.
struct Read {
    meta: EntityMeta,
    place: Place,
    drafts: Vec<relationship::Draft>,
}

/// Reads a file whose first key is `view`; `tables` are all that it may show.
fn read(root: &Item<'_>, tables: &[&EntityMeta], faults: &mut Faults) -> Option<Read> {
    let mut members = Members::of(root, faults)?;
    let view = members.need("view", "write `view: name`", faults)?;
    let name = view.text(faults)?;
    name::check_table(name, view.node.place, &view.path, faults);
    let mut meta = table::empty(name.to_owned());
    if let Some(item) = members.take("schema")
        && let Some(schema) = item.text(faults)
    {
        name::check_schema(schema, item.node.place, &item.path, faults);
        meta.schema = schema.to_owned().into();
    }
    meta.description = members.text("description", faults).unwrap_or_default().to_owned().into();
    let max_rows = members.take("max_rows").and_then(|item| positive(&item, faults));
    meta.max_rows = max_rows;
    let (from, joins) =
        (members.need("from", "write `from: table`", faults), members.take("joins"));
    let (conditions, columns) = (members.take("where"), members.take("columns"));
    let (order, limit) = (members.take("order"), members.take("limit"));
    let drafts = relationship::read(members.take("relationships").as_ref(), faults);
    members.finish(faults);
    let before = faults.count();
    let mut reader = Reader { schema: meta.schema.to_string(), tables, sources: Vec::new() };
    let from = reader.from(&from?, faults)?;
    meta.scope = match &reader.sources[0].meta.scope {
        scope if scope.is_tenant() => Scope::Tenant,
        scope => scope.clone(),
    };
    let joins = joins.map(|item| reader.joins(&item, faults)).unwrap_or_default();
    let conditions = conditions
        .map(|item| reader.conditions(&item, &from.name, None, faults))
        .unwrap_or_default();
    if faults.count() > before {
        return None;
    }
    let shows = reader.columns(&mut meta, columns.as_ref(), faults);
    reader.finish(&mut meta, &shows, &view, faults);
    let first = first(&meta, order.as_ref(), limit.as_ref(), faults);
    meta.read_only = true;
    meta.view = Some(View {
        from,
        joins: joins.into(),
        conditions: conditions.into(),
        shows: shows.into(),
        first,
    });
    (faults.count() == before).then_some(Read { meta, place: view.node.place, drafts })
}

fn positive(item: &Item<'_>, faults: &mut Faults) -> Option<u32> {
    let number = item.integer(faults)?;
    let number = u32::try_from(number).ok().filter(|number| *number > 0);
    if number.is_none() {
        item.refuse("at least one row is kept", "write a number from 1 on", faults);
    }
    number
}

/// A table of the view, as its values see it.
struct Known<'a> {
    name: String,
    kind: Option<JoinKind>,
    meta: &'a EntityMeta,
}

struct Reader<'a> {
    schema: String,
    tables: &'a [&'a EntityMeta],
    sources: Vec<Known<'a>>,
}

impl<'a> Reader<'a> {
    fn find(&self, schema: Option<&str>, table: &str) -> Option<&'a EntityMeta> {
        let find = |schema: &str| {
            self.tables.iter().find(|meta| meta.schema == schema && meta.table == table).copied()
        };
        schema.map_or_else(|| find(&self.schema).or_else(|| find(BUILT_IN_SCHEMA)), find)
    }

    /// `from: table` or `from: {table, schema?, as?}`.
    fn from(&mut self, item: &Item<'_>, faults: &mut Faults) -> Option<Source> {
        if let Value::Text(table) = &item.node.value {
            return self.add(item, (table, None), table, None, faults);
        }
        let mut members = Members::of(item, faults)?;
        let alias = members.text("as", faults);
        let table = members.need("table", "write `table: name`", faults);
        let table = table.and_then(|table| table.text(faults));
        let schema = members.text("schema", faults);
        members.finish(faults);
        let table = table?;
        self.add(item, (table, schema), alias.unwrap_or(table), None, faults)
    }

    fn add(
        &mut self,
        item: &Item<'_>,
        (table, schema): (&str, Option<&str>),
        name: &str,
        kind: Option<JoinKind>,
        faults: &mut Faults,
    ) -> Option<Source> {
        let Some(meta) = self.find(schema, table) else {
            let names = self.tables.iter().map(|meta| meta.table.as_ref());
            let fix = suggest(table, names);
            let fix = if fix.starts_with("did") { fix } else { "declare it first".to_owned() };
            item.refuse(format!("there is no table `{table}` that a view could show"), fix, faults);
            return None;
        };
        if self.sources.iter().any(|source| source.name == name) {
            item.refuse(format!("two sources are named `{name}`"), "write another name", faults);
        }
        let is_tenants = self.sources.first().is_none_or(|from| from.meta.scope.is_tenant());
        if meta.scope.is_tenant() && !is_tenants {
            let message =
                format!("rows of `{}` are an organisation's, the view's are not", meta.table);
            item.refuse(message, "show the organisation's table by `from`", faults);
        }
        self.sources.push(Known { name: name.to_owned(), kind, meta });
        Some(Source {
            name: name.to_owned().into(),
            schema: meta.schema.clone(),
            table: meta.table.clone(),
        })
    }

    /// `joins: {name: {table, kind?, on: {column: source.column}, where?}}`.
    fn joins(&mut self, item: &Item<'_>, faults: &mut Faults) -> Vec<Join> {
        let Some(members) = Members::of(item, faults) else { return Vec::new() };
        let mut joins = Vec::new();
        for (key, item) in members.entries() {
            name::check(&key.name, "source", key.place, &item.path, faults);
            let Some(members) = Members::of(&item, faults) else { continue };
            joins.extend(self.join(&key.name, &item, members, faults));
        }
        joins
    }

    fn join(
        &mut self,
        name: &str,
        item: &Item<'_>,
        mut members: Members<'_>,
        faults: &mut Faults,
    ) -> Option<Join> {
        let words =
            [("left", JoinKind::Left), ("inner", JoinKind::Inner), ("related", JoinKind::Related)];
        let kind = members.take("kind").and_then(|item| item.word(&words, faults));
        let kind = kind.unwrap_or(JoinKind::Left);
        let table = members.need("table", "write `table: name`", faults);
        let table = table.and_then(|table| table.text(faults));
        let schema = members.text("schema", faults);
        let on = members.need("on", ON, faults);
        let conditions = members.take("where");
        members.finish(faults);
        let source = self.add(item, (table?, schema), name, Some(kind), faults)?;
        let mut all = self.pairs(name, &on?, faults);
        if let Some(item) = conditions {
            all.extend(self.conditions(&item, name, Some(name), faults));
        }
        Some(Join { kind, source, on: all.into() })
    }

    /// `on: {column: source.column}`.
    fn pairs(&self, source: &str, item: &Item<'_>, faults: &mut Faults) -> Vec<Condition> {
        let Some(members) = Members::of(item, faults) else { return Vec::new() };
        let mut pairs = Vec::new();
        for (key, item) in members.entries() {
            let left =
                ColumnRef { source: source.to_owned().into(), column: key.name.clone().into() };
            let right =
                item.text(faults).and_then(|text| text::column(text, &self.sources[0].name));
            let Some(right) = right else {
                item.refuse("expected a column of another source", ON, faults);
                continue;
            };
            let is_known = self.column(&left, &item, faults).is_some();
            if self.column(&right, &item, faults).is_some() && is_known {
                let (comparison, right) = (Comparison::Equal, Operand::Column(right));
                pairs.push(Condition { left, comparison, right });
            }
        }
        pairs
    }

    /// A condition or a list of them; columns without a source are of `usual`. Those of a join
    /// have a column of `own` on their left.
    fn conditions(
        &self,
        item: &Item<'_>,
        usual: &str,
        own: Option<&str>,
        faults: &mut Faults,
    ) -> Vec<Condition> {
        let items = match &item.node.value {
            Value::Text(_) => vec![item.clone()],
            _ => item.items(faults),
        };
        let mut conditions = Vec::new();
        for item in items {
            let Some(text) = item.text(faults) else { continue };
            let Some((left, comparison, right)) = text::condition(text, usual) else {
                item.refuse(format!("`{text}` is no condition"), text::CONDITIONS, faults);
                continue;
            };
            if own.is_some_and(|own| own != left.source) {
                let message = format!("`{left}` is of another source");
                item.refuse(message, "write a column of this one on the left", faults);
                continue;
            }
            let mut known = self.column(&left, &item, faults).is_some();
            if let Operand::Column(column) = &right {
                known &= self.column(column, &item, faults).is_some();
            }
            if known {
                conditions.push(Condition { left, comparison, right });
            }
        }
        conditions
    }

    fn column(
        &self,
        column: &ColumnRef,
        item: &Item<'_>,
        faults: &mut Faults,
    ) -> Option<(&Known<'a>, &'a Column)> {
        let Some(source) = self.sources.iter().find(|source| source.name == column.source) else {
            let names = self.sources.iter().map(|source| source.name.as_str());
            let fix = suggest(&column.source, names);
            item.refuse(format!("no source `{}`", column.source), fix, faults);
            return None;
        };
        let Some(found) = source.meta.readable(&column.column) else {
            let fix = suggest(&column.column, source.meta.columns.iter().map(|c| c.name.as_ref()));
            item.refuse(
                format!("`{}` has no column `{}`", source.name, column.column),
                fix,
                faults,
            );
            return None;
        };
        if found.kind.is_confidential() {
            let message = format!("`{column}` is ciphertext, which no view shows");
            item.refuse(message, "leave it out", faults);
            return None;
        }
        Some((source, found))
    }

    /// The columns of the view, with what they show; without `columns`, those of `from`.
    fn columns(
        &self,
        meta: &mut EntityMeta,
        item: Option<&Item<'_>>,
        faults: &mut Faults,
    ) -> Vec<Shown> {
        let mut shows = Vec::new();
        let from = &self.sources[0];
        let Some(item) = item else {
            let shown = from.meta.columns.iter().filter(|column| !column.kind.is_confidential());
            for column in shown {
                meta.columns.to_mut().push(as_shown(column, column.nullable));
                shows.push(self.of_from(&column.name));
            }
            return shows;
        };
        if meta.scope.is_tenant() {
            let tenant = from.meta.column(TENANT_COLUMN);
            meta.columns.to_mut().extend(tenant.map(|column| as_shown(column, false)));
            shows.push(self.of_from(TENANT_COLUMN));
        }
        let Some(members) = Members::of(item, faults) else { return shows };
        for (key, item) in members.entries() {
            name::check_column(&key.name, key.place, &item.path, faults);
            if key.name == TENANT_COLUMN && meta.scope.is_tenant() {
                let message = "rows of an organisation have this column by themselves";
                faults.add(key.place, &item.path, message, "leave it out");
                continue;
            }
            if let Some((mut column, shown)) = self.shown(&item, faults) {
                column.name = key.name.clone().into();
                meta.columns.to_mut().push(column);
                shows.push(shown);
            }
        }
        shows
    }

    fn of_from(&self, column: &str) -> Shown {
        let source = self.sources[0].name.clone().into();
        Shown::Column(ColumnRef { source, column: column.to_owned().into() })
    }

    /// `value`, `{value, description?}` or `{constant, type, description?}`.
    fn shown(&self, item: &Item<'_>, faults: &mut Faults) -> Option<(Column, Shown)> {
        if let Value::Text(text) = &item.node.value {
            return self.value(text, item, faults);
        }
        let mut members = Members::of(item, faults)?;
        let description = members.text("description", faults).unwrap_or_default().to_owned();
        let read = match members.take("constant") {
            Some(constant) => {
                let ty = members.need("type", "write `type: text`", faults);
                ty.and_then(|ty| self.constant(&constant, &ty, faults))
            }
            None => members.need("value", text::VALUES, faults).and_then(|value| {
                let text = value.text(faults)?;
                self.value(text, &value, faults)
            }),
        };
        members.finish(faults);
        let (mut column, shown) = read?;
        if !description.is_empty() {
            column.description = description.into();
        }
        Some((column, shown))
    }

    fn constant(
        &self,
        constant: &Item<'_>,
        ty: &Item<'_>,
        faults: &mut Faults,
    ) -> Option<(Column, Shown)> {
        let name = ty.text(faults)?;
        let kind = match table::by_name(name) {
            Some(Ok(Type::Plain(kind))) => kind,
            Some(Ok(Type::Text)) => Kind::Text { max: None },
            _ => {
                let message = format!("no constant is of type `{name}`");
                ty.refuse(message, "write `type: text` or `type: integer`", faults);
                return None;
            }
        };
        let DefaultValue::Literal(text) = table::default(constant, &kind, faults)? else {
            constant.refuse("a constant is the same in every row", "write a value", faults);
            return None;
        };
        let mut column = Column::new("", kind);
        column.classification = self.usual();
        Some((column, Shown::Constant(text)))
    }

    /// The classification of what tells nothing of a single column.
    fn usual(&self) -> Classification {
        match self.sources[0].meta.scope {
            Scope::Public => Classification::Public,
            _ => Classification::Internal,
        }
    }

    fn value(&self, text: &str, item: &Item<'_>, faults: &mut Faults) -> Option<(Column, Shown)> {
        let Some(shown) = text::shown(text, &self.sources[0].name) else {
            item.refuse(format!("`{text}` is nothing that a view shows"), text::VALUES, faults);
            return None;
        };
        let column = match &shown {
            Shown::Rows | Shown::Constant(_) => {
                let mut column = Column::new("", Kind::BigInt);
                column.classification = self.usual();
                column
            }
            Shown::Column(of) | Shown::Begin(_, of) => {
                let (source, column) = self.column(of, item, faults)?;
                if source.kind == Some(JoinKind::Related) {
                    let message = format!("`{of}` has several values for a row");
                    item.refuse(message, "write an aggregate, such as `max(...)`", faults);
                    return None;
                }
                if !matches!(shown, Shown::Column(_)) && column.kind != Kind::Timestamp {
                    item.refuse(format!("`{of}` is no instant"), text::VALUES, faults);
                    return None;
                }
                as_shown(column, column.nullable || source.kind == Some(JoinKind::Left))
            }
            Shown::Aggregate(function, of) => self.aggregate(*function, of, item, faults)?,
        };
        Some((column, shown))
    }

    fn aggregate(
        &self,
        function: Function,
        of: &ColumnRef,
        item: &Item<'_>,
        faults: &mut Faults,
    ) -> Option<Column> {
        let (source, column) = self.column(of, item, faults)?;
        let Some(kind) = function.result(&column.kind) else {
            let message = format!("there is no such aggregate of a {}", column.kind.name());
            item.refuse(message, "aggregate another column, or count them", faults);
            return None;
        };
        let is_count = matches!(function, Function::Count | Function::CountDistinct);
        let is_related = source.kind == Some(JoinKind::Related);
        let is_nullable = is_related || column.nullable || source.kind == Some(JoinKind::Left);
        let mut shown = as_shown(column, is_nullable && !is_count);
        shown.kind = kind;
        if is_count {
            shown.classification = self.usual();
            shown.personal = Personal::None;
        }
        if !matches!(function, Function::Min | Function::Max) {
            shown.description = "".into();
        }
        Some(shown)
    }
}

/// A column as a view has it: what it holds, without what is for writing.
fn as_shown(column: &Column, nullable: bool) -> Column {
    let mut shown = Column::new("", column.kind.clone());
    shown.name.clone_from(&column.name);
    shown.nullable = nullable;
    shown.classification = column.classification;
    shown.personal = column.personal;
    shown.description.clone_from(&column.description);
    shown
}

/// `order: [name, {column: price, descending: true}]` with `limit: 100`.
fn first(
    meta: &EntityMeta,
    order: Option<&Item<'_>>,
    limit: Option<&Item<'_>>,
    faults: &mut Faults,
) -> Option<First> {
    let Some(limit) = limit else {
        if let Some(order) = order {
            let message = "an order tells which rows a limit keeps, and there is none";
            order.refuse(message, "add `limit: 100`; clients order lists by `order=`", faults);
        }
        return None;
    };
    let limit = positive(limit, faults)?;
    let mut ordered = Vec::new();
    for item in order.map(|order| order.items(faults)).unwrap_or_default() {
        let (column, descending) = if let Value::Text(name) = &item.node.value {
            (name.clone(), false)
        } else {
            let Some(mut members) = Members::of(&item, faults) else { continue };
            let column = members.need("column", "write `column: name`", faults);
            let descending = members.flag("descending", faults);
            members.finish(faults);
            let Some(column) = column.and_then(|column| column.text(faults)) else { continue };
            (column.to_owned(), descending)
        };
        if meta.column(&column).is_none() {
            let fix = suggest(&column, meta.columns.iter().map(|column| column.name.as_ref()));
            item.refuse(format!("the view shows no `{column}`"), fix, faults);
        }
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        ordered.push(Ordered { column: column.into(), direction });
    }
    Some(First { order: ordered.into(), limit })
}
