//! What a view is computed from, as written: `view(...)` of the struct, `value = ...` of a field.

use super::parse::comma;
use super::reference::Target;
use super::words::unknown_word;
use crate::attribute::{check_sql_name, equals, once, open, unknown};
use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Lit, LitStr, Result, Token, Type, token};

const VIEW: &str = "from(name: Type), join(...), inner_join(...), related(...) and where(...)";
const VALUE: &str = "a column `source.column`, minute(...), hour(...), day(...), count(*), \
                     count(...), count(distinct ...), sum(...), avg(...), min(...) or max(...)";

/// `view(from(m: Metric), join(t: Team, id = m.team_id), where(m.value >= 0))`.
pub(super) struct ViewSyntax {
    pub(super) key: Ident,
    pub(super) from: Option<SourceSyntax>,
    pub(super) joins: Vec<JoinSyntax>,
    pub(super) conditions: Vec<ConditionSyntax>,
}

/// `name: Type` or `name: "table"`.
pub(super) struct SourceSyntax {
    pub(super) name: Ident,
    pub(super) target: Target,
}

/// `join(name: Type, column = source.column, ...)`.
pub(super) struct JoinSyntax {
    pub(super) kind: JoinKind,
    pub(super) source: SourceSyntax,
    pub(super) on: Vec<ConditionSyntax>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum JoinKind {
    Left,
    Inner,
    Related,
}

impl JoinKind {
    /// The variant of `mainstay_entity::view::JoinKind`.
    pub(super) const fn variant(self) -> &'static str {
        match self {
            Self::Left => "Left",
            Self::Inner => "Inner",
            Self::Related => "Related",
        }
    }
}

/// `source.column`.
#[derive(Clone)]
pub(super) struct ColumnSyntax {
    pub(super) source: Ident,
    pub(super) column: Ident,
}

/// `column = operand`.
pub(super) struct ConditionSyntax {
    pub(super) left: ColumnSyntax,
    pub(super) comparison: Comparison,
    pub(super) right: OperandSyntax,
}

#[derive(Clone, Copy)]
pub(super) struct Comparison(&'static str);

impl Comparison {
    /// The variant of `mainstay_entity::view::Comparison`.
    pub(super) const fn variant(self) -> &'static str {
        self.0
    }
}

/// The right side of a condition.
pub(super) enum OperandSyntax {
    Column(ColumnSyntax),
    Literal(String),
    /// Seconds.
    Ago(u32),
    Null,
}

/// What a field shows; periods and functions by their variant in the metadata.
pub(super) enum ValueSyntax {
    Column(ColumnSyntax),
    Begin(&'static str, ColumnSyntax),
    Rows,
    Aggregate(&'static str, ColumnSyntax),
}

impl ViewSyntax {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let content = &open(key, input, VIEW)?;
        let mut this =
            Self { key: key.clone(), from: None, joins: Vec::new(), conditions: Vec::new() };
        while !content.is_empty() {
            let part = content.call(Ident::parse_any)?.unraw();
            let kind = match part.to_string().as_str() {
                "from" => {
                    let inside = open(&part, content, "name: Type")?;
                    once(&mut this.from, &part, SourceSyntax::parse(&inside)?)?;
                    None
                }
                "where" => {
                    let inside = open(&part, content, "source.column = value")?;
                    this.conditions.extend(conditions(&inside, None)?);
                    None
                }
                "join" => Some(JoinKind::Left),
                "inner_join" => Some(JoinKind::Inner),
                "related" => Some(JoinKind::Related),
                _ => return Err(unknown(&part, "`view`", VIEW)),
            };
            if let Some(kind) = kind {
                let inside = open(&part, content, "name: Type, column = source.column")?;
                let source = SourceSyntax::parse(&inside)?;
                comma(&inside)?;
                let on = conditions(&inside, Some(&source.name))?;
                this.joins.push(JoinSyntax { kind, source, on });
            }
            comma(content)?;
        }
        Ok(this)
    }
}

impl SourceSyntax {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.call(Ident::parse_any)?.unraw();
        check_sql_name(&name.to_string()).map_err(|message| Error::new(name.span(), message))?;
        input.parse::<Token![:]>().map_err(|error| {
            Error::new(error.span(), format!("name the table: write `{name}: Type`"))
        })?;
        let target = if input.peek(LitStr) {
            Target::Table { schema: None, table: input.parse::<LitStr>()?.value() }
        } else {
            Target::Entity(Box::new(input.parse::<Type>()?))
        };
        Ok(Self { name, target })
    }
}

/// Reads conditions to the end; a bare column is of `source`.
fn conditions(input: ParseStream<'_>, source: Option<&Ident>) -> Result<Vec<ConditionSyntax>> {
    let mut conditions = Vec::new();
    while !input.is_empty() {
        let left = ColumnSyntax::parse(input, source)?;
        let comparison = comparison(input)?;
        let right = OperandSyntax::parse(input)?;
        conditions.push(ConditionSyntax { left, comparison, right });
        comma(input)?;
    }
    Ok(conditions)
}

