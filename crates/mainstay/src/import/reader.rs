//! Records from a file of any size: NDJSON, a JSON array, an object that holds one, or CSV.
//!
//! A reader finds where records begin and end and holds one of them at a time. Whether a record is
//! valid JSON is left to [`Record::parse`](super::record::Record::parse).

mod elements;
mod lines;
mod table;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;

use super::report::Rejection;

/// The longest record, in bytes. What is longer is rejected without being held.
pub(crate) const RECORD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How much of the input is looked at to tell its form, in bytes.
const HEAD_BYTES: u64 = 64 * 1024;

/// What a reader came upon.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// A record, now in the caller's buffer, that begins on this line (the first is 1).
    Record { line: u64 },
    /// Something that can't be a record; the next one may be.
    Rejected(Rejection),
    /// The end of the input.
    End,
}

/// Reads records one after the other.
pub(crate) trait ReadRecord {
    /// Replaces the content of `record` by the JSON text of the next record. After an error there
    /// are no more records to be had.
    fn read_record(&mut self, record: &mut Vec<u8>) -> anyhow::Result<Next>;
}

/// A file to import, opened.
pub(crate) struct Input {
    source: Box<dyn Read + Send>,
    /// The file name's last extension in lower case, `.gz` aside.
    extension: String,
    /// The size in bytes, if it is known.
    size: Option<u64>,
    /// The bytes read so far.
    read: Arc<AtomicU64>,
}

impl Input {
    /// Opens a file; `-` is the standard input.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::new(Box::new(io::stdin()), "", None));
        }
        let open = || {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            if metadata.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            Ok((file, metadata.is_file().then_some(metadata.len())))
        };
        let (file, size) = open().with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        Ok(Self::new(Box::new(file), extension, size))
    }

    fn new(source: Box<dyn Read + Send>, extension: &str, size: Option<u64>) -> Self {
        let read = Arc::new(AtomicU64::new(0));
        let source = Box::new(Counted { source, read: Arc::clone(&read) });
        Self { source, extension: extension.to_owned(), size, read }
    }

    /// The size in bytes, where it is known beforehand.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// The count of bytes read so far, which grows while records are read.
    pub(crate) fn bytes_read(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.read)
    }

    /// The records. An object that has an array at `records` stands for that array's elements.
    pub(crate) fn records(self, records: Option<&str>) -> anyhow::Result<Box<dyn ReadRecord>> {
        let (magic, source) = peek(BufReader::new(self.source), 2)?;
        let source: Box<dyn BufRead> = if magic == [0x1f, 0x8b] {
            Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(source)))
        } else {
            Box::new(source)
        };
        let (mut head, mut source) = peek(source, HEAD_BYTES)?;
        if head.starts_with(b"\xef\xbb\xbf") {
            source.consume(3);
            head.drain(..3);
        }
        let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
        Ok(match (self.extension.as_str(), first) {
            ("csv", _) => Box::new(table::Table::new(source, b',')?),
            ("tsv", _) => Box::new(table::Table::new(source, b'\t')?),
            (_, Some(b'[')) => Box::new(elements::Elements::of_array(source)),
            (_, Some(b'{')) => match records {
                Some(member) if elements::begins_with_array_at(&head, member) => {
                    Box::new(elements::Elements::of_objects(source, member))
                }
                _ => Box::new(lines::Lines::new(source)),
            },
            ("json" | "ndjson" | "jsonl", _) | (_, None) => Box::new(lines::Lines::new(source)),
            _ => Box::new(table::Table::new(source, b',')?),
        })
    }
}

/// The first bytes of a source, and the source with them still to be read.
fn peek<R: BufRead>(mut source: R, bytes: u64) -> io::Result<(Vec<u8>, impl BufRead)> {
    let mut head = Vec::new();
    source.by_ref().take(bytes).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(source)))
}

/// Counts what is read.
struct Counted {
    source: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

fn too_long(line: u64) -> Next {
    let reason = format!("longer than {} MiB", RECORD_BYTES_MAX >> 20);
    Next::Rejected(Rejection { line, reason })
}

#[cfg(test)]
mod tests;
