//! Arguments of an action, in their order.

use super::{place, table};
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::name;
use crate::table::kind::{self, Type};
use crate::yaml::Value;
use mainstay_entity::action::{ArgumentMeta, ArgumentType};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{self as entity, Kind};

/// Digits of a `numeric` that does not say them.
const PRECISION: u8 = 18;
/// Digits after the point of a `numeric` that does not say them.
const SCALE: u8 = 6;

/// Reads `arguments`: names with their types.
pub(super) fn read(item: &Item<'_>, faults: &mut Faults) -> Vec<ArgumentMeta> {
    let Some(members) = Members::of(item, faults) else {
        return Vec::new();
    };
    let mut arguments: Vec<ArgumentMeta> = Vec::new();
    for (key, item) in members.entries() {
        // One without a name takes the whole body.
        if !key.name.is_empty() {
            name::check(&key.name, "argument", key.place, &item.path, faults);
        }
        arguments.extend(argument(&key.name, &item, faults));
    }
    let unnamed = arguments.iter().any(|argument| argument.name.is_empty());
    if unnamed && arguments.len() > 1 {
        let fix = "name each of them";
        item.refuse("an argument without a name is the only one", fix, faults);
    }
    for argument in arguments.iter().filter(|argument| argument.name.is_empty()) {
        let takes_body = matches!(
            argument.r#type,
            ArgumentType::Value(Kind::Json | Kind::Text { .. } | Kind::Bytes)
        );
        if !takes_body {
            let fix = "write jsonb, text or bytea, or name it";
            item.refuse("an argument without a name is a whole body", fix, faults);
        }
    }
    arguments
}

fn argument(name: &str, item: &Item<'_>, faults: &mut Faults) -> Option<ArgumentMeta> {
    let mut argument = ArgumentMeta {
        name: name.to_owned(),
        place: place(item),
        r#type: ArgumentType::Value(Kind::Json),
        nullable: false,
        default: None,
        description: String::new(),
    };
    // `note: text` is short for `note: {type: text}`.
    if let Value::Text(name) = &item.node.value {
        argument.r#type = ArgumentType::Value(named(name, item, faults)?);
        return Some(argument);
    }
    let mut members = Members::of(item, faults)?;
    let r#type = if let Some(row) = members.take("row") {
        table(&row, faults).map(ArgumentType::Row)
    } else {
        let fix = "write `type: text`, or another type, or `row: table`";
        let ty = members.need("type", fix, faults);
        let kind = ty.and_then(|ty| kind(&ty, &mut members, faults));
        kind.map(ArgumentType::Value)
    };
    argument.nullable = members.flag("nullable", faults);
    members.text("description", faults).unwrap_or_default().clone_into(&mut argument.description);
    let given = members.take("default");
    let is_null = members
        .entries()
        .any(|(key, item)| key.name == "default" && item.node.value == Value::Null);
    members.finish(faults);
    argument.r#type = r#type?;
    if is_null {
        argument.nullable = true;
        argument.default = Some(entity::Value::Null);
    } else if let Some(given) = given {
        argument.default = default(&given, &argument.r#type, faults);
    }
    Some(argument)
}

fn default(item: &Item<'_>, r#type: &ArgumentType, faults: &mut Faults) -> Option<entity::Value> {
    let ArgumentType::Value(kind) = r#type else {
        item.refuse("a row has no default but null", "write `default: null`", faults);
        return None;
    };
    let value = match &item.node.value {
        Value::Text(text) if !matches!(kind, Kind::Json) => parse_text(kind, text),
        value => parse_json(kind, &serde_json::Value::from(value).to_string()),
    };
    let fix = "write a value of the argument's type";
    value.map_err(|error| item.refuse(error.to_string(), fix, faults)).ok()
}

/// The kind of a type, with the keys that belong to it.
pub(super) fn kind(ty: &Item<'_>, members: &mut Members<'_>, faults: &mut Faults) -> Option<Kind> {
    let name = ty.text(faults)?;
    let digits = |item: Option<Item<'_>>, usual: u8, faults: &mut Faults| match item {
        None => Some(usual),
        Some(item) => {
            let number = u8::try_from(item.integer(faults)?).ok();
            let number = number.filter(|number| *number <= PRECISION);
            if number.is_none() {
                let message = format!("a number has at most {PRECISION} digits");
                item.refuse(message, "write fewer", faults);
            }
            number
        }
    };
    match name {
        "numeric" | "decimal" => {
            let precision = digits(members.take("precision"), PRECISION, faults)?;
            let scale = digits(members.take("scale"), SCALE.min(precision), faults)?;
            if scale > precision || precision == 0 {
                ty.refuse("more digits after the point than in all", "write fewer", faults);
                return None;
            }
            Some(Kind::Decimal { precision, scale })
        }
        "list" => {
            let of = members.need("of", "write `of: text`, or another type", faults)?;
            named(&format!("{}[]", of.text(faults)?), &of, faults)
        }
        name => named(name, ty, faults),
    }
}

/// The kind of a type that a name says whole.
fn named(name: &str, item: &Item<'_>, faults: &mut Faults) -> Option<Kind> {
    match kind::by_name(name) {
        Some(Ok(Type::Plain(kind))) => Some(kind),
        Some(Ok(Type::Text)) => Some(Kind::Text { max: None }),
        Some(Ok(Type::Numeric)) => Some(Kind::Decimal { precision: PRECISION, scale: SCALE }),
        Some(Ok(Type::List(Some(of)))) => Some(Kind::List(of)),
        Some(Ok(Type::Choice)) => {
            item.refuse("a choice belongs to its column", "write `type: text`", faults);
            None
        }
        Some(Ok(_)) => {
            let fix = "write `{type: list, of: text}`, or `text[]`";
            item.refuse("a list says what its items are", fix, faults);
            None
        }
        Some(Err(refusal)) => {
            let message = format!("there is no type `{name}`: {}", refusal.reason);
            item.refuse(message, refusal.fix, faults);
            None
        }
        None => {
            let fix = suggest(name, kind::NAMES);
            item.refuse(format!("unknown type `{name}`"), fix, faults);
            None
        }
    }
}
