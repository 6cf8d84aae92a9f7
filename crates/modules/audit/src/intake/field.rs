//! Fields of events as presets name them: `description`, `details.patient.name`.

use mainstay_entity::{Entity, Kind};
use mainstay_kernel::entities::AuditEvent;
use serde::Deserialize;
use std::fmt;

/// What an event says, beside who sent it and when: what a preset lists.
const CONTENT: [&str; 12] = [
    "actor_id",
    "resource_type",
    "resource_id",
    "resource_name",
    "description",
    "error_message",
    "old_value",
    "new_value",
    "details",
    "metadata",
    "personal",
    "user_agent",
];

/// What may be personal data. Others are needed to find events and to prove them.
const SEALABLE: [&str; 10] = [
    "resource_id",
    "resource_name",
    "description",
    "error_message",
    "old_value",
    "new_value",
    "ip_address",
    "user_agent",
    "details",
    "metadata",
];

/// A column of `audit_events`, or a place in one that holds a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct FieldPath {
    column: String,
    inner: Vec<String>,
}

impl FieldPath {
    /// The column.
    pub(super) fn column(&self) -> &str {
        &self.column
    }

    /// The names that lead to a place in a document; none for the column itself.
    pub(super) fn inner(&self) -> &[String] {
        &self.inner
    }

    /// A column as a whole.
    pub(super) fn of(column: &str) -> Self {
        Self { column: column.to_owned(), inner: Vec::new() }
    }

    /// A place in this one.
    pub(super) fn member(&self, name: &str) -> Self {
        let mut inner = self.inner.clone();
        inner.push(name.to_owned());
        Self { column: self.column.clone(), inner }
    }

    /// All names, the column's first.
    pub(super) fn names(&self) -> Vec<String> {
        std::iter::once(&self.column).chain(&self.inner).cloned().collect()
    }

    /// Whether it belongs to what a preset lists.
    pub(super) fn is_content(&self) -> bool {
        CONTENT.contains(&&*self.column)
    }

    /// Whether it may be personal data.
    pub(super) fn is_sealable(&self) -> bool {
        SEALABLE.contains(&&*self.column)
    }

    /// Whether this place is `other` or lies in it.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.column == other.column && self.inner.starts_with(&other.inner)
    }
}

impl TryFrom<String> for FieldPath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut names = text.split('.').map(str::to_owned);
        let column = names.next().unwrap_or_default();
        let inner: Vec<String> = names.collect();
        let known = AuditEvent::meta().column(&column).filter(|column| !column.read_only);
        let Some(known) = known else {
            return Err(format!("events have no field {text} that senders give"));
        };
        let is_document = matches!(known.kind, Kind::Json | Kind::Sealed);
        if !inner.is_empty() && (!is_document || inner.iter().any(String::is_empty)) {
            return Err(format!("{column} is no document in which {text} could be"));
        }
        Ok(Self { column, inner })
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join("."))
    }
}
