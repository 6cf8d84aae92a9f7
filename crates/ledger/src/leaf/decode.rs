use super::value::{BOOLEAN, BYTES, INSTANT, INTEGER, JSON, SEALED, TEXT, UUID};
use super::{Field, LEAF_VERSION, LeafKind, MAX_LEAF_LEN, SealedValue, Value};
use crate::error::{Error, Kind, Result};
use crate::{Hash, SignedNote};

/// A leaf read back from its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf<'a> {
    kind: LeafKind,
    fields: Vec<(Field, Value<'a>)>,
}

impl<'a> Leaf<'a> {
    /// Reads the bytes of a leaf. Accepts exactly what [`encode_leaf`](super::encode_leaf) makes.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for anything else, with the byte where it stops being a leaf;
    /// [`Error::is_too_long`] above [`MAX_LEAF_LEN`].
    pub fn decode(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > MAX_LEAF_LEN {
            return Err(Kind::TooLong { len: bytes.len(), max: MAX_LEAF_LEN }.into());
        }
        let mut reader = Reader { bytes, at: 0 };
        if reader.byte()? != LEAF_VERSION {
            return Err(Kind::Leaf { at: 0, problem: "a version this release doesn't know" }.into());
        }
        let kind = LeafKind::from_byte(reader.byte()?)?;
        let mut fields: Vec<(Field, Value<'a>)> = Vec::with_capacity(24);
        while reader.at < bytes.len() {
            let field = Field(reader.byte()?);
            if fields.last().is_some_and(|(last, _)| *last >= field) {
                return Err(Kind::Leaf { at: reader.at - 1, problem: "fields out of order" }.into());
            }
            fields.push((field, reader.value()?));
        }
        Ok(Self { kind, fields })
    }

    /// What it records.
    pub fn kind(&self) -> LeafKind {
        self.kind
    }

    /// Its fields in ascending order.
    pub fn fields(&self) -> &[(Field, Value<'a>)] {
        &self.fields
    }

    /// The value of a field; none when it has no value.
    pub fn get(&self, field: Field) -> Option<Value<'a>> {
        let found = self.fields.binary_search_by_key(&field, |(field, _)| *field);
        found.ok().map(|at| self.fields[at].1)
    }

    /// The signed note of a leaf of such a kind; its signatures are not yet verified.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when it has none.
    pub fn note(&self) -> Result<SignedNote> {
        match self.get(Field::NOTE) {
            Some(Value::Text(text)) => SignedNote::parse(text),
            _ => Err(Error::malformed("leaf", "it has no note")),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, problem: &'static str) -> Error {
        Kind::Leaf { at: self.at, problem }.into()
    }

    fn fixed<const LEN: usize>(&mut self) -> Result<[u8; LEN]> {
        let chunk =
            self.bytes[self.at..].first_chunk().ok_or_else(|| self.error("it is cut short"))?;
        self.at += LEN;
        Ok(*chunk)
    }

    fn byte(&mut self) -> Result<u8> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    fn sized(&mut self) -> Result<&'a [u8]> {
        let len = usize::from(u16::from_be_bytes(self.fixed()?));
        let bytes =
            self.bytes[self.at..].get(..len).ok_or_else(|| self.error("it is cut short"))?;
        self.at += len;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str> {
        let bytes = self.sized()?;
        std::str::from_utf8(bytes).map_err(|_| self.error("text that is not UTF-8"))
    }

    fn value(&mut self) -> Result<Value<'a>> {
        Ok(match self.byte()? {
            TEXT => Value::Text(self.text()?),
            JSON => Value::Json(self.text()?),
            UUID => Value::Uuid(self.fixed()?),
            INSTANT => Value::Instant(i64::from_be_bytes(self.fixed()?)),
            INTEGER => Value::Integer(i64::from_be_bytes(self.fixed()?)),
            BOOLEAN => match self.byte()? {
                0 => Value::Boolean(false),
                1 => Value::Boolean(true),
                _ => return Err(self.error("a boolean that is neither 0 nor 1")),
            },
            BYTES => Value::Bytes(self.sized()?),
            SEALED => Value::Sealed(SealedValue {
                commitment: Hash::new(self.fixed()?),
                envelope: Hash::new(self.fixed()?),
            }),
            _ => return Err(self.error("a type that this release doesn't know")),
        })
    }
}
