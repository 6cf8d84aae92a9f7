//! The arguments of an action, as callers send them.

use serde::Deserializer;
use serde::de::value::{Error, MapDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};

/// The arguments of a call, by name.
#[derive(Clone, Copy, Debug)]
pub enum Arguments<'a> {
    /// A JSON object.
    Json(&'a str),
    /// Texts without types, as forms and query strings have them: each is read as what the action
    /// takes there.
    Texts(&'a [(String, String)]),
}

impl Arguments<'_> {
    /// The arguments as what an action takes.
    pub(super) fn read<A: DeserializeOwned>(self) -> Result<A, String> {
        match self {
            Self::Json(json) => serde_json::from_str(json).map_err(|error| error.to_string()),
            Self::Texts(pairs) => {
                let pairs = pairs.iter().map(|(name, text)| (name.as_str(), Text(text)));
                A::deserialize(MapDeserializer::new(pairs))
                    .map_err(|error: Error| error.to_string())
            }
        }
    }
}

/// A text that is read as the type that is asked for.
#[derive(Clone, Copy)]
struct Text<'a>(&'a str);

impl<'de> IntoDeserializer<'de> for Text<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Text<'_> {
    /// The number or boolean that the text spells.
    fn parse<T: std::str::FromStr>(self, expected: &str) -> Result<T, Error> {
        self.0.parse().map_err(|_| Error::custom(format_args!("'{}' is not {expected}", self.0)))
    }
}

/// Reads texts as the numbers and booleans that they spell.
macro_rules! parsed {
    ($($deserialize:ident $visit:ident $expected:literal,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse($expected)?)
        }
    )*};
}

/// Reads texts as the JSON that they hold.
macro_rules! documents {
    ($($deserialize:ident($($argument:ident: $type:ty),*),)*) => {$(
        fn $deserialize<V: Visitor<'de>>(
            self,
            $($argument: $type,)*
            visitor: V,
        ) -> Result<V::Value, Error> {
            let mut json = serde_json::Deserializer::from_str(self.0);
            let value = json.$deserialize($($argument,)* visitor).map_err(Error::custom)?;
            json.end().map_err(Error::custom)?;
            Ok(value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    parsed! {
        deserialize_bool visit_bool "a boolean",
        deserialize_i8 visit_i8 "a number of its range",
        deserialize_i16 visit_i16 "a number of its range",
        deserialize_i32 visit_i32 "a number of its range",
        deserialize_i64 visit_i64 "a number of its range",
        deserialize_u8 visit_u8 "a number of its range",
        deserialize_u16 visit_u16 "a number of its range",
        deserialize_u32 visit_u32 "a number of its range",
        deserialize_u64 visit_u64 "a number of its range",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
    }

    documents! {
        deserialize_seq(),
        deserialize_map(),
        deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Mode {
        WellKnown,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Taken {
        name: String,
        count: Option<u8>,
        #[serde(default)]
        share: f64,
        #[serde(default)]
        is_new: bool,
        mode: Option<Mode>,
        #[serde(default)]
        list: Vec<i64>,
        #[serde(default)]
        object: BTreeMap<String, bool>,
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Taken, String> {
        let owned = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Arguments::Texts(&owned.collect::<Vec<_>>()).read()
    }

    #[test]
    fn texts_are_read_as_what_is_taken() {
        let taken = read(&[
            ("name", "42"),
            ("count", "255"),
            ("share", "0.5"),
            ("is_new", "true"),
            ("mode", "well_known"),
            ("list", "[1, -2]"),
            ("object", r#"{"a": true}"#),
        ])
        .unwrap();
        assert_eq!((taken.name.as_str(), taken.count), ("42", Some(255)));
        assert_eq!((taken.share, taken.is_new), (0.5, true));
        assert!(matches!(taken.mode, Some(Mode::WellKnown)));
        assert_eq!((taken.list, taken.object["a"]), (vec![1, -2], true));
        assert_eq!(read(&[("name", "null")]).unwrap().name, "null");
    }

    #[test]
    fn texts_that_do_not_fit_are_refused() {
        for pairs in [
            &[("count", "1")][..],
            &[("name", "x"), ("count", "256")],
            &[("name", "x"), ("count", "")],
            &[("name", "x"), ("is_new", "yes")],
            &[("name", "x"), ("mode", "unknown")],
            &[("name", "x"), ("list", "[1] 2")],
            &[("name", "x"), ("list", "1")],
            &[("name", "x"), ("other", "1")],
        ] {
            assert!(read(pairs).is_err(), "{pairs:?}");
        }
    }
}
