//! Assembly: rows from an engine become the bytes of an answer.
//!
//! A read is one statement, one more per embedded relation (bound to all parents' keys) and one
//! for the count when it does not follow from the rows. The engine drives: it asks for the next
//! statement, hands in its rows, and takes the answer at the end, all in one snapshot. Nothing
//! here knows which engine that is, so both give the same bytes.

mod compose;
mod node;

use crate::access::Access;
use crate::error::Result;
use crate::query::{Count, Format, Read, Unseal};
use crate::render::{Dialect, select};
use crate::statement::{Row, Statement};
use bytes::Bytes;
use mainstay_entity::{Kind, cell::Cell};
use node::{Node, Style, Surroundings};
use std::sync::Arc;

/// What a read answers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The records in the asked format.
    pub body: Bytes,
    /// How many records the body holds.
    pub rows: u64,
    /// How many match in all, when asked and known.
    pub total: Option<u64>,
}

/// A read on its way from statements to bytes.
pub(crate) struct Assembly {
    dialect: Dialect,
    access: Access,
    count: Count,
    format: Format,
    strip_nulls: bool,
    /// The root, then embedded relations; a node stands after its parent.
    nodes: Vec<Node>,
    stage: Stage,
    total: Option<u64>,
    unseal: Option<Arc<dyn Unseal>>,
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
        let mut nodes = Vec::new();
        let header = match read.format {
            Format::Csv => node::csv_header(&read.select.output),
            _ => Vec::new(),
        };
        let root = Node::plan(&mut nodes, access, read.select, None);
        nodes[root].header = header;
        Self {
            dialect,
            access: access.clone(),
            count: read.count,
            format: read.format,
            strip_nulls: read.strip_nulls,
            nodes,
            stage: Stage::Node(0),
            total: None,
            unseal: None,
        }
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
            let root = &self.nodes[0];
            let cap = if let Count::Capped(cap) = self.count { Some(cap) } else { None };
            // The count's own row ends the stage.
            return Some(select::count(self.dialect, &self.access, &root.select, &root.items, cap));
        }
        None
    }

    /// Takes one row of the statement given last.
    pub(crate) fn row(&mut self, row: &impl Row) -> Result<()> {
        let style = match (self.format, self.strip_nulls) {
            (Format::Csv, _) => Style::Csv,
            (_, true) => Style::JsonStripped,
            (_, false) => Style::Json,
        };
        match self.stage {
            Stage::Count => self.count_row(row),
            Stage::Node(next) => {
                let (parents, rest) = self.nodes.split_at_mut(next - 1);
                let Some((node, children)) = rest.split_first_mut() else {
                    return Ok(());
                };
                debug_assert!(node.is_after(parents.len()), "a node stands after its parent");
                let around = Surroundings {
                    offset: next,
                    tenant: self.access.tenant(),
                    style,
                    unseal: self.unseal.as_deref(),
                };
                node.row(row, children, around)
            }
            Stage::Done => Ok(()),
        }
    }

    /// The answer.
    pub(crate) fn finish(self) -> Answer {
        let rows = self.nodes[0].rows.len() as u64;
        let total = self.total.filter(|_| self.count != Count::None);
        let body = compose::body(&self.nodes, self.format, self.strip_nulls);
        Answer { body: Bytes::from(body), rows, total }
    }

    fn statement(&self, position: usize) -> Option<Statement> {
        let node = &self.nodes[position];
        let Some(link) = &node.link else {
            return Some(select::list(self.dialect, &self.access, &node.select, &node.items, None));
        };
        if link.wanted.is_empty() {
            return None;
        }
        let parents = select::Parents {
            relation: &link.relation,
            matched: &link.matched,
            values: link.values.clone(),
        };
        Some(select::list(self.dialect, &self.access, &node.select, &node.items, Some(&parents)))
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
