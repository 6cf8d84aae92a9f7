//! One table of a read: its statement's columns and the rows handed in so far.

use crate::access::Access;
use crate::error::{Error, Result};
use crate::query::{
    Embed, Expression, Output, OutputValue, Relation, SealedPlace, Select, Unseal, subject_column,
};
use crate::render::select::{Item, is_grouped};
use crate::statement::{Row, value_of};
use mainstay_entity::cell::Cell;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Kind, Table, Value};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What names a parent among related records: the matched columns' values as bytes.
pub(super) type Key = Box<[u8]>;

/// One table of a read.
pub(super) struct Node {
    pub(super) select: Select,
    /// How it hangs on its parent; none for the root.
    pub(super) link: Option<Link>,
    /// Kinds of the leading columns, which tell the parent.
    key_kinds: Vec<Kind>,
    /// The statement's other columns.
    pub(super) items: Vec<Item>,
    kinds: Vec<Kind>,
    pub(super) members: Vec<Member>,
    /// The first line of CSV.
    pub(super) header: Vec<u8>,
    /// Position among `items` of the tenant column, checked again in every row.
    guard: Option<usize>,
    pub(super) rows: Rows,
}

/// What a row is read in.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Position of the first of the later nodes.
    pub(super) offset: usize,
    pub(super) tenant: Option<Uuid>,
    pub(super) style: Style,
    pub(super) unseal: Option<&'a dyn Unseal>,
}

/// How rows are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Json,
    /// Without members that are null.
    JsonStripped,
    Csv,
}

/// How a node hangs on its parent.
pub(super) struct Link {
    parent: usize,
    pub(super) relation: Relation,
    /// Columns of the relation that are matched by value.
    pub(super) matched: Vec<usize>,
    /// Positions of those columns among the parent's items.
    parent_items: Vec<usize>,
    /// `,"key":`; empty when spread.
    pub(super) prefix: Vec<u8>,
    pub(super) spread: bool,
    /// Keys asked for, and the same as one list per matched column.
    pub(super) wanted: HashSet<Key>,
    pub(super) values: Vec<Vec<Value>>,
}

/// One member of the objects that a node writes.
pub(super) enum Member {
    /// The value of an item behind its prefix `,"key":`.
    Item { index: usize, prefix: Vec<u8> },
    /// A sealed column, opened where the row's key is to be had.
    Sealed { index: usize, column: usize, row: usize, subject: usize, prefix: Vec<u8> },
    /// The same bytes in every row.
    Fixed { bytes: Vec<u8>, mask: Option<&'static str> },
    /// Related records.
    Related(usize),
}

/// Rows as bytes: members only, each with its leading comma.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) bytes: Vec<u8>,
    /// Where each row's bytes and holes end.
    pub(super) ends: Vec<(usize, usize)>,
    /// Where related records go, in order.
    pub(super) holes: Vec<Hole>,
    /// Rows of each parent, for related records.
    pub(super) groups: HashMap<Key, Vec<usize>>,
}

