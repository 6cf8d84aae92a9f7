//! What became of the records.

use std::fmt;
use std::ops::ControlFlow;

use serde::Serialize;

/// How many rejections a report lists; those after are counted only.
const LISTED_MAX: usize = 1000;

/// A record that is not in the table, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Rejection {
    /// Where the record begins in the input; the first line is 1.
    pub(crate) line: u64,
    pub(crate) reason: String,
}

/// The result of an import.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    /// Rows stored.
    pub(crate) loaded: u64,
    /// Rows that had been stored before.
    pub(crate) skipped: u64,
    /// Records that aren't stored.
    pub(crate) rejected: u64,
    /// The rejected records, in the input's order: the first thousand that were found.
    pub(crate) rejections: Vec<Rejection>,
    /// Why the import ended before the input did.
    pub(crate) stopped: Option<String>,
    #[serde(skip)]
    rejected_max: u64,
}

impl Report {
    /// A report of nothing yet, for an import that stops after more than `rejected_max` rejections.
    pub(crate) fn new(rejected_max: u64) -> Self {
        Self { rejected_max, ..Self::default() }
    }

    /// Notes a rejected record; `Break` when that was one too many.
    pub(crate) fn reject(&mut self, rejection: Rejection) -> ControlFlow<()> {
        self.rejected += 1;
        if self.rejections.len() < LISTED_MAX {
            let after = self.rejections.partition_point(|other| other.line <= rejection.line);
            self.rejections.insert(after, rejection);
        }
        if self.rejected > self.rejected_max {
            return self.stop(format!("more than {} records were rejected", self.rejected_max));
        }
        ControlFlow::Continue(())
    }

    /// Notes that the import ends here.
    pub(crate) fn stop(&mut self, reason: String) -> ControlFlow<()> {
        self.stopped.get_or_insert(reason);
        ControlFlow::Break(())
    }

    /// Whether every record is in the table now.
    pub(crate) fn is_complete(&self) -> bool {
        self.rejected == 0 && self.stopped.is_none()
    }
}

/// The rejections, a line each, and the counts last.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Rejection { line, reason } in &self.rejections {
            writeln!(f, "line {line}: {reason}")?;
        }
        let unlisted = self.rejected - self.rejections.len() as u64;
        if unlisted > 0 {
            writeln!(f, "and {unlisted} more")?;
        }
        if let Some(reason) = &self.stopped {
            writeln!(f, "stopped: {reason}")?;
        }
        let Self { loaded, skipped, rejected, .. } = self;
        write!(f, "loaded {loaded}, skipped {skipped}, rejected {rejected}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_lists_rejections_by_line_and_stops_after_the_limit() {
        let mut report = Report::new(2);
        let rejection = |line| Rejection { line, reason: "unknown column".to_owned() };
        assert!(report.reject(rejection(9)).is_continue());
        assert!(report.reject(rejection(4)).is_continue());
        assert!(report.reject(rejection(12)).is_break());
        report.loaded = 7;
        assert_eq!(
            report.to_string(),
            "line 4: unknown column\nline 9: unknown column\nline 12: unknown column\n\
             stopped: more than 2 records were rejected\nloaded 7, skipped 0, rejected 3"
        );
        assert!(!report.is_complete());
    }
}
