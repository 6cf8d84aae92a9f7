//! CSV with a header: each row is an object of strings, an empty cell a null.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use anyhow::{Context as _, ensure};

use super::{Next, RECORD_BYTES_MAX, ReadRecord};
use crate::import::record::push_string;
use crate::import::report::Rejection;

/// The rows of a CSV file.
pub(super) struct Table<R> {
    rows: csv::Reader<Allowance<R>>,
    row: csv::ByteRecord,
    header: Vec<String>,
    allowance: Rc<Cell<usize>>,
}

impl<R: BufRead> Table<R> {
    pub(super) fn new(source: R, delimiter: u8) -> anyhow::Result<Self> {
        let allowance = Rc::new(Cell::new(RECORD_BYTES_MAX));
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Allowance { source, left: Rc::clone(&allowance) });
        let header = rows.headers().context("the header")?;
        let header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        for (index, name) in header.iter().enumerate() {
            ensure!(!name.is_empty(), "the header's column {} has no name", index + 1);
            ensure!(!header[..index].contains(name), "the header has `{name}` twice");
        }
        Ok(Self { rows, row: csv::ByteRecord::new(), header, allowance })
    }

    /// Appends the current row as JSON.
    fn push_object(&self, out: &mut Vec<u8>) -> Result<(), String> {
        let (cells, columns) = (self.row.len(), self.header.len());
        if cells != columns {
            return Err(format!("{cells} cells, the header has {columns}"));
        }
        out.push(b'{');
        for (index, (name, cell)) in self.header.iter().zip(&self.row).enumerate() {
            if index > 0 {
                out.push(b',');
            }
            push_string(name, out);
            out.push(b':');
            match std::str::from_utf8(cell) {
                Ok("") => out.extend_from_slice(b"null"),
                Ok(text) => push_string(text, out),
                Err(_) => return Err(format!("`{name}`: invalid UTF-8")),
            }
        }
        out.push(b'}');
        Ok(())
    }
}

impl<R: BufRead> ReadRecord for Table<R> {
    fn read_record(&mut self, record: &mut Vec<u8>) -> anyhow::Result<Next> {
        self.allowance.set(RECORD_BYTES_MAX);
        if !self.rows.read_byte_record(&mut self.row)? {
            return Ok(Next::End);
        }
        let line = self.row.position().map_or(0, csv::Position::line);
        record.clear();
        Ok(match self.push_object(record) {
            Ok(()) => Next::Record { line },
            Err(reason) => Next::Rejected(Rejection { line, reason }),
        })
    }
}

/// Fails once so many bytes are read: a quote left open would make the rest of a file one cell.
struct Allowance<R> {
    source: R,
    left: Rc<Cell<usize>>,
}

impl<R: BufRead> Read for Allowance<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.left.get());
        if length == 0 {
            return Err(io::Error::other("a row is too long; is a quote left open?"));
        }
        let read = self.source.read(&mut buffer[..length])?;
        self.left.set(self.left.get() - read);
        Ok(read)
    }
}
