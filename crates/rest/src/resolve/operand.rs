//! Comparisons: an operator that the kind has, and values of the kind.

use super::cast::type_name;
use super::expression::{TEXT, no_operator};
use crate::dialect::array::{Element, parse_array_literal};
use crate::dialect::ast::{Field, IsValue, Operator, Quantifier};
use crate::error::{Fault, Result};
use crate::zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mainstay_entity::like::Like;
use mainstay_entity::pattern::Pattern;
use mainstay_entity::range::{self, Relation};
use mainstay_entity::{Decimal, Kind, RangeKind, Table, Value};
use mainstay_kernel::Error;
use mainstay_store::{Compare, Expression, Filter};

/// The left side of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) table: &'a Table,
    pub(super) field: &'a Field,
    pub(super) left: &'a Expression,
    pub(super) kind: &'a Kind,
    /// What operands that are instants are read by.
    pub(super) clocks: Clocks<'a>,
}

/// The time of the request, and where the clocks are that instants without an offset are read by.
#[derive(Clone, Copy)]
pub(super) struct Clocks<'a> {
    pub(super) now: Timestamp,
    pub(super) zone: Option<&'a TimeZone>,
}

impl Comparison<'_> {
    /// `eq.5`, `like(any).{a*,b*}`
    pub(super) fn compare(
        &self,
        operator: Operator,
        quantifier: Option<Quantifier>,
        value: &str,
    ) -> Result<Filter> {
        let op = self.operator(operator)?;
        let Some(quantifier) = quantifier else {
            return self.one(op, value);
        };
        let parts = parse_array_literal(value)?
            .iter()
            .map(|element| match element {
                Element::Value(text) => self.one(op, text),
                Element::Null => Ok(self.with(op, Value::Null)),
                Element::Array(_) => {
                    Err(Fault::unsupported("Arrays of arrays as operands.").into())
                }
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(match quantifier {
            Quantifier::Any => Filter::Or(parts),
            Quantifier::All => Filter::And(parts),
        })
    }

    /// `in.(1,2,3)`
    pub(super) fn any_of(&self, list: &[String]) -> Result<Filter> {
        self.operator(Operator::Eq)?;
        if let Some(places) = self.decimal_places() {
            let list = list.iter().map(|text| self.decimal(text)).collect::<Result<Vec<_>>>()?;
            let filter = Filter::any_of_decimals(self.left, list, places);
            return filter.map_err(|e| self.invalid(&e));
        }
        let list = list.iter().map(|text| self.value(text)).collect::<Result<_>>()?;
        Ok(Filter::In { left: self.left.clone(), list })
    }

    fn one(&self, op: Compare, text: &str) -> Result<Filter> {
        match op {
            Compare::Like | Compare::ILike => {
                let pattern = text.replace('*', "%");
                Like::new(&pattern).map_err(|e| self.invalid(&e))?;
                return Ok(self.with(op, Value::Text(pattern)));
            }
            Compare::Match | Compare::IMatch => {
                self.check_pattern(text, op == Compare::IMatch)?;
                return Ok(self.with(op, Value::Text(text.to_owned())));
            }
            Compare::Contains => {
                if let Kind::Range(kind) = *self.kind
                    && !range::is_range(text)
                {
                    let one = match self.clocks.zone {
                        Some(zone) if kind == RangeKind::Timestamp => range::of_instant(text, zone),
                        _ => range::of_element(kind, text),
                    };
                    let one = one.map_err(|e| self.invalid(&e))?;
                    return Ok(self.with(op, Value::Range(one)));
                }
            }
            _ => {}
        }
        match self.decimal_places() {
            Some(places) => {
                let right = self.decimal(text)?;
                let filter = Filter::compare_decimal(self.left, op, right, places);
                filter.map_err(|e| self.invalid(&e))
            }
            None => Ok(self.with(op, self.value(text)?)),
        }
    }

    /// Refuses a regular expression that the engines would not both read, and alike.
    fn check_pattern(&self, text: &str, folded: bool) -> Result<()> {
        match Pattern::parse(text, folded).and_then(|pattern| pattern.compile()) {
            Ok(_) => Ok(()),
            Err(error) if error.is_unsupported_pattern() => {
                Err(Fault::unsupported(format!("A regular expression with {error}.")).into())
            }
            Err(error) => Err(self.invalid(&error)),
        }
    }

    fn with(&self, op: Compare, right: Value) -> Filter {
        Filter::Compare { left: self.left.clone(), op, right }
    }

    fn value(&self, text: &str) -> Result<Value> {
        // A filter may ask for longer texts than the column takes; there are none.
        // Sealed columns are asked in plain; the kernel turns the text into its keyed hash, and
        // refuses to compare secrets.
        let kind = if matches!(self.kind, Kind::Text { .. } | Kind::Sealed | Kind::Secret) {
            &TEXT
        } else {
            self.kind
        };
        let Clocks { now, zone } = self.clocks;
        if let Some(value) = zone::word(kind, text, now, zone) {
            return Ok(value);
        }
        zone::read_text(kind, text, zone).map_err(|e| self.invalid(&e))
    }

    fn invalid(&self, error: &mainstay_entity::Error) -> crate::error::Failure {
        Error::invalid(format!("{}.{}", self.table.meta.table, self.field.name), error).into()
    }

    /// Precision and scale of a decimal column.
    fn decimal_places(&self) -> Option<(u8, u8)> {
        match *self.kind {
            Kind::Decimal { precision, scale } => Some((precision, scale)),
            _ => None,
        }
    }

    fn decimal(&self, text: &str) -> Result<Decimal> {
        text.trim().parse().map_err(|e| self.invalid(&e))
    }

    /// The operator, if the kind has it and both engines agree on its answer.
    fn operator(&self, asked: Operator) -> Result<Compare> {
        let (op, symbol) = match asked {
            Operator::Eq => (Compare::Eq, "="),
            Operator::Neq => (Compare::Ne, "<>"),
            Operator::Gt => (Compare::Gt, ">"),
            Operator::Gte => (Compare::Ge, ">="),
            Operator::Lt => (Compare::Lt, "<"),
            Operator::Lte => (Compare::Le, "<="),
            Operator::Like => (Compare::Like, "~~"),
            Operator::Ilike => (Compare::ILike, "~~*"),
            Operator::IsDistinct => (Compare::Distinct, "IS DISTINCT FROM"),
            Operator::Contains => (Compare::Contains, "@>"),
            Operator::Contained => (Compare::ContainedBy, "<@"),
            Operator::Overlaps => (Compare::Overlaps, "&&"),
            Operator::Match => (Compare::Match, "~"),
            Operator::Imatch => (Compare::IMatch, "~*"),
            Operator::StrictlyLeft => (Compare::Range(Relation::Before), "<<"),
            Operator::StrictlyRight => (Compare::Range(Relation::After), ">>"),
            Operator::NotExtendsRight => (Compare::Range(Relation::NotAbove), "&<"),
            Operator::NotExtendsLeft => (Compare::Range(Relation::NotBelow), "&>"),
            Operator::Adjacent => (Compare::Range(Relation::Adjacent), "-|-"),
        };
        let kind = self.kind;
        let of_networks =
            matches!(op, Compare::Overlaps | Compare::Range(Relation::Before | Relation::After));
        if of_networks && *kind == Kind::Inet {
            return Err(networks(asked).into());
        }
        if !op.takes(kind) {
            return Err(no_operator(&type_name(kind), symbol).into());
        }
        Ok(op)
    }
}

/// What PostgreSQL asks of networks, which no column holds.
fn networks(asked: Operator) -> Fault {
    Fault::unsupported(format!("The operator {} on type inet.", asked.as_str()))
}

/// The answer to `is.true` of something that is no boolean.
pub(super) fn not_boolean(value: IsValue, kind: &Kind) -> Fault {
    let state = value.as_str().to_ascii_uppercase();
    let of = type_name(kind);
    Fault::new("42804", format!("argument of IS {state} must be type boolean, not type {of}"))
}
