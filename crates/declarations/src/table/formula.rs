//! Expressions in CEL, as formulas that both engines compute alike.
//!
//! Every value has a type, and numbers have bounds that follow from those of the columns. A result
//! that could lie outside of them is refused where it is declared, so that no row can make a read
//! fail.

mod call;
mod number;

use super::check::column_name;
use crate::error::suggest;
use cel::common::ast::{Expr, LiteralValue};
use cel::{Env, IdedExpr};
use mainstay_entity::{Column, Decimal, EntityMeta, Formula, Kind, Value, parse::parse_text};
use number::Bounds;

/// Longest expression in bytes.
const SOURCE_MAX: usize = 2_000;
/// Parts of an expression stand in each other at most so deep: `SQLite` takes 1,000 levels of its
/// own, of which a part makes several.
const DEPTH_MAX: usize = 100;
/// What an expression may say, for messages.
pub(super) const ALLOWED: &str = "join texts by +; compute with whole and exact numbers by +, -, \
                                  *, / and %; compare (==, !=, <, <=, >, >=, in), combine with \
                                  &&, || and !, and choose by `condition ? a : b`; ask for null; \
                                  call size, contains, startsWith, endsWith, substring, \
                                  lowerAscii, upperAscii and string; take `now - row.instant` by \
                                  getSeconds, getMinutes or getHours";
/// What an expression may give, for messages.
pub(super) const RESULTS: &str = "write `type: text`, boolean, smallint, integer, bigint, numeric, \
                                  double, real, timestamptz, date, time or uuid";

/// What is wrong, and what to write instead where that is not [`ALLOWED`].
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) fix: Option<String>,
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self { message, fix: None }
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        message.to_owned().into()
    }
}

impl Fault {
    fn new(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { message: message.into(), fix: Some(fix.into()) }
    }
}

type Result<T> = std::result::Result<T, Fault>;

/// Whether values of a kind can be a result.
pub(super) fn is_result(kind: &Kind) -> bool {
    use Kind::{BigInt, Boolean, Decimal, Integer, SmallInt, Text};
    matches!(kind, Text { .. } | Boolean | SmallInt | Integer | BigInt | Decimal { .. })
        || is_passed_on(kind)
}

/// Whether values of a kind are compared and chosen, and nothing else is made of them.
fn is_passed_on(kind: &Kind) -> bool {
    use Kind::{Date, Double, Real, Time, Timestamp, Uuid};
    matches!(kind, Double | Real | Timestamp | Date | Time | Uuid)
}

/// What values are.
#[derive(Clone, Debug, PartialEq)]
enum Type {
    Text,
    Boolean,
    Number(Bounds),
    /// Microseconds between two instants.
    Span(Bounds),
    /// Values that are compared and chosen alone.
    Other(Kind),
    /// Values that can be asked for null alone.
    Opaque(Kind),
    Null,
}

impl Type {
    fn name(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Number(bounds) if bounds.scale == 0 => "a whole number".to_owned(),
            Self::Number(_) => "an exact number".to_owned(),
            Self::Span(_) => "a duration".to_owned(),
            Self::Other(kind) | Self::Opaque(kind) => kind.name().into_owned(),
            Self::Null => "null".to_owned(),
        }
    }
}

/// A formula with what is known of its values.
#[derive(Clone, Debug)]
struct Typed {
    formula: Formula,
    ty: Type,
    nullable: bool,
}

/// Compiles an expression whose values are of a kind; tells whether some are null.
pub(super) fn compile(meta: &EntityMeta, source: &str, kind: &Kind) -> Result<(Formula, bool)> {
    if source.len() > SOURCE_MAX {
        let message = format!("an expression has at most {SOURCE_MAX} bytes");
        return Err(Fault::new(message, "compute less, or keep a part in a column"));
    }
    let program = Env::stdlib().compile(source);
    let program = program.map_err(|error| {
        let error = error.to_string();
        format!("no CEL expression: {}", error.trim().lines().next().unwrap_or_default())
    })?;
    if depth(program.expression()) > DEPTH_MAX {
        let message = format!("an expression has at most {DEPTH_MAX} parts inside of each other");
        return Err(Fault::new(message, "compute less, or keep a part in a column"));
    }
    let typed = Compiler { meta }.value(program.expression())?;
    let typed = fit(typed, kind)?;
    Ok((typed.formula, typed.nullable))
}

