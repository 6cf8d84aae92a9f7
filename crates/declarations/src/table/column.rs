//! One column of a table.

use super::kind::{self, Type};
use super::reference::{self, Draft};
use crate::error::{Faults, suggest};
use crate::members::{Item, Members};
use crate::name;
use crate::yaml::{Key, Node, Value};
use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Classification, Column, DefaultValue, Kind, Personal,
};
use std::borrow::Cow;

/// The words for how confidential a column is.
pub(crate) const CLASSIFICATIONS: [(&str, Classification); 5] = [
    ("public", Classification::Public),
    ("internal", Classification::Internal),
    ("confidential", Classification::Confidential),
    ("restricted", Classification::Restricted),
    ("phi", Classification::Phi),
];

/// How a type is said.
const TYPE: &str = "write `type: text`, or another type";
/// Longest text that a `max` may allow, in code points.
const TEXT_MAX: i64 = 10_000_000;
/// Most digits of an exact number, and those of a token amount.
const DIGITS_MAX: i64 = 18;
const TOKEN_DIGITS: i64 = 78;

/// A column as it was read, with the reference that stands in it.
pub(crate) struct Read {
    pub(crate) column: Column,
    pub(crate) reference: Option<Draft>,
    pub(crate) unique: bool,
}

/// Reads a column: a map of its attributes, or the name of its type alone.
pub(crate) fn read(
    table: &str,
    key: &Key,
    item: &Item<'_>,
    usual: Classification,
    faults: &mut Faults,
) -> Option<Read> {
    name::check_column(&key.name, key.place, &item.path, faults);
    // `note: text` is short for `note: {type: text}`.
    if let Value::Text(_) = &item.node.value {
        let short = Node {
            place: item.node.place,
            value: Value::Map(vec![(
                Key { place: item.node.place, name: "type".to_owned() },
                item.node.clone(),
            )]),
        };
        let item = Item { node: &short, path: item.path.clone() };
        return Members::of(&item, faults)
            .map(|members| read_members(table, key, members, usual, faults));
    }
    let members = Members::of(item, faults)?;
    Some(read_members(table, key, members, usual, faults))
}

fn read_members(
    table: &str,
    key: &Key,
    mut members: Members<'_>,
    usual: Classification,
    faults: &mut Faults,
) -> Read {
    let before = faults.count();
    let parameters = Parameters::read(&mut members, faults);
    let mut column = Column::new("", Kind::Boolean);
    column.name = key.name.clone().into();
    column.description = members.text("description", faults).unwrap_or_default().to_owned().into();
    column.nullable = members.flag("nullable", faults);
    column.renamed_from = former_name(&mut members, faults);
    let kind = parameters.kind(table, &key.name, &mut members, faults);
    if let Some(kind) = kind {
        column.kind = kind;
    }
    confidential(&mut column, &mut members, usual, faults);
    if faults.count() == before {
        bounds(&mut column, &parameters, faults);
    }
    column.touch = members.flag("touch", faults);
    column.subject = members.flag("subject", faults);
    column.read_only = members.flag("read_only", faults) || column.touch;
    column.search = members.flag("search", faults);
    let default = members.take("default");
    let generated = members.take("generated");
    let reference = members.take("references");
    let unique = members.flag("unique", faults);
    if faults.count() == before {
        column.default = default.and_then(|item| super::default::read(&item, &column.kind, faults));
        if let Some(item) = generated {
            identity(&mut column, &item, faults);
        }
        check(&column, &members, faults);
    }
    let reference =
        reference.and_then(|item| reference::short(&item, (&key.name, key.place), faults));
    members.finish(faults);
    Read { column, reference, unique }
}

fn former_name(members: &mut Members<'_>, faults: &mut Faults) -> Option<Cow<'static, str>> {
    let item = members.take("renamed_from")?;
    let former = item.text(faults)?;
    name::check_column_name(former, item.node.place, &item.path, faults);
    Some(former.to_owned().into())
}

/// What stands beside `type`.
pub(super) struct Parameters<'a> {
    ty: Option<Item<'a>>,
    of: Option<Item<'a>>,
    values: Option<Item<'a>>,
    moves: Option<Item<'a>>,
    precision: Option<Item<'a>>,
    scale: Option<Item<'a>>,
    min: Option<Item<'a>>,
    max: Option<Item<'a>>,
}

