//! Rows gathered for one request.

use std::mem;
use std::ops::Range;

use bytes::Bytes;

/// The most rows of a batch.
const ROWS_MAX: usize = 1000;

/// The most bytes of a batch, unless one row alone is longer.
const BYTES_MAX: usize = 1024 * 1024;

/// A batch that is being filled.
#[derive(Default)]
pub(crate) struct Batch {
    ndjson: Vec<u8>,
    rows: Vec<Row>,
}

/// Rows as NDJSON, that can be cut between rows without copying.
#[derive(Debug)]
pub(crate) struct Rows {
    ndjson: Bytes,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    /// The line of the input that the row is from.
    line: u64,
    /// Where the row ends in the batch's text.
    end: usize,
}

impl Batch {
    /// Adds a row, which is JSON on one line. Gives the rows so far if the batch has no room for it.
    pub(crate) fn push(&mut self, line: u64, row: &[u8]) -> Option<Rows> {
        let has_room = self.rows.len() < ROWS_MAX && self.ndjson.len() + row.len() < BYTES_MAX;
        let full = if has_room { None } else { self.take() };
        self.ndjson.extend_from_slice(row);
        self.ndjson.push(b'\n');
        self.rows.push(Row { line, end: self.ndjson.len() });
        full
    }

    /// Takes the rows there are, if there are any.
    pub(crate) fn take(&mut self) -> Option<Rows> {
        let Self { ndjson, rows } = mem::take(self);
        (!rows.is_empty()).then(|| Rows { ndjson: ndjson.into(), rows })
    }
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The line of the input that a row is from.
    pub(crate) fn line(&self, row: usize) -> u64 {
        self.rows[row].line
    }

    /// Some of the rows as NDJSON.
    pub(crate) fn ndjson(&self, range: Range<usize>) -> Bytes {
        let end_before = |row: usize| if row == 0 { 0 } else { self.rows[row - 1].end };
        self.ndjson.slice(end_before(range.start)..end_before(range.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_bounded_in_rows_and_bytes() {
        let mut batch = Batch::default();
        let mut full = (1..=ROWS_MAX as u64 + 1).filter_map(|line| batch.push(line, b"{}"));
        assert_eq!(full.next().map(|rows| rows.len()), Some(ROWS_MAX));
        assert!(full.next().is_none());

        let row = vec![b'x'; BYTES_MAX / 2 - 1];
        let mut batch = Batch::default();
        assert!(batch.push(1, &row).is_none());
        assert!(batch.push(2, &row).is_none());
        let full = batch.push(3, &vec![b'y'; 2 * BYTES_MAX]).unwrap();
        assert_eq!(full.ndjson(0..2).len(), BYTES_MAX);
        assert_eq!(batch.push(4, b"{}").unwrap().len(), 1);
    }

    #[test]
    fn rows_are_cut_between_rows() {
        let mut batch = Batch::default();
        for (line, row) in [(3, "{\"a\":1}"), (5, "{}"), (8, "{\"b\":2}")] {
            assert!(batch.push(line, row.as_bytes()).is_none());
        }
        let rows = batch.take().unwrap();
        assert_eq!(rows.ndjson(0..1), "{\"a\":1}\n");
        assert_eq!(rows.ndjson(1..3), "{}\n{\"b\":2}\n");
        assert_eq!(rows.line(1), 5);
        assert!(batch.take().is_none());
    }
}
