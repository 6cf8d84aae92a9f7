//! Actions in files: what they become, and what is wrong with them.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use mainstay_declarations::{Declarations, Error, JSON_SCHEMA};
use mainstay_entity::action::{
    ArgumentType, Callers, ConditionMeta, Operator, Quantifier, ResultRows, Returns, StepKind,
};
use mainstay_entity::search::{Language, Mode};
use mainstay_entity::{ActionMeta, Kind, Value};

/// The page that tells how actions are declared.
const PAGE: &str = include_str!("../../../docs/own-actions.md");

fn parse(text: &str) -> Result<ActionMeta, Vec<Error>> {
    let files = [("a.yaml".to_owned(), text.to_owned())];
    Declarations::parse(&files, &[]).map(|mut declared| declared.actions.remove(0))
}

fn faults(text: &str) -> String {
    let errors = parse(text).expect_err("faults");
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn the_example_of_the_page_is_an_action() {
    let (_, rest) = PAGE.split_once("```yaml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let action = parse(example).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(action.qualified_name(), "public.ship_order");
    assert_eq!(action.callers, Callers::Permitted("orders".to_owned(), "ship".to_owned()));
    let [number, carrier] = action.arguments.as_slice() else { panic!("{:?}", action.arguments) };
    assert_eq!(number.r#type, ArgumentType::Value(Kind::Integer));
    assert_eq!((number.default.as_ref(), number.nullable), (None, false));
    assert_eq!(carrier.default, Some(Value::Text("post".to_owned())));
    assert_eq!(action.steps.len(), 4);
    let StepKind::Assert { code, condition, .. } = &action.steps[1].r#do else { panic!() };
    assert_eq!((code.text.as_str(), condition.place.key.as_str()), ("PT409", "steps[1].assert"));
    let Returns::Rows { rows: ResultRows::Step(step), one: true, columns: None } = &action.returns
    else {
        panic!("{:?}", action.returns)
    };
    assert_eq!(step.text, "shipment");
}

#[test]
fn values_stand_for_themselves_and_texts_are_expressions() {
    let action = parse(
        "action: a
steps:
  - update: other.things
    set: {a: 5, b: null, c: [1, x], d: {k: 'y', \"quo\\\"te\": 1.5}, e: true, f: -0.5}
    where: {n: {gt: 1, is: not_null}, p: {like(any): args.list, wfts(simple): args.q}, or: [{n: 2}, {m: {in: [1, 2]}}], not: {n: {is: null}}}
",
    );
    let action = action.unwrap_or_else(|e| panic!("{e:?}"));
    let StepKind::Update { table, set, target } = &action.steps[0].r#do else { panic!() };
    assert_eq!((table.schema.as_deref(), table.name.text.as_str()), (Some("other"), "things"));
    let texts: Vec<&str> = set.iter().map(|(_, value)| value.text.as_str()).collect();
    assert_eq!(texts, ["5", "null", "[1, x]", r#"{"k": y, "quo\"te": 1.5}"#, "true", "-0.5"]);
    let shown: Vec<bool> = target
        .filter
        .iter()
        .map(|condition| match condition {
            ConditionMeta::Compare { operator, quantifier: None, value, .. } => {
                *operator == Operator::Gt && value.text == "1"
            }
            ConditionMeta::Compare { operator, quantifier, .. } => {
                *operator == Operator::Like && *quantifier == Some(Quantifier::Any)
            }
            ConditionMeta::Search { mode, language, .. } => {
                (*mode, *language) == (Mode::Web, Language::Simple)
            }
            ConditionMeta::Is { .. } => true,
            ConditionMeta::Any(parts) => parts.len() == 2,
            ConditionMeta::Not(parts) => matches!(parts.as_slice(), [ConditionMeta::Is { .. }]),
            ConditionMeta::All(_) => false,
        })
        .collect();
    assert_eq!(shown, [true; 6]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, told) in [
        ("action: a b", "a.yaml:1:9: action: `a b` can't name a action"),
        ("action: a\nstepps: []", "a.yaml:2:1: stepps: unknown key; did you mean `steps`?"),
        ("action: a\npermission: orders", "permission: `orders` is no permission"),
        ("action: a\nruns_as: root", "runs_as: unknown word `root`"),
        ("action: a\narguments: {x: txt}", "arguments.x: unknown type `txt`; did you mean `text`?"),
        ("action: a\narguments: {x: {type: list}}", "`of` is missing"),
        ("action: a\narguments: {x: choice}", "a choice belongs to its column"),
        ("action: a\narguments: {x: {type: integer, default: z}}", "arguments.x.default: invalid"),
        ("action: a\narguments: {'': integer}", "an argument without a name is a whole body"),
        ("action: a\narguments: {'': text, b: text}", "an argument without a name is the only one"),
        ("action: a\nsteps: [{drop: orders}]", "steps[0]: it does not say what is done"),
        ("action: a\nsteps: [{update: orders, set: {a: 1}}]", "`where` is missing; write `where:"),
        ("action: a\nsteps: [{read: orders}]", "`as` is missing"),
        ("action: a\nsteps: [{read: o, as: x, where: {a: {gtt: 1}}}]", "unknown operator `gtt`"),
        (
            "action: a\nsteps: [{read: o, as: x, where: {a: {neq(any): 1}}}]",
            "unknown operator `neq(any)`",
        ),
        (
            "action: a\nsteps: [{read: o, as: x, where: {a: {fts(latin): q}}}]",
            "unknown operator `fts(latin)`",
        ),
        ("action: a\nsteps: [{read: o, as: x, limit: -1}]", "a number of rows is not negative"),
        ("action: a\nsteps: [{read: o, as: x, order: [a.down]}]", "unknown direction `down`"),
        ("action: a\nsteps: [{assert: true}]", "`message` is missing"),
        (
            "action: a\nsteps: [{insert: o, values: {a: 1}, where: {}}]",
            "steps[0].where: unknown key",
        ),
        ("action: a\nreturns: {type: text}", "`value` is missing"),
        ("action: a\nreturns: {table: o}", "it does not say what is answered"),
    ] {
        let faults = faults(text);
        assert!(faults.contains(told), "{told}: {faults}");
    }
}

#[test]
fn the_json_schema_takes_what_is_an_action_and_nothing_else() {
    let schema = serde_json::from_str(JSON_SCHEMA).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let good = serde_json::json!({
        "action": "a",
        "permission": "public",
        "arguments": { "x": "text", "row": { "row": "users" }, "": { "type": "jsonb" } },
        "steps": [
            { "read": "o", "as": "x", "one": true, "where": { "a": { "gt": 1 } } },
            { "for_each": "x", "as": "y", "steps": [{ "let": { "z": 1 } }] },
            { "upsert": "o", "values": { "a": 1 }, "on_conflict": "a", "if": "true" },
        ],
        "returns": { "rows_of": "x", "columns": ["a"] },
    });
    assert!(schema.is_valid(&good));
    for (key, value) in [
        ("stepps", serde_json::json!([])),
        ("steps", serde_json::json!([{ "drop": "o" }])),
        ("returns", serde_json::json!({ "type": "text" })),
        ("permission", serde_json::json!("orders")),
        ("arguments", serde_json::json!({ "x": { "nullable": true } })),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(!schema.is_valid(&bad), "{key}");
    }
}