impl<'a> Parameters<'a> {
    /// Those of a type without bounds and values.
    pub(super) fn read_type(members: &mut Members<'a>, faults: &mut Faults) -> Self {
        Self {
            ty: members.need("type", TYPE, faults),
            of: None,
            values: None,
            moves: None,
            precision: members.take("precision"),
            scale: members.take("scale"),
            min: None,
            max: None,
        }
    }

    /// Refuses the type.
    pub(super) fn refuse(&self, message: String, fix: &str, faults: &mut Faults) {
        if let Some(ty) = &self.ty {
            ty.refuse(message, fix, faults);
        }
    }

    fn read(members: &mut Members<'a>, faults: &mut Faults) -> Self {
        Self {
            ty: members.need("type", TYPE, faults),
            of: members.take("of"),
            values: members.take("values"),
            moves: members.take("moves"),
            precision: members.take("precision"),
            scale: members.take("scale"),
            min: members.take("min"),
            max: members.take("max"),
        }
    }

    pub(super) fn kind(
        &self,
        table: &str,
        column: &str,
        members: &mut Members<'_>,
        faults: &mut Faults,
    ) -> Option<Kind> {
        let ty = self.ty.as_ref()?;
        let name = ty.text(faults)?;
        let found = match kind::by_name(name) {
            None => {
                let fix = suggest(name, kind::NAMES);
                ty.refuse(format!("unknown type `{name}`"), fix, faults);
                return None;
            }
            Some(Err(refusal)) => {
                let message = format!("there is no type `{name}`: {}", refusal.reason);
                ty.refuse(message, refusal.fix, faults);
                return None;
            }
            Some(Ok(found)) => found,
        };
        self.refuse_foreign(name, &found, faults);
        match found {
            Type::Plain(kind) => Some(kind),
            Type::Text => Some(Kind::Text { max: self.length(faults) }),
            Type::Numeric => self.numeric(members, faults),
            Type::Choice => self.choice(table, column, members, faults),
            Type::List(Some(item)) => Some(Kind::List(item)),
            Type::List(None) => {
                let Some(of) = &self.of else {
                    ty.refuse("a list says what its items are", "write `of: text`", faults);
                    return None;
                };
                let item = of.text(faults)?;
                let found = kind::item_by_name(item);
                if found.is_none() {
                    let message = format!("a list of `{item}` can't be kept");
                    let fix = "write `of: text`, uuid, boolean, integer, bigint or double";
                    of.refuse(message, fix, faults);
                }
                found.map(Kind::List)
            }
        }
    }

    /// Refuses keys of other types.
    fn refuse_foreign(&self, name: &str, ty: &Type, faults: &mut Faults) {
        let is = |wanted: bool| !wanted;
        let foreign = [
            (&self.of, is(matches!(ty, Type::List(None)))),
            (&self.values, is(matches!(ty, Type::Choice))),
            (&self.moves, is(matches!(ty, Type::Choice))),
            (&self.precision, is(matches!(ty, Type::Numeric))),
            (&self.scale, is(matches!(ty, Type::Numeric))),
        ];
        for item in foreign.iter().filter(|(_, foreign)| *foreign).filter_map(|(i, _)| i.as_ref()) {
            item.refuse(format!("type `{name}` has no such key"), "leave it out", faults);
        }
    }

    fn length(&self, faults: &mut Faults) -> Option<u32> {
        let item = self.max.as_ref()?;
        let max = item.integer(faults)?;
        if !(1..=TEXT_MAX).contains(&max) {
            let message = format!("a text has from 1 to {TEXT_MAX} characters, not {max}");
            item.refuse(message, "write a number in between, or leave it out", faults);
        }
        u32::try_from(max).ok()
    }

