//! Conditions and values as views write them: `lines.price >= 10`, `sum(lines.price)`.

use mainstay_entity::view::{ColumnRef, Comparison, Function, Operand, Period, Shown};

/// What a value may be, for messages.
pub(super) const VALUES: &str = "write `source.column`, count(*), or one of count, sum, avg, min, \
                                 max, minute, hour, day of `(source.column)`";
/// What a condition may be, for messages.
pub(super) const CONDITIONS: &str = "write `source.column = 'text'`, with =, !=, <, <=, > or >= \
                                     and a text, a number, true, false, another `source.column` \
                                     or ago(7 days), or `source.column is null`";

/// Seconds in the units of `ago`.
const UNITS: [(&str, u32); 4] = [("second", 1), ("minute", 60), ("hour", 3_600), ("day", 86_400)];

const COMPARISONS: [Comparison; 6] = [
    Comparison::AtMost,
    Comparison::AtLeast,
    Comparison::NotEqual,
    Comparison::Equal,
    Comparison::Less,
    Comparison::Greater,
];

/// A column; without a source it is of `usual`.
pub(super) fn column(text: &str, usual: &str) -> Option<ColumnRef> {
    let (source, column) = text.trim().split_once('.').unwrap_or((usual, text.trim()));
    (is_name(source) && is_name(&column.replace([' ', '-'], "_")))
        .then(|| ColumnRef { source: source.to_owned().into(), column: column.to_owned().into() })
}

fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// What a column of a view shows.
pub(super) fn shown(text: &str, usual: &str) -> Option<Shown> {
    let Some((name, rest)) = text.trim().split_once('(') else {
        return column(text, usual).map(Shown::Column);
    };
    let inside = rest.strip_suffix(')')?.trim();
    let distinct = inside.strip_prefix("distinct ");
    let function = match name.trim() {
        "count" if inside == "*" => return Some(Shown::Rows),
        "count" if distinct.is_some() => Function::CountDistinct,
        "count" => Function::Count,
        "sum" => Function::Sum,
        "avg" => Function::Avg,
        "min" => Function::Min,
        "max" => Function::Max,
        period => {
            let periods = [Period::Minute, Period::Hour, Period::Day];
            let period = periods.into_iter().find(|known| known.as_str() == period)?;
            return column(inside, usual).map(|column| Shown::Begin(period, column));
        }
    };
    let of = distinct.filter(|_| function == Function::CountDistinct).unwrap_or(inside);
    column(of, usual).map(|column| Shown::Aggregate(function, column))
}

/// The two sides of a condition and how they are compared.
pub(super) fn condition(text: &str, usual: &str) -> Option<(ColumnRef, Comparison, Operand)> {
    let text = text.trim();
    if let Some(left) = text.strip_suffix(" is null") {
        return Some((column(left, usual)?, Comparison::Equal, Operand::Null));
    }
    if let Some(left) = text.strip_suffix(" is not null") {
        return Some((column(left, usual)?, Comparison::NotEqual, Operand::Null));
    }
    let at = text.find(['=', '!', '<', '>'])?;
    let (left, rest) = text.split_at(at);
    let found = COMPARISONS.into_iter().find(|known| rest.starts_with(known.as_str()))?;
    let right = operand(rest[found.as_str().len()..].trim())?;
    Some((column(left, usual)?, found, right))
}

fn operand(text: &str) -> Option<Operand> {
    for quote in ['\'', '"'] {
        let inside = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inside) = inside {
            let doubled = quote.to_string().repeat(2);
            let whole = !inside.replace(&doubled, "").contains(quote);
            let value = inside.replace(&doubled, &quote.to_string());
            return whole.then(|| Operand::Literal(value.into()));
        }
    }
    if let Some(inside) = text.strip_prefix("ago(").and_then(|rest| rest.strip_suffix(')')) {
        let (count, unit) = inside.trim().split_once(' ')?;
        let unit = unit.trim().strip_suffix('s').unwrap_or(unit.trim());
        let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        return count.parse::<u32>().ok()?.checked_mul(*seconds).map(Operand::Ago);
    }
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    match text {
        "null" => Some(Operand::Null),
        "true" | "false" => Some(Operand::Literal(text.to_owned().into())),
        _ if is_number => Some(Operand::Literal(text.to_owned().into())),
        _ if text.contains('.') => column(text, "").map(Operand::Column),
        _ => None,
    }
}
