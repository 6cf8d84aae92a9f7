//! Which comparisons the kinds of values have, and comparisons with numbers that a column can't
//! hold.

use crate::query::{Compare, Expression, Filter, IsState};
use mainstay_entity::{Decimal, Kind, Result, Value};

impl Compare {
    /// Whether values of a kind can be compared like this, with the same answer on both engines.
    pub fn takes(self, kind: &Kind) -> bool {
        match self {
            Self::Like | Self::ILike | Self::Match | Self::IMatch => kind.is_textual(),
            Self::Contains | Self::ContainedBy => {
                matches!(kind, Kind::Json | Kind::List(_) | Kind::Range(_))
            }
            Self::Overlaps => matches!(kind, Kind::List(_) | Kind::Range(_)),
            Self::Range(_) => matches!(kind, Kind::Range(_)),
            _ => true,
        }
    }
}

impl Filter {
    /// A comparison of a `numeric(precision, scale)` with a number of any scale. One that lies
    /// between two that the column can hold equals neither.
    ///
    /// # Errors
    /// [`mainstay_entity::Error::is_out_of_range`] when it has more digits before the point than
    /// the column can hold.
    pub fn compare_decimal(
        left: &Expression,
        op: Compare,
        right: Decimal,
        (precision, scale): (u8, u8),
    ) -> Result<Self> {
        let (below, is_exact) = right.at_scale(precision, scale)?;
        let with = |op| Self::Compare { left: left.clone(), op, right: Value::Decimal(below) };
        Ok(match op {
            op if is_exact => with(op),
            Compare::Gt | Compare::Ge => with(Compare::Gt),
            Compare::Lt | Compare::Le => with(Compare::Le),
            Compare::Ne => Self::Or(vec![with(Compare::Le), with(Compare::Gt)]),
            Compare::Distinct => Self::And(Vec::new()),
            _ => Self::never(left),
        })
    }

    /// Whether a `numeric(precision, scale)` equals some number of a list, of any scales.
    ///
    /// # Errors
    /// As [`Filter::compare_decimal`].
    pub fn any_of_decimals(
        left: &Expression,
        list: impl IntoIterator<Item = Decimal>,
        (precision, scale): (u8, u8),
    ) -> Result<Self> {
        let (mut values, mut has_others) = (Vec::new(), false);
        for right in list {
            match right.at_scale(precision, scale)? {
                (value, true) => values.push(Value::Decimal(value)),
                (_, false) => has_others = true,
            }
        }
        if values.is_empty() && has_others {
            return Ok(Self::never(left));
        }
        Ok(Self::In { left: left.clone(), list: values })
    }

    /// Unknown for every record.
    pub fn unknown(left: &Expression) -> Self {
        Self::Compare { left: left.clone(), op: Compare::Eq, right: Value::Null }
    }

    /// False for every value, unknown for null.
    fn never(left: &Expression) -> Self {
        let null = Self::Is { left: left.clone(), state: IsState::Null };
        Self::And(vec![null, Self::unknown(left)])
    }
}
