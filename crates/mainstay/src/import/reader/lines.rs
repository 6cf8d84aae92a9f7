//! NDJSON: a record per line.

use std::io::{BufRead, Read};

use super::{Next, RECORD_BYTES_MAX, ReadRecord, too_long};

/// The lines of a source that aren't blank.
pub(super) struct Lines<R> {
    source: R,
    line: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, line: 0 }
    }
}

impl<R: BufRead> ReadRecord for Lines<R> {
    fn read_record(&mut self, record: &mut Vec<u8>) -> anyhow::Result<Next> {
        loop {
            record.clear();
            let limit = RECORD_BYTES_MAX as u64 + 1;
            let read = self.source.by_ref().take(limit).read_until(b'\n', record)?;
            if read == 0 {
                return Ok(Next::End);
            }
            self.line += 1;
            let line = self.line;
            if record.last() == Some(&b'\n') {
                record.pop();
            } else if record.len() > RECORD_BYTES_MAX {
                self.source.skip_until(b'\n')?;
                return Ok(too_long(line));
            }
            if !record.trim_ascii().is_empty() {
                return Ok(Next::Record { line });
            }
        }
    }
}
