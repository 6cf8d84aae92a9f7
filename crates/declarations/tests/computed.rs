//! Computed columns in files: what follows from their expressions, and what is told of wrong ones.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_declarations::{Declarations, JSON_SCHEMA};
use mainstay_entity::meta::Computed;
use mainstay_entity::{Catalog, Classification, Personal};

const COLUMNS: &str = "table: people
columns:
  first:  text
  last:   {type: text, nullable: true, pii: true}
  pay:    {type: numeric, precision: 12, scale: 2, classification: restricted}
  hours:  {type: integer, min: 0, max: 200}
  number: bigint
  born:   date
  seen:   {type: timestamptz, nullable: true}
  ratio:  double
  doc:    {type: jsonb, nullable: true}
  token:  {type: text, secret: true, nullable: true}
  state:  {type: choice, values: [open, paid]}
";

fn parse(computed: &str) -> Result<Vec<Computed>, String> {
    let file = format!("{COLUMNS}computed:\n{computed}\n");
    let schema: serde_json::Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let declared = Declarations::parse(&[("people.yaml".to_owned(), file.clone())], &[]);
    let declared = declared
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let value: serde_json::Value = serde_saphyr::from_str(&file).unwrap();
    assert!(jsonschema::is_valid(&schema, &value), "{file}");
    let metas = declared.entities.iter().map(|meta| ("people".into(), meta.clone()));
    Catalog::new(metas).unwrap();
    Ok(declared.entities[0].computed.to_vec())
}

fn told(ty: &str, expression: &str) -> String {
    let line = format!("  x: {{type: {ty}, expression: {}}}", serde_json::json!(expression));
    parse(&line).map_or_else(|told| told, |_| "nothing".to_owned())
}

#[test]
fn what_follows_from_the_columns_that_are_read() {
    let computed = parse(
        "  name:  {type: text, expression: row.first + ' ' + row.last, description: Both.}
  called:  {type: text, expression: 'has(row.last) ? first : state'}
  earned: {type: numeric, precision: 18, scale: 2, expression: row.pay * row.hours}
  each:   {type: integer, expression: row.hours / row.number % 7}
  ago:    {type: bigint, expression: (now - row.seen).getHours()}
  fixed:  {type: boolean, expression: 2 < 3.5}",
    )
    .unwrap();
    let facts: Vec<_> = computed
        .iter()
        .map(|Computed { column, .. }| {
            let name = column.name.as_ref();
            (name, column.nullable, column.classification.as_str(), column.personal)
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("name", true, "internal", Personal::Pii),
            ("called", false, "internal", Personal::Pii),
            ("earned", false, "restricted", Personal::None),
            ("each", true, "internal", Personal::None),
            ("ago", true, "internal", Personal::None),
            ("fixed", false, "internal", Personal::None),
        ]
    );
    assert!(computed.iter().all(|computed| computed.column.read_only));
    assert_eq!(computed[0].column.description, "Both.");
    assert_eq!(computed[0].source, "row.first + ' ' + row.last");
    assert_eq!(computed[2].column.classification, Classification::Restricted);
}

#[test]
fn faults_are_told_with_place_and_fix() {
    let place = told("text", "row.frist");
    let expected = "people.yaml:15:31: computed.x.expression: no column `frist`; did you mean \
                    `first`?";
    assert_eq!(place, expected);
    for (ty, expression, expected) in [
        ("text", "row.token + 'a'", "`token` is ciphertext, which no engine reads; leave it out"),
        ("text", "row.first + row.hours", "a text and a whole number are joined; write `string("),
        ("text", "row.hours", "gives a number, not text; write `string(...)` around it"),
        ("integer", "row.first", "the expression gives text, not integer; write `type: text`"),
        ("boolean", "row.born", "gives date, not boolean; write `type: date`"),
        ("text", "row.first ==", "no CEL expression"),
        ("text", "row.first.reverse()", "there is no `reverse` in an expression"),
        ("boolean", "row.doc == row.doc", "a jsonb can be asked for null alone"),
        ("boolean", "row.first == row.hours", "text and a whole number are of different types"),
        ("boolean", "row.born == '2026-13-01'", "date/time field value out of range"),
        ("boolean", "row.hours", "the expression gives a number, not boolean"),
        ("boolean", "row.first && true", "text is neither true nor false"),
        ("bigint", "row.number + 1", "larger than a bigint; give the columns that it reads `min`"),
        ("bigint", "row.number / row.hours", "nothing"),
        ("bigint", "row.hours / row.number", "nothing"),
        ("smallint", "row.hours * row.hours", "the result could lie outside of smallint"),
        ("integer", "row.hours * row.hours", "nothing"),
        ("numeric, precision: 18, scale: 2", "row.pay * row.number", "more than 18 digits"),
        ("numeric, precision: 12, scale: 1", "row.pay", "write `type: numeric, precision: 18"),
        ("numeric, precision: 12, scale: 2", "row.pay * 2", "could lie outside of numeric(12,2)"),
        ("bigint", "row.pay", "the result has 2 digits behind the point"),
        ("bigint", "row.pay / 2", "exact numbers are not divided"),
        ("double", "row.ratio + 1.0", "double precision can't be computed with"),
        ("double", "row.hours", "whole and exact numbers are no doubles"),
        ("bigint", "now - row.seen", "the expression gives a duration, not bigint; take its get"),
        ("bigint", "row.hours.getHours()", "a whole number is no duration"),
        ("boolean", "now - row.seen > duration('1 week')", "this is no duration"),
        ("text", "row.first.substring(3, 1)", "`substring` ends before it begins"),
        ("text", "null", "it is always null"),
        ("text", "args.first", "this can't be said in an expression"),
    ] {
        let told = told(ty, expression);
        assert!(told.contains(expected), "{expression}: {told}");
    }
    let told = |computed: &str| parse(computed).unwrap_err();
    let list = told("  x: {type: list, expression: row.first}");
    assert!(list.contains("computed.x.type"), "{list}");
    let json = told("  x: {type: jsonb, expression: row.doc}");
    assert!(json.contains("no expression gives jsonb; write `type: text`, boolean"), "{json}");
    assert!(told("  First: {type: text, expression: row.first}").contains("has this name"));
    assert!(told("  limit: {type: text, expression: row.first}").contains("reserved word"));
    assert!(told("  x: {type: text}").contains("`expression` is missing"));
    let key = told("  x: {type: text, expression: row.first, nullable: true}");
    assert!(key.contains("computed.x.nullable: unknown key"), "{key}");
    let long = format!("  x: {{type: text, expression: \"'{}'\"}}", "a".repeat(2_000));
    assert!(told(&long).contains("an expression has at most 2000 bytes"));
}

#[test]
fn expressions_are_not_nested_without_end() {
    let sum = |terms: usize| told("bigint", &vec!["1"; terms].join("+"));
    assert_eq!(sum(100), "nothing");
    let told_of = sum(101);
    assert!(told_of.contains("at most 100 parts inside of each other"), "{told_of}");
    // Whether it is read or refused, the stack is large enough.
    for (open, close) in [("(", ")"), ("[", "]"), ("!(", ")"), ("-(", ")")] {
        let deep = format!("{}1{}", open.repeat(660), close.repeat(660));
        assert!(!told("bigint", &deep).is_empty(), "{open}");
    }
}
