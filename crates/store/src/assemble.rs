//! Assembly: rows from an engine become the bytes of an answer.
//!
//! A read is one statement, one more per embedded relation (bound to all parents' keys) and one
//! for the count when it does not follow from the rows. The engine drives: it asks for the next
//! statement, hands in its rows, and takes the answer at the end, all in one snapshot. Nothing
//! here knows which engine that is, so both give the same bytes.
//!
//! An answer that outgrows a mebibyte is given up and made again by a [`Flow`], piece by piece.

mod compose;
mod flow;
mod node;
mod plan;

use crate::access::Access;
use crate::error::{Error, Result};
use crate::query::{Count, Format, Read, Select, Unseal};
use crate::render::{Dialect, select};
use crate::statement::{Row, Statement, ZonedRow, value_of_kind};
use crate::stream::Body;
use bytes::Bytes;
use compose::Composer;
use jiff::tz::TimeZone;
use mainstay_entity::{Kind, Table, Value, cell::Cell};
use node::{Node, Rows, Style, Surroundings};
use plan::Layout;
use std::ops::ControlFlow;
use std::sync::Arc;

pub(crate) use flow::{Flow, Head, Step};

/// What a read answers.
#[derive(Debug, Clone)]
pub struct Answer<B = Bytes> {
    /// The records in the asked format.
    pub body: B,
    /// How many records the body holds.
    pub rows: u64,
    /// How many match in all, when asked and known.
    pub total: Option<u64>,
    /// The place of the last record, when the list is read page by page.
    pub last: Option<Vec<Value>>,
}

impl From<Answer> for Answer<Body> {
    fn from(answer: Answer) -> Self {
        let Answer { body, rows, total, last } = answer;
        Self { body: Body::Whole(body), rows, total, last }
    }
}

/// What became of an assembly.
pub(crate) enum Reading {
    /// The answer.
    Done(Answer),
    /// It outgrew its bounds, and is to be read again piece by piece.
    Outgrown(Box<Assembly>),
}

impl Reading {
    /// The answer of an assembly without bounds.
    pub(crate) fn whole(self) -> Result<Answer> {
        match self {
            Self::Done(answer) => Ok(answer),
            Self::Outgrown(_) => Err(Error::internal("an answer outgrew bounds that it lacks")),
        }
    }
}

/// A read on its way from statements to bytes.
pub(crate) struct Assembly {
    dialect: Dialect,
    access: Access,
    count: Count,
    format: Format,
    /// The root, then embedded relations; a node stands after its parent.
    nodes: Vec<Node>,
    stage: Stage,
    total: Option<u64>,
    unseal: Option<Arc<dyn Unseal>>,
    bounded: Option<Bounded>,
    zone: Option<TimeZone>,
}

/// How large an answer may get before it is given up.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of all its rows.
    pub(crate) bytes: usize,
    /// Rows of the root.
    pub(crate) rows: u64,
}

/// How large an answer is.
struct Bounded {
    bounds: Bounds,
    /// The limit of the root that was asked.
    limit: Option<u64>,
    /// Bytes read so far.
    bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The node whose statement comes next; its predecessor's rows are being handed in.
    Node(usize),
    Count,
    Done,
}

impl Assembly {
    pub(crate) fn new(dialect: Dialect, access: &Access, read: Read) -> Self {
        let related = if read.strip_nulls { Style::JsonStripped } else { Style::Json };
        let (style, header) = match read.format {
            Format::Csv => (Style::Csv, plan::csv_header(&read.select.output)),
            _ => (related, Vec::new()),
        };
        let mut nodes = Vec::new();
        let layout = Layout { style, values: false, related };
        let root = plan::plan(&mut nodes, access, read.select, None, layout);
        nodes[root].header = header;
        Self {
            dialect,
            access: access.clone(),
            count: read.count,
            format: read.format,
            nodes,
            stage: Stage::Node(0),
            total: None,
            unseal: None,
            bounded: None,
            zone: read.zone,
        }
    }