    fn numeric(&self, members: &Members<'_>, faults: &mut Faults) -> Option<Kind> {
        let fix = "write `precision: 12, scale: 2`";
        let Some(item) = &self.precision else {
            let message = "a number says how many digits it has";
            faults.add(members.place(), members.path(), message, fix);
            return None;
        };
        let precision = item.integer(faults)?;
        let scale = self.scale.as_ref().map_or(Some(0), |item| item.integer(faults))?;
        if precision == TOKEN_DIGITS && scale == 0 {
            return Some(Kind::U256);
        }
        if !(1..=DIGITS_MAX).contains(&precision) {
            let message =
                format!("an exact number has from 1 to {DIGITS_MAX} digits, not {precision}");
            item.refuse(message, format!("{fix}, or 78 and 0 for amounts of tokens"), faults);
            return None;
        }
        if !(0..=precision).contains(&scale) {
            let message = format!("of {precision} digits {scale} can't be behind the point");
            item.refuse(message, fix, faults);
            return None;
        }
        Some(Kind::Decimal {
            precision: u8::try_from(precision).ok()?,
            scale: u8::try_from(scale).ok()?,
        })
    }

    fn choice(
        &self,
        table: &str,
        column: &str,
        members: &Members<'_>,
        faults: &mut Faults,
    ) -> Option<Kind> {
        let Some(item) = &self.values else {
            let message = "a choice lists its values";
            faults.add(members.place(), members.path(), message, "write `values: [a, b]`");
            return None;
        };
        let mut values = choice_values(item, faults);
        if values.is_empty() {
            item.refuse("a choice has at least one value", "write `values: [a, b]`", faults);
            return None;
        }
        if let Some(moves) = &self.moves {
            read_moves(moves, &mut values, faults);
        }
        Some(Kind::Choice(Cow::Owned(ChoiceMeta {
            name: format!("{table}_{column}").into(),
            description: "".into(),
            values: values.into(),
            life_cycle: self.moves.is_some(),
        })))
    }
}

/// `[a, b]`, or `{a: what it means, b: what it means}`.
fn choice_values(item: &Item<'_>, faults: &mut Faults) -> Vec<ChoiceValue> {
    let value = |name: &str, description: &str| ChoiceValue {
        name: name.to_owned().into(),
        description: description.to_owned().into(),
        next: Vec::new().into(),
    };
    let mut values: Vec<ChoiceValue> = Vec::new();
    if let Value::Map(_) = &item.node.value {
        let Some(members) = Members::of(item, faults) else { return values };
        for (key, item) in members.entries() {
            let description = match &item.node.value {
                Value::Null => "",
                _ => item.text(faults).unwrap_or_default(),
            };
            values.push(value(&key.name, description));
        }
    } else {
        for (name, _) in item.names(faults).unwrap_or_default() {
            values.push(value(&name, ""));
        }
    }
    values
}

/// `{open: [paid], paid: [shipped]}`: what may follow each value; what is not named is final.
fn read_moves(item: &Item<'_>, values: &mut [ChoiceValue], faults: &mut Faults) {
    let Some(members) = Members::of(item, faults) else { return };
    let names: Vec<String> = values.iter().map(|value| value.name.to_string()).collect();
    let unknown = |name: &str| suggest(name, names.iter().map(String::as_str));
    for (key, item) in members.entries() {
        let next = item.names(faults).unwrap_or_default();
        for (name, place) in &next {
            if !names.contains(name) {
                faults.add(*place, &item.path, format!("no value `{name}`"), unknown(name));
            }
        }
        match values.iter_mut().find(|value| value.name == key.name) {
            Some(value) => {
                value.next = next.into_iter().map(|(name, _)| Cow::Owned(name)).collect();
            }
            None => {
                let message = format!("no value `{}`", key.name);
                faults.add(key.place, &item.path, message, unknown(&key.name));
            }
        }
    }
}

