//! `CloudEvents` 1.0 in JSON, with the extensions `sequence`, `dataclassification` and, when the
//! correlation is a W3C trace, `traceparent`.

use super::Result;
use super::activity::resource;
use super::ndjson::{self, Object};
use super::record::EventRecord;
use mainstay_ledger::Field;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: String,
    datacontenttype: &'static str,
    sequence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataclassification: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    data: Object,
}

pub(super) fn event<'a>(record: &EventRecord<'a>) -> Result<CloudEvent<'a>> {
    let of = |id: &str| match resource(record) {
        Some(kind) => format!("{kind}/{id}"),
        None => id.to_owned(),
    };
    let classification = record.text(Field::DATA_CLASSIFICATION);
    Ok(CloudEvent {
        specversion: "1.0",
        id: record.id(),
        // A network path: the origin begins with the host that serves the log.
        source: format!("//{}", record.origin),
        kind: format!("mainstay.audit.{}", record.action()),
        subject: record.text(Field::RESOURCE_ID).filter(|id| !id.is_empty()).map(of),
        time: record.occurred_at().to_string(),
        datacontenttype: "application/json",
        // Sequences compare as texts.
        sequence: format!("{:020}", record.index),
        dataclassification: classification.filter(|text| !text.is_empty()),
        traceparent: record.text(Field::CORRELATION_ID).filter(|text| is_traceparent(text)),
        data: ndjson::object(record)?,
    })
}

/// `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, W3C Trace Context §3.2.2.
fn is_traceparent(text: &str) -> bool {
    let is_hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([2, 32, 16, 2]) && parts.iter().all(|part| is_hex(part))
}
