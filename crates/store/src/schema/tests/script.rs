//! The whole schema as a script.

use super::fixture::{
    Db, all, catalog, column, entity, names, nullable, on_both_engines, reference,
};
use crate::render::Dialect;
use crate::schema::{ObjectKind, objects, render_sql};
use mainstay_entity::{Kind, NullsDistinct, OnDelete, Scope, Unique};
use std::borrow::Cow;

on_both_engines!(script_makes_what_migrations_make, script_reads_well);

async fn script_makes_what_migrations_make(dialect: Dialect) {
    let mut db = Db::empty(dialect).await;
    let script = render_sql(dialect, &catalog(all())).unwrap();
    db.run(&script.replace(['#', '~'], "")).await;
    assert_eq!(db.compare(all()).await, Vec::<String>::new());

    let mut migrated = Db::with(dialect, all()).await;
    assert_eq!(migrated.compare(all()).await, Vec::<String>::new());
}

async fn script_reads_well(dialect: Dialect) {
    let script = render_sql(dialect, &catalog(all())).unwrap();
    let expected: &[&str] = match dialect {
        Dialect::Sqlite => &[
            "\n-- mainstay.teams (test)\n-- Rows of teams, whoever's they are.\nCREATE TABLE \"teams\" (\n",
            "    -- What amount is.\n    \"amount\" INTEGER /* numeric(10,2) */,\n",
            "CHECK (\"amount\" >= 0)",
            ") STRICT, WITHOUT ROWID;",
            "CREATE INDEX \"tickets_status_opened_at_idx\" ON \"tickets\" \
             (\"organization_id\", \"status\", \"opened_at\" DESC);",
            "CREATE INDEX \"tickets_priority_idx1\" ON",
            "CREATE INDEX \"tickets_opened_at_idx\" ON \"tickets\" (\"opened_at\");",
            "(\"organization_id\", ms_json_text(\"details\", 'error', 'Code'));",
            "CREATE UNIQUE INDEX \"tickets_status_external_id_key\" ON \"tickets\" (\"organization_id\", \
             \"status\", coalesce(\"external_id\", x'')) WHERE \"external_id\" IS NULL;",
            "CREATE INDEX \"public__items_owner_idx\" ON \"public__items\"",
        ],
        Dialect::Postgres => &[
            "CREATE SCHEMA IF NOT EXISTS \"mainstay\";\n",
            "    \"amount\" numeric(10,2),\n",
            "    \"label\" text COLLATE \"C\" NOT NULL,\n",
            "CHECK (char_length(\"label\") <= 20)",
            "UNIQUE NULLS NOT DISTINCT (\"organization_id\", \"status\", \"external_id\")",
            "((\"details\" -> 'error' ->> 'Code'))",
            "ON DELETE SET NULL (\"team_id\");",
            "COMMENT ON COLUMN \"mainstay\".\"teams\".\"label\" IS 'What label is.';",
            "GRANT SELECT, INSERT ON TABLE \"mainstay\".\"events\" TO \"mainstay_app\";",
        ],
    };
    for text in expected {
        assert!(script.contains(text), "missing: {text}\nin:\n{script}");
    }
}

#[test]
fn references_are_served_by_one_index_each() {
    let mut child = entity(
        "child",
        Scope::Tenant,
        vec![
            column("a_id", Kind::Uuid),
            nullable("b_id", Kind::Uuid),
            nullable("c_id", Kind::Uuid),
        ],
    );
    for column in ["a_id", "b_id", "c_id"] {
        child.references.to_mut().push(reference(column, "teams", OnDelete::Cascade));
    }
    child.uniques = Cow::Owned(vec![
        Unique { columns: names(&["a_id", "b_id"]), nulls: NullsDistinct::Yes, filter: None },
        Unique {
            columns: names(&["c_id"]),
            nulls: NullsDistinct::Yes,
            filter: Some(Cow::Borrowed("b_id IS NULL")),
        },
    ]);
    let mut entities = all();
    entities.push(child);
    let objects = objects(Dialect::Postgres, &catalog(entities), "app").unwrap();
    let indexes: Vec<&str> = objects
        .iter()
        .filter(|o| o.kind == ObjectKind::Index && o.table.name == "child")
        .map(|o| o.name.as_str())
        .collect();
    // The key on a and b finds rows by a; one on some rows alone does not find all by c.
    assert_eq!(indexes, ["child_c_id_key", "child_b_id_idx", "child_c_id_idx"]);
}

#[test]
fn long_names_stay_apart() {
    let table = "a_table_whose_name_is_long_enough_to_be_cut_in_names";
    let columns = ["first_column_of_two", "first_column_of_twins"];
    let mut long = entity(table, Scope::Tenant, columns.map(|c| column(c, Kind::Uuid)).to_vec());
    for column in columns {
        long.references.to_mut().push(reference(column, "teams", OnDelete::Cascade));
    }
    let mut entities = all();
    entities.push(long);
    let objects = objects(Dialect::Postgres, &catalog(entities), "app").unwrap();
    let names: Vec<&String> = objects
        .iter()
        .filter(|o| {
            o.table.name == table && matches!(o.kind, ObjectKind::Index | ObjectKind::ForeignKey)
        })
        .map(|o| &o.name)
        .collect();
    assert!(names.iter().all(|name| name.len() <= 63), "{names:?}");
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
}

#[test]
fn wrong_declarations_are_refused_by_name() {
    let column = super::fixture::with_default("count", Kind::Integer, "many");
    let broken = entity("broken", Scope::Platform, vec![column]);
    let error = render_sql(Dialect::Sqlite, &catalog(vec![broken])).unwrap_err();
    assert!(error.to_string().contains("mainstay.broken: the default of column count"), "{error}");

    let stray = entity("stray", Scope::Team, Vec::new());
    let entities = vec![super::fixture::organizations(), stray];
    let error = render_sql(Dialect::Sqlite, &catalog(entities)).unwrap_err();
    assert!(error.to_string().contains("needs a column team_id"), "{error}");
}