    /// Gives up an answer that grows large; without this it is made whole, whatever its size.
    pub(crate) fn bounded(mut self, bounds: Bounds) -> Self {
        let limit = &mut self.nodes[0].select.limit;
        self.bounded = Some(Bounded { bounds, limit: *limit, bytes: 0 });
        // One more tells that there are more.
        let enough = bounds.rows + 1;
        *limit = Some(limit.map_or(enough, |limit| limit.min(enough)));
        self
    }

    /// How many bytes the answer may take.
    pub(crate) fn bytes_max(&self) -> usize {
        self.bounded.as_ref().map_or(usize::MAX, |bounded| bounded.bounds.bytes)
    }

    /// Shows sealed columns in plain; without this they are null.
    pub(crate) fn unsealed_by(mut self, unseal: Option<Arc<dyn Unseal>>) -> Self {
        self.unseal = unseal;
        self
    }

    /// Whether more than one statement may come, so that they need one snapshot.
    pub(crate) fn is_single_statement(&self) -> bool {
        self.nodes.len() == 1 && self.count == Count::None
    }

    /// Whether it looks up one row of one table by its whole key.
    pub(crate) fn finds_one_row(&self) -> bool {
        self.is_single_statement() && self.nodes[0].finds_one_row(&self.access)
    }

    /// Whether it looks at a table that something holds for.
    pub(crate) fn any_table(&self, holds: impl Fn(&Table) -> bool) -> bool {
        self.nodes.iter().any(|node| {
            let Select { table, filter, .. } = &node.select;
            holds(table)
                || filter.any_table(&mut |table| holds(table))
                || node.select.joins_any(&mut |table| holds(table))
        })
    }

    /// The next statement, or none when the answer is complete.
    pub(crate) fn next(&mut self) -> Option<Statement> {
        while let Stage::Node(position) = self.stage {
            if position == self.nodes.len() {
                self.stage = if self.needs_count() { Stage::Count } else { Stage::Done };
                break;
            }
            self.stage = Stage::Node(position + 1);
            if let Some(statement) = self.statement(position) {
                return Some(statement);
            }
        }
        if self.stage == Stage::Count && self.total.is_none() {
            let cap = if let Count::Capped(cap) = self.count { Some(cap) } else { None };
            // The count's own row ends the stage.
            return Some(self.counting(cap));
        }
        None
    }

