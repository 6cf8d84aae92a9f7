//! Operators and functions.

use super::number::Bounds;
use super::{ALLOWED, Compiler, Fault, Result, Type, Typed, alike, literal_of, whole};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use mainstay_entity::formula::Arithmetic;
use mainstay_entity::view::Comparison;
use mainstay_entity::{Formula, Kind};

/// Most characters of a text, and the last place in one.
const TEXT_MAX: i64 = 10_000_000;
/// Microseconds from the first instant to the last one, and some more.
const SPAN_MAX: i64 = 400_000_000_000_000_000;
/// Microseconds in the units of durations, longest names first.
const UNITS: [(&str, i64); 4] =
    [("ms", 1_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)];

impl Compiler<'_> {
    pub(super) fn call(&self, call: &CallExpr) -> Result<Typed> {
        let name = call.func_name.as_str();
        if let Some(of) = &call.target {
            return self.method(name, self.value(of)?, &call.args);
        }
        match (name, &call.args[..]) {
            (operators::CONDITIONAL, [condition, a, b]) => self.choose(condition, a, b),
            (operators::LOGICAL_AND, [a, b]) => self.logical(Formula::And, a, b),
            (operators::LOGICAL_OR, [a, b]) => self.logical(Formula::Or, a, b),
            (operators::LOGICAL_NOT, [of]) => {
                let of = self.boolean(of)?;
                Ok(Typed { formula: Formula::Not(Box::new(of.formula)), ..of })
            }
            (operators::NEGATE, [of]) => self.negate(of),
            (operators::ADD, [a, b]) => add(self.value(a)?, self.value(b)?),
            (operators::IN, [of, list]) => self.among(of, list),
            ("size" | "string", [of]) => self.method(name, self.value(of)?, &[]),
            ("duration", [text]) => duration(text),
            ("timestamp", [text]) => literal_of(&self.value(text)?, &Kind::Timestamp),
            (name, [a, b]) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                match (comparison(name), arithmetic(name)) {
                    (Some(comparison), _) => compare(comparison, a, b),
                    (None, Some(operation)) => compute(operation, a, b),
                    (None, None) => Err(unknown(name)),
                }
            }
            (name, _) => Err(unknown(name)),
        }
    }

    fn boolean(&self, node: &IdedExpr) -> Result<Typed> {
        let of = self.value(node)?;
        match of.ty {
            Type::Boolean => Ok(of),
            ty => Err(format!("{} is neither true nor false", ty.name()).into()),
        }
    }

    fn logical(
        &self,
        join: fn(Box<Formula>, Box<Formula>) -> Formula,
        a: &IdedExpr,
        b: &IdedExpr,
    ) -> Result<Typed> {
        let (a, b) = (self.boolean(a)?, self.boolean(b)?);
        Ok(two(join, a, b, Type::Boolean))
    }

    fn choose(&self, condition: &IdedExpr, a: &IdedExpr, b: &IdedExpr) -> Result<Typed> {
        let condition = self.boolean(condition)?;
        let (a, b, ty) = alike(self.value(a)?, self.value(b)?)?;
        let nullable = a.nullable || b.nullable;
        let formula = Formula::Choose(condition.formula.into(), a.formula.into(), b.formula.into());
        Ok(Typed { formula, ty, nullable })
    }

    fn negate(&self, of: &IdedExpr) -> Result<Typed> {
        let of = self.value(of)?;
        let ty = match of.ty {
            Type::Number(bounds) => Type::Number(bounds.negate()?),
            Type::Span(bounds) => Type::Span(bounds.negate()?),
            ty => return Err(format!("{} has no opposite", ty.name()).into()),
        };
        Ok(Typed { formula: Formula::Negate(of.formula.into()), ty, nullable: of.nullable })
    }

    fn among(&self, of: &IdedExpr, list: &IdedExpr) -> Result<Typed> {
        let Expr::List(list) = &list.expr else {
            return Err("`in` needs a list of values".into());
        };
        let mut of = self.value(of)?;
        let mut items = Vec::new();
        let mut nullable = of.nullable;
        for item in &list.elements {
            let item = self.value(item)?;
            if item.ty == Type::Null {
                return Err("null is in no list".into());
            }
            let (left, item, _) = alike(of, item)?;
            of = left;
            nullable |= item.nullable;
            items.push(item.formula);
        }
        if items.is_empty() {
            return Err("the list of `in` is empty".into());
        }
        Ok(Typed { formula: Formula::Among(of.formula.into(), items), ty: Type::Boolean, nullable })
    }

    /// `text.startsWith("a")`, `size(text)`, `(now - row.at).getHours()`.
    fn method(&self, name: &str, of: Typed, args: &[IdedExpr]) -> Result<Typed> {
        match (name, args) {
            ("string", []) => return as_text(of),
            ("getSeconds", []) => return period(of, 1_000_000),
            ("getMinutes", []) => return period(of, 60_000_000),
            ("getHours", []) => return period(of, 3_600_000_000),
            _ => {}
        }
        if of.ty != Type::Text {
            return Err(format!("there is no `{name}` of {}", of.ty.name()).into());
        }
        let nullable = of.nullable;
        let text = Box::new(of.formula);
        let (formula, ty) = match (name, args) {
            ("size", []) => (Formula::Size(text), Type::Number(Bounds::whole(0, i32::MAX.into()))),
            ("lowerAscii", []) => (Formula::LowerAscii(text), Type::Text),
            ("upperAscii", []) => (Formula::UpperAscii(text), Type::Text),
            ("contains", [part]) => {
                let part = self.value(part)?;
                if part.ty != Type::Text {
                    return Err("`contains` needs a text".into());
                }
                let formula = Formula::Contains(text, part.formula.into());
                let nullable = nullable || part.nullable;
                return Ok(Typed { formula, ty: Type::Boolean, nullable });
            }
            ("startsWith", [part]) => {
                (Formula::StartsWith(text, part_of(name, part)?), Type::Boolean)
            }
            ("endsWith", [part]) => (Formula::EndsWith(text, part_of(name, part)?), Type::Boolean),
            ("substring", [start]) => (Formula::Substring(text, place(start)?, None), Type::Text),
            ("substring", [start, end]) => {
                let (start, end) = (place(start)?, place(end)?);
                let length = end.checked_sub(start);
                let length = length.ok_or("`substring` ends before it begins")?;
                (Formula::Substring(text, start, Some(length)), Type::Text)
            }
            _ => return Err(unknown(name)),
        };
        Ok(Typed { formula, ty, nullable })
    }
}

