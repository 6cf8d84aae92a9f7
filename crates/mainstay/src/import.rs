//! `mainstay import`: records from a file, through the same governed write path as any request.
//!
//! One thread reads records and makes rows of them; the other end of a short queue sends them, so
//! that memory is bounded by a few batches however long the file is.

mod batch;
mod expression;
mod http;
mod mapping;
mod reader;
mod record;
mod report;
mod send;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;

use self::batch::{Batch, Rows};
use self::mapping::{Mapping, RowError};
use self::reader::{Input, Next, ReadRecord};
use self::record::{Record, push_on_one_line};

pub(crate) use self::http::HttpSink;
pub(crate) use self::report::{Rejection, Report};
pub(crate) use self::send::{SendError, Sink, Target};

/// How many batches may wait to be sent.
const QUEUE: usize = 2;

/// Load records from a file.
#[derive(clap::Args)]
pub(crate) struct ImportOptions {
    /// NDJSON, a JSON array, an object that holds one, or CSV; gzipped or not; `-` is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// The table to load; a mapping names its own.
    #[arg(long, required_unless_present = "map")]
    pub(crate) table: Option<String>,

    /// How records become rows: the name of a built-in mapping (cloudtrail) or a YAML file.
    /// Without it, the members of a record are the columns.
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) map: Option<String>,

    /// The unique column by which a row already stored is recognised and skipped; a mapping names
    /// its own, and without either it is the primary key.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) on_conflict: Option<String>,

    /// The running server to load into.
    #[arg(long)]
    pub(crate) url: Option<String>,

    /// An API key of that server.
    #[arg(long, env = "MAINSTAY_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,

    /// The data folder to open when no server runs.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Stop when more records than this are rejected.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    pub(crate) max_errors: u64,

    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Imports a file. The error is of the command line, the mapping or the opening of the file; what
/// fails later ends the import and is in the report, with what was done until then.
pub(crate) async fn run(options: &ImportOptions, sink: &impl Sink) -> anyhow::Result<Report> {
    let mapping = options.map.as_deref().map(Mapping::find).transpose()?;
    let target = target(options, mapping.as_ref())?;
    let input = Input::open(&options.file)?;
    let bar = progress_bar(input.size())?;
    let bytes_read = input.bytes_read();

    let (sender, mut pieces) = mpsc::channel(QUEUE);
    let producer = tokio::task::spawn_blocking(move || produce(input, mapping, &sender));
    let mut report = Report::new(options.max_errors);
    let mut flow = ControlFlow::Continue(());
    while let (ControlFlow::Continue(()), Some(piece)) = (flow, pieces.recv().await) {
        flow = match piece {
            Piece::Rows(rows) => send::deliver(sink, &target, &rows, &mut report).await,
            Piece::Rejected(rejection) => report.reject(rejection),
        };
        show_progress(&bar, &bytes_read, &report);
    }
    // The producer ends when nobody takes its rows.
    drop(pieces);
    if let Err(error) = producer.await? {
        let _ = report.stop(format!("{error:#}"));
    }
    bar.finish_and_clear();
    Ok(report)
}

fn target(options: &ImportOptions, mapping: Option<&Mapping>) -> anyhow::Result<Target> {
    let table = options.table.as_deref().or(mapping.map(Mapping::table));
    let key = options.on_conflict.as_deref().or(mapping.and_then(Mapping::key));
    Ok(Target {
        table: table.ok_or_else(|| anyhow::anyhow!("--table or --map is needed"))?.to_owned(),
        key: key.map(str::to_owned),
    })
}

/// What the reading end gives to the sending end.
enum Piece {
    Rows(Rows),
    Rejected(Rejection),
}

/// Nobody takes pieces any more.
struct Hangup;

/// Reads the input to its end or to the first error. What was read before an error is sent.
fn produce(
    input: Input,
    mapping: Option<Mapping>,
    pieces: &mpsc::Sender<Piece>,
) -> anyhow::Result<()> {
    let mut reader = input.records(mapping.as_ref().and_then(Mapping::records))?;
    let mut rows = RowMaker { mapping, text: Vec::new(), row: Vec::new() };
    let mut batch = Batch::default();
    let mut result = Ok(());
    loop {
        let piece = match rows.next(reader.as_mut()) {
            Ok(RowOf::Line(line)) => batch.push(line, &rows.row).map(Piece::Rows),
            Ok(RowOf::Rejected(rejection)) => Some(Piece::Rejected(rejection)),
            Ok(RowOf::End) => break,
            Err(error) => {
                result = Err(error);
                break;
            }
        };
        if let Err(Hangup) = give(pieces, piece) {
            return Ok(());
        }
    }
    let _ = give(pieces, batch.take().map(Piece::Rows));
    result
}

fn give(pieces: &mpsc::Sender<Piece>, piece: Option<Piece>) -> Result<(), Hangup> {
    piece.map_or(Ok(()), |piece| pieces.blocking_send(piece).map_err(|_| Hangup))
}

/// Makes rows of records.
struct RowMaker {
    mapping: Option<Mapping>,
    /// The current record.
    text: Vec<u8>,
    /// The current row: JSON on one line.
    row: Vec<u8>,
}

/// What came of the next record.
enum RowOf {
    /// The row of the record on this line.
    Line(u64),
    Rejected(Rejection),
    End,
}

impl RowMaker {
    fn next(&mut self, reader: &mut dyn ReadRecord) -> anyhow::Result<RowOf> {
        let line = match reader.read_record(&mut self.text)? {
            Next::Record { line } => line,
            Next::Rejected(rejection) => return Ok(RowOf::Rejected(rejection)),
            Next::End => return Ok(RowOf::End),
        };
        match self.make() {
            Ok(()) => Ok(RowOf::Line(line)),
            Err(RowError::Record(reason)) => Ok(RowOf::Rejected(Rejection { line, reason })),
            Err(RowError::Mapping(reason)) => Err(anyhow::anyhow!(reason)),
        }
    }

    fn make(&mut self) -> Result<(), RowError> {
        self.row.clear();
        let record = Record::parse(&self.text).map_err(RowError::Record)?;
        if let Some(mapping) = &mut self.mapping {
            return mapping.push_row(&record, &mut self.row);
        }
        push_on_one_line(&self.text, &mut self.row);
        Ok(())
    }
}

/// A progress bar by bytes, which shows on a terminal only.
fn progress_bar(size: Option<u64>) -> anyhow::Result<ProgressBar> {
    Ok(match size {
        Some(size) => ProgressBar::new(size).with_style(ProgressStyle::with_template(
            "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}",
        )?),
        None => ProgressBar::no_length()
            .with_style(ProgressStyle::with_template("{bytes} {bytes_per_sec} {msg}")?),
    })
}

fn show_progress(bar: &ProgressBar, bytes_read: &AtomicU64, report: &Report) {
    let Report { loaded, skipped, rejected, .. } = report;
    bar.set_position(bytes_read.load(Ordering::Relaxed));
    bar.set_message(format!("loaded {loaded}, skipped {skipped}, rejected {rejected}"));
}

#[cfg(test)]
mod tests;