fn comparison(input: ParseStream<'_>) -> Result<Comparison> {
    let variant = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        "Equal"
    } else if input.peek(Token![!=]) {
        input.parse::<Token![!=]>()?;
        "NotEqual"
    } else if input.peek(Token![<=]) {
        input.parse::<Token![<=]>()?;
        "AtMost"
    } else if input.peek(Token![>=]) {
        input.parse::<Token![>=]>()?;
        "AtLeast"
    } else if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        "Less"
    } else if input.peek(Token![>]) {
        input.parse::<Token![>]>()?;
        "Greater"
    } else {
        return Err(input.error("expected a comparison: =, !=, <, <=, > or >="));
    };
    Ok(Comparison(variant))
}

impl ColumnSyntax {
    /// Reads `source.column`, or `column` where `of` is the source.
    fn parse(input: ParseStream<'_>, of: Option<&Ident>) -> Result<Self> {
        let first = input.call(Ident::parse_any)?.unraw();
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let column = input.call(Ident::parse_any)?.unraw();
            return Ok(Self { source: first, column });
        }
        match of {
            Some(source) => Ok(Self { source: source.clone(), column: first }),
            None => Err(Error::new(
                first.span(),
                format!("say whose column it is: write `source.{first}`"),
            )),
        }
    }
}

impl OperandSyntax {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Lit) || input.peek(Token![-]) {
            return literal(input);
        }
        let fork = input.fork();
        let word = fork.call(Ident::parse_any)?;
        if word == "null" && !fork.peek(Token![.]) {
            input.call(Ident::parse_any)?;
            return Ok(Self::Null);
        }
        if word == "ago" && fork.peek(token::Paren) {
            let key = input.call(Ident::parse_any)?;
            let inside = open(&key, input, "\"1 hour\"")?;
            return Ok(Self::Ago(seconds(&inside.parse()?)?));
        }
        ColumnSyntax::parse(input, None).map(Self::Column)
    }
}

fn literal(input: ParseStream<'_>) -> Result<OperandSyntax> {
    let literal: Lit = input.parse()?;
    Ok(OperandSyntax::Literal(match &literal {
        Lit::Str(text) => text.value(),
        Lit::Int(number) => number.base10_digits().to_owned(),
        Lit::Float(number) => number.base10_digits().to_owned(),
        Lit::Bool(value) => value.value.to_string(),
        other => {
            return Err(Error::new_spanned(other, "write a text, a number, `true` or `false`"));
        }
    }))
}

/// Seconds of `"30 minutes"`, `"1 hour"`, `"7 days"`.
fn seconds(literal: &LitStr) -> Result<u32> {
    let text = literal.value();
    let parsed = text.split_once(' ').and_then(|(count, unit)| {
        let seconds = match unit {
            "second" | "seconds" => 1,
            "minute" | "minutes" => 60,
            "hour" | "hours" => 3_600,
            "day" | "days" => 86_400,
            _ => return None,
        };
        count.parse::<u32>().ok()?.checked_mul(seconds)
    });
    parsed.ok_or_else(|| {
        let message =
            format!("`{text}` is no period: write \"30 minutes\", \"1 hour\", \"7 days\"");
        Error::new(literal.span(), message)
    })
}

impl ValueSyntax {
    /// Reads `= source.column` or `= function(source.column)`.
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        equals(key, input, VALUE)?;
        let fork = input.fork();
        let word = fork.call(Ident::parse_any)?.unraw();
        if !fork.peek(token::Paren) {
            return ColumnSyntax::parse(input, None).map(Self::Column);
        }
        input.call(Ident::parse_any)?;
        let inside = open(&word, input, "source.column")?;
        let name = word.to_string();
        if name == "count" && inside.peek(Token![*]) {
            inside.parse::<Token![*]>()?;
            return Ok(Self::Rows);
        }
        let mut function = match name.as_str() {
            "minute" => return Ok(Self::Begin("Minute", argument(&inside)?)),
            "hour" => return Ok(Self::Begin("Hour", argument(&inside)?)),
            "day" => return Ok(Self::Begin("Day", argument(&inside)?)),
            "count" => "Count",
            "sum" => "Sum",
            "avg" => "Avg",
            "min" => "Min",
            "max" => "Max",
            _ => return Err(unknown_word("value", &word, VALUE)),
        };
        let fork = inside.fork();
        if fork.call(Ident::parse_any).is_ok_and(|word| word == "distinct") && !fork.peek(Token![.])
        {
            let distinct = inside.call(Ident::parse_any)?;
            if function != "Count" {
                return Err(Error::new(distinct.span(), "only `count` takes `distinct`"));
            }
            function = "CountDistinct";
        }
        Ok(Self::Aggregate(function, argument(&inside)?))
    }

    /// Whether it tells groups apart.
    pub(super) fn makes_groups(&self) -> bool {
        matches!(self, Self::Column(_) | Self::Begin(..))
    }
}

fn argument(input: ParseStream<'_>) -> Result<ColumnSyntax> {
    let column = ColumnSyntax::parse(input, None)?;
    if input.is_empty() {
        return Ok(column);
    }
    Err(Error::new(input.span(), format!("expected one column; write {VALUE}")))
}