/// Texts are joined, numbers added.
fn add(a: Typed, b: Typed) -> Result<Typed> {
    match (&a.ty, &b.ty) {
        (Type::Text, Type::Text) => Ok(two(Formula::Concat, a, b, Type::Text)),
        (Type::Text, other) | (other, Type::Text) => {
            let message = format!("a text and {} are joined", other.name());
            Err(Fault::new(message, "write `string(...)` around what is no text"))
        }
        _ => compute(Arithmetic::Add, a, b),
    }
}

fn unknown(name: &str) -> Fault {
    let name = name.trim_matches(['_', '@']);
    Fault::new(format!("there is no `{name}` in an expression, or not so"), ALLOWED)
}

fn two(
    join: impl FnOnce(Box<Formula>, Box<Formula>) -> Formula,
    a: Typed,
    b: Typed,
    ty: Type,
) -> Typed {
    let nullable = a.nullable || b.nullable;
    Typed { formula: join(a.formula.into(), b.formula.into()), ty, nullable }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::AtMost,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::AtLeast,
        _ => return None,
    })
}

fn arithmetic(name: &str) -> Option<Arithmetic> {
    Some(match name {
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        operators::DIVIDE => Arithmetic::Divide,
        operators::MODULO => Arithmetic::Remainder,
        _ => return None,
    })
}

/// Null is a value to `==` and `!=`, and nothing that anything else compares with.
fn compare(comparison: Comparison, a: Typed, b: Typed) -> Result<Typed> {
    let of = match (&a.ty, &b.ty) {
        (Type::Null, Type::Null) => return Err("null is compared with null".into()),
        (Type::Null, _) => Some(b.formula.clone()),
        (_, Type::Null) => Some(a.formula.clone()),
        _ => None,
    };
    if let Some(of) = of {
        let is_null = Formula::IsNull(of.into());
        let formula = match comparison {
            Comparison::Equal => is_null,
            Comparison::NotEqual => Formula::Not(is_null.into()),
            _ => return Err("null is neither less nor greater".into()),
        };
        return Ok(Typed { formula, ty: Type::Boolean, nullable: false });
    }
    let (a, b, _) = alike(a, b)?;
    Ok(two(|a, b| Formula::Compare(comparison, a, b), a, b, Type::Boolean))
}

