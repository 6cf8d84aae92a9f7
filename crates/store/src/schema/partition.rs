//! Time partitions on `PostgreSQL`: a partitioned table is one table per month of its `UUIDv7`
//! identifiers, and a default for what has no month yet.
//!
//! The owner makes partitions when it migrates, and servers have it make those of coming months by
//! a function that does nothing else. A partition takes no part in grants: its rows are reached
//! through the table alone.
//!
//! Keys that don't hold `id` can't be kept by partitions, each of which knows its own rows only.
//! They are held in a table beside the partitioned one, by triggers.

use super::constraint::columns;
use super::name::{TableName, identifier};
use super::object::{Object, ObjectKind};
use super::{column, postgres};
use crate::error::Result;
use crate::render::{Dialect, literal, quote};
use mainstay_entity::{Catalog, Table, UniqueKey};

/// Comes first: an instant as the smallest identifier made then, and back.
const ID_AT: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."id_at"(timestamp) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT rpad(lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$"#;
const TIME_OF: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."time_of"(uuid) RETURNS timestamp
LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT timestamp 'epoch' + interval '1 millisecond'
        * ('x' || left(replace($1::text, '-', ''), 12))::bit(48)::bigint
$$"#;

/// Makes the partitions of this month and the next three, and of past months whose rows are in the
/// default one; those are moved. One server at a time; months that have a partition are passed
/// over, whatever it is called.
const MAKE: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."make_partitions"() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    target regclass;
    spare regclass;
    months timestamp[];
    month timestamp;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7885949423);
    PERFORM set_config('app.system', 'on', true), set_config('lock_timeout', '5s', true);
    FOREACH target IN ARRAY $TABLES$ LOOP
        SELECT partdefid INTO spare FROM pg_partitioned_table WHERE partrelid = target;
        CONTINUE WHEN spare IS NULL;
        EXECUTE format(
            'SELECT array_agg(m) FROM (
                SELECT date_trunc(''month'', now() AT TIME ZONE ''UTC'') + make_interval(months => n)
                    FROM generate_series(0, 3) AS n
                UNION SELECT date_trunc(''month'', "mainstay"."time_of"("id")) FROM %s
                    WHERE "id" >= "mainstay"."id_at"(now() AT TIME ZONE ''UTC'' - interval ''10 years'')
                    AND "id" < "mainstay"."id_at"(now() AT TIME ZONE ''UTC'' + interval ''3 months'')
            ) AS wanted(m)', spare) INTO months;
        FOREACH month IN ARRAY months LOOP
            made := made + "mainstay"."make_partition"(target, spare, month);
        END LOOP;
    END LOOP;
    RETURN made;
END
$$"#;

/// Makes one partition beside its table and attaches it, which locks nobody out. Where the default
/// has rows of the month, it is taken off meanwhile, and with it the triggers that keep rows.
const MAKE_ONE: &str = r#"CREATE OR REPLACE FUNCTION "mainstay"."make_partition"(
    target regclass, spare regclass, month timestamp) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    lower uuid := "mainstay"."id_at"(month);
    upper uuid := "mainstay"."id_at"(month + interval '1 month');
    place text;
    name text;
    has_rows boolean;
BEGIN
    SELECT quote_ident(nspname), relname INTO place, name
        FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE pg_class.oid = target;
    IF to_regclass(place || '.' || quote_ident(name || to_char(month, '"_"YYYY"_"MM'))) IS NOT NULL THEN
        RETURN 0;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE "id" >= %L AND "id" < %L)',
        spare, lower, upper) INTO has_rows;
    name := place || '.' || quote_ident(name || to_char(month, '"_"YYYY"_"MM'));
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name, target);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    IF has_rows THEN
        EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', target, spare);
        EXECUTE format('INSERT INTO %s SELECT * FROM %s WHERE "id" >= %L AND "id" < %L',
            name, spare, lower, upper);
        EXECUTE format('DELETE FROM %s WHERE "id" >= %L AND "id" < %L', spare, lower, upper);
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
        target, name, lower, upper);
    IF has_rows THEN
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', target, spare);
    END IF;
    RETURN 1;
EXCEPTION WHEN invalid_object_definition THEN
    -- A partition of another name holds the month.
    RETURN 0;
END
$$"#;

