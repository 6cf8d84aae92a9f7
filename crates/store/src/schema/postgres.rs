//! What only `PostgreSQL` has: schemas, trigger functions, row-level security, grants, comments.

use super::life_cycle;
use super::name::{TableName, identifier};
use super::object::{Object, ObjectKind};
use super::partition;
use super::words::FORGET_WORDS;
use crate::access::is_products;
use crate::render::{Dialect, literal, quote};
use mainstay_entity::{Catalog, OwnerKey, Scope, TENANT_COLUMN, Table};

/// Refuses a move that a life cycle does not allow; the trigger's condition has decided.
const REFUSE_TRANSITION: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."refuse_transition"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation',
        MESSAGE = concat_ws(':', 'mainstay:transition', TG_TABLE_NAME, TG_ARGV[0],
            to_jsonb(OLD) ->> TG_ARGV[0], coalesce(to_jsonb(NEW) ->> TG_ARGV[0], '')),
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
END
$$"#;

/// Refuses to change or remove rows that can only be added. Retention says that it is at work;
/// the application role has no privilege to, whatever it says.
const REFUSE_CHANGE: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."refuse_change"()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('app.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = 'mainstay:append_only:' || TG_TABLE_NAME,
        SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
END
$$"#;

const SYSTEM: &str = "(SELECT current_setting('app.system', true) = 'on')";
const PLATFORM: &str = "(SELECT current_setting('app.platform', true) = 'on')";
/// Of a product's tables: keys may work on them as administrators do.
const INSTALLATION: &str = "(SELECT current_setting('app.platform', true) IN ('on', 'own'))";

/// What belongs to no table: schemas, functions, and the use of schemas.
pub(super) fn shared_objects(catalog: &Catalog, app_role: &str) -> Vec<Object> {
    let none = TableName::default();
    let mut schemas = catalog.schemas();
    if !schemas.contains(&"mainstay") {
        schemas.push("mainstay");
    }
    let mut objects = Vec::new();
    for schema in &schemas {
        let definition = format!("CREATE SCHEMA IF NOT EXISTS {}", quote(schema));
        objects.push(Object::new(&none, ObjectKind::Schema, *schema, definition));
    }
    for (name, definition) in [
        ("refuse_transition", REFUSE_TRANSITION),
        ("refuse_change", REFUSE_CHANGE),
        ("forget_words", FORGET_WORDS),
    ] {
        objects.push(Object::new(&none, ObjectKind::Function, name, definition));
    }
    objects.extend(partition::functions(catalog, app_role));
    for schema in &schemas {
        let definition = format!("GRANT USAGE ON SCHEMA {} TO {}", quote(schema), quote(app_role));
        objects.push(Object::new(
            &none,
            ObjectKind::Grant,
            format!("{schema} {app_role}"),
            definition,
        ));
    }
    objects
}

/// Triggers, row-level security, grants and comments of a table.
pub(super) fn protection(table: &Table, app_role: &str) -> Vec<Object> {
    let name = TableName::of(table);
    let sql = name.sql(Dialect::Postgres);
    let mut objects = triggers(table, &name, &sql);
    objects.push(Object::new(
        &name,
        ObjectKind::RowSecurity,
        "",
        format!("ALTER TABLE {sql} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
    ));
    objects.extend(policies(table, &name, &sql));
    let privileges =
        if table.meta.append_only { "SELECT, INSERT" } else { "SELECT, INSERT, UPDATE, DELETE" };
    let grant = format!("GRANT {privileges} ON TABLE {sql} TO {}", quote(app_role));
    objects.push(Object::new(&name, ObjectKind::Grant, app_role, grant));
    for (column, comment) in comments(table, "TABLE") {
        objects.push(Object::new(&name, ObjectKind::Comment, column, comment));
    }
    objects
}

/// The comments of a table or view, each with the column that it is about; none is about the whole.
pub(super) fn comments(table: &Table, what: &str) -> Vec<(String, String)> {
    let sql = TableName::of(table).sql(Dialect::Postgres);
    let mut comments = Vec::new();
    if !table.meta.description.is_empty() {
        let text = literal(&table.meta.description);
        comments.push((String::new(), format!("COMMENT ON {what} {sql} IS {text}")));
    }
    for column in table.meta.columns.iter().filter(|column| !column.description.is_empty()) {
        let (quoted, text) = (quote(&column.name), literal(&column.description));
        let comment = format!("COMMENT ON COLUMN {sql}.{quoted} IS {text}");
        comments.push((column.name.to_string(), comment));
    }
    comments
}

fn triggers(table: &Table, name: &TableName, sql: &str) -> Vec<Object> {
    let mut objects = Vec::new();
    let mut push = |trigger: String, event: &str, rest: &str| {
        let trigger = identifier(&trigger);
        let definition = format!("CREATE TRIGGER {} {event} ON {sql} {rest}", quote(&trigger));
        objects.push(Object::new(name, ObjectKind::Trigger, trigger, definition));
    };
    for (column, choice) in life_cycle::columns(table) {
        let condition = life_cycle::refused(column, choice);
        let argument = literal(&column.name);
        push(
            format!("{}_{}_life_cycle", name.name, column.name),
            &format!("BEFORE UPDATE OF {}", quote(&column.name)),
            &format!(
                "FOR EACH ROW WHEN ({condition}) \
                 EXECUTE FUNCTION \"mainstay\".\"refuse_transition\"({argument})"
            ),
        );
    }
    if table.meta.append_only {
        let refuse = "EXECUTE FUNCTION \"mainstay\".\"refuse_change\"()";
        let each_row = format!("FOR EACH ROW {refuse}");
        push(format!("{}_append_only", name.name), "BEFORE UPDATE OR DELETE", &each_row);
        let each_statement = format!("FOR EACH STATEMENT {refuse}");
        push(format!("{}_append_only_truncate", name.name), "BEFORE TRUNCATE", &each_statement);
    }
    objects
}

/// Which rows a session reaches. A session that says nothing of itself reaches none.
pub(super) fn policies(table: &Table, name: &TableName, sql: &str) -> Vec<Object> {
    Reach::of(table).policies(name, sql)
}

/// The policies of a table's words. Those of rows of teams and venues are reached by the whole
/// organisation; the rows that they find are not.
pub(super) fn words_policies(table: &Table, name: &TableName, sql: &str) -> Vec<String> {
    let reach = if table.meta.scope.is_tenant() { Reach::tenant(None) } else { Reach::of(table) };
    reach.policies(name, sql).into_iter().map(|policy| policy.definition).collect()
}

struct Reach {
    read: String,
    insert: String,
    write: String,
}

impl Reach {
    fn policies(&self, name: &TableName, sql: &str) -> Vec<Object> {
        let Self { read, insert, write } = self;
        [
            ("select", format!("FOR SELECT USING ({read})")),
            ("insert", format!("FOR INSERT WITH CHECK ({insert})")),
            ("update", format!("FOR UPDATE USING ({write}) WITH CHECK ({write})")),
            ("delete", format!("FOR DELETE USING ({write})")),
        ]
        .into_iter()
        .map(|(policy, rest)| {
            let definition = format!("CREATE POLICY {} ON {sql} {rest}", quote(policy));
            Object::new(name, ObjectKind::Policy, policy, definition)
        })
        .collect()
    }

    fn of(table: &Table) -> Self {
        match &table.meta.scope {
            Scope::Tenant => Self::tenant(None),
            Scope::Team => Self::tenant(Some(("team_id", "app.teams"))),
            Scope::Venue => Self::tenant(Some(("venue_id", "app.venues"))),
            Scope::Owner(OwnerKey::User(column)) => Self::owner(column, "app.current_user_id"),
            Scope::Owner(OwnerKey::Organization(column)) => {
                Self::owner(column, "app.current_tenant")
            }
            Scope::Platform => Self::installation(table),
            Scope::Public => Self { read: "TRUE".to_owned(), ..Self::installation(table) },
        }
    }

    fn same(condition: &str) -> Self {
        let own = || condition.to_owned();
        Self { read: own(), insert: own(), write: own() }
    }

    /// Rows of the installation.
    fn installation(table: &Table) -> Self {
        let who = if is_products(table) { INSTALLATION } else { PLATFORM };
        Self::same(&format!("{who} OR {SYSTEM}"))
    }

    /// Rows of one organisation. Rows are added for the organisations that the server has
    /// authorised for the batch, which may be several.
    fn tenant(narrow: Option<(&str, &str)>) -> Self {
        let tenant = quote(TENANT_COLUMN);
        let own = format!("{tenant} = {}", identifier_setting("app.current_tenant"));
        let own = match narrow {
            Some((column, setting)) => {
                let column = quote(column);
                let ids = identifiers(&format!("nullif({}, '*')", given(setting)));
                let all = format!("(SELECT current_setting('{setting}', true) = '*')");
                format!("({own} AND ({column} = ANY ({ids}) OR {all}))")
            }
            None => own,
        };
        let added = format!("{tenant} = ANY ({})", identifiers(&given("app.write_tenants")));
        Self { insert: format!("{added} OR {SYSTEM}"), ..Self::same(&format!("{own} OR {SYSTEM}")) }
    }

    fn owner(column: &str, setting: &str) -> Self {
        let own = format!("{} = {}", quote(column), identifier_setting(setting));
        Self::same(&format!("{own} OR {PLATFORM} OR {SYSTEM}"))
    }
}

/// A setting as an identifier, computed once per statement.
fn identifier_setting(setting: &str) -> String {
    format!("(SELECT {}::uuid)", given(setting))
}

/// A list of identifiers, computed once per statement. The outer cast makes the
/// subquery one value, not a set of rows.
fn identifiers(list: &str) -> String {
    format!("(SELECT string_to_array({list}, ',')::uuid[])::uuid[]")
}

/// A setting, or null. After a transaction that set it a setting is empty, not absent.
fn given(setting: &str) -> String {
    format!("nullif(current_setting('{setting}', true), '')")
}
