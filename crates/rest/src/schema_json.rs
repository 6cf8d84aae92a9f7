//! The declared entities as one JSON document: `mainstay schema --format json`.

use mainstay_entity::view::{Condition, Join, JoinKind, Source};
use mainstay_entity::{
    Audit, Catalog, ChoiceMeta, Column, Computed, DefaultValue, Direction, Kind, NamedRelation,
    OnDelete, OwnerKey, Personal, Relationship, Scope, Table, View,
};
use serde_json::{Map, Value, json};

/// Everything that is declared, table by table in the order of the modules.
pub fn document(catalog: &Catalog) -> Value {
    let entities: Vec<Value> = catalog.tables().iter().map(|t| entity(catalog, t)).collect();
    json!({ "entities": entities })
}

fn entity(catalog: &Catalog, table: &Table) -> Value {
    let meta = &table.meta;
    let life_cycles: Vec<Value> = meta
        .columns
        .iter()
        .filter_map(|column| match &column.kind {
            Kind::Choice(choice) if choice.life_cycle => {
                Some(json!({ "column": column.name, "moves": moves(choice) }))
            }
            _ => None,
        })
        .collect();
    let checks: Vec<Value> = meta
        .checks
        .iter()
        .map(|check| json!({ "name": check.name, "condition": check.condition }))
        .collect();
    let mut document = json!({
        "table": meta.table,
        "schema": meta.schema,
        "module": table.module,
        "scope": scope(&meta.scope),
        "description": meta.description,
        "columns": meta.columns.iter().map(column).collect::<Vec<_>>(),
        "primary_key": names(table, &table.primary_key),
        "references": references(catalog, table),
        "relationships": relationships(catalog, table),
        "uniques": uniques(table),
        "checks": checks,
        "indexes": indexes(table),
        "life_cycles": life_cycles,
        "audit": meta.audit == Audit::Full,
        "soft_delete": meta.soft_delete,
        "append_only": meta.append_only,
        "read_only": meta.read_only,
        "partitioned": meta.partitioned,
        "queue": meta.queue,
        "global_key": meta.global_key,
        "retain_days": meta.retain_days,
        "max_rows": meta.max_rows,
        "view": meta.view.as_ref().map(view),
    });
    if !meta.computed.is_empty() {
        document["computed"] = meta.computed.iter().map(computed).collect();
    }
    document
}

/// What a view is computed from; `shows` is in the order of the columns.
fn view(view: &View) -> Value {
    let source = |source: &Source| json!({ "name": source.name, "schema": source.schema, "table": source.table });
    let conditions =
        |list: &[Condition]| -> Vec<String> { list.iter().map(ToString::to_string).collect() };
    let join = |join: &Join| {
        json!({
            "kind": match join.kind {
                JoinKind::Left => "left",
                JoinKind::Inner => "inner",
                JoinKind::Related => "related",
            },
            "source": source(&join.source),
            "on": conditions(&join.on),
        })
    };
    json!({
        "from": source(&view.from),
        "joins": view.joins.iter().map(join).collect::<Vec<_>>(),
        "where": conditions(&view.conditions),
        "shows": view.shows.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "first": view.first.as_ref().map(|first| json!({
            "order": first.order.iter().map(|ordered| json!({
                "column": ordered.column,
                "descending": ordered.direction == Direction::Descending,
            })).collect::<Vec<_>>(),
            "limit": first.limit,
        })),
    })
}

fn computed(computed: &Computed) -> Value {
    let mut document = column(&computed.column);
    document["expression"] = json!(computed.source);
    document
}

fn column(column: &Column) -> Value {
    let mut out = json!({
        "name": column.name,
        "type": column.kind.name(),
        "nullable": column.nullable,
        "classification": column.classification.as_str(),
        "personal": personal(column.personal),
        "subject": column.subject,
        "read_only": column.read_only,
        "default": default(column.default.as_ref()),
        "description": column.description,
        "blind_index": column.blind_index,
        "search": column.search,
        "min": column.min,
        "max": column.max,
    });
    let Value::Object(members) = &mut out else {
        return out;
    };
    match &column.kind {
        Kind::Text { max: Some(max) } => {
            members.insert("max_length".to_owned(), json!(max));
        }
        Kind::Choice(choice) => {
            let values: Vec<Value> = choice
                .values
                .iter()
                .map(|v| json!({ "name": v.name, "description": v.description }))
                .collect();
            members.insert("values".to_owned(), Value::Array(values));
        }
        _ => {}
    }
    out
}

