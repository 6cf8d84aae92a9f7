//! Conditions in CEL, as SQL that both engines understand alike.
//!
//! A condition compares the columns of one row. As in SQL, one that compares with a null is
//! neither true nor false, and a check then holds.

use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use cel::{Env, IdedExpr};
use mainstay_entity::{Check, Column, EntityMeta, Kind};

/// Longest condition in bytes.
const SOURCE_MAX: usize = 2_000;
const ALLOWED: &str = "compare columns with values and columns of the same type (==, !=, <, <=, \
                       >, >=, in), ask for null, size() and startsWith() of texts, add, subtract \
                       and multiply numbers, and combine with &&, || and !";

/// `checks: {name: "condition"}`.
pub(super) fn read(meta: &mut EntityMeta, item: Option<&Item<'_>>, faults: &mut Faults) {
    let Some(members) = item.and_then(|item| Members::of(item, faults)) else { return };
    let mut checks = Vec::new();
    for (key, item) in members.entries() {
        crate::name::check(&key.name, "check", key.place, &item.path, faults);
        if let Some(condition) = condition(meta, &item, faults) {
            let name = key.name.clone().into();
            checks.push(Check { name, condition: condition.into() });
        }
    }
    meta.checks = checks.into();
}

/// A condition as SQL.
pub(super) fn condition(meta: &EntityMeta, item: &Item<'_>, faults: &mut Faults) -> Option<String> {
    let source = item.text(faults)?;
    let compiled = if source.len() > SOURCE_MAX {
        Err(format!("a condition has at most {SOURCE_MAX} bytes"))
    } else {
        let program = Env::stdlib().compile(source);
        program
            .map_err(|error| format!("no CEL expression: {}", error.to_string().trim()))
            .and_then(|program| boolean(meta, program.expression()))
    };
    match compiled {
        Ok(sql) => Some(sql),
        Err(message) => {
            item.refuse(message, ALLOWED, faults);
            None
        }
    }
}

/// A value of an expression, with what it is.
struct Operand<'a> {
    sql: String,
    kind: Operands<'a>,
}

enum Operands<'a> {
    Column(&'a Column),
    /// A sum, a product or the length of a text.
    Number,
    Integer(i64),
    Text,
    Boolean,
    Null,
}

fn boolean(meta: &EntityMeta, node: &IdedExpr) -> Result<String, String> {
    if let Expr::Call(call) = &node.expr {
        match (call.func_name.as_str(), &call.args[..]) {
            (operators::LOGICAL_AND, [a, b]) => {
                return Ok(format!("({} AND {})", boolean(meta, a)?, boolean(meta, b)?));
            }
            (operators::LOGICAL_OR, [a, b]) => {
                return Ok(format!("({} OR {})", boolean(meta, a)?, boolean(meta, b)?));
            }
            (operators::LOGICAL_NOT, [a]) => return Ok(format!("(NOT {})", boolean(meta, a)?)),
            (operators::IN, [value, list]) => return among(meta, value, list),
            ("startsWith", [part]) => return starts_with(meta, call, part),
            (name, [a, b]) => {
                if let Some(operator) = comparison(name) {
                    return compare(meta, operator, a, b);
                }
            }
            _ => {}
        }
    }
    match operand(meta, node)? {
        Operand { sql, kind: Operands::Column(column) } if column.kind == Kind::Boolean => Ok(sql),
        Operand { sql, kind: Operands::Boolean } => Ok(sql),
        _ => Err("the condition gives no true or false".to_owned()),
    }
}

fn comparison(name: &str) -> Option<&'static str> {
    Some(match name {
        operators::EQUALS => "=",
        operators::NOT_EQUALS => "<>",
        operators::LESS => "<",
        operators::LESS_EQUALS => "<=",
        operators::GREATER => ">",
        operators::GREATER_EQUALS => ">=",
        _ => return None,
    })
}

fn compare(
    meta: &EntityMeta,
    operator: &str,
    left: &IdedExpr,
    right: &IdedExpr,
) -> Result<String, String> {
    let (left, right) = (operand(meta, left)?, operand(meta, right)?);
    let null_test = match operator {
        "=" => "IS NULL",
        "<>" => "IS NOT NULL",
        _ => "",
    };
    match (&left.kind, &right.kind) {
        (Operands::Null, Operands::Null) => Err("null is compared with null".to_owned()),
        (Operands::Null, _) if !null_test.is_empty() => Ok(format!("({} {null_test})", right.sql)),
        (_, Operands::Null) if !null_test.is_empty() => Ok(format!("({} {null_test})", left.sql)),
        _ => {
            comparable(&left.kind, &right.kind)?;
            Ok(format!("({} {operator} {})", left.sql, right.sql))
        }
    }
}

/// Whether both engines compare the two alike.
fn comparable(left: &Operands<'_>, right: &Operands<'_>) -> Result<(), String> {
    use Operands::{Boolean, Column, Integer, Null, Number, Text};
    let is_integer = |kind: &Kind| matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt);
    let fits = match (left, right) {
        (Null, _) | (_, Null) => return Err("null is neither less nor greater".to_owned()),
        (Column(a), Column(b)) => {
            let same = a.kind.name() == b.kind.name()
                || (a.kind.is_textual() && b.kind.is_textual())
                || (is_integer(&a.kind) && is_integer(&b.kind));
            same && is_ordered(&a.kind)
        }
        (Column(column), Integer(value)) | (Integer(value), Column(column)) => {
            if matches!(column.kind, Kind::Decimal { .. }) && *value != 0 {
                return Err(format!(
                    "`{}` is an exact number, which engines keep differently; it can be compared \
                     with 0 here, and has `min` and `max` for other bounds",
                    column.name
                ));
            }
            is_integer(&column.kind) || matches!(column.kind, Kind::Double | Kind::Decimal { .. })
        }
        (Column(column), Text) | (Text, Column(column)) => column.kind.is_textual(),
        (Column(column), Boolean) | (Boolean, Column(column)) => column.kind == Kind::Boolean,
        (Column(column), Number) | (Number, Column(column)) => is_integer(&column.kind),
        (Integer(_) | Number, Integer(_) | Number) => true,
        _ => false,
    };
    if fits { Ok(()) } else { Err("values of different types are compared".to_owned()) }
}

