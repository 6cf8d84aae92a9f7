//! Large answers: the rows of the root come in batches, their related records with them, and what
//! is written goes to the client before the next batch is read.
//!
//! Status and range stand before the first byte, so the rows are counted first, in the same
//! snapshot. Memory is bounded by a batch and, at the least, by one row with its related records.

use super::node::{Filling, Hole, Rows};
use super::{Answer, Assembly, Stage};
use crate::error::{Error, Result};
use crate::query::{Count, Unseal};
use crate::statement::{Row, Statement};
use bytes::Bytes;
use mainstay_entity::{Kind, Value, cell::Cell};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use uuid::Uuid;

/// Bytes of the root's rows in one batch.
const BATCH_BYTES: usize = 256 << 10;
/// Rows of the root in one batch.
const BATCH_ROWS: usize = 512;
/// Bytes of the records that are related to some rows of a batch.
const RELATED_BYTES: usize = 1 << 20;
/// Answers up to so many bytes are not sent in pieces.
const WHOLE_BYTES: usize = 1 << 20;
/// Smallest piece that is worth sending, in bytes.
const CHUNK_BYTES: usize = 64 << 10;

/// A large read on its way from statements to pieces of its answer.
pub(crate) struct Flow {
    assembly: Assembly,
    place: Place,
    /// What is written and not yet sent.
    out: Vec<u8>,
    /// Rows that are written.
    written: u64,
    /// Rows that the client was told to expect; none while it may still be answered whole.
    promised: Option<u64>,
    /// Rows that match, as far as they had to be counted.
    counted: Option<u64>,
    /// The place of the last row, when the list is read page by page and that is known.
    last: Option<Vec<Value>>,
    /// Whether the root has no more rows.
    root_ended: bool,
    /// Rows of the root that the next batch is made of.
    batch: usize,
    /// The rows of the batch whose related records are read together and that are not written.
    span: Range<usize>,
    /// How many rows of a batch have their related records read together.
    together: usize,
    /// Whether the related records of these rows take too much memory.
    overfull: bool,
}

#[derive(Clone, Copy)]
enum Place {
    Root,
    /// The related node whose statement comes next.
    Related(usize),
    Write,
    Output,
    Count,
    Last,
    Ended,
}

/// What the client is told before the first piece.
pub(crate) struct Head {
    /// How many rows come.
    pub(crate) rows: u64,
    /// How many match in all.
    pub(crate) total: Option<u64>,
    /// The place of the last row.
    pub(crate) last: Option<Vec<Value>>,
}

/// What the engine is to do next.
pub(crate) enum Step {
    /// Hand in about so many further rows of the root, then say [`Flow::batch_ended`].
    Root(usize),
    /// Run a statement and hand its rows in, until [`Flow::row`] breaks.
    Query(Statement),
    /// Tell the client what comes.
    Begin(Head),
    /// Let the unsealer read the keys of some people.
    Keys(Arc<dyn Unseal>, Vec<Uuid>),
    /// Send a piece.
    Send(Bytes),
    /// The answer turned out to be small; this is all of it.
    Answer(Answer),
    /// All is sent.
    End,
}

impl Flow {
    /// Begins an answer anew that outgrew its bounds.
    pub(crate) fn new(mut assembly: Assembly) -> Self {
        assembly.forget_rows();
        if let Some(bounded) = assembly.bounded.take() {
            assembly.nodes[0].select.limit = bounded.limit;
        }
        let mut out = Vec::new();
        assembly.composer().start(&mut out);
        Self {
            assembly,
            place: Place::Root,
            out,
            written: 0,
            promised: None,
            counted: None,
            last: None,
            root_ended: false,
            batch: 32,
            span: 0..0,
            together: 16,
            overfull: false,
        }
    }

    /// The statement of the root.
    pub(crate) fn root(&self) -> Statement {
        self.assembly.list(0, None)
    }

