//! Formats in which other systems read audit events: each makes its text from a leaf alone, so that
//! whoever has the leaf can make it again.

mod activity;
mod cloudevents;
mod csv;
mod fhir;
mod ndjson;
mod ocsf;
mod record;

use mainstay_ledger::EventFormat;
use record::EventRecord;
use std::str::FromStr;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A format of audit events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The fields of the leaf, one object per line.
    Ndjson,
    /// The same in columns (RFC 4180).
    Csv,
    /// Open Cybersecurity Schema Framework 1.7.0, one object per line: Account Change,
    /// Authentication, else API Activity.
    Ocsf,
    /// FHIR R4 `AuditEvent`, one resource per line; what is classified PHI follows IHE BALP.
    Fhir,
    /// `CloudEvents` 1.0, one object per line.
    CloudEvents,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Ndjson, Self::Csv, Self::Ocsf, Self::Fhir, Self::CloudEvents];

    /// What a command or request calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Ocsf => "ocsf",
            Self::Fhir => "fhir",
            Self::CloudEvents => "cloudevents",
        }
    }

    /// The format, for events of the log with this origin.
    pub fn of_log(self, origin: &str) -> LogFormat {
        LogFormat { format: self, origin: origin.to_owned() }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == text);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            format!("unknown format {text}: expected one of {names}")
        })
    }
}

/// A format of the events of one log.
#[derive(Clone, Debug)]
pub struct LogFormat {
    format: Format,
    origin: String,
}

impl EventFormat for LogFormat {
    fn name(&self) -> &'static str {
        match self.format {
            Format::Ndjson => "ndjson/1",
            Format::Csv => "csv/1",
            Format::Ocsf => "ocsf/1.7.0",
            Format::Fhir => "fhir/4.0.1",
            Format::CloudEvents => "cloudevents/1.0",
        }
    }

    fn suffix(&self) -> &'static str {
        match self.format {
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
            Format::Ocsf => "ocsf.ndjson",
            Format::Fhir => "fhir.ndjson",
            Format::CloudEvents => "cloudevents.ndjson",
        }
    }

    fn header(&self) -> &'static str {
        if self.format == Format::Csv { csv::header() } else { "" }
    }

    fn append(&self, index: u64, leaf: &[u8], out: &mut Vec<u8>) -> Result {
        let record = EventRecord::new(&self.origin, index, leaf)?;
        match self.format {
            Format::Ndjson => serde_json::to_writer(&mut *out, &ndjson::object(&record)?)?,
            Format::Csv => {
                csv::append(&record, out);
                return Ok(());
            }
            Format::Ocsf => serde_json::to_writer(&mut *out, &ocsf::event(&record)?)?,
            Format::Fhir => serde_json::to_writer(&mut *out, &fhir::audit_event(&record)?)?,
            Format::CloudEvents => serde_json::to_writer(&mut *out, &cloudevents::event(&record)?)?,
        }
        out.push(b'\n');
        Ok(())
    }
}