fn is_ordered(kind: &Kind) -> bool {
    let is_kept_otherwise = matches!(kind, Kind::List(_) | Kind::Inet | Kind::Range(_));
    !kind.is_confidential() && kind.has_one_spelling() && !is_kept_otherwise
}

fn among(meta: &EntityMeta, value: &IdedExpr, list: &IdedExpr) -> Result<String, String> {
    let Expr::List(list) = &list.expr else {
        return Err("`in` needs a list".to_owned());
    };
    let value = operand(meta, value)?;
    let mut items = Vec::new();
    for item in &list.elements {
        let item = operand(meta, item)?;
        if matches!(item.kind, Operands::Column(_) | Operands::Number) {
            return Err("the list of `in` holds values alone".to_owned());
        }
        comparable(&value.kind, &item.kind)?;
        items.push(item.sql);
    }
    if items.is_empty() {
        return Err("the list of `in` is empty".to_owned());
    }
    Ok(format!("({} IN ({}))", value.sql, items.join(", ")))
}

fn starts_with(meta: &EntityMeta, call: &CallExpr, part: &IdedExpr) -> Result<String, String> {
    let target = call.target.as_deref().ok_or_else(|| "startsWith of what?".to_owned())?;
    let column = operand(meta, target)?;
    let Expr::Literal(LiteralValue::String(part)) = &part.expr else {
        return Err("startsWith needs a text".to_owned());
    };
    match column.kind {
        Operands::Column(of) if of.kind.is_textual() => {
            let (length, part) = (part.inner().chars().count(), text(part.inner()));
            Ok(format!("(substr({}, 1, {length}) = {part})", column.sql))
        }
        _ => Err("startsWith is of texts".to_owned()),
    }
}

fn operand<'a>(meta: &'a EntityMeta, node: &IdedExpr) -> Result<Operand<'a>, String> {
    if let Some(name) = column_name(node) {
        let names = || meta.columns.iter().map(|column| column.name.as_ref());
        let column = meta
            .column(name)
            .ok_or_else(|| format!("no column `{name}`; {}", suggest(name, names())))?;
        if column.kind.is_confidential() {
            return Err(format!("`{name}` is ciphertext, which no engine compares"));
        }
        return Ok(Operand { sql: quote(name), kind: Operands::Column(column) });
    }
    let (sql, kind) = match &node.expr {
        Expr::Literal(LiteralValue::Int(value)) => {
            (value.inner().to_string(), Operands::Integer(*value.inner()))
        }
        Expr::Literal(LiteralValue::String(value)) => (text(value.inner()), Operands::Text),
        Expr::Literal(LiteralValue::Boolean(value)) => {
            (if *value.inner() { "TRUE" } else { "FALSE" }.to_owned(), Operands::Boolean)
        }
        Expr::Literal(LiteralValue::Null) => ("NULL".to_owned(), Operands::Null),
        Expr::Call(call) => (number(meta, call)?, Operands::Number),
        _ => return Err("this can't be said in a condition".to_owned()),
    };
    Ok(Operand { sql, kind })
}

/// `a + b`, `-a` and `size(text)`, computed exactly.
fn number(meta: &EntityMeta, call: &CallExpr) -> Result<String, String> {
    let (args, name) = (&call.args, call.func_name.as_str());
    let operator = match (name, &args[..]) {
        (operators::ADD, [_, _]) => "+",
        (operators::SUBSTRACT, [_, _]) => "-",
        (operators::MULTIPLY, [_, _]) => "*",
        (operators::NEGATE, [value]) => return Ok(format!("(-{})", term(meta, value)?)),
        ("size", args) => {
            let of = args.first().or(call.target.as_deref());
            let of = of.ok_or_else(|| "size of what?".to_owned())?;
            let of = operand(meta, of)?;
            return match of.kind {
                Operands::Column(column) if column.kind.is_textual() => {
                    Ok(format!("length({})", of.sql))
                }
                _ => Err("size is of texts".to_owned()),
            };
        }
        _ => return Err(format!("there is no `{}` in a condition", name.trim_matches('_'))),
    };
    Ok(format!("({} {operator} {})", term(meta, &args[0])?, term(meta, &args[1])?))
}

/// A whole number that can't overflow.
fn term(meta: &EntityMeta, node: &IdedExpr) -> Result<String, String> {
    let value = operand(meta, node)?;
    match value.kind {
        Operands::Column(column)
            if matches!(column.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt) =>
        {
            Ok(format!("CAST({} AS numeric)", value.sql))
        }
        Operands::Integer(_) | Operands::Number => Ok(value.sql),
        _ => Err("only whole numbers can be computed with".to_owned()),
    }
}

/// `column`, or `row.column` as in conditions of permissions.
pub(super) fn column_name(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Ident(name) => Some(name),
        Expr::Select(select) if !select.test => {
            matches!(&select.operand.expr, Expr::Ident(of) if of == "row").then_some(&*select.field)
        }
        _ => None,
    }
}

fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