    /// Takes one row of the statement given last; breaks when the answer outgrows its bounds.
    pub(crate) fn row(&mut self, row: &impl Row) -> Result<ControlFlow<()>> {
        let written = self.take(row)?;
        let Some(bounded) = &mut self.bounded else {
            return Ok(ControlFlow::Continue(()));
        };
        bounded.bytes += written;
        let rows = self.nodes[0].rows.len() as u64;
        let Bounds { bytes: bytes_max, rows: rows_max } = bounded.bounds;
        let outgrown = bounded.bytes > bytes_max || rows > rows_max;
        Ok(if outgrown { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Gives the answer up.
    pub(crate) fn outgrown(self) -> Reading {
        Reading::Outgrown(Box::new(self))
    }

    fn forget_rows(&mut self) {
        for node in &mut self.nodes {
            node.rows = Rows::default();
            node.forget_wanted();
        }
    }

    /// Writes one row; gives the bytes that it takes.
    fn take(&mut self, row: &impl Row) -> Result<usize> {
        match self.stage {
            Stage::Count => self.count_row(row).map(|()| 0),
            Stage::Node(next) => {
                let (parents, rest) = self.nodes.split_at_mut(next - 1);
                let Some((node, children)) = rest.split_first_mut() else {
                    return Ok(0);
                };
                debug_assert!(node.is_after(parents.len()), "a node stands after its parent");
                let around = Surroundings { offset: next, tenant: self.access.tenant() };
                let before = node.rows.written();
                match &self.zone {
                    Some(zone) => node.row(&ZonedRow { row, zone }, children, around)?,
                    None => node.row(row, children, around)?,
                }
                Ok(node.rows.written() - before)
            }
            Stage::Done => Ok(0),
        }
    }

    /// The answer.
    pub(crate) fn finish(mut self) -> Reading {
        let rows = self.nodes[0].rows.len() as u64;
        let last = self.nodes[0].last.take();
        let total = self.total.filter(|_| self.count != Count::None);
        match self.composer().body(self.bytes_max()) {
            Some(body) => Reading::Done(Answer { body: Bytes::from(body), rows, total, last }),
            None => self.outgrown(),
        }
    }

    fn composer(&self) -> Composer<'_> {
        Composer { nodes: &self.nodes, format: self.format, unseal: self.unseal.as_deref() }
    }

    fn statement(&self, position: usize) -> Option<Statement> {
        match &self.nodes[position].link {
            None => Some(self.list(position, None)),
            Some(link) if link.wanted.is_empty() => None,
            Some(link) => Some(self.list(position, Some(link.values.clone()))),
        }
    }

    /// The statement of a node; of an embedded one for parents with these values.
    fn list(&self, position: usize, values: Option<Vec<Vec<Value>>>) -> Statement {
        let node = &self.nodes[position];
        let parents = node.link.as_ref().zip(values).map(|(link, values)| select::Parents {
            relation: &link.relation,
            matched: &link.matched,
            values,
        });
        let (access, items) = (&self.access, &node.items[..]);
        select::list(self.dialect, access, &node.select, items, parents.as_ref())
    }

    /// The statement of the list itself.
    pub(crate) fn of_root(&self) -> Statement {
        self.list(0, None)
    }

    /// The statement that counts what matches, up to one more than `cap`.
    fn counting(&self, cap: Option<u64>) -> Statement {
        let root = &self.nodes[0];
        select::count(self.dialect, &self.access, &root.select, cap)
    }

    /// The statement for the place of a record of the page, counted from 0.
    fn locating(&self, record: u64) -> Option<Statement> {
        let root = &self.nodes[0];
        let place = root.place.as_ref()?;
        let items: Vec<_> = place.iter().map(|item| root.items[*item].clone()).collect();
        let mut select = root.select.clone();
        select.offset += record;
        select.limit = Some(1);
        Some(select::list(self.dialect, &self.access, &select, &items, None))
    }

    /// The place that a row of [`Assembly::locating`] tells.
    fn place_in(&self, row: &impl Row) -> Result<Option<Vec<Value>>> {
        let root = &self.nodes[0];
        let Some(place) = &root.place else { return Ok(None) };
        let value = |(position, item): (usize, &usize)| {
            let kind = root.items[*item].kind(&root.select.table);
            value_of_kind(&row.cell(position, &kind)?, &kind)
        };
        place.iter().enumerate().map(value).collect::<Result<_>>().map(Some)
    }

    /// A page that ends before its limit tells the total by itself.
    fn needs_count(&mut self) -> bool {
        if self.count == Count::None {
            return false;
        }
        let root = &self.nodes[0];
        let rows = root.rows.len() as u64;
        let offset = root.select.offset;
        let page_is_last = root.select.limit.is_none_or(|limit| rows < limit);
        if page_is_last && (rows > 0 || offset == 0) {
            let total = offset + rows;
            match self.count {
                Count::Capped(cap) if total > cap => self.count = Count::None,
                _ => self.total = Some(total),
            }
            return false;
        }
        true
    }

    fn count_row(&mut self, row: &impl Row) -> Result<()> {
        if let Cell::Int(total) = row.cell(0, &Kind::BigInt)? {
            let total = total.cast_unsigned();
            match self.count {
                Count::Capped(cap) if total > cap => self.count = Count::None,
                _ => self.total = Some(total),
            }
        }
        self.stage = Stage::Done;
        Ok(())
    }
}
