//! Formulas: values that are computed from the columns of one row, the same on both engines.
//!
//! A formula is made of typed nodes that every engine computes alike and that never fail: whoever
//! makes one proves that its numbers stay within 64 bits. As in SQL, what is computed from a null
//! is null.

use crate::kind::Kind;
use crate::meta::Str;
use crate::types::Decimal;
use crate::value::Value;
use crate::view::Comparison;

/// A value that is computed from one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A column, by its name, and what it holds.
    Column(Str, Kind),
    /// A value that is the same in every row. Whole numbers are [`Kind::BigInt`].
    Literal(Kind, Value),
    /// No value.
    Null,
    /// The time of the request.
    Now,
    /// One text behind another.
    Concat(Box<Self>, Box<Self>),
    /// Two numbers. Whole ones make a whole one, others an exact one.
    Arithmetic(Arithmetic, Box<Self>, Box<Self>),
    /// The number with the other sign.
    Negate(Box<Self>),
    /// Microseconds from the second instant to the first.
    Elapsed(Box<Self>, Box<Self>),
    /// Whether a comparison of two values of one type holds.
    Compare(Comparison, Box<Self>, Box<Self>),
    /// Whether there is no value.
    IsNull(Box<Self>),
    /// Whether a value is one of a list that is not empty.
    Among(Box<Self>, Vec<Self>),
    /// Whether both hold.
    And(Box<Self>, Box<Self>),
    /// Whether one of two holds.
    Or(Box<Self>, Box<Self>),
    /// Whether it does not hold.
    Not(Box<Self>),
    /// The second value where the first holds, else the third.
    Choose(Box<Self>, Box<Self>, Box<Self>),
    /// The number of characters of a text.
    Size(Box<Self>),
    /// Whether a text has a part.
    Contains(Box<Self>, Box<Self>),
    /// Whether a text begins with a part that is not empty.
    StartsWith(Box<Self>, String),
    /// Whether a text ends with a part that is not empty.
    EndsWith(Box<Self>, String),
    /// Characters of a text from a place, counted from 0, on; at most so many.
    Substring(Box<Self>, u32, Option<u32>),
    /// The text with the letters A to Z in lower case.
    LowerAscii(Box<Self>),
    /// The text with the letters a to z in upper case.
    UpperAscii(Box<Self>),
    /// The value as a cast to `text` writes it.
    AsText(Box<Self>),
}

/// What is done with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// Sum.
    Add,
    /// Difference.
    Subtract,
    /// Product.
    Multiply,
    /// Quotient of whole numbers, cut towards zero; null where the divisor is 0.
    Divide,
    /// What such a division leaves, with the dividend's sign; null where the divisor is 0.
    Remainder,
}

impl Formula {
    /// What its values are. Texts have no limit; none is the kind of a null that stands alone.
    pub fn kind(&self) -> Kind {
        use Formula::{
            Among, And, Arithmetic as Two, AsText, Choose, Column, Compare, Concat, Contains,
            Elapsed, EndsWith, IsNull, Literal, LowerAscii, Negate, Not, Now, Null, Or, Size,
            StartsWith, Substring, UpperAscii,
        };
        match self {
            Column(_, kind) | Literal(kind, _) if kind.is_textual() => TEXT,
            Column(_, kind) | Literal(kind, _) => kind.clone(),
            Now => Kind::Timestamp,
            Null | Concat(..) | Substring(..) | LowerAscii(_) | UpperAscii(_) | AsText(_) => TEXT,
            Elapsed(..) | Size(_) => Kind::BigInt,
            Compare(..) | IsNull(_) | Among(..) | And(..) | Or(..) | Not(_) | Contains(..)
            | StartsWith(..) | EndsWith(..) => Kind::Boolean,
            Negate(of) => number(of.scale()),
            Two(Arithmetic::Multiply, a, b) => number(a.scale().saturating_add(b.scale())),
            Two(_, a, b) => number(a.scale().max(b.scale())),
            Choose(_, a, b) => match (a.kind(), b.kind()) {
                (a, b) if is_number(&a) || is_number(&b) => number(scale(&a).max(scale(&b))),
                (_, kind) if **a == Null => kind,
                (kind, _) => kind,
            },
        }
    }

    /// Whether its values are whole or exact numbers, with which can be computed.
    pub fn is_number(&self) -> bool {
        is_number(&self.kind())
    }

    /// Digits behind the point of its numbers.
    pub fn scale(&self) -> u8 {
        scale(&self.kind())
    }

    /// The columns that it reads, each as often as it stands there.
    pub fn columns(&self) -> Vec<(&str, &Kind)> {
        if let Self::Column(name, kind) = self {
            return vec![(name, kind)];
        }
        self.parts().into_iter().flat_map(Self::columns).collect()
    }

    /// The formulas that it is made of.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Column(..) | Self::Literal(..) | Self::Null | Self::Now => Vec::new(),
            Self::Negate(of)
            | Self::IsNull(of)
            | Self::Not(of)
            | Self::Size(of)
            | Self::StartsWith(of, _)
            | Self::EndsWith(of, _)
            | Self::Substring(of, ..)
            | Self::LowerAscii(of)
            | Self::UpperAscii(of)
            | Self::AsText(of) => vec![of],
            Self::Concat(a, b)
            | Self::Arithmetic(_, a, b)
            | Self::Elapsed(a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b)
            | Self::Contains(a, b) => vec![a, b],
            Self::Among(of, list) => std::iter::once(&**of).chain(list).collect(),
            Self::Choose(condition, a, b) => vec![condition, a, b],
        }
    }
}

/// Whether values of a kind can be computed with.
fn is_number(kind: &Kind) -> bool {
    use Kind::{BigInt, Decimal, Integer, SmallInt};
    matches!(kind, SmallInt | Integer | BigInt | Decimal { .. })
}

fn scale(kind: &Kind) -> u8 {
    if let Kind::Decimal { scale, .. } = kind { *scale } else { 0 }
}

const TEXT: Kind = Kind::Text { max: None };

fn number(scale: u8) -> Kind {
    if scale == 0 { Kind::BigInt } else { Kind::Decimal { precision: Decimal::MAX_DIGITS, scale } }
}