/// The place of related records in a row.
pub(super) struct Hole {
    pub(super) offset: usize,
    pub(super) node: usize,
    /// None when the row refers to nothing.
    pub(super) key: Option<Key>,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Node {
    /// Adds a node for a select and, after it, those of its embeds. Gives its position.
    pub(super) fn plan(
        nodes: &mut Vec<Self>,
        access: &Access,
        mut select: Select,
        link: Option<Link>,
    ) -> usize {
        let position = nodes.len();
        let table = select.table.clone();
        let key_kinds = link.as_ref().map_or_else(Vec::new, |l| l.key_kinds(&table));
        let grouped = is_grouped(&select);
        let outputs = std::mem::take(&mut select.output);
        let width = outputs.len();
        nodes.push(Self {
            link,
            key_kinds,
            items: Vec::new(),
            kinds: Vec::new(),
            members: Vec::new(),
            header: Vec::new(),
            guard: None,
            rows: Rows::default(),
            select,
        });
        let mut items = Vec::with_capacity(width);
        let mut members = Vec::with_capacity(width);
        for output in outputs {
            if grouped {
                // Rendering asks the outputs for what makes the groups.
                nodes[position].select.output.push(output.clone());
            }
            let member = plan_member(nodes, access, position, &table, &mut items, output);
            members.push(member);
        }
        let guard = table.tenant_column().filter(|_| !grouped && access.tenant().is_some());
        let node = &mut nodes[position];
        node.guard = guard.map(|column| item_of(&mut items, column));
        node.kinds = items.iter().map(|item| item.kind(&table)).collect();
        node.items = items;
        node.members = members;
        position
    }

    /// Whether this node may stand at a position.
    pub(super) fn is_after(&self, position: usize) -> bool {
        self.link.as_ref().is_none_or(|link| link.parent < position)
    }

    /// Takes one row. `later` are the nodes that stand after this one.
    pub(super) fn row(
        &mut self,
        row: &impl Row,
        later: &mut [Self],
        around: Surroundings<'_>,
    ) -> Result<()> {
        let shift = self.key_kinds.len();
        if let (Some(guard), Some(tenant)) = (self.guard, around.tenant)
            && row.cell(shift + guard, &Kind::Uuid)? != Cell::Uuid(tenant.into_bytes())
        {
            return Err(Error::internal("a row of another organisation was read"));
        }
        if shift > 0 {
            let mut key = Vec::with_capacity(16 * shift);
            for (index, kind) in self.key_kinds.iter().enumerate() {
                push_key(&mut key, &row.cell(index, kind)?);
            }
            let position = self.rows.len();
            self.rows.groups.entry(key.into_boxed_slice()).or_default().push(position);
        }
        if around.style == Style::Csv {
            return self.csv_row(row, around.unseal);
        }
        let strip_nulls = around.style == Style::JsonStripped;
        for member in &self.members {
            match member {
                Member::Item { index, prefix } => {
                    let cell = row.cell(shift + index, &self.kinds[*index])?;
                    if !(strip_nulls && cell == Cell::Null) {
                        self.rows.bytes.extend_from_slice(prefix);
                        cell.write_json(&mut self.rows.bytes);
                    }
                }
                Member::Sealed { prefix, .. } => {
                    let plain = self.open(row, member, around.unseal)?;
                    if !(strip_nulls && plain.is_none()) {
                        self.rows.bytes.extend_from_slice(prefix);
                        unsealed_cell(plain.as_deref()).write_json(&mut self.rows.bytes);
                    }
                }
                Member::Fixed { bytes, mask } => {
                    if !(strip_nulls && mask.is_none()) {
                        self.rows.bytes.extend_from_slice(bytes);
                    }
                }
                Member::Related(node) => {
                    let Some(child) = later.get_mut(node - around.offset) else {
                        continue;
                    };
                    let key = child.want(row, shift, &self.kinds)?;
                    let offset = self.rows.bytes.len();
                    self.rows.holes.push(Hole { offset, node: *node, key });
                }
            }
        }
        self.rows.ends.push((self.rows.bytes.len(), self.rows.holes.len()));
        Ok(())
    }

    /// The plain text of a sealed member.
    fn open(
        &self,
        row: &impl Row,
        member: &Member,
        unseal: Option<&dyn Unseal>,
    ) -> Result<Option<String>> {
        let Member::Sealed { index, column, row: key, subject, .. } = member else {
            return Ok(None);
        };
        let shift = self.key_kinds.len();
        let (Some(unseal), Cell::Bytes(envelope)) =
            (unseal, row.cell(shift + index, &Kind::Sealed)?)
        else {
            return Ok(None);
        };
        let (Cell::Uuid(key), Cell::Uuid(subject)) =
            (row.cell(shift + key, &Kind::Uuid)?, row.cell(shift + subject, &Kind::Uuid)?)
        else {
            return Ok(None);
        };
        let place = SealedPlace {
            table: &self.select.table,
            column: *column,
            row: Uuid::from_bytes(key),
            subject: Uuid::from_bytes(subject),
        };
        Ok(unseal.open(place, envelope))
    }

    /// Takes one row as a line of CSV. Related records have no place in it.
    fn csv_row(&mut self, row: &impl Row, unseal: Option<&dyn Unseal>) -> Result<()> {
        for (position, member) in self.members.iter().enumerate() {
            if position > 0 {
                self.rows.bytes.push(b',');
            }
            match member {
                Member::Item { index, .. } => {
                    row.cell(*index, &self.kinds[*index])?.write_csv(&mut self.rows.bytes);
                }
                Member::Sealed { .. } => {
                    let plain = self.open(row, member, unseal)?;
                    unsealed_cell(plain.as_deref()).write_csv(&mut self.rows.bytes);
                }
                Member::Fixed { mask: Some(mask), .. } => {
                    Cell::Text(mask).write_csv(&mut self.rows.bytes);
                }
                Member::Fixed { .. } | Member::Related(_) => {}
            }
        }
        self.rows.bytes.push(b'\n');
        self.rows.ends.push((self.rows.bytes.len(), 0));
        Ok(())
    }

    /// Notes that a parent row asks for related records; gives its key.
    fn want(&mut self, row: &impl Row, shift: usize, kinds: &[Kind]) -> Result<Option<Key>> {
        let Some(link) = &mut self.link else {
            return Ok(None);
        };
        let mut key = Vec::with_capacity(16 * link.parent_items.len());
        let mut values = Vec::with_capacity(link.parent_items.len());
        for index in &link.parent_items {
            let cell = row.cell(shift + index, &kinds[*index])?;
            if cell == Cell::Null {
                return Ok(None);
            }
            push_key(&mut key, &cell);
            values.push(value_of(&cell)?);
        }
        let key = key.into_boxed_slice();
        if link.wanted.insert(key.clone()) {
            for (list, value) in link.values.iter_mut().zip(values) {
                list.push(value);
            }
        }
        Ok(Some(key))
    }
}

impl Link {
    fn key_kinds(&self, table: &Table) -> Vec<Kind> {
        let (table, columns) = match &self.relation.junction {
            Some(junction) => (&*junction.table, &junction.from),
            None => (table, &self.relation.to),
        };
        self.matched.iter().map(|k| table.meta.columns[columns[*k]].kind.clone()).collect()
    }
}

fn plan_member(
    nodes: &mut Vec<Node>,
    access: &Access,
    position: usize,
    table: &Table,
    items: &mut Vec<Item>,
    output: Output,
) -> Member {
    let prefix = member_prefix(&output.key);
    match output.value {
        OutputValue::Expression(expression)
            if table.meta.columns[expression.column].kind == Kind::Sealed =>
        {
            plan_sealed(table, items, expression.column, prefix)
        }
        OutputValue::Expression(expression) => {
            items.push(Item::Expression(expression));
            Member::Item { index: items.len() - 1, prefix }
        }
        OutputValue::Aggregate { function, argument, cast } => {
            items.push(Item::Aggregate(function, argument, cast));
            Member::Item { index: items.len() - 1, prefix }
        }
        OutputValue::Masked(mask) => {
            let mut bytes = prefix;
            match mask {
                Some(mask) => escape_into(&mut bytes, mask),
                None => bytes.extend_from_slice(b"null"),
            }
            Member::Fixed { bytes, mask }
        }
        OutputValue::Embed(embed) => {
            let link = plan_link(access, position, table, items, &embed, prefix);
            Member::Related(Node::plan(nodes, access, embed.select, Some(link)))
        }
    }
}

/// A sealed column comes with what its envelope is bound to.
fn plan_sealed(table: &Table, items: &mut Vec<Item>, column: usize, prefix: Vec<u8>) -> Member {
    let is_uuid = |c: &usize| table.meta.columns[*c].kind == Kind::Uuid;
    let Some(key) = table.row_key().find(is_uuid) else {
        return Member::Fixed { bytes: [&prefix[..], b"null"].concat(), mask: None };
    };
    Member::Sealed {
        index: item_of(items, column),
        column,
        row: item_of(items, key),
        subject: item_of(items, subject_column(table).unwrap_or(key)),
        prefix,
    }
}

/// What was sealed is a JSON value.
fn unsealed_cell(plain: Option<&str>) -> Cell<'_> {
    plain.map_or(Cell::Null, Cell::Json)
}

