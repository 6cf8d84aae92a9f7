//! Rows as JSON: one object, an array of objects, or one object a line.

use super::{Reading, RowBuilder, Shape, invalid};
use crate::error::{Failure, Result};
use mainstay_kernel::NewRow;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Reads an object or an array of objects. An empty body holds no row.
pub(super) fn read(reading: &Reading<'_>, shape: &mut Shape, text: &str) -> Result<Vec<NewRow>> {
    let mut reader = Reader { reading, shape, rows: Vec::new(), failure: None };
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = if text.trim_ascii_start().starts_with('[') {
        json.deserialize_seq(&mut reader)
    } else {
        (&mut reader).deserialize(&mut json)
    };
    reader.end(parsed.and_then(|()| json.end()))
}

/// Reads one object a line; empty lines hold nothing.
pub(super) fn read_lines(
    reading: &Reading<'_>,
    shape: &mut Shape,
    text: &str,
) -> Result<Vec<NewRow>> {
    let mut reader = Reader { reading, shape, rows: Vec::new(), failure: None };
    for (position, line) in text.lines().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let mut json = serde_json::Deserializer::from_str(line);
        let parsed = (&mut reader).deserialize(&mut json).and_then(|()| json.end());
        if let Err(error) = parsed {
            let failure = reader.failure.take();
            return Err(failure.unwrap_or_else(|| syntax(&error, Some(position + 1))));
        }
    }
    Ok(reader.rows)
}

struct Reader<'r> {
    reading: &'r Reading<'r>,
    shape: &'r mut Shape,
    rows: Vec<NewRow>,
    /// Why reading stopped, when it was not the syntax.
    failure: Option<Failure>,
}

impl Reader<'_> {
    fn end(mut self, parsed: serde_json::Result<()>) -> Result<Vec<NewRow>> {
        match (parsed, self.failure.take()) {
            (Ok(()), _) => Ok(self.rows),
            (Err(_), Some(failure)) => Err(failure),
            (Err(error), None) => Err(syntax(&error, None)),
        }
    }

    fn row<'de, M: MapAccess<'de>>(&mut self, mut map: M) -> std::result::Result<(), M::Error> {
        let mut builder = RowBuilder::new(self.reading, self.rows.len() + 1);
        loop {
            let key = Key { builder: &builder, shape: self.shape, failure: &mut self.failure };
            let Some(column) = map.next_key_seed(key)? else {
                break;
            };
            let raw: &RawValue = map.next_value()?;
            if let Some(column) = column
                && let Err(failure) = builder.set_json(column, raw.get())
            {
                self.failure = Some(failure);
                return Err(M::Error::custom("refused"));
            }
        }
        match builder.finish(self.shape) {
            Ok(row) => {
                self.rows.push(row);
                Ok(())
            }
            Err(fault) => {
                self.failure = Some(fault.into());
                Err(M::Error::custom("refused"))
            }
        }
    }
}

fn syntax(error: &serde_json::Error, line: Option<usize>) -> Failure {
    let details = match line {
        Some(line) => format!("Line {line}: {error}"),
        None => error.to_string(),
    };
    invalid("Empty or invalid json").details(details).into()
}

/// One object is one row.
impl<'de> DeserializeSeed<'de> for &mut Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(RowVisitor(self))
    }
}

struct RowVisitor<'v, 'r>(&'v mut Reader<'r>);

impl<'de> Visitor<'de> for RowVisitor<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<(), M::Error> {
        self.0.row(map)
    }
}

/// An array of objects.
impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of JSON objects")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<(), S::Error> {
        while seq.next_element_seed(&mut *self)?.is_some() {}
        Ok(())
    }
}

/// A key, read as the column that it names.
struct Key<'k, 'r> {
    builder: &'k RowBuilder<'r>,
    shape: &'k Shape,
    failure: &'k mut Option<Failure>,
}

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a column")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        self.builder.column(self.shape, name).map_err(|fault| {
            *self.failure = Some(fault.into());
            E::custom("refused")
        })
    }
}
