use super::{Field, Leaf, Value};

/// The first field in which a row differs from its leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// The field.
    pub field: Field,
    /// What the leaf recorded; none when the field had no value.
    pub recorded: Option<Value<'a>>,
    /// What the row has now.
    pub found: Option<Value<'a>>,
}

impl<'a> Leaf<'a> {
    /// Compares the leaf with the row that it was made from: `row` has the row's values that are
    /// not null, in ascending order of fields. The envelope of a sealed field is given as
    /// [`Value::Bytes`], so that comparing needs no key.
    pub fn difference(&self, row: &[(Field, Value<'a>)]) -> Option<Difference<'a>> {
        let mut recorded = self.fields().iter().copied().peekable();
        let mut found = row.iter().copied().peekable();
        loop {
            let field = match (recorded.peek(), found.peek()) {
                (None, None) => return None,
                (Some((field, _)), None) | (None, Some((field, _))) => *field,
                (Some((left, _)), Some((right, _))) => *left.min(right),
            };
            let recorded = recorded.next_if(|(at, _)| *at == field).map(|(_, value)| value);
            let found = found.next_if(|(at, _)| *at == field).map(|(_, value)| value);
            let is_equal = match (recorded, found) {
                (Some(Value::Sealed(sealed)), Some(Value::Bytes(envelope))) => {
                    sealed.has_envelope(envelope)
                }
                _ => recorded == found,
            };
            if !is_equal {
                return Some(Difference { field, recorded, found });
            }
        }
    }
}