fn plan_link(
    access: &Access,
    parent: usize,
    table: &Table,
    items: &mut Vec<Item>,
    embed: &Embed,
    prefix: Vec<u8>,
) -> Link {
    let relation = embed.relation.clone();
    let (other, others) = match &relation.junction {
        Some(junction) => (junction.table.clone(), &junction.from),
        None => (embed.select.table.clone(), &relation.to),
    };
    // Inside one organisation the tenant columns are equal already.
    let implied = |k: &usize| {
        !access.is_system()
            && table.tenant_column() == Some(relation.from[*k])
            && other.tenant_column() == Some(others[*k])
    };
    let matched: Vec<usize> = (0..relation.from.len()).filter(|k| !implied(k)).collect();
    let parent_items = matched.iter().map(|k| item_of(items, relation.from[*k])).collect();
    Link {
        parent,
        parent_items,
        prefix: if embed.spread { Vec::new() } else { prefix },
        spread: embed.spread,
        wanted: HashSet::new(),
        values: vec![Vec::new(); matched.len()],
        matched,
        relation,
    }
}

/// The position of a column among the items, added when it is missing.
fn item_of(items: &mut Vec<Item>, column: usize) -> usize {
    let plain = Expression::column(column);
    let found = items.iter().position(|i| matches!(i, Item::Expression(e) if *e == plain));
    found.unwrap_or_else(|| {
        items.push(Item::Expression(plain));
        items.len() - 1
    })
}

/// The first line of CSV.
pub(super) fn csv_header(outputs: &[Output]) -> Vec<u8> {
    let mut header = Vec::new();
    for (position, output) in outputs.iter().enumerate() {
        if position > 0 {
            header.push(b',');
        }
        Cell::Text(&output.key).write_csv(&mut header);
    }
    header
}

fn member_prefix(key: &str) -> Vec<u8> {
    // Room for the comma, the quotes, the colon and what `Member::Fixed` adds.
    let mut prefix = Vec::with_capacity(key.len() + 8);
    prefix.push(b',');
    escape_into(&mut prefix, key);
    prefix.push(b':');
    prefix
}

/// Appends one value of a key. Values of one column have one kind, so only their ends need marks.
fn push_key(key: &mut Vec<u8>, cell: &Cell<'_>) {
    match cell {
        Cell::Uuid(bytes) => key.extend_from_slice(bytes),
        other => {
            other.write_text(key);
            key.push(0);
        }
    }
}