/// How many parts stand inside of each other.
fn depth(node: &IdedExpr) -> usize {
    let deepest = match &node.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).map(depth).max(),
        Expr::List(list) => list.elements.iter().map(depth).max(),
        Expr::Select(select) => Some(depth(&select.operand)),
        _ => None,
    };
    1 + deepest.unwrap_or_default()
}

/// Checks that a value is of the kind that is declared.
fn fit(typed: Typed, kind: &Kind) -> Result<Typed> {
    let fits = match (&typed.ty, kind) {
        (Type::Text, Kind::Text { max: None }) | (Type::Boolean, Kind::Boolean) => true,
        (Type::Number(_), Kind::Double | Kind::Real) => return as_double(&typed, kind),
        (Type::Number(bounds), kind) => return bounds.check_fit(kind).map(|()| typed),
        (Type::Other(of), kind) => of == kind,
        // An instant or another value may be written as a text.
        (Type::Text, kind) => return literal_of(&typed, kind),
        (Type::Null, _) => return Err("it is always null".into()),
        _ => false,
    };
    if fits {
        return Ok(typed);
    }
    let given = typed.ty.name();
    let fix = match &typed.ty {
        Type::Boolean => "write `type: boolean`".to_owned(),
        Type::Other(kind) => format!("write `type: {}`", kind.name()),
        Type::Span(_) => "take its getSeconds(), getMinutes() or getHours()".to_owned(),
        _ => ALLOWED.to_owned(),
    };
    Err(Fault::new(format!("the expression gives {given}, not {}", kind.name()), fix))
}

/// A number that is written out, as a double.
fn as_double(typed: &Typed, kind: &Kind) -> Result<Typed> {
    let number = match &typed.formula {
        Formula::Literal(_, Value::Int(number)) => number.to_string(),
        Formula::Literal(_, Value::Decimal(number)) => number.to_string(),
        _ => {
            let message = "whole and exact numbers are no doubles";
            return Err(Fault::new(message, "write `type: bigint` or `type: numeric`"));
        }
    };
    let value = parse_text(kind, &number).map_err(|error| error.to_string())?;
    Ok(Typed {
        formula: Formula::Literal(kind.clone(), value),
        ty: Type::Other(kind.clone()),
        nullable: typed.nullable,
    })
}

/// A text that is written out, as a value of another kind.
fn literal_of(typed: &Typed, kind: &Kind) -> Result<Typed> {
    let Formula::Literal(_, Value::Text(text)) = &typed.formula else {
        let message = format!("the expression gives text, not {}", kind.name());
        return Err(Fault::new(message, "write `type: text`"));
    };
    if !is_passed_on(kind) {
        return Err(Fault::new(
            format!("`{text}` is text, not {}", kind.name()),
            "leave the quotes out",
        ));
    }
    let value = parse_text(kind, text).map_err(|error| error.to_string())?;
    Ok(Typed {
        formula: Formula::Literal(kind.clone(), value),
        ty: Type::Other(kind.clone()),
        nullable: typed.nullable,
    })
}

struct Compiler<'a> {
    meta: &'a EntityMeta,
}

impl Compiler<'_> {
    fn value(&self, node: &IdedExpr) -> Result<Typed> {
        let known = |formula, ty| Typed { formula, ty, nullable: false };
        match &node.expr {
            Expr::Ident(name) if name == "now" && self.meta.column("now").is_none() => {
                Ok(known(Formula::Now, Type::Other(Kind::Timestamp)))
            }
            Expr::Select(select) if select.test => {
                let named =
                    Expr::Select(cel::common::ast::SelectExpr { test: false, ..select.clone() });
                let of = self.value(&IdedExpr { id: node.id, expr: named })?;
                let is_null = Formula::IsNull(Box::new(of.formula));
                Ok(known(Formula::Not(Box::new(is_null)), Type::Boolean))
            }
            Expr::Literal(literal) => self::literal(literal),
            Expr::Call(call) => self.call(call),
            _ => match column_name(node) {
                Some(name) => self.column(name),
                None => Err("this can't be said in an expression".into()),
            },
        }
    }

    fn column(&self, name: &str) -> Result<Typed> {
        let Some(column) = self.meta.column(name) else {
            let names = self.meta.columns.iter().map(|column| column.name.as_ref());
            return Err(Fault::new(format!("no column `{name}`"), suggest(name, names)));
        };
        let Column { name, kind, nullable, .. } = column;
        if kind.is_confidential() {
            let message = format!("`{name}` is ciphertext, which no engine reads");
            return Err(Fault::new(message, "leave it out"));
        }
        let ty = match (Bounds::of_column(column), kind) {
            (Some(bounds), _) => Type::Number(bounds),
            (None, Kind::Boolean) => Type::Boolean,
            (None, kind) if kind.is_textual() => Type::Text,
            (None, kind) if is_passed_on(kind) => Type::Other(kind.clone()),
            (None, kind) => Type::Opaque(kind.clone()),
        };
        let formula = Formula::Column(name.clone(), kind.clone());
        Ok(Typed { formula, ty, nullable: *nullable })
    }
}

