use super::{Condition, holds, is_nothing};
use crate::context::{Context, Origin};
use crate::principal::{Principal, PrincipalKind};
use mainstay_entity::{Catalog, Entity, Record, Table, Value};
use mainstay_store::{Filter, Narrow};
use std::sync::Arc;
use uuid::Uuid;

const TEAM: Uuid = Uuid::from_u128(7);
const USER: Uuid = Uuid::from_u128(8);

fn table() -> Arc<Table> {
    use crate::entities::{Organization, OrganizationMember, Team, User};
    let metas = [User::meta(), Organization::meta(), OrganizationMember::meta(), Team::meta()];
    let entities = metas.map(|meta| ("test".into(), meta.clone()));
    let catalog = Catalog::new(entities).unwrap();
    catalog.find(Team::SCHEMA, Team::TABLE).unwrap().clone()
}

fn compile(source: &str) -> Result<Condition, String> {
    Condition::compile(&[&serde_json::Value::from(source).to_string()])
}

fn context() -> Context {
    let principal = Principal {
        kind: PrincipalKind::User,
        user_id: Some(USER),
        roles: vec!["viewer".to_owned()],
        teams: Narrow::Only(vec![TEAM]),
        ..Principal::anonymous()
    };
    let origin = Origin { ip_address: Some([10, 1, 2, 3].into()), ..Origin::default() };
    // A Thursday.
    Context::new(Arc::new(principal), Arc::new(origin), "2026-01-01T09:30:00Z".parse().unwrap())
}

/// A team with some columns; the others are null.
fn row(table: &Table, columns: &[(&str, Value)]) -> Record {
    let mut record = Record(vec![Value::Null; table.meta.columns.len()]);
    for (name, value) in columns {
        record.0[table.column_index(name).unwrap()] = value.clone();
    }
    record
}

fn rows(source: &str) -> Filter {
    compile(source).unwrap().filter(&context(), &table(), "read")
}

#[test]
fn conditions_on_rows_become_filters_with_cels_nulls() {
    let table = table();
    let text = |text: &str| Value::Text(text.to_owned());
    let team = row(
        &table,
        &[("id", Value::Uuid(TEAM)), ("name", text("50%_a")), ("is_active", Value::Bool(true))],
    );
    for (source, expected) in [
        ("row.id in subject.teams", true),
        ("!(row.id in subject.teams)", false),
        ("row.id == subject.id", false),
        ("row.id != subject.id", true),
        ("row.is_active && row.name.startsWith('50%_')", true),
        ("row.name.startsWith('50%b')", false),
        ("'5' <= row.name && row.name < '6'", true),
        ("row['name'] in ['50%_a', 1]", true),
        // Null is a value that compares with others, and in no list.
        ("row.display_name == null", true),
        ("row.display_name != 'x'", true),
        ("!(row.display_name == 'x')", true),
        ("!(row.display_name in ['x'])", true),
        ("has(row.display_name)", false),
        // There is no order with null: an error, which neither holds nor does not.
        ("row.display_name < 'x'", false),
        ("!(row.display_name < 'x')", false),
        ("row.display_name < 'x' || row.is_active", true),
        ("row.is_active ? row.name == '50%_a' : false", true),
        ("!row.is_active ? true : row.name == 'other'", false),
    ] {
        assert_eq!(holds(&rows(source), &team), expected, "{source}");
    }
}

#[test]
fn what_is_known_of_subject_and_request_is_decided_before_any_row() {
    for source in [
        "'viewer' in subject.roles && subject.kind == 'user'",
        "inNetwork(request.ip, '10.0.0.0/8') && !inNetwork(request.ip, '10.2.0.0/16')",
        "request.hour >= 9 && request.hour < 17 && request.weekday <= 5",
        "request.resource == 'teams' && request.action == 'read'",
        "request.time < '2027'",
        "false || subject.id.size() == 36 || row.is_active",
    ] {
        assert!(matches!(rows(source), Filter::All), "{source}: {:?}", rows(source));
    }
    // Errors and what is no boolean grant nothing, plain or negated.
    for source in [
        "subject.session_id == 'x'",
        "!(subject.session_id == 'x')",
        "request.hour",
        "request.hour / 0 == 1",
        "row.nothing == 1",
        "!(row.nothing == 1)",
        "row.is_active == 'true'",
        "subject.platform_admin && row.is_active",
    ] {
        assert!(is_nothing(&rows(source)), "{source}: {:?}", rows(source));
    }
}

#[test]
fn what_is_no_filter_or_could_cost_much_is_refused_where_it_is_written() {
    for (source, why) in [
        ("row.name + 'x' == 'y'", "nothing else becomes a filter"),
        ("row.name == row.display_name", "nothing else becomes a filter"),
        ("size(row.name) > 3", "nothing else becomes a filter"),
        ("row == subject", "nothing else becomes a filter"),
        ("row.id in subject.teams.filter(t, t != '')", "no loops"),
        ("[1, 2].all(x, [1, 2].all(y, x > 0))", "no loops"),
        ("subject.name == 'x'", "subject has id"),
        ("somebody.id == 'x'", "unknown name somebody"),
        ("row.name ==", "no CEL expression"),
    ] {
        let error = compile(source).err().unwrap_or_default();
        assert!(error.contains(why), "{source}: {error}");
    }
    assert!(compile(&format!("{}1{}", "(".repeat(900), ")".repeat(900))).is_err());
    assert!(compile(&"!".repeat(1_999)).is_err());
    assert!(compile(&"x".repeat(2_001)).is_err());
    for document in ["1", "{}", "[]", "[1]", "nonsense"] {
        assert!(Condition::compile(&[document]).is_err(), "{document}");
    }
    let table = table();
    for (source, why) in [
        ("row.nothing == 1", "teams has no column nothing"),
        ("row.settings == 'x'", "type jsonb"),
        ("row.name", "type text"),
        ("row.id < 'x'", "type uuid"),
    ] {
        let error = compile(source).unwrap().check(&table).unwrap_err();
        assert!(error.contains(why), "{source}: {error}");
    }
    assert_eq!(compile("row.settings == null").unwrap().check(&table), Ok(()));
}
