//! One table of a read: its statement's columns and the rows handed in so far.

use crate::access::Access;
use crate::error::{Error, Result};
use crate::query::{Compare, Expression, Filter, Relation, SealedPlace, Select, Unseal};
use crate::render::select::Item;
use crate::statement::{Row, value_of, value_of_kind};
use mainstay_entity::cell::Cell;
use mainstay_entity::{Kind, Value};
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
    /// How its rows are written.
    pub(super) style: Style,
    /// Each value of a row stands alone, without its key.
    pub(super) values: bool,
    /// The statement's columns behind those that tell the parent.
    pub(super) items: Vec<Item>,
    pub(super) kinds: Vec<Kind>,
    pub(super) members: Vec<Member>,
    /// What a spread of values shows.
    pub(super) leaves: Vec<Leaf>,
    /// The members of the one group that there is for a parent without rows.
    pub(super) of_nothing: Option<Vec<u8>>,
    /// The first line of CSV.
    pub(super) header: Vec<u8>,
    /// Position among `items` of the tenant column, checked again in every row.
    pub(super) guard: Option<usize>,
    /// Positions among `items` of what tells a record's place, when the list is read by pages.
    pub(super) place: Option<Vec<usize>>,
    /// The place of the row taken last.
    pub(super) last: Option<Vec<Value>>,
    pub(super) rows: Rows,
}

/// What a row is read in.
#[derive(Clone, Copy)]
pub(super) struct Surroundings {
    /// Position of the first of the later nodes.
    pub(super) offset: usize,
    pub(super) tenant: Option<Uuid>,
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
    pub(super) parent_items: Vec<usize>,
    /// Kinds of the statement's leading columns, which tell the parent.
    pub(super) key_kinds: Vec<Kind>,
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
    /// The same bytes in every row, of which the first are the prefix.
    Fixed { bytes: Vec<u8>, prefix: usize, mask: Option<&'static str> },
    /// The row that is joined to a group, where there is one.
    Object { present: usize, prefix: Vec<u8>, members: Vec<Self> },
    /// Related records.
    Related(usize),
}

/// A value that a spread adds to each row, or to arrays.
pub(super) struct Leaf {
    /// Positions of members: those of spreads inside, then the value's own.
    pub(super) path: Vec<usize>,
    /// `,"key":`
    pub(super) prefix: Vec<u8>,
}

/// Rows as bytes: members only, each with its leading comma.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) bytes: Vec<u8>,
    /// Where each row's bytes and holes end.
    pub(super) ends: Vec<(usize, usize)>,
    /// Where related records and sealed values go, in order.
    pub(super) holes: Vec<Hole>,
    /// Where each value's bytes and holes end, for rows of values.
    cuts: Vec<(usize, usize)>,
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

    /// Where the bytes and holes of a value start and end, in a row of so many.
    pub(super) fn value(&self, row: usize, member: usize, width: usize) -> [(usize, usize); 2] {
        let index = row * width + member;
        [index.checked_sub(1).map_or((0, 0), |before| self.cuts[before]), self.cuts[index]]
    }
}

impl Node {
    /// A node whose members are not planned yet.
    pub(super) fn new(select: Select, link: Option<Link>, style: Style) -> Self {
        Self {
            select,
            link,
            style,
            values: false,
            items: Vec::new(),
            kinds: Vec::new(),
            members: Vec::new(),
            leaves: Vec::new(),
            of_nothing: None,
            header: Vec::new(),
            guard: None,
            place: None,
            last: None,
            rows: Rows::default(),
        }
    }