    /// What is to be done next.
    pub(crate) fn next(&mut self) -> Result<Step> {
        loop {
            match self.place {
                Place::Root => return Ok(Step::Root(self.batch)),
                Place::Related(_) if self.overfull => {
                    self.together = self.span.len().div_ceil(2);
                    self.begin_related(self.span.start);
                }
                Place::Related(position) if position < self.assembly.nodes.len() => {
                    self.place = Place::Related(position + 1);
                    if let Some(statement) = self.related(position) {
                        self.assembly.stage = Stage::Node(position + 1);
                        return Ok(Step::Query(statement));
                    }
                }
                Place::Related(_) => {
                    self.place = Place::Write;
                    if let Some(step) = self.keys() {
                        return Ok(step);
                    }
                }
                Place::Write => self.write(),
                Place::Count | Place::Last => self.place = Place::Output,
                Place::Output => {
                    if let Some(step) = self.output()? {
                        return Ok(step);
                    }
                }
                Place::Ended => return Ok(Step::End),
            }
        }
    }

    /// Takes a row of the root; breaks when the batch is large enough.
    pub(crate) fn root_row(&mut self, row: &impl Row) -> Result<ControlFlow<()>> {
        self.assembly.stage = Stage::Node(1);
        self.assembly.take(row)?;
        let rows = &self.assembly.nodes[0].rows;
        let full = rows.len() >= self.batch || rows.written() >= BATCH_BYTES;
        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// The rows asked for were handed in; `root_ended` when there are no more.
    pub(crate) fn batch_ended(&mut self, root_ended: bool) {
        let rows = &self.assembly.nodes[0].rows;
        let row_bytes = rows.written().checked_div(rows.len()).unwrap_or(0).max(1);
        self.batch = (BATCH_BYTES / row_bytes).clamp(1, (2 * self.batch).min(BATCH_ROWS));
        self.root_ended = root_ended;
        self.begin_related(0);
    }

    /// Takes a row of the statement given last; breaks when no more are needed for now.
    pub(crate) fn row(&mut self, row: &impl Row) -> Result<ControlFlow<()>> {
        if let Place::Count = self.place {
            if let Cell::Int(count) = row.cell(0, &Kind::BigInt)? {
                self.counted = Some(count.cast_unsigned());
            }
            return Ok(ControlFlow::Continue(()));
        }
        if let Place::Last = self.place {
            self.last = self.assembly.place_in(row)?;
            return Ok(ControlFlow::Continue(()));
        }
        self.assembly.take(row)?;
        self.overfull = self.related_bytes() > RELATED_BYTES && self.span.len() > 1;
        Ok(if self.overfull { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }

    /// Begins to read the records that are related to the next rows of the batch.
    fn begin_related(&mut self, start: usize) {
        let end = (start + self.together).min(self.assembly.nodes[0].rows.len());
        self.span = start..end;
        self.overfull = false;
        for node in &mut self.assembly.nodes[1..] {
            node.rows = Rows::default();
            // What the root asks for is known until its batch is written.
            if node.link.as_ref().is_some_and(|link| link.parent > 0) {
                node.forget_wanted();
            }
        }
        self.place = Place::Related(1);
    }

    /// The statement of a related node, unless nothing is asked of it.
    fn related(&self, position: usize) -> Option<Statement> {
        let link = self.assembly.nodes[position].link.as_ref()?;
        if link.parent > 0 {
            return self.assembly.statement(position);
        }
        let root = &self.assembly.nodes[0].rows;
        let holes = root.start(self.span.start).1..root.start(self.span.end).1;
        let asked = |hole: &Hole| match &hole.filling {
            Filling::Related { node, key: Some(key) } if *node == position => {
                link.wanted.get(key).copied()
            }
            _ => None,
        };
        let mut asked: Vec<usize> = root.holes[holes].iter().filter_map(asked).collect();
        asked.sort_unstable();
        asked.dedup();
        if asked.is_empty() {
            return None;
        }
        let of_asked = |list: &Vec<Value>| asked.iter().map(|at| list[*at].clone()).collect();
        let values = link.values.iter().map(of_asked).collect();
        Some(self.assembly.list(position, Some(values)))
    }

    fn related_bytes(&self) -> usize {
        self.assembly.nodes[1..].iter().map(|node| node.rows.size()).sum()
    }

    /// The keys that the next rows to be written need.
    fn keys(&self) -> Option<Step> {
        let unseal = self.assembly.unseal.as_ref()?;
        let root = &self.assembly.nodes[0].rows;
        let holes = &root.holes[root.start(self.span.start).1..root.start(self.span.end).1];
        let related = self.assembly.nodes[1..].iter().flat_map(|node| &node.rows.holes);
        let subject = |hole: &Hole| match &hole.filling {
            Filling::Sealed(envelope) => envelope.sealed.as_ref().map(|_| envelope.subject),
            Filling::Related { .. } => None,
        };
        let mut subjects: Vec<Uuid> = holes.iter().chain(related).filter_map(subject).collect();
        subjects.sort_unstable();
        subjects.dedup();
        (!subjects.is_empty()).then(|| Step::Keys(unseal.clone(), subjects))
    }

    /// Writes rows whose related records are there, until there is enough to send.
    fn write(&mut self) {
        let enough = if self.promised.is_some() { CHUNK_BYTES } else { WHOLE_BYTES + 1 };
        let composer = self.assembly.composer();
        while self.out.len() < enough
            && let Some(row) = self.span.next()
        {
            composer.row(&mut self.out, row, self.written == 0);
            self.written += 1;
        }
        if self.span.is_empty() && self.related_bytes() < RELATED_BYTES / 8 {
            self.together = (2 * self.together).min(BATCH_ROWS);
        }
        self.place = Place::Output;
    }

    /// Sends what is written, or goes on.
    fn output(&mut self) -> Result<Option<Step>> {
        let batch_written = self.span.start >= self.assembly.nodes[0].rows.len();
        let all_written = batch_written && self.root_ended;
        if let Some(promised) = self.promised {
            if all_written && promised != self.written {
                let text = format!("{} rows came where {promised} were counted", self.written);
                return Err(Error::internal(text));
            }
            if all_written || self.out.len() >= CHUNK_BYTES {
                return Ok(Some(self.send(all_written)));
            }
        } else if all_written || self.out.len() > WHOLE_BYTES {
            return Ok(Some(self.head(all_written)));
        }
        if batch_written {
            self.assembly.forget_rows();
            self.place = Place::Root;
        } else if self.span.is_empty() {
            self.begin_related(self.span.start);
        } else {
            self.place = Place::Write;
        }
        Ok(None)
    }

    /// Answers whole what was not large after all, else says what comes; counts first.
    fn head(&mut self, all_written: bool) -> Step {
        let root = &self.assembly.nodes[0].select;
        let page_ended = root.limit.is_none_or(|limit| self.written < limit);
        let tells_total = all_written && page_ended && (self.written > 0 || root.offset == 0);
        let needs_count = !all_written || self.assembly.count != Count::None && !tells_total;
        if needs_count && self.counted.is_none() {
            self.place = Place::Count;
            return Step::Query(self.assembly.counting(self.count_cap()));
        }
        let total = self.total();
        if all_written {
            self.place = Place::Ended;
            self.assembly.composer().end(&mut self.out, self.written > 0);
            let body = Bytes::from(std::mem::take(&mut self.out));
            let last = self.assembly.nodes[0].last.take();
            return Step::Answer(Answer { body, rows: self.written, total, last });
        }
        let counted = self.counted.unwrap_or_default().saturating_sub(root.offset);
        let rows = root.limit.map_or(counted, |limit| limit.min(counted));
        if self.last.is_none()
            && let Some(statement) = self.assembly.locating(rows.saturating_sub(1))
        {
            self.place = Place::Last;
            return Step::Query(statement);
        }
        self.promised = Some(rows);
        Step::Begin(Head { rows, total, last: self.last.take() })
    }

    fn send(&mut self, all_written: bool) -> Step {
        if all_written {
            self.place = Place::Ended;
            self.assembly.composer().end(&mut self.out, self.written > 0);
        }
        Step::Send(Bytes::from(std::mem::take(&mut self.out)))
    }

    /// As far as rows have to be counted to know those of the page, and the total that was asked.
    fn count_cap(&self) -> Option<u64> {
        let root = &self.assembly.nodes[0].select;
        let page_end = root.offset.saturating_add(root.limit?).min(i64::MAX as u64 - 1);
        match self.assembly.count {
            Count::None => Some(page_end),
            Count::Capped(cap) => Some(cap.max(page_end)),
            Count::Exact => None,
        }
    }

    /// How many match in all, when asked and known.
    fn total(&self) -> Option<u64> {
        let cap = match self.assembly.count {
            Count::None => return None,
            Count::Exact => u64::MAX,
            Count::Capped(cap) => cap,
        };
        let offset = self.assembly.nodes[0].select.offset;
        Some(self.counted.unwrap_or(offset + self.written)).filter(|total| *total <= cap)
    }
}
