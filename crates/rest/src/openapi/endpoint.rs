//! What can be done at the path of a table.
//!
//! Tables of one name in several schemas share a path; the profile headers tell them apart. The
//! path then describes all of them.

use super::{error_ref, filter_parameter, parameter_ref, reference};
use crate::resolve::is_companion;
use crate::schema_json::scope;
use mainstay_entity::{Kind, Table};
use mainstay_kernel::policy;
use serde_json::{Map, Value, json};

/// The schema whose tables are named without it.
const PLAIN_SCHEMA: &str = "mainstay";

/// A path, and the tables that are found there.
pub(super) struct Endpoint<'a> {
    /// At least one.
    tables: Vec<&'a Table>,
    default_schema: &'a str,
}

/// The name of a table's schema component.
pub(super) fn component(table: &Table) -> String {
    if table.meta.schema == PLAIN_SCHEMA {
        table.meta.table.to_string()
    } else {
        table.meta.qualified_name()
    }
}

impl<'a> Endpoint<'a> {
    /// The path of a table of the catalog, where `tables` are those of its name.
    pub(super) fn new(mut tables: Vec<&'a Table>, default_schema: &'a str) -> Self {
        // The one that a request means without saying so comes first.
        tables.sort_by_key(|table| table.meta.schema != default_schema);
        Self { tables, default_schema }
    }

    /// The path item.
    pub(super) fn path(&self) -> Value {
        let mut path = Map::new();
        let mut set = |key: &str, value: Value| path.insert(key.to_owned(), value);
        match self.tables.as_slice() {
            [table] => {
                set("description", json!(table.meta.description));
                set("x-schema", json!(table.meta.schema));
                set("x-scope", json!(scope(&table.meta.scope)));
                if table.is_view() {
                    set("x-view", json!(true));
                }
                if let Some(max_rows) = table.meta.max_rows {
                    set("x-max-rows", json!(max_rows));
                }
            }
            tables => {
                let line = |t: &&Table| format!("- `{}`: {}", t.meta.schema, t.meta.description);
                let lines: Vec<String> = tables.iter().map(line).collect();
                set("description", json!(format!("By schema:\n\n{}", lines.join("\n"))));
                let scopes: Map<String, Value> = tables
                    .iter()
                    .map(|t| (t.meta.schema.to_string(), json!(scope(&t.meta.scope))))
                    .collect();
                let schemas: Vec<&str> = tables.iter().map(|t| t.meta.schema.as_ref()).collect();
                set("x-schema", json!(schemas));
                set("x-scope", Value::Object(scopes));
            }
        }
        set("get", self.list());
        let written = self.only(|table| !table.meta.read_only);
        let changed = self.only(|table| !table.meta.read_only && !table.meta.append_only);
        if let Some(written) = written {
            set("post", written.add());
        }
        if let Some(changed) = changed {
            set("patch", changed.change());
            set("delete", changed.remove());
            set("put", changed.replace());
        }
        Value::Object(path)
    }

    /// The tables on which something can be done.
    fn only(&self, can: impl Fn(&Table) -> bool) -> Option<Self> {
        let tables: Vec<&Table> = self.tables.iter().copied().filter(|table| can(table)).collect();
        let default_schema = self.default_schema;
        (!tables.is_empty()).then_some(Self { tables, default_schema })
    }

    fn list(&self) -> Value {
        let shared = [
            "select", "order", "limit", "offset", "and", "or", "cursor", "distinct", "group",
            "range", "prefer",
        ];
        let mut parameters = self.parameters(&shared, "Accept-Profile", "profile");
        parameters.extend(self.filters());
        let rows = self.rows_content();
        let responses = json!({
            "200": { "description": "The rows.", "content": rows },
            "206": { "description": "Some of the rows.", "content": rows },
            "default": error_ref(),
        });
        self.operation("list", "Reads the rows that match.", "read", &parameters, None, &responses)
    }

    fn add(&self) -> Value {
        let shared = ["select", "columns", "on_conflict", "prefer", "idempotency_key"];
        let parameters = self.parameters(&shared, "Content-Profile", "content_profile");
        let mut one_of = Vec::new();
        for table in &self.tables {
            let row = reference(&format!("{}.insert", component(table)));
            one_of.extend([row.clone(), json!({ "type": "array", "items": row })]);
        }
        let body = json!({
            "required": true,
            "content": {
                "application/json": { "schema": { "oneOf": one_of } },
                "application/x-ndjson": { "schema": { "type": "string" } },
                "text/csv": { "schema": { "type": "string" } },
            },
        });
        let rows = self.rows_content();
        let responses = json!({
            "201": { "description": "Added.", "content": rows },
            "200": { "description": "Merged into rows that existed.", "content": rows },
            "default": error_ref(),
        });
        let summary = "Adds rows, or merges them.";
        self.operation("create", summary, "create", &parameters, Some(body), &responses)
    }