    /// Whether its members go into its parent's rows.
    pub(super) fn is_spread(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.spread)
    }

    /// The rows that belong to a parent.
    pub(super) fn rows_of(&self, key: Option<&Key>) -> &[usize] {
        key.and_then(|key| self.rows.groups.get(key)).map_or(&[], Vec::as_slice)
    }

    /// How many columns tell the parent.
    fn shift(&self) -> usize {
        self.link.as_ref().map_or(0, |link| link.key_kinds.len())
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
            && !self.select.joins_any(&mut |_| true)
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
        let shift = self.shift();
        if let (Some(guard), Some(tenant)) = (self.guard, around.tenant)
            && row.cell(shift + guard, &Kind::Uuid)? != Cell::Uuid(tenant.into_bytes())
        {
            return Err(Error::internal("a row of another organisation was read"));
        }
        if let Some(link) = self.link.as_ref().filter(|_| shift > 0) {
            let mut key = Vec::with_capacity(16 * shift);
            for (index, kind) in link.key_kinds.iter().enumerate() {
                push_key(&mut key, &row.cell(index, kind)?);
            }
            let position = self.rows.len();
            self.rows.groups.entry(key.into_boxed_slice()).or_default().push(position);
        }
        if let Some(place) = &self.place {
            let value = |item: &usize| {
                let kind = &self.kinds[*item];
                value_of_kind(&row.cell(shift + item, kind)?, kind)
            };
            self.last = Some(place.iter().map(value).collect::<Result<_>>()?);
        }
        let lines = self.style == Style::Csv && !self.values;
        if lines {
            self.rows.bytes.push(b'\n');
        }
        for (position, member) in self.members.iter().enumerate() {
            if lines && position > 0 {
                self.rows.bytes.push(b',');
            }
            match member {
                Member::Sealed { .. } => {
                    let envelope = self.envelope(row, position)?;
                    self.rows.leave_hole(Filling::Sealed(envelope));
                }
                Member::Related(node) => {
                    if let Some(child) = later.get_mut(node - around.offset) {
                        let key = child.want(row, shift, &self.kinds)?;
                        self.rows.leave_hole(Filling::Related { node: *node, key });
                    }
                }
                member => {
                    let writer = Writer { row, shift, kinds: &self.kinds, style: self.style };
                    writer.member(&mut self.rows.bytes, member)?;
                }
            }
            if self.values {
                self.rows.cuts.push((self.rows.bytes.len(), self.rows.holes.len()));
            }
        }
        self.rows.ends.push((self.rows.bytes.len(), self.rows.holes.len()));
        Ok(())
    }

    /// The sealed value of a row that a member shows.
    fn envelope(&self, row: &impl Row, member: usize) -> Result<Box<Envelope>> {
        let shift = self.shift();
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

/// Writes values of one row.
struct Writer<'a, R> {
    row: &'a R,
    /// How many columns tell the parent.
    shift: usize,
    kinds: &'a [Kind],
    style: Style,
}

impl<R: Row> Writer<'_, R> {
    fn member(&self, out: &mut Vec<u8>, member: &Member) -> Result<()> {
        match member {
            Member::Item { index, prefix } => {
                let cell = self.cell(*index)?;
                match self.style {
                    Style::Csv => cell.write_csv(out),
                    Style::JsonStripped if cell == Cell::Null => {}
                    Style::Json | Style::JsonStripped => {
                        out.extend_from_slice(prefix);
                        cell.write_json(out);
                    }
                }
            }
            Member::Fixed { bytes, mask, .. } => match (self.style, mask) {
                (Style::Csv, Some(mask)) => Cell::Text(mask).write_csv(out),
                (Style::Csv | Style::JsonStripped, None) => {}
                _ => out.extend_from_slice(bytes),
            },
            Member::Object { present, prefix, members } => {
                let is_there = self.cell(*present)? == Cell::Bool(true);
                if self.style == Style::Csv {
                    if is_there {
                        let mut object = Vec::new();
                        self.object(&mut object, members)?;
                        Cell::Json(&String::from_utf8_lossy(&object)).write_csv(out);
                    }
                } else if is_there {
                    out.extend_from_slice(prefix);
                    self.object(out, members)?;
                } else if self.style == Style::Json {
                    out.extend_from_slice(prefix);
                    out.extend_from_slice(b"null");
                }
            }
            Member::Sealed { .. } | Member::Related(_) => {}
        }
        Ok(())
    }

    /// The members of a joined row, which are JSON in CSV too.
    fn object(&self, out: &mut Vec<u8>, members: &[Member]) -> Result<()> {
        let style = if self.style == Style::Csv { Style::Json } else { self.style };
        let inner = Writer { style, ..*self };
        let start = out.len();
        for member in members {
            inner.member(out, member)?;
        }
        close_object(out, start);
        Ok(())
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        self.row.cell(self.shift + index, &self.kinds[index])
    }
}

/// Makes an object of the members written since `start`, each with its leading comma: the first
/// one's place is the brace's.
pub(super) fn close_object(out: &mut Vec<u8>, start: usize) {
    match out.get_mut(start) {
        Some(first) => *first = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
}

/// Whether a filter lets only rows with one value of a column pass.
fn fixes(filter: &Filter, column: usize) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().any(|part| fixes(part, column)),
        Filter::Compare { left, op: Compare::Eq, .. } => *left == Expression::column(column),
        _ => false,
    }
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
