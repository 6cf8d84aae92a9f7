//! Comparisons: an operator that the kind has, and values of the kind.

use super::cast::type_name;
use super::expression::{TEXT, no_operator};
use crate::dialect::array::{Element, parse_array_literal};
use crate::dialect::ast::{Field, IsValue, Operator, Quantifier};
use crate::error::{Fault, Result};
use crate::zone::read_text;
use jiff::tz::TimeZone;
use mainstay_entity::like::Like;
use mainstay_entity::pattern::Pattern;
use mainstay_entity::range::{self, Relation};
use mainstay_entity::{Decimal, Kind, Table, Value};
use mainstay_kernel::Error;
use mainstay_store::{Compare, Expression, Filter, IsState};

/// The left side of a comparison.
pub(super) struct Comparison<'a> {
    pub(super) table: &'a Table,
    pub(super) field: &'a Field,
    pub(super) left: &'a Expression,
    pub(super) kind: &'a Kind,
    /// Where the clocks are that operands without an offset are read by.
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
        let mut values = Vec::with_capacity(list.len());
        let mut inexact = false;
        for text in list {
            match self.decimal(text)? {
                Some((_, false)) => inexact = true,
                Some((value, true)) => values.push(Value::Decimal(value)),
                None => values.push(self.value(text)?),
            }
        }
        if values.is_empty() && inexact {
            return Ok(self.never());
        }
        Ok(Filter::In { left: self.left.clone(), list: values })
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
                    let one = range::of_element(kind, text).map_err(|e| self.invalid(&e))?;
                    return Ok(self.with(op, Value::Range(one)));
                }
            }
            _ => {}
        }
        match self.decimal(text)? {
            Some((value, true)) => Ok(self.with(op, Value::Decimal(value))),
            Some((below, false)) => Ok(self.between(op, below)),
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
        read_text(kind, text, self.zone).map_err(|e| self.invalid(&e))
    }

    fn invalid(&self, error: &mainstay_entity::Error) -> crate::error::Failure {
        Error::invalid(format!("{}.{}", self.table.meta.table, self.field.name), error).into()
    }

    /// For a decimal column, the operand at the column's scale and whether it is exactly that;
    /// of one that lies between two such numbers, the lower.
    fn decimal(&self, text: &str) -> Result<Option<(Decimal, bool)>> {
        let Kind::Decimal { precision, scale } = *self.kind else {
            return Ok(None);
        };
        let asked: Decimal = text.trim().parse().map_err(|e| self.invalid(&e))?;
        let fitted = asked.fit(precision, scale).map_err(|e| self.invalid(&e))?;
        if asked.scale() <= scale {
            return Ok(Some((fitted, true)));
        }
        let factor = 10_i64.checked_pow(u32::from(asked.scale() - scale));
        let below = factor.map_or(0, |factor| asked.units().div_euclid(factor));
        let exact = factor.is_some_and(|factor| asked.units().rem_euclid(factor) == 0);
        Ok(Some((Decimal::new(below, scale), exact)))
    }

    /// A comparison with a number just above `below`, which no value of the column equals.
    fn between(&self, op: Compare, below: Decimal) -> Filter {
        let with = |op| self.with(op, Value::Decimal(below));
        match op {
            Compare::Gt | Compare::Ge => with(Compare::Gt),
            Compare::Lt | Compare::Le => with(Compare::Le),
            Compare::Ne => Filter::Or(vec![with(Compare::Le), with(Compare::Gt)]),
            Compare::Distinct => Filter::And(Vec::new()),
            _ => self.never(),
        }
    }

    /// False for every value, unknown for null.
    fn never(&self) -> Filter {
        let null = Filter::Is { left: self.left.clone(), state: IsState::Null };
        Filter::And(vec![null, self.with(Compare::Eq, Value::Null)])
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
        let has = match op {
            Compare::Like | Compare::ILike | Compare::Match | Compare::IMatch => kind.is_textual(),
            Compare::Contains | Compare::ContainedBy => {
                matches!(kind, Kind::Json | Kind::List(_) | Kind::Range(_))
            }
            Compare::Overlaps if *kind == Kind::Inet => return Err(networks(asked).into()),
            Compare::Range(Relation::Before | Relation::After) if *kind == Kind::Inet => {
                return Err(networks(asked).into());
            }
            Compare::Overlaps => matches!(kind, Kind::List(_) | Kind::Range(_)),
            Compare::Range(_) => matches!(kind, Kind::Range(_)),
            _ => true,
        };
        if !has {
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