fn literal(literal: &LiteralValue) -> Result<Typed> {
    let (kind, value, ty) = match literal {
        LiteralValue::String(text) => {
            let text = text.inner().to_owned();
            if text.contains('\0') {
                return Err("a text has no NUL".into());
            }
            (Kind::Text { max: None }, Value::Text(text), Type::Text)
        }
        LiteralValue::Boolean(flag) => (Kind::Boolean, Value::Bool(*flag.inner()), Type::Boolean),
        LiteralValue::Int(number) => return Ok(whole(*number.inner())),
        LiteralValue::UInt(number) => match i64::try_from(*number.inner()) {
            Ok(number) => return Ok(whole(number)),
            Err(_) => return Err("a number is larger than a bigint".into()),
        },
        LiteralValue::Double(number) => return exact(*number.inner()),
        LiteralValue::Null => {
            return Ok(Typed { formula: Formula::Null, ty: Type::Null, nullable: true });
        }
        LiteralValue::Bytes(_) => return Err("bytes can't be said in an expression".into()),
    };
    Ok(Typed { formula: Formula::Literal(kind, value), ty, nullable: false })
}

fn whole(number: i64) -> Typed {
    Typed {
        formula: Formula::Literal(Kind::BigInt, Value::Int(number)),
        ty: Type::Number(Bounds::exactly(Decimal::new(number, 0))),
        nullable: false,
    }
}

/// A number with a point, exactly as it is written.
fn exact(number: f64) -> Result<Typed> {
    let number: Decimal =
        number.to_string().parse().map_err(|_| format!("`{number}` has more than 18 digits"))?;
    if number.scale() == 0 {
        return Ok(whole(number.units()));
    }
    let kind = Kind::Decimal { precision: 18, scale: number.scale() };
    Ok(Typed {
        formula: Formula::Literal(kind, Value::Decimal(number)),
        ty: Type::Number(Bounds::exactly(number)),
        nullable: false,
    })
}

/// Two values of one type: a null, a text or a number that is written out takes the other's.
fn alike(a: Typed, b: Typed) -> Result<(Typed, Typed, Type)> {
    let ty = match (&a.ty, &b.ty) {
        (Type::Opaque(kind), _) | (_, Type::Opaque(kind)) => {
            return Err(format!("a {} can be asked for null alone", kind.name()).into());
        }
        (Type::Null, ty) | (ty, Type::Null) => ty.clone(),
        (Type::Number(one), Type::Number(other)) => Type::Number(one.union(*other)?),
        (Type::Span(one), Type::Span(other)) => Type::Span(one.union(*other)?),
        (Type::Other(kind), Type::Text) => {
            let kind = kind.clone();
            return Ok((a, literal_of(&b, &kind)?, Type::Other(kind)));
        }
        (Type::Text, Type::Other(kind)) => {
            let kind = kind.clone();
            return Ok((literal_of(&a, &kind)?, b, Type::Other(kind)));
        }
        (Type::Other(kind @ (Kind::Double | Kind::Real)), Type::Number(_)) => {
            let kind = kind.clone();
            return Ok((a, as_double(&b, &kind)?, Type::Other(kind)));
        }
        (Type::Number(_), Type::Other(kind @ (Kind::Double | Kind::Real))) => {
            let kind = kind.clone();
            return Ok((as_double(&a, &kind)?, b, Type::Other(kind)));
        }
        (one, other) if one == other => one.clone(),
        (one, other) => {
            let message = format!("{} and {} are of different types", one.name(), other.name());
            return Err(message.into());
        }
    };
    Ok((a, b, ty))
}