fn compute(operation: Arithmetic, a: Typed, b: Typed) -> Result<Typed> {
    let instant = Type::Other(Kind::Timestamp);
    if operation == Arithmetic::Subtract && a.ty == instant && b.ty == instant {
        let span = Type::Span(Bounds::whole(-SPAN_MAX, SPAN_MAX));
        return Ok(two(Formula::Elapsed, a, b, span));
    }
    let (Type::Number(left), Type::Number(right)) = (&a.ty, &b.ty) else {
        let wrong = if matches!(a.ty, Type::Number(_)) { &b.ty } else { &a.ty };
        return Err(format!("{} can't be computed with", wrong.name()).into());
    };
    let bounds = match operation {
        Arithmetic::Add => left.add(*right),
        Arithmetic::Subtract => left.subtract(*right),
        Arithmetic::Multiply => left.multiply(*right),
        Arithmetic::Divide => left.divide(*right),
        Arithmetic::Remainder => left.remainder(*right),
    }?;
    let divides = matches!(operation, Arithmetic::Divide | Arithmetic::Remainder);
    let is_safe = !divides || right.excludes_zero();
    let join = |a, b| Formula::Arithmetic(operation, a, b);
    let typed = two(join, a, b, Type::Number(bounds));
    Ok(Typed { nullable: typed.nullable || !is_safe, ..typed })
}

/// Whole periods in a duration.
fn period(of: Typed, micros: i64) -> Result<Typed> {
    let Type::Span(bounds) = of.ty else {
        let message = format!("{} is no duration", of.ty.name());
        return Err(Fault::new(message, "take it of `now - row.instant`"));
    };
    compute(Arithmetic::Divide, Typed { ty: Type::Number(bounds), ..of }, whole(micros))
}

/// `duration("1h30m")`.
fn duration(node: &IdedExpr) -> Result<Typed> {
    let wrong =
        || Fault::new("this is no duration", "write `duration(\"36h\")`, with h, m, s and ms");
    let Expr::Literal(LiteralValue::String(text)) = &node.expr else {
        return Err(wrong());
    };
    let mut rest = text.inner();
    let mut micros = 0_i64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (digits, unit) = rest.split_at(end);
        let found =
            UNITS.iter().find_map(|(name, length)| Some((unit.strip_prefix(name)?, length)));
        let (behind, length) = found.ok_or_else(wrong)?;
        let count: i64 = digits.parse().map_err(|_| wrong())?;
        let part = count.checked_mul(*length).and_then(|part| micros.checked_add(part));
        micros = part.filter(|micros| *micros <= SPAN_MAX).ok_or_else(wrong)?;
        rest = behind;
    }
    if text.inner().is_empty() {
        return Err(wrong());
    }
    let typed = whole(micros);
    Ok(Typed { ty: Type::Span(Bounds::whole(micros, micros)), ..typed })
}

fn as_text(of: Typed) -> Result<Typed> {
    let is_written = match &of.ty {
        Type::Text => return Ok(of),
        Type::Boolean | Type::Number(_) => true,
        Type::Other(kind) => matches!(kind, Kind::Uuid | Kind::Date | Kind::Timestamp),
        Type::Span(_) | Type::Opaque(_) | Type::Null => false,
    };
    if !is_written {
        return Err(format!("{} has no text in an expression", of.ty.name()).into());
    }
    Ok(Typed { formula: Formula::AsText(of.formula.into()), ty: Type::Text, ..of })
}

/// A text that is written out.
fn part_of(function: &str, node: &IdedExpr) -> Result<String> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) if !text.inner().is_empty() => {
            Ok(text.inner().to_owned())
        }
        _ => Err(format!("`{function}` needs a text that is written out and not empty").into()),
    }
}

/// A place in a text, from 0.
fn place(node: &IdedExpr) -> Result<u32> {
    let place = match &node.expr {
        Expr::Literal(LiteralValue::Int(place)) => Some(*place.inner()),
        _ => None,
    };
    let place = place.filter(|place| (0..=TEXT_MAX).contains(place));
    let place = place.and_then(|place| u32::try_from(place).ok());
    place.ok_or_else(|| "`substring` needs places that are written out, from 0 on".into())
}
