//! One table of a read: its statement's columns and the rows handed in so far.

use crate::access::Access;
use crate::error::{Error, Result};
use crate::query::{
    Compare, Embed, Expression, Filter, Output, OutputValue, Relation, SealedPlace, Select, Unseal,
    subject_column,
};
use crate::render::select::{Item, is_grouped};
use crate::statement::{Row, value_of};
use mainstay_entity::cell::Cell;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Kind, Table, Value};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
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
pub(super) struct Surroundings {
    /// Position of the first of the later nodes.
    pub(super) offset: usize,
    pub(super) tenant: Option<Uuid>,
    pub(super) style: Style,
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
    pub(super) parent: usize,
    pub(super) relation: Relation,
    /// Columns of the relation that are matched by value.
    pub(super) matched: Vec<usize>,
    /// Positions of those columns among the parent's items.
    parent_items: Vec<usize>,
    /// `,"key":`; empty when spread.
    pub(super) prefix: Vec<u8>,
    pub(super) spread: bool,
    /// Keys asked for with their positions in the lists of values, one per matched column.
    pub(super) wanted: HashMap<Key, usize>,
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
    /// Where related records and sealed values go, in order.
    pub(super) holes: Vec<Hole>,
    /// Bytes of the sealed values.
    envelopes: usize,
    /// Rows of each parent, for related records.
    pub(super) groups: HashMap<Key, Vec<usize>>,
}

/// A place in a row that is filled when the row is composed.
pub(super) struct Hole {
    pub(super) offset: usize,
    pub(super) filling: Filling,
}

/// What a hole is filled with.
pub(super) enum Filling {
    /// The records of a node; no key when the row refers to nothing.
    Related { node: usize, key: Option<Key> },
    /// The plain text of an envelope: its key may have to be read first.
    Sealed(Box<Envelope>),
}

/// A sealed value of a row.
pub(super) struct Envelope {
    /// Position of the member that shows it.
    pub(super) member: usize,
    /// None for null, and when nobody opens it.
    pub(super) sealed: Option<Vec<u8>>,
    pub(super) row: Uuid,
    pub(super) subject: Uuid,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of the rows, without those of related records.
    pub(super) fn written(&self) -> usize {
        self.bytes.len() + self.envelopes
    }

    /// Bytes of memory, about.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + self.envelopes + 64 * (self.ends.len() + self.holes.len())
    }

    fn leave_hole(&mut self, filling: Filling) {
        if let Filling::Sealed(envelope) = &filling {
            self.envelopes += envelope.sealed.as_ref().map_or(0, Vec::len);
        }
        self.holes.push(Hole { offset: self.bytes.len(), filling });
    }

    /// Where a row's bytes and holes start.
    pub(super) fn start(&self, row: usize) -> (usize, usize) {
        row.checked_sub(1).map_or((0, 0), |before| self.ends[before])
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

    /// Forgets which related records its parents ask for.
    pub(super) fn forget_wanted(&mut self) {
        if let Some(link) = &mut self.link {
            link.wanted.clear();
            link.values.iter_mut().for_each(Vec::clear);
        }
    }

    /// Whether the filter says what every column of the key is, and asks about no other table.
    pub(super) fn finds_one_row(&self, access: &Access) -> bool {
        let Select { table, filter, .. } = &self.select;
        let reached = table.tenant_column().filter(|_| access.tenant().is_some());
        let mut key = table.primary_key.iter().filter(|column| Some(**column) != reached);
        !table.primary_key.is_empty()
            && !table.is_view()
            && key.all(|column| fixes(filter, *column))
            && !filter.any_table(&mut |_| true)
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
        around: Surroundings,
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
            return self.csv_row(row);
        }
        let strip_nulls = around.style == Style::JsonStripped;
        for (position, member) in self.members.iter().enumerate() {
            match member {
                Member::Item { index, prefix } => {
                    let cell = row.cell(shift + index, &self.kinds[*index])?;
                    if !(strip_nulls && cell == Cell::Null) {
                        self.rows.bytes.extend_from_slice(prefix);
                        cell.write_json(&mut self.rows.bytes);
                    }
                }
                Member::Sealed { .. } => {
                    let envelope = self.envelope(row, position)?;
                    self.rows.leave_hole(Filling::Sealed(envelope));
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
                    self.rows.leave_hole(Filling::Related { node: *node, key });
                }
            }
        }
        self.rows.ends.push((self.rows.bytes.len(), self.rows.holes.len()));
        Ok(())
    }

    /// The sealed value of a row that a member shows.
    fn envelope(&self, row: &impl Row, member: usize) -> Result<Box<Envelope>> {
        let shift = self.key_kinds.len();
        let mut envelope =
            Envelope { member, sealed: None, row: Uuid::nil(), subject: Uuid::nil() };
        if let Member::Sealed { index, row: key, subject, .. } = &self.members[member]
            && let Cell::Bytes(sealed) = row.cell(shift + index, &Kind::Sealed)?
            && let Cell::Uuid(key) = row.cell(shift + key, &Kind::Uuid)?
        {
            envelope.sealed = Some(sealed.to_vec());
            envelope.row = Uuid::from_bytes(key);
            // A row that names nobody is its own subject.
            envelope.subject = match row.cell(shift + subject, &Kind::Uuid)? {
                Cell::Uuid(subject) => Uuid::from_bytes(subject),
                _ => envelope.row,
            };
        }
        Ok(Box::new(envelope))
    }

    /// The plain text of a sealed value.
    pub(super) fn open(&self, envelope: &Envelope, unseal: Option<&dyn Unseal>) -> Option<String> {
        let Member::Sealed { column, .. } = &self.members[envelope.member] else {
            return None;
        };
        let Envelope { sealed, row, subject, .. } = envelope;
        let (row, subject) = (*row, *subject);
        let place = SealedPlace { table: &self.select.table, column: *column, row, subject };
        unseal?.open(place, sealed.as_ref()?)
    }

    /// Takes one row as a line of CSV. Related records have no place in it.
    fn csv_row(&mut self, row: &impl Row) -> Result<()> {
        self.rows.bytes.push(b'\n');
        for (position, member) in self.members.iter().enumerate() {
            if position > 0 {
                self.rows.bytes.push(b',');
            }
            match member {
                Member::Item { index, .. } => {
                    row.cell(*index, &self.kinds[*index])?.write_csv(&mut self.rows.bytes);
                }
                Member::Sealed { .. } => {
                    let envelope = self.envelope(row, position)?;
                    self.rows.leave_hole(Filling::Sealed(envelope));
                }
                Member::Fixed { mask: Some(mask), .. } => {
                    Cell::Text(mask).write_csv(&mut self.rows.bytes);
                }
                Member::Fixed { .. } | Member::Related(_) => {}
            }
        }
        self.rows.ends.push((self.rows.bytes.len(), self.rows.holes.len()));
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
        let position = link.wanted.len();
        if let Entry::Vacant(entry) = link.wanted.entry(key.clone()) {
            entry.insert(position);
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
        wanted: HashMap::new(),
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

/// Whether a filter lets only rows with one value of a column pass.
fn fixes(filter: &Filter, column: usize) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().any(|part| fixes(part, column)),
        Filter::Compare { left, op: Compare::Eq, .. } => *left == Expression::column(column),
        _ => false,
    }
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