/// Secrets, sealed and personal columns, and the classification.
fn confidential(
    column: &mut Column,
    members: &mut Members<'_>,
    usual: Classification,
    faults: &mut Faults,
) {
    let classification =
        members.take("classification").and_then(|item| item.word(&CLASSIFICATIONS, faults));
    let secret = members.flag("secret", faults);
    let sealed = members.flag("sealed", faults);
    let pii = members.flag("pii", faults);
    let phi = members.flag("phi", faults);
    column.blind_index = members.flag("blind_index", faults);
    let is_text = matches!(column.kind, Kind::Text { .. } | Kind::Json);
    let mut refuse = |message: &str, fix: &str| {
        faults.add(members.place(), members.path(), message, fix);
    };
    if secret && (sealed || phi || pii) {
        refuse("a column is secret, or it is personal", "keep one");
    }
    if (secret || sealed || phi) && !is_text {
        refuse("ciphertext is of texts and documents", "write `type: text` or `type: jsonb`");
    }
    if phi && pii {
        refuse("`phi` is personal by itself", "leave `pii` out");
    }
    if column.blind_index && !(sealed || phi) {
        refuse("a blind index stands for a sealed value", "add `sealed: true`, or leave it out");
    }
    if secret {
        column.kind = Kind::Secret;
    } else if sealed || phi {
        column.kind = Kind::Sealed;
    }
    column.personal = match (phi, pii || sealed) {
        (true, _) => Personal::Phi,
        (false, true) => Personal::Pii,
        (false, false) => Personal::None,
    };
    let least = if secret { usual.max(Classification::Restricted) } else { usual };
    let phi = phi.then_some(Classification::Phi);
    column.classification = classification.or(phi).unwrap_or(least);
}

/// `min` and `max` of numbers; the `max` of a text is its length.
fn bounds(column: &mut Column, parameters: &Parameters<'_>, faults: &mut Faults) {
    let is_text = parameters.ty.as_ref().is_some_and(|ty| {
        matches!(&ty.node.value, Value::Text(name)
            if matches!(kind::by_name(name), Some(Ok(Type::Text))))
    });
    let is_number =
        matches!(column.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Decimal { .. });
    let bounds = [(&parameters.min, true), (&parameters.max, false)];
    for (item, is_min) in bounds.into_iter().filter_map(|(i, min)| Some((i.as_ref()?, min))) {
        if is_text && !is_min && !column.kind.is_confidential() {
            continue;
        }
        if !is_number {
            let message = format!("a {} has no such bound", column.kind.name());
            item.refuse(message, "leave it out, or write a check", faults);
            continue;
        }
        let bound = item.integer(faults);
        if is_min { column.min = bound } else { column.max = bound }
    }
    if let (Some(min), Some(max), Some(item)) = (column.min, column.max, &parameters.max)
        && min > max
    {
        item.refuse("`max` is less than `min`", "exchange them", faults);
    }
}

/// `generated: identity`.
fn identity(column: &mut Column, item: &Item<'_>, faults: &mut Faults) {
    if item.word(&[("identity", ())], faults).is_none() {
        return;
    }
    if !matches!(column.kind, Kind::SmallInt | Kind::Integer | Kind::BigInt) {
        let message = format!("a {} can't be counted", column.kind.name());
        item.refuse(message, "write `type: bigint`", faults);
    } else if column.nullable || column.default.is_some() {
        let message = "every row gets a number";
        item.refuse(message, "leave `nullable` and `default` out", faults);
    } else {
        column.default = Some(DefaultValue::Identity);
    }
}

/// What the attributes demand of the type.
fn check(column: &Column, members: &Members<'_>, faults: &mut Faults) {
    let mut refuse = |message: String, fix: &str| {
        faults.add(members.place(), members.path(), message, fix);
    };
    if column.touch && column.kind != Kind::Timestamp {
        refuse("`touch` writes the time".to_owned(), "write `type: timestamptz`");
    }
    if column.search && !mainstay_entity::search::is_searchable(column) {
        let message = "search reads texts that tell nothing of a person".to_owned();
        refuse(message, "leave `search` out");
    }
}
