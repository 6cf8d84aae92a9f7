//! What table declarations say, and what is told of wrong ones.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use mainstay_declarations::{Declarations, EXAMPLE, Error, JSON_SCHEMA};
use mainstay_entity::{
    Classification, Column, DefaultValue, EntityMeta, Kind, NullsDistinct, OnDelete, Personal,
    Scope,
};

fn parse(files: &[&str]) -> Result<Declarations, Vec<Error>> {
    let name = |index: usize| format!("{}.yaml", ["a", "b", "c"][index]);
    let files: Vec<_> =
        files.iter().enumerate().map(|(i, text)| (name(i), (*text).to_owned())).collect();
    Declarations::parse(&files, &[])
}

fn entity<'a>(declarations: &'a Declarations, table: &str) -> &'a EntityMeta {
    declarations.entities.iter().find(|meta| meta.table == table).unwrap()
}

fn column<'a>(meta: &'a EntityMeta, name: &str) -> &'a Column {
    meta.column(name).unwrap_or_else(|| panic!("no column {name}"))
}

const PRODUCTS: &str = "
table: products
description: What is sold.
columns:
  sku:   {type: text, max: 20, unique: true}
  price: {type: numeric, precision: 12, scale: 2, default: 0, min: 0}
  note:  text
rows:
  - {sku: A1, price: 9.5, note: first}
";

const LINES: &str = "
table: order_lines
scope: tenant
classification: confidential
primary_key: [order_id, line]
columns:
  order_id:   {type: uuid}
  line:       {type: integer, min: 1}
  product_id: {type: uuid, references: {table: products, name: line_product, on_delete: cascade}}
  note:       {type: varchar, max: 500, nullable: true, search: true}
  state:      {type: choice, values: [open, paid, shipped], default: open,
               moves: {open: [paid], paid: [shipped]}}
  tags:       {type: list, of: text, default: [a, b]}
  secret:     {type: text, secret: true, nullable: true}
  diagnosis:  {type: jsonb, phi: true, nullable: true}
  number:     {type: bigint, generated: identity}
  seen_at:    {type: timestamptz, default: now, touch: true}
soft_delete: true
unique: [[product_id, line], {columns: [note], nulls: equal, where: 'state != \"open\"'}]
indexes: [{columns: [number], descending: true}]
checks:
  paid_has_note: 'state == \"open\" || note != null'
  few: line + 1 <= 100 && size(note) < 500
retain: 2 years
max_rows: 100
";

#[test]
fn a_table_says_all_that_a_struct_can() {
    let declared = parse(&[LINES, PRODUCTS]).unwrap();
    let names: Vec<_> = declared.entities.iter().map(|meta| meta.table.as_ref()).collect();
    assert_eq!(names, ["products", "order_lines"], "those first that others refer to");
    let lines = entity(&declared, "order_lines");
    assert_eq!((&*lines.schema, &lines.scope), ("public", &Scope::Tenant));
    assert_eq!(*lines.primary_key, ["organization_id", "order_id", "line"]);
    let columns: Vec<_> = lines.columns.iter().map(|column| column.name.as_ref()).collect();
    assert_eq!(
        columns.join(" "),
        "organization_id order_id line product_id note state tags secret diagnosis number seen_at \
         deleted_at"
    );
    assert_eq!(column(lines, "note").kind, Kind::Text { max: Some(500) });
    assert!(column(lines, "note").search && column(lines, "note").nullable);
    assert_eq!(column(lines, "line").min, Some(1));
    assert_eq!(column(lines, "number").default, Some(DefaultValue::Identity));
    assert_eq!(column(lines, "tags").default, Some(DefaultValue::Literal("[\"a\",\"b\"]".into())));
    assert!(column(lines, "seen_at").touch && column(lines, "seen_at").read_only);
    assert_eq!(column(lines, "secret").kind, Kind::Secret);
    assert_eq!(column(lines, "secret").classification, Classification::Restricted);
    assert_eq!(column(lines, "diagnosis").personal, Personal::Phi);
    assert_eq!(column(lines, "product_id").classification, Classification::Confidential);
    let Kind::Choice(state) = &column(lines, "state").kind else { panic!("no choice") };
    assert!(state.allows("open", "paid") && !state.allows("paid", "open") && state.life_cycle);
    assert_eq!(lines.references[0].name.as_deref(), Some("line_product"));
    assert_eq!(lines.references[0].on_delete, OnDelete::Cascade);
    assert_eq!(*lines.references[0].to, ["id"]);
    assert_eq!(lines.uniques[1].nulls, NullsDistinct::No);
    assert_eq!(lines.uniques[1].filter.as_deref(), Some("(\"state\" <> 'open')"));
    let checks: Vec<_> = lines.checks.iter().map(|check| check.condition.as_ref()).collect();
    assert_eq!(
        checks,
        [
            "((\"state\" = 'open') OR (\"note\" IS NOT NULL))",
            "(((CAST(\"line\" AS numeric) + 1) <= 100) AND (length(\"note\") < 500))"
        ]
    );
    assert_eq!(
        (lines.retain_days, lines.max_rows, lines.soft_delete),
        (Some(730), Some(100), true)
    );
}