/// What follows the body of a table.
pub(super) fn table_options(table: &Table) -> &'static str {
    if table.meta.partitioned { "PARTITION BY RANGE (\"id\")" } else { "" }
}

/// The functions that make partitions, when some table has them.
pub(super) fn functions(catalog: &Catalog, app_role: &str) -> Vec<Object> {
    let partitioned: Vec<String> = catalog
        .tables()
        .iter()
        .filter(|table| table.meta.partitioned)
        .map(|table| literal(&TableName::of(table).sql(Dialect::Postgres)))
        .collect();
    if partitioned.is_empty() {
        return Vec::new();
    }
    // Declared after the tables were, a name stands for the table that has it when this runs.
    let tables = format!(
        "ARRAY(SELECT to_regclass(t) FROM unnest(ARRAY[{}]) AS t WHERE to_regclass(t) IS NOT NULL)",
        partitioned.join(", ")
    );
    let own = "FUNCTION \"mainstay\".\"make_partitions\"()";
    let make = format!(
        "{};\nREVOKE ALL ON {own} FROM PUBLIC;\nGRANT EXECUTE ON {own} TO {}",
        MAKE.replace("$TABLES$", &tables),
        quote(app_role)
    );
    [
        ("id_at", ID_AT.to_owned()),
        ("time_of", TIME_OF.to_owned()),
        ("make_partition", MAKE_ONE.to_owned()),
        ("make_partitions", make),
    ]
    .into_iter()
    .map(|(name, definition)| {
        Object::new(&TableName::default(), ObjectKind::Function, name, definition)
    })
    .collect()
}

/// The partitions of a table, and its keys that none of them can hold.
pub(super) fn objects(table: &Table, app_role: &str) -> Result<Vec<Object>> {
    if !table.meta.partitioned {
        return Ok(Vec::new());
    }
    let own = TableName::of(table);
    let mut objects = Vec::new();
    for unique in
        table.uniques.iter().filter(|unique| is_held_apart(Dialect::Postgres, table, unique))
    {
        let name = key_table(table, unique);
        let definition = held_key(table, unique, &name, app_role)?;
        objects.push(Object::new(&own, ObjectKind::HeldKey, &*name.name, definition));
    }
    let sql = own.sql(Dialect::Postgres);
    let spare = TableName { name: identifier(&format!("{}_default", own.name)), ..own.clone() };
    let default = spare.sql(Dialect::Postgres);
    let definition = format!(
        "CREATE TABLE {default} PARTITION OF {sql} DEFAULT;\n\
         ALTER TABLE {default} ENABLE ROW LEVEL SECURITY;\n\
         SELECT \"mainstay\".\"make_partitions\"()"
    );
    objects.push(Object::new(&own, ObjectKind::Partitions, &*spare.name, definition));
    Ok(objects)
}

/// Whether a key of a table is held beside it.
pub(crate) fn is_held_apart(dialect: Dialect, table: &Table, unique: &UniqueKey) -> bool {
    let holds_id = unique.columns.iter().any(|column| table.column_name(*column) == "id");
    dialect == Dialect::Postgres && table.meta.partitioned && !holds_id
}

/// The table that holds a key.
fn key_table(table: &Table, unique: &UniqueKey) -> TableName {
    let own = TableName::of(table);
    TableName { name: identifier(&format!("{}s", unique.name)), ..own }
}

