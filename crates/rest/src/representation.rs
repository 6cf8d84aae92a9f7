//! What a write answers with: the rows as they now are, or as they were before they were removed.
//!
//! Plain columns are written from the records in hand; anything more is read inside the
//! transaction, by key.

use crate::call::Call;
use crate::error::Result;
use crate::resolve::{Purpose, is_plain};
use bytes::Bytes;
use jiff::tz::TimeZone;
use mainstay_entity::cell::Cell;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Record, Table};
use mainstay_kernel::Work;
use mainstay_store::{
    Compare, Count, Expression, Filter, Format, MAX_CHANGED_ROWS, OutputValue, Read, Select,
};

/// How written rows are shown; made before they are written, so that a refusal changes nothing.
pub(crate) struct Representation {
    select: Select,
    format: Format,
    strip_nulls: bool,
    zone: Option<TimeZone>,
}

impl Representation {
    /// What the request wants to see of the rows that it writes.
    pub(crate) fn plan(call: &Call<'_>) -> Result<Self> {
        let mut select = call.select(Purpose::Written)?;
        call.kernel.authorize_select(call.context, &mut select)?;
        if select.is_grouped() {
            let what = "Aggregate functions on requests that write.";
            return Err(crate::error::Fault::unsupported(what).into());
        }
        let zone = call.zone();
        Ok(Self { select, format: call.format(), strip_nulls: call.strips_nulls(), zone })
    }

    /// Whether the rows can be written from records alone.
    pub(crate) fn is_plain(&self) -> bool {
        let plain = |o: &mainstay_store::Output| match &o.value {
            OutputValue::Expression(expression) => is_plain(&self.select.table, expression),
            OutputValue::Masked(_) => true,
            _ => false,
        };
        self.select.order.is_empty()
            && matches!(self.select.filter, Filter::All)
            && self.select.output.iter().all(plain)
    }

    /// The rows, written from records.
    pub(crate) fn compose(&self, records: &[&Record]) -> Bytes {
        let mut out = Vec::with_capacity(256 * records.len() + 2);
        match self.format {
            Format::JsonArray => {
                out.push(b'[');
                self.objects(&mut out, records, b',');
                out.push(b']');
            }
            Format::JsonObject => self.objects(&mut out, records, b','),
            Format::Lines => {
                self.objects(&mut out, records, b'\n');
                if !records.is_empty() {
                    out.push(b'\n');
                }
            }
            Format::Csv => self.csv(&mut out, records),
        }
        Bytes::from(out)
    }

    fn objects(&self, out: &mut Vec<u8>, records: &[&Record], separator: u8) {
        for (position, record) in records.iter().enumerate() {
            if position > 0 {
                out.push(separator);
            }
            let start = out.len();
            for (key, cell) in self.cells(record) {
                if self.strip_nulls && cell == Cell::Null {
                    continue;
                }
                out.push(b',');
                escape_into(out, key);
                out.push(b':');
                cell.write_json(out);
            }
            // The first member's comma is the place of the brace.
            match out.get_mut(start) {
                Some(first) => *first = b'{',
                None => out.push(b'{'),
            }
            out.push(b'}');
        }
    }

    fn csv(&self, out: &mut Vec<u8>, records: &[&Record]) {
        for (position, output) in self.select.output.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            Cell::Text(&output.key).write_csv(out);
        }
        // Newlines stand between lines, and behind a header that is alone.
        if records.is_empty() {
            out.push(b'\n');
        }
        for record in records {
            out.push(b'\n');
            for (position, (_, cell)) in self.cells(record).enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                cell.write_csv(out);
            }
        }
    }

    fn cells<'r>(&'r self, record: &'r Record) -> impl Iterator<Item = (&'r str, Cell<'r>)> {
        self.select.output.iter().map(|output| {
            let cell = match &output.value {
                OutputValue::Expression(Expression { column, .. }) => {
                    let cell = record.0[*column].as_cell();
                    match &self.zone {
                        Some(zone) => cell.in_zone(zone),
                        None => cell,
                    }
                }
                OutputValue::Masked(Some(mask)) => Cell::Text(mask),
                _ => Cell::Null,
            };
            (output.key.as_str(), cell)
        })
    }

    /// The rows, read inside the transaction that wrote them.
    pub(crate) async fn read(&self, work: &mut Work, records: &[&Record]) -> Result<Bytes> {
        self.read_select(work, self.with(by_key(&self.select.table, records))).await
    }

    /// The rows that are about to be changed, locked, read inside the transaction.
    pub(crate) async fn read_before(&self, work: &mut Work, filter: Filter) -> Result<Bytes> {
        let mut select = self.with(filter);
        select.for_update = true;
        // More are refused when they are changed.
        select.limit = Some(MAX_CHANGED_ROWS + 1);
        self.read_select(work, select).await
    }

    fn with(&self, filter: Filter) -> Select {
        let mut select = self.select.clone();
        select.filter = match select.filter {
            Filter::All => filter,
            own => Filter::And(vec![filter, own]),
        };
        select
    }

    async fn read_select(&self, work: &mut Work, select: Select) -> Result<Bytes> {
        let read = Read {
            select,
            count: Count::None,
            format: self.format,
            strip_nulls: self.strip_nulls,
            zone: self.zone.clone(),
        };
        Ok(work.read(read).await?.body)
    }
}

/// The rows with the keys of some records.
fn by_key(table: &Table, records: &[&Record]) -> Filter {
    let key: Vec<usize> = table.row_key().collect();
    if let [column] = key.as_slice() {
        let list = records.iter().map(|record| record.0[*column].clone()).collect();
        return Filter::In { left: Expression::column(*column), list };
    }
    let row = |record: &&Record| {
        let equal = |column: &usize| Filter::Compare {
            left: Expression::column(*column),
            op: Compare::Eq,
            right: record.0[*column].clone(),
        };
        Filter::And(key.iter().map(equal).collect())
    };
    Filter::Or(records.iter().map(row).collect())
}