/// The allowed moves of a life cycle: from each value to those that may follow.
pub(crate) fn moves(choice: &ChoiceMeta) -> Value {
    let moves: Map<String, Value> =
        choice.values.iter().map(|v| (v.name.to_string(), json!(v.next))).collect();
    Value::Object(moves)
}

pub(crate) fn personal(personal: Personal) -> Option<&'static str> {
    match personal {
        Personal::None => None,
        Personal::Pii => Some("pii"),
        Personal::Phi => Some("phi"),
    }
}

/// The word of a scope in declarations.
pub(crate) fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Tenant => "tenant".to_owned(),
        Scope::Venue => "venue".to_owned(),
        Scope::Team => "team".to_owned(),
        Scope::Owner(OwnerKey::User(column)) => format!("owner(user = {column})"),
        Scope::Owner(OwnerKey::Organization(column)) => format!("owner(organization = {column})"),
        Scope::Platform => "platform".to_owned(),
        Scope::Public => "public".to_owned(),
    }
}

fn default(default: Option<&DefaultValue>) -> Option<&str> {
    default.map(|default| match default {
        DefaultValue::Literal(text) => text.as_ref(),
        DefaultValue::Now => "now()",
        DefaultValue::NewId => "new_id()",
        DefaultValue::Identity => "identity",
    })
}

fn names<'t>(table: &'t Table, columns: &[usize]) -> Vec<&'t str> {
    columns.iter().map(|column| table.column_name(*column)).collect()
}

fn references(catalog: &Catalog, table: &Table) -> Vec<Value> {
    let reference = |key: &mainstay_entity::ForeignKey| {
        let target = catalog.table(key.target);
        json!({
            "name": key.name,
            "columns": names(table, &key.columns),
            "schema": target.meta.schema,
            "table": target.meta.table,
            "to": names(target, &key.target_columns),
            "on_delete": match key.on_delete {
                OnDelete::Restrict => "restrict",
                OnDelete::Cascade => "cascade",
                OnDelete::SetNull => "set_null",
            },
        })
    };
    table.foreign_keys.iter().map(reference).collect()
}

fn relationships(catalog: &Catalog, table: &Table) -> Vec<Value> {
    let relationship = |(relation, declared): (&NamedRelation, &Relationship)| {
        let target = catalog.table(relation.target);
        let ordered = |(column, direction): &(usize, Direction)| {
            json!({
                "column": target.column_name(*column),
                "descending": *direction == Direction::Descending,
            })
        };
        json!({
            "name": relation.name,
            "description": declared.description,
            "columns": names(table, &relation.columns),
            "schema": target.meta.schema,
            "table": target.meta.table,
            "to": names(target, &relation.target_columns),
            "to_one": relation.to_one,
            "order": relation.order.iter().map(ordered).collect::<Vec<_>>(),
            "limit": relation.limit,
        })
    };
    table.relations.iter().zip(table.meta.relationships.iter()).map(relationship).collect()
}

fn uniques(table: &Table) -> Vec<Value> {
    let unique = |key: &mainstay_entity::UniqueKey| {
        json!({
            "name": key.name,
            "columns": names(table, &key.columns),
            "nulls_not_distinct": key.nulls_not_distinct,
            "where": key.filter,
        })
    };
    table.uniques.iter().map(unique).collect()
}

fn indexes(table: &Table) -> Vec<Value> {
    let indexed = |column: &mainstay_entity::IndexColumn| {
        json!({
            "name": column.name,
            "path": column.path,
            "descending": column.direction == Direction::Descending,
        })
    };
    let index = |index: &mainstay_entity::Index| {
        let columns: Vec<Value> = index.columns.iter().map(indexed).collect();
        json!({ "columns": columns, "where": index.filter, "brin": index.brin })
    };
    table.meta.indexes.iter().map(index).collect()
}