    fn change(&self) -> Value {
        self.filtered("update", "Changes the rows that match.", "update", true)
    }

    fn remove(&self) -> Value {
        self.filtered("delete", "Removes the rows that match.", "delete", false)
    }

    fn replace(&self) -> Value {
        let summary = "Makes or replaces the row whose key the filters name.";
        self.filtered("put", summary, "update", true)
    }

    fn filtered(&self, verb: &str, summary: &str, permission: &str, has_body: bool) -> Value {
        let shared = ["select", "and", "or", "prefer", "idempotency_key"];
        let mut parameters = self.parameters(&shared, "Content-Profile", "content_profile");
        parameters.extend(self.filters());
        let body = has_body.then(|| {
            let row = self.any_of(|table| reference(&format!("{}.update", component(table))));
            let content = json!({ "application/json": { "schema": row } });
            json!({ "required": true, "content": content })
        });
        let responses = json!({
            "200": { "description": "The rows.", "content": self.rows_content() },
            "204": { "description": "Done." },
            "default": error_ref(),
        });
        self.operation(verb, summary, permission, &parameters, body, &responses)
    }

    fn operation(
        &self,
        verb: &str,
        summary: &str,
        permission: &str,
        parameters: &[Value],
        body: Option<Value>,
        responses: &Value,
    ) -> Value {
        let id = match self.tables.as_slice() {
            [table] => component(table).replace('.', "_"),
            tables => tables[0].meta.table.to_string(),
        };
        let mut modules: Vec<&str> = self.tables.iter().map(|t| t.module.as_ref()).collect();
        modules.dedup();
        let permissions: Vec<String> = self
            .tables
            .iter()
            .map(|table| format!("{}:{permission}", policy::resource_name(table)))
            .collect();
        let mut operation = json!({
            "operationId": format!("{verb}_{id}"),
            "tags": modules,
            "summary": summary,
            "x-permission": match permissions.as_slice() {
                [one] => json!(one),
                several => json!(several),
            },
            "parameters": parameters,
            "responses": responses,
        });
        if let Some(body) = body {
            operation["requestBody"] = body;
        }
        operation
    }

    /// Parameters of the dialect, and the header that names the schema.
    fn parameters(&self, shared: &[&str], header: &str, component: &str) -> Vec<Value> {
        let mut parameters: Vec<Value> = shared.iter().map(|name| parameter_ref(name)).collect();
        let schemas: Vec<&str> = self.tables.iter().map(|t| t.meta.schema.as_ref()).collect();
        if schemas == [self.default_schema] {
            parameters.push(parameter_ref(component));
            return parameters;
        }
        let mut schema = json!({ "type": "string", "enum": schemas });
        let is_default = schemas.contains(&self.default_schema);
        if is_default {
            schema["default"] = json!(self.default_schema);
        }
        parameters.push(json!({
            "name": header,
            "in": "header",
            "required": !is_default,
            "description": "The schema of the table.",
            "schema": schema,
        }));
        parameters
    }

    /// One parameter per column that can be compared.
    fn filters(&self) -> Vec<Value> {
        // A column named like a parameter of the dialect can't be filtered by its plain name.
        let mut named = vec![
            "select",
            "order",
            "limit",
            "offset",
            "and",
            "or",
            "columns",
            "on_conflict",
            "cursor",
            "distinct",
            "group",
        ];
        let mut filters = Vec::new();
        for table in &self.tables {
            for (index, column) in table.meta.columns.iter().enumerate() {
                let hidden = column.kind == Kind::Secret || is_companion(table, index);
                if !hidden && !named.contains(&column.name.as_ref()) {
                    named.push(&column.name);
                    filters.push(filter_parameter(column));
                }
            }
            for computed in table.meta.computed.iter() {
                if !named.contains(&computed.column.name.as_ref()) {
                    named.push(&computed.column.name);
                    filters.push(filter_parameter(&computed.column));
                }
            }
        }
        filters
    }

    fn rows_content(&self) -> Value {
        let rows =
            |table: &Table| json!({ "type": "array", "items": reference(&component(table)) });
        json!({
            "application/json": { "schema": self.any_of(rows) },
            "application/vnd.pgrst.object+json": {
                "schema": self.any_of(|table| reference(&component(table))),
            },
            "application/x-ndjson": { "schema": { "type": "string" } },
            "text/csv": { "schema": { "type": "string" } },
        })
    }

    /// The schema of one table, or of each where there are several.
    fn any_of(&self, schema: impl Fn(&Table) -> Value) -> Value {
        match self.tables.as_slice() {
            [table] => schema(table),
            tables => json!({ "anyOf": tables.iter().map(|t| schema(t)).collect::<Vec<_>>() }),
        }
    }
}