/// The table of a key, and the triggers that keep it: a new row takes its key, a row that is
/// removed gives it back.
fn held_key(table: &Table, unique: &UniqueKey, name: &TableName, app_role: &str) -> Result<String> {
    let (own, held) = (TableName::of(table).sql(Dialect::Postgres), name.sql(Dialect::Postgres));
    let mut statements = vec![
        create_held(table, unique, name)?,
        format!("ALTER TABLE {held} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
    ];
    statements.extend(postgres::policies(table, name, &held).into_iter().map(|o| o.definition));
    statements.push(format!("GRANT SELECT, INSERT ON TABLE {held} TO {}", quote(app_role)));
    let [hold, release] =
        ["hold", "release"].map(|verb| identifier(&format!("{}_{verb}", name.name)));
    let schema = quote(&name.schema);
    let (hold_function, release_function) =
        (format!("{schema}.{}", quote(&hold)), format!("{schema}.{}", quote(&release)));
    let given = |row| given(table, unique, row);
    statements.extend([
        hold_sql(table, unique, name, &hold_function),
        format!(
            "CREATE OR REPLACE FUNCTION {release_function}() RETURNS trigger LANGUAGE plpgsql AS $$\n\
             BEGIN\n    DELETE FROM {held} WHERE {};\n    RETURN OLD;\nEND\n$$",
            equal(table, &unique.columns, "OLD"),
        ),
        format!(
            "CREATE TRIGGER {} BEFORE INSERT ON {own} FOR EACH ROW WHEN ({}) \
             EXECUTE FUNCTION {hold_function}()",
            quote(&hold),
            given("NEW")
        ),
        format!(
            "CREATE TRIGGER {} AFTER DELETE ON {own} FOR EACH ROW WHEN ({}) \
             EXECUTE FUNCTION {release_function}()",
            quote(&release),
            given("OLD")
        ),
        format!(
            "INSERT INTO {held} SELECT {}, \"id\" FROM {own} AS t WHERE {}",
            columns(table, &unique.columns),
            given("t")
        ),
    ]);
    Ok(statements.join(";\n"))
}

/// The statement that makes the table of a key.
fn create_held(table: &Table, unique: &UniqueKey, name: &TableName) -> Result<String> {
    let mut parts = Vec::new();
    for index in &unique.columns {
        let definition = column::definition(Dialect::Postgres, table, &table.meta.columns[*index])?;
        parts.push(format!(
            "{} {} NOT NULL",
            quote(table.column_name(*index)),
            definition.data_type
        ));
    }
    Ok(format!(
        "CREATE TABLE {} (\n    {},\n    \"id\" uuid NOT NULL,\n    \
         CONSTRAINT {} PRIMARY KEY ({})\n)",
        name.sql(Dialect::Postgres),
        parts.join(",\n    "),
        quote(&identifier(&format!("{}_pkey", name.name))),
        columns(table, &unique.columns)
    ))
}

/// The function by which a new row takes its key, or is refused as a unique key would.
fn hold_sql(table: &Table, unique: &UniqueKey, name: &TableName, function: &str) -> String {
    let (own, held) = (TableName::of(table).sql(Dialect::Postgres), name.sql(Dialect::Postgres));
    let key = columns(table, &unique.columns);
    let (schema_text, table_text) = (literal(&name.schema), literal(&table.meta.table));
    let constraint = identifier(&unique.name);
    format!(
        "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\n\
         BEGIN\n    \
             IF current_setting('app.ignore_keys', true) = 'on'\n        \
                 AND EXISTS (SELECT FROM {own} WHERE {}) THEN\n        \
                 RETURN NEW;\n    \
             END IF;\n    \
             INSERT INTO {held} ({key}, \"id\") VALUES ({}, NEW.\"id\") ON CONFLICT DO NOTHING;\n    \
             IF FOUND THEN\n        RETURN NEW;\n    END IF;\n    \
             IF current_setting('app.ignore_keys', true) = 'on' THEN\n        RETURN NULL;\n    END IF;\n    \
             RAISE unique_violation USING MESSAGE = {},\n        \
                 SCHEMA = {schema_text}, TABLE = {table_text}, CONSTRAINT = {};\n\
         END\n$$",
        equal(table, &table.primary_key, "NEW"),
        taken(table, &unique.columns, "NEW").join(", "),
        literal(&format!("a key of {constraint} exists")),
        literal(&constraint),
    )
}

/// The values that a row has in columns.
fn taken(table: &Table, columns: &[usize], row: &str) -> Vec<String> {
    columns.iter().map(|c| format!("{row}.{}", quote(table.column_name(*c)))).collect()
}

/// The condition that columns have the values of a row.
fn equal(table: &Table, columns: &[usize], row: &str) -> String {
    let pairs = columns.iter().zip(taken(table, columns, row));
    let pairs = pairs.map(|(c, value)| format!("{} = {value}", quote(table.column_name(*c))));
    pairs.collect::<Vec<_>>().join(" AND ")
}

/// The condition that a row has the key at all.
fn given(table: &Table, unique: &UniqueKey, row: &str) -> String {
    let nullable: Vec<usize> =
        unique.columns.iter().copied().filter(|c| table.meta.columns[*c].nullable).collect();
    let values = taken(table, &nullable, row);
    let terms: Vec<String> = values.iter().map(|value| format!("{value} IS NOT NULL")).collect();
    if terms.is_empty() { "TRUE".to_owned() } else { terms.join(" AND ") }
}

/// The statements that remove a held key.
pub(super) fn drop_held_key(object: &Object) -> String {
    let schema = quote(&object.table.schema);
    let function =
        |verb: &str| format!("{schema}.{}", quote(&identifier(&format!("{}_{verb}", object.name))));
    format!(
        "DROP FUNCTION IF EXISTS {}() CASCADE;\nDROP FUNCTION IF EXISTS {}() CASCADE;\n\
         DROP TABLE IF EXISTS {schema}.{}",
        function("hold"),
        function("release"),
        quote(&object.name)
    )
}

/// The statements that make a table with rows the first partition of one that is partitioned. No
/// row is moved; the rows are read once, for their largest identifier and to check its bounds.
///
/// `own` are the table's declared objects, all but its partitions and held keys there already;
/// `kept` are columns no longer declared, `referring` the references of other tables.
pub(crate) fn convert(
    table: &TableName,
    own: &[&Object],
    kept: &[Object],
    referring: &[&Object],
    create: impl FnOnce(&str, &[&Object]) -> String,
) -> Vec<String> {
    const DIALECT: Dialect = Dialect::Postgres;
    let before = TableName { name: identifier(&format!("{}_before", table.name)), ..table.clone() };
    let (name, first) = (table.sql(DIALECT), before.sql(DIALECT));
    let of = |kind: ObjectKind| own.iter().copied().filter(move |object| object.kind == kind);
    let renamed = |object: &Object| {
        let own = object.name.strip_prefix(&table.name).unwrap_or(&object.name);
        quote(&identifier(&format!("{}{own}", before.name)))
    };
    let mut sql: Vec<String> = referring.iter().map(|key| key.drop_sql(DIALECT)).collect();
    sql.extend(of(ObjectKind::Trigger).map(|trigger| trigger.drop_sql(DIALECT)));
    sql.push(format!("ALTER TABLE {name} RENAME TO {}", quote(&before.name)));
    for key in of(ObjectKind::PrimaryKey).chain(of(ObjectKind::Unique)) {
        let old = quote(&key.name);
        sql.push(format!("ALTER TABLE {first} RENAME CONSTRAINT {old} TO {}", renamed(key)));
    }
    for index in of(ObjectKind::Index) {
        let old = format!("{}.{}", quote(&table.schema), quote(&index.name));
        sql.push(format!("ALTER INDEX {old} RENAME TO {}", renamed(index)));
    }
    let mut parts: Vec<&Object> = own
        .iter()
        .copied()
        .filter(|object| object.kind >= ObjectKind::Column && object.kind <= ObjectKind::Check)
        .collect();
    let columns = parts.iter().take_while(|part| part.kind == ObjectKind::Column).count();
    parts.splice(columns..columns, kept);
    sql.push(create(&name, &parts));
    let later = [ObjectKind::Index, ObjectKind::ForeignKey];
    sql.extend(later.into_iter().flat_map(of).map(|object| object.create_sql(DIALECT)));
    sql.push(format!(
        "DO $$\nDECLARE\n    last timestamp;\nBEGIN\n    \
         SELECT \"mainstay\".\"time_of\"(\"id\") INTO last FROM {first} ORDER BY \"id\" DESC LIMIT 1;\n    \
         last := date_trunc('month', greatest(last, now() AT TIME ZONE 'UTC')) + interval '1 month';\n    \
         EXECUTE format('ALTER TABLE {name} ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO (%L)',\n        \
         \"mainstay\".\"id_at\"(last));\nEND\n$$"
    ));
    for grant in of(ObjectKind::Grant) {
        sql.push(format!("REVOKE ALL ON TABLE {first} FROM {}", quote(&grant.name)));
    }
    // Words are kept beside the table, whatever it is.
    let rest = own.iter().filter(|o| o.kind > ObjectKind::Index && o.kind != ObjectKind::Words);
    sql.extend(rest.map(|object| object.create_sql(DIALECT)));
    sql.extend(referring.iter().map(|key| key.create_sql(DIALECT)));
    sql
}
