//! A column of another database as a line of a declaration.

use super::expression::{self, Expression};
use super::fact::{self, Fact};
use super::kind::{Base, Kind};
use super::yaml::{self, Map};
use mainstay_store::introspect::Column;

/// A column as it is declared.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) keys: Map,
    pub(super) base: Base,
    /// How it differs from what it was.
    pub(super) notes: Vec<String>,
}

impl Declared {
    /// The column with its kind and default; conditions come by [`Declared::apply`].
    pub(super) fn new(column: &Column, kind: Kind) -> Self {
        let Kind { keys, base, note } = kind;
        let name = column.name.clone();
        let mut declared = Self { name, keys, base, notes: note.into_iter().collect() };
        if column.nullable || column.generated.is_some() {
            declared.keys.put("nullable", "true");
        }
        if let Some(expression) = &column.generated {
            let note = format!("was computed by ({expression}) and is an ordinary column now");
            declared.notes.push(note);
        }
        if let Some(collation) = &column.collation {
            declared.notes.push(format!("was ordered by {collation} and is by code points now"));
        }
        declared.number_or_default(column);
        declared
    }

    fn number_or_default(&mut self, column: &Column) {
        let default = column.default.as_deref();
        let is_numbered =
            column.identity || default.is_some_and(|default| default.starts_with("nextval("));
        if is_numbered && self.base == Base::Whole {
            self.keys.put("generated", "identity");
            self.keys.remove("nullable");
            return;
        }
        let Some(default) = default else {
            return;
        };
        match expression::parse(default).map(|value| self.default(&value)) {
            Some(Some(value)) if value.is_empty() => {}
            Some(Some(value)) => self.keys.put("default", value),
            _ => self.notes.push(format!("had the default {default}")),
        }
    }

    /// A default as declarations write it; empty for null, which is none.
    fn default(&self, value: &Expression) -> Option<String> {
        let is_list = self.keys.has("of");
        Some(match (value, self.base) {
            (Expression::Null, _) => String::new(),
            (Expression::Call(function, _), Base::Uuid) => {
                let makes = ["gen_random_uuid", "uuid_generate_v4", "uuid_generate_v7", "uuidv7"];
                makes.contains(&function.as_str()).then(|| "new id".to_owned())?
            }
            (Expression::Call(function, arguments), Base::Timestamp) => {
                let now =
                    ["now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"];
                let is_now = now.contains(&function.as_str())
                    || function == "datetime" && *arguments == [Expression::Text("now".to_owned())];
                is_now.then(|| "now".to_owned())?
            }
            (Expression::Name(name), Base::Timestamp) => {
                name.eq_ignore_ascii_case("CURRENT_TIMESTAMP").then(|| "now".to_owned())?
            }
            (Expression::Boolean(value), Base::Boolean) => value.to_string(),
            (Expression::Number(text) | Expression::Text(text), Base::Boolean) => {
                match text.as_str() {
                    "1" | "t" | "true" => "true".to_owned(),
                    "0" | "f" | "false" => "false".to_owned(),
                    _ => return None,
                }
            }
            (
                Expression::Number(text) | Expression::Text(text),
                Base::Whole | Base::Number | Base::Double,
            ) => {
                text.parse::<f64>().ok().filter(|number| number.is_finite())?;
                text.clone()
            }
            (Expression::Text(text), Base::Json) => {
                serde_json::from_str::<serde_json::Value>(text).ok()?.to_string()
            }
            (Expression::Text(text), Base::Other) if is_list => {
                (text == "{}").then(|| "[]".to_owned())?
            }
            (Expression::Array(items), Base::Other) if is_list => {
                items.is_empty().then(|| "[]".to_owned())?
            }
            (Expression::Text(text) | Expression::Number(text), _) => yaml::scalar(text),
            _ => return None,
        })
    }

    /// Takes what a condition says of the column; false when it can't be said beside the rest.
    pub(super) fn apply(&mut self, fact: &Fact) -> bool {
        let (key, value) = match fact {
            Fact::NotNull(_) => {
                self.keys.remove("nullable");
                return true;
            }
            Fact::Choice(_, values) if self.base == Base::Text => {
                self.keys.replace("type", "choice");
                self.keys.remove("max");
                self.base = Base::Choice;
                ("values", yaml::list(values))
            }
            Fact::Choice(..) => return false,
            Fact::Min(_, min) => ("min", min.to_string()),
            Fact::Max(_, max) | Fact::Length(_, max) => ("max", max.to_string()),
        };
        let is_new = !self.keys.has(key);
        self.keys.put(key, value);
        is_new
    }

    /// The conditions of the column's domain that can be said; those that can't become notes.
    pub(super) fn apply_domain(&mut self, column: &Column) {
        for check in &column.checks {
            let base = self.base;
            let facts = expression::parse(&check.expression).map(|condition| {
                let facts = condition.conjuncts().into_iter().map(move |part| {
                    fact::of(&part, move |name: &str| (name == "VALUE").then_some(base))
                });
                facts.collect::<Option<Vec<Fact>>>()
            });
            let said = facts.flatten().is_some_and(|facts| {
                // All of them are taken, also after one that is not.
                let taken: Vec<bool> = facts.iter().map(|fact| self.apply(fact)).collect();
                taken.into_iter().all(|taken| taken)
            });
            if !said {
                self.notes.push(format!("was checked by {}", check.expression));
            }
        }
    }

    /// The line of the declaration.
    pub(super) fn line(&self) -> String {
        let line = format!("  {}: {}", yaml::scalar(&self.name), self.keys.flow());
        if self.notes.is_empty() {
            return line;
        }
        format!("{line} {}", yaml::comment(&self.notes.join("; ")))
    }
}
