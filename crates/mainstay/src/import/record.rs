//! One record of the input: a JSON object, split into its members and no further.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A JSON object whose values are still text, so that numbers and nested documents reach the server
/// as they were written.
#[derive(Debug)]
pub(crate) struct Record<'t> {
    members: Vec<(String, &'t RawValue)>,
}

impl<'t> Record<'t> {
    /// Parses the text of one record. The error says what is wrong, for the user.
    pub(crate) fn parse(text: &'t [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text)
            .map_err(|error| format!("invalid UTF-8 after {} bytes", error.valid_up_to()))?;
        serde_json::from_str(text).map_err(|error| {
            // The position is within the record: its line number would be taken for the file's.
            let message = error.to_string();
            let position = format!(" at line {} column {}", error.line(), error.column());
            match (message.strip_suffix(&position), error.column()) {
                (Some(message), 0) => message.to_owned(),
                (Some(message), column) => format!("{message} (column {column})"),
                (None, _) => message,
            }
        })
    }

    /// The members in the order in which they were written.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &'t RawValue)> {
        self.members.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
        let mut members: Vec<(String, &'de RawValue)> = Vec::new();
        let mut names = HashSet::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("duplicate key `{name}`")));
            }
            members.push((name, value));
        }
        Ok(Record { members })
    }
}

/// Appends JSON text on one line. Valid JSON has line breaks between tokens only, never in a string.
pub(crate) fn push_on_one_line(json: &[u8], out: &mut Vec<u8>) {
    out.extend(json.iter().map(|byte| match byte {
        b'\n' | b'\r' => b' ',
        &byte => byte,
    }));
}

/// Appends a string as JSON.
pub(crate) fn push_string(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_text() {
        let text = br#"{"b": 1.10, "a": {"n": 12345678901234567890123}}"#;
        let record = Record::parse(text).unwrap();
        let members: Vec<_> = record.members().map(|(name, value)| (name, value.get())).collect();
        assert_eq!(members, [("b", "1.10"), ("a", r#"{"n": 12345678901234567890123}"#)]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |text: &[u8]| Record::parse(text).unwrap_err();
        assert_eq!(error(b"[1]"), "invalid type: sequence, expected a JSON object");
        assert_eq!(error(br#"{"a":tru}"#), "expected ident (column 9)");
        assert_eq!(error(br#"{"a":1,"a":2}"#), "duplicate key `a` (column 13)");
        assert_eq!(error(b"{\"a\":\"\xff\"}"), "invalid UTF-8 after 6 bytes");
    }
}
