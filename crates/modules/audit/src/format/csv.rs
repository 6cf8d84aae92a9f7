//! The fields of a leaf as columns, RFC 4180.

use super::ndjson::text;
use super::record::EventRecord;
use mainstay_ledger::Field;
use std::sync::LazyLock;

static HEADER: LazyLock<String> = LazyLock::new(|| {
    let names = Field::ALL.iter().filter_map(|field| field.name());
    let names: Vec<&str> = ["index", "hash", "kind"].into_iter().chain(names).collect();
    format!("{}\r\n", names.join(","))
});

/// The names of the columns.
pub(super) fn header() -> &'static str {
    &HEADER
}

/// Appends the row of a leaf. A field without a value is empty, an empty text is `""`.
pub(super) fn append(record: &EventRecord<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("{},{},{}", record.index, record.hash, record.kind()).as_bytes());
    for field in Field::ALL {
        out.push(b',');
        if let Some(value) = record.leaf.get(*field) {
            append_cell(&text(&value), out);
        }
    }
    out.extend_from_slice(b"\r\n");
}

fn append_cell(text: &str, out: &mut Vec<u8>) {
    if !text.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