#[test]
fn a_short_table_gets_its_key_and_its_rows() {
    let declared = parse(&[PRODUCTS]).unwrap();
    let products = entity(&declared, "products");
    assert_eq!(*products.primary_key, ["organization_id", "id"]);
    assert_eq!(column(products, "id").default, Some(DefaultValue::NewId));
    assert_eq!(column(products, "note").kind, Kind::Text { max: None });
    let seed = &declared.rows[0];
    assert!(seed.is_tenant);
    assert_eq!(seed.key, ["sku"]);
    assert_eq!(seed.rows[0]["price"], 9.5);
    let public = "table: t\nscope: public\nprimary_key: none\ncolumns: {name: text}";
    let declared = parse(&[public]).unwrap();
    let meta = entity(&declared, "t");
    assert!(meta.primary_key.is_empty());
    assert_eq!(column(meta, "name").classification, Classification::Public);
}

/// A wrong table, and what is told of it.
fn told(files: &[&str]) -> String {
    let errors = parse(files).err().unwrap_or_else(|| panic!("accepted: {files:?}"));
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn wrong_columns_are_told_with_place_and_fix() {
    let cases = [
        ("a: {type: txt}", "a.yaml:3:14: columns.a.type: unknown type `txt`; did you mean `text`?"),
        ("a: {tipe: text}", "columns.a.tipe: unknown key; did you mean `type`?"),
        ("a: {type: serial}", "write `generated: identity`"),
        ("a: {type: citext}", "engines fold letters differently; write `text`"),
        ("a: {type: list}", "a list says what its items are; write `of: text`"),
        ("a: {type: choice}", "a choice lists its values; write `values: [a, b]`"),
        ("a: {type: choice, values: [x], moves: {x: [y]}}", "no value `y`"),
        ("a: {type: numeric}", "says how many digits it has; write `precision: 12, scale: 2`"),
        ("a: {type: numeric, precision: 30}", "from 1 to 18 digits, not 30"),
        ("a: {type: text, precision: 3}", "type `text` has no such key; leave it out"),
        ("a: {type: boolean, max: 3}", "a boolean has no such bound"),
        ("a: {type: integer, min: 5, max: 3}", "`max` is less than `min`; exchange them"),
        ("a: {type: integer, default: many}", "columns.a.default: "),
        ("a: {type: text, nullable: perhaps}", "expected true or false, got `perhaps`"),
        ("a: {type: uuid, generated: identity}", "a uuid can't be counted; write `type: bigint`"),
        ("a: {type: text, search: true, pii: true}", "search reads texts that tell nothing"),
        ("a: {type: integer, secret: true}", "ciphertext is of texts and documents"),
        ("a: {type: text, blind_index: true}", "a blind index stands for a sealed value"),
        ("select: text", "`select` is a reserved word"),
        ("xmin: text", "`xmin` is a reserved word"),
        ("a.b: text", "`a.b` can't name a column; write letters, digits and `_`"),
        ("a-: text", "`a-` can't name a column"),
        ("' a': text", "` a` can't name a column"),
        ("a: text, A: text", "but for upper and lower case"),
        ("organization_id: uuid", "rows of this scope have this column by themselves"),
        ("a: [text]", "expected keys with values, got a list"),
    ];
    for (columns, expected) in cases {
        let told = told(&[&format!("table: t\ncolumns:\n  {{{columns}}}")]);
        assert!(told.contains(expected), "{columns}: {told}");
    }
    let name = "é".repeat(40);
    let told = told(&[&format!("table: t\ncolumns: {{{name}: text}}")]);
    assert!(told.contains("has 80 bytes, a name at most 63"), "{told}");
    assert!(
        parse(&["table: größen\ncolumns: {länge: integer, in-cm x: text}"]).is_ok(),
        "Unicode names"
    );
}

#[test]
fn wrong_tables_are_told_with_place_and_fix() {
    let cases = [
        ("columns: {a: text}", "the first key tells what a file declares"),
        ("table: t", "`columns` is missing; write `columns: {name: {type: text}}`"),
        ("table: rpc\ncolumns: {a: text}", "the path `/rest/v1/rpc` is taken"),
        (
            "table: t\nschema: mainstay\ncolumns: {a: text}",
            "the schema `mainstay` is not a product's",
        ),
        ("table: t\nschema: pg_x\ncolumns: {a: text}", "the schema `pg_x` is not a product's"),
        ("table: t\nschema: a__b\ncolumns: {a: text}", "write a name without `__`"),
        ("table: _t\nschema: a_\ncolumns: {a: text}", "without `_` at its end"),
        ("table: t\ncolums: {a: text}", "colums: unknown key; did you mean `columns`?"),
        ("table: t\nscope: tennant\ncolumns: {a: text}", "did you mean `tenant`?"),
        (
            "table: t\nscope: team\ncolumns: {a: text}",
            "rows of this scope have a uuid column `team_id`",
        ),
        ("table: t\nscope: owner\ncolumns: {a: text}", "rows of one's own say whose they are"),
        ("table: t\nprimary_key: none\ncolumns: {a: text}", "rows of an organisation have a key"),
        ("table: t\nprimary_key: [b]\ncolumns: {a: text}", "no column `b`"),
        (
            "table: t\nprimary_key: [a]\ncolumns: {a: {type: text, nullable: true}}",
            "`a` may be null; leave `nullable` out",
        ),
        ("table: t\nunique: [[b]]\ncolumns: {a: text}", "unique[0]: no column `b`"),
        ("table: t\nindexes: [[a], [a]]\ncolumns: {a: text}", "this index is declared twice"),
        (
            "table: t\ncolumns: {a: {type: integer, generated: identity}, \
             b: {type: integer, generated: identity}}",
            "two columns number the rows; keep one",
        ),
        ("table: t\nretain: soon\ncolumns: {a: text}", "`soon` is no period"),
        ("table: t\nchecks: {c: b > 1}\ncolumns: {a: integer}", "checks.c: no column `b`"),
        ("table: t\nchecks: {c: a.matches('x')}\ncolumns: {a: text}", "there is no `matches`"),
        ("table: t\nchecks: {c: a > 'x'}\ncolumns: {a: integer}", "values of different types"),
        ("table: t\nchecks: {c: a >}\ncolumns: {a: integer}", "no CEL expression"),
        (
            "table: t\nchecks: {c: a > 1}\ncolumns: {a: {type: numeric, precision: 5, scale: 2}}",
            "has `min` and `max` for other bounds",
        ),
        ("table: t\nrows: [{b: 1}]\ncolumns: {a: text}", "rows[0].b: no column `b`"),
        ("table: t\nrows: [{a: x}]\ncolumns: {a: text}", "rows must be told apart"),
        (
            "table: t\nprimary_key: [a]\nrows: [{a: x}]\ncolumns: {a: integer}",
            "rows[0].a: invalid input syntax",
        ),
        ("table: t\ntable: u\ncolumns: {a: text}", "no valid YAML"),
        ("table: [\n", "no valid YAML"),
        (
            "table: t\ncolumns: {a: text}\n---\ntable: u\ncolumns: {a: text}",
            "a file declares one table, view or action; give each a file of its own",
        ),
    ];
    for (text, expected) in cases {
        let told = told(&[text]);
        assert!(told.contains(expected), "{text}: {told}");
    }
    let columns: Vec<String> = (0..1_000).map(|n| format!("  c{n}: text")).collect();
    let told = told(&[&format!("table: t\ncolumns:\n{}", columns.join("\n"))]);
    assert!(told.contains("1000 columns; a table has at most 500"), "{told}");
}

#[test]
fn references_that_cannot_hold_are_told() {
    let orders = "table: orders\ncolumns: {line_id: {type: uuid, references: lines}}";
    let lines = "table: lines\ncolumns: {order_id: {type: uuid, references: orders}}";
    let circle = told(&[orders, lines]);
    assert!(circle.contains("public.orders -> public.lines -> public.orders"), "{circle}");
    let nullable =
        "table: lines\ncolumns: {order_id: {type: uuid, nullable: true, references: orders}}";
    assert!(parse(&[orders, nullable]).is_ok(), "a first line can be added");
    let own = "table: t\ncolumns: {up: {type: uuid, references: t}}";
    assert!(parse(&[own]).is_ok(), "a row may refer to itself");

    let to = |reference: &str| {
        let plain = "table: orders\ncolumns: {name: text}";
        told(&[
            &format!("table: t\ncolumns: {{a: {{type: uuid, references: {reference}}}}}"),
            plain,
        ])
    };
    assert!(to("ordres").contains("there is no table `public.ordres`; did you mean `orders`?"));
    assert!(to("{table: orders, column: name}").contains("`a` is uuid, `orders.name` text"));
    assert!(to("{table: orders, column: nam}").contains("did you mean `name`?"));
    assert!(to("{table: orders, on_delete: set_null}").contains("`a` can't become null"));

    let public = "table: p\nscope: public\ncolumns: {a: {type: uuid, references: orders}}";
    let leak = told(&[public, "table: orders\ncolumns: {name: text}"]);
    assert!(leak.contains("rows of the installation can't refer to `orders`"), "{leak}");
    let twice = told(&["table: t\ncolumns: {a: text}", "table: T\ncolumns: {a: text}"]);
    assert!(twice.contains("is declared in a.yaml too"), "{twice}");
    let searched = "table: t\ncolumns: {a: {type: text, search: true}}";
    let words = told(&[searched, "table: T_words\ncolumns: {a: text}"]);
    assert!(
        words.contains("b.yaml:1:8: table: `public.t_words` holds the words of `t`"),
        "{words}"
    );
    let view = told(&[searched, "view: t_words\nfrom: t"]);
    assert!(view.contains("view: `public.t_words` holds the words of `t`"), "{view}");
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let told = told(&[
        "table: a\nscope: x\ncolumns:\n  b: {type: txt}\n  c: {tipe: text}",
        "table: b\ncolumns: {a: {type: numeric}}",
    ]);
    assert_eq!(told.lines().count(), 5, "{told}");
    assert!(told.starts_with("a.yaml:2:8: scope: unknown word `x`"), "{told}");
    assert!(told.contains("b.yaml:2:14: columns.a"), "{told}");
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let schema: serde_json::Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for text in [LINES, PRODUCTS] {
        assert!(parse(&[LINES, PRODUCTS]).is_ok());
        let value: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        let faults: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
    let wrong = "table: t\ncolumns: {a: {tipe: text}}";
    let value: serde_json::Value = serde_saphyr::from_str(wrong).unwrap();
    assert!(!validator.is_valid(&value));
    let types = &schema["$defs"]["type"]["anyOf"][0]["enum"];
    for name in types.as_array().unwrap().iter().filter_map(|name| name.as_str()) {
        let further = match name {
            "numeric" => ", precision: 5",
            "choice" => ", values: [a]",
            "list" => ", of: text",
            _ => "",
        };
        let text = format!("table: t\ncolumns: {{a: {{type: {name}{further}}}}}");
        assert!(parse(&[&text]).is_ok(), "{name}");
    }
}

#[test]
fn the_example_can_be_served() {
    // The example refers to a built-in table, which is not known here.
    let told = told(&[EXAMPLE]);
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.contains("there is no table `public.organization_members`"), "{told}");
}
