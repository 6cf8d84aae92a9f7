//! Rows as JSON Schema.

use crate::resolve::is_companion;
use crate::schema_json::{moves, personal};
use mainstay_entity::{
    Classification, Column, Computed, DefaultValue, ItemKind, Kind, Personal, Table,
};
use serde_json::{Map, Value, json};

/// A row as it is read.
pub(super) fn row(table: &Table) -> Value {
    let properties: Map<String, Value> = table
        .meta
        .columns
        .iter()
        .enumerate()
        .filter(|(index, column)| column.kind != Kind::Secret && !is_companion(table, *index))
        .map(|(_, column)| (column.name.to_string(), property(column, is_null_to_some(column))))
        .chain(table.meta.computed.iter().map(computed))
        .collect();
    let mut row = json!({
        "type": "object",
        "description": table.meta.description,
        "properties": properties,
    });
    if !table.meta.relationships.is_empty() {
        row["x-relationships"] = relationships(table);
    }
    row
}

/// A column that is read by its name alone.
fn computed(computed: &Computed) -> (String, Value) {
    let column = &computed.column;
    let mut schema = property(column, is_null_to_some(column));
    schema["x-computed"] = json!(computed.source);
    (column.name.to_string(), schema)
}

/// What `select` can embed beside what references lead to.
fn relationships(table: &Table) -> Value {
    let described = table.meta.relationships.iter().map(|relationship| {
        let described = json!({
            "description": relationship.description,
            "schema": relationship.schema,
            "table": relationship.table,
            "to_one": relationship.to_one,
        });
        (relationship.name.to_string(), described)
    });
    Value::Object(described.collect())
}

/// What a caller can change.
pub(super) fn update(table: &Table) -> Value {
    let properties: Map<String, Value> = writable(table)
        .map(|column| (column.name.to_string(), property(column, column.nullable)))
        .collect();
    json!({ "type": "object", "properties": properties })
}

/// What a caller must give of a new row.
pub(super) fn insert(table: &Table, update: &Value) -> Value {
    let tenant = table.tenant_column().map(|column| table.column_name(column));
    let required: Vec<&str> = writable(table)
        .filter(|c| !c.nullable && c.default.is_none() && Some(c.name.as_ref()) != tenant)
        .map(|column| column.name.as_ref())
        .collect();
    json!({ "allOf": [update], "required": required })
}

fn writable(table: &Table) -> impl Iterator<Item = &Column> {
    table.meta.columns.iter().filter(|column| !column.read_only)
}

/// Whether some callers read null: without permission, personal values that are no text.
fn is_null_to_some(column: &Column) -> bool {
    let masked = column.personal != Personal::None && !column.kind.is_textual();
    column.nullable || masked || column.kind == Kind::Sealed
}

/// The same, or null.
pub(super) fn nullable(mut schema: Map<String, Value>) -> Map<String, Value> {
    if let Some(of) = schema.get_mut("type") {
        *of = json!([of.take(), "null"]);
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    schema
}

fn property(column: &Column, is_nullable: bool) -> Value {
    let mut schema = kind(&column.kind);
    if is_nullable {
        schema = nullable(schema);
    }
    let mut set = |key: &str, value: Value| {
        schema.insert(key.to_owned(), value);
    };
    set("description", json!(column.description));
    set("x-classification", json!(column.classification.as_str()));
    if let Some(personal) = personal(column.personal) {
        set("x-personal", json!(personal));
    }
    if column.search {
        set("x-search", json!(true));
    }
    if column.read_only {
        set("readOnly", json!(true));
    }
    if column.classification >= Classification::Restricted {
        set("x-restricted", json!(true));
    }
    if let Some(min) = column.min {
        set("minimum", json!(min));
    }
    if let Some(max) = column.max {
        set("maximum", json!(max));
    }
    if let (Some(DefaultValue::Literal(text)), true) = (&column.default, column.kind.is_textual()) {
        set("default", json!(text));
    }
    if let Kind::Choice(choice) = &column.kind
        && choice.life_cycle
    {
        set("x-moves", moves(choice));
    }
    Value::Object(schema)
}

/// A value of a kind.
pub(super) fn kind(kind: &Kind) -> Map<String, Value> {
    let schema = match kind {
        Kind::Uuid => json!({ "type": "string", "format": "uuid" }),
        Kind::Text { max: Some(max) } => json!({ "type": "string", "maxLength": max }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::SmallInt => json!({ "type": "integer", "minimum": i16::MIN, "maximum": i16::MAX }),
        Kind::Integer => json!({ "type": "integer", "format": "int32" }),
        Kind::BigInt => json!({ "type": "integer", "format": "int64" }),
        Kind::Double => json!({ "type": "number", "format": "double" }),
        Kind::Real => json!({ "type": "number", "format": "float" }),
        Kind::Decimal { precision: 0, .. } => json!({ "type": "number" }),
        Kind::Decimal { precision, scale } => {
            json!({ "type": "number", "x-precision": precision, "x-scale": scale })
        }
        Kind::U256 => json!({ "type": "string", "pattern": "^[0-9]{1,78}$" }),
        Kind::Bytes => json!({ "type": "string", "pattern": "^\\\\x([0-9a-f]{2})*$" }),
        Kind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Choice(choice) => {
            let values: Vec<&str> = choice.values.iter().map(|v| v.name.as_ref()).collect();
            json!({ "type": "string", "enum": values })
        }
        Kind::Json => json!({}),
        Kind::List(item) => json!({ "type": "array", "items": items(*item) }),
        Kind::Secret | Kind::Sealed => json!({ "type": "string", "writeOnly": true }),
        Kind::Time => json!({ "type": "string", "format": "time" }),
        // Unlimited text, addresses, spans of time, ranges, and kinds to come.
        _ => json!({ "type": "string" }),
    };
    match schema {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn items(item: ItemKind) -> Value {
    let mut schema = kind(&item.kind());
    if let Some(of) = schema.get_mut("type") {
        *of = json!([of.take(), "null"]);
    }
    Value::Object(schema)
}
