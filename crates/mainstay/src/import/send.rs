//! Sending rows: to a sink, halving a refused batch until the refused rows are found.

use std::future::Future;
use std::iter;
use std::ops::ControlFlow;

use bytes::Bytes;

use super::batch::Rows;
use super::report::{Rejection, Report};

/// Where rows go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    pub(crate) table: String,
    /// The unique column by which a row already stored is recognised; without one, the primary key.
    pub(crate) key: Option<String>,
}

/// Takes rows in. All of them are stored, or none.
pub(crate) trait Sink: Sync {
    /// Stores the rows, NDJSON, that aren't stored yet; gives how many those were.
    fn send(
        &self,
        target: &Target,
        rows: Bytes,
    ) -> impl Future<Output = Result<u64, SendError>> + Send;
}

/// Why rows weren't stored.
#[derive(Debug)]
pub(crate) enum SendError {
    /// For what the rows are: fewer of them may be taken. With the reason, for the user.
    Refused(String),
    /// For another reason, which more rows wouldn't change.
    Failed(anyhow::Error),
}

/// Sends rows, and notes in the report what became of each; `Break` when the import ends here.
pub(crate) async fn deliver(
    sink: &impl Sink,
    target: &Target,
    rows: &Rows,
    report: &mut Report,
) -> ControlFlow<()> {
    // The ranges still to be sent, the next one last; a batch of a thousand rows is halved ten times at most.
    let mut ranges: Vec<_> = iter::once(0..rows.len()).collect();
    while let Some(range) = ranges.pop() {
        match sink.send(target, rows.ndjson(range.clone())).await {
            Ok(stored) => {
                report.loaded += stored;
                report.skipped += (range.len() as u64).saturating_sub(stored);
            }
            Err(SendError::Refused(reason)) if range.len() == 1 => {
                let line = rows.line(range.start);
                report.reject(Rejection { line, reason })?;
            }
            Err(SendError::Refused(_)) => {
                let middle = range.start + range.len() / 2;
                ranges.push(middle..range.end);
                ranges.push(range.start..middle);
            }
            Err(SendError::Failed(error)) => return report.stop(format!("{error:#}")),
        }
    }
    ControlFlow::Continue(())
}
