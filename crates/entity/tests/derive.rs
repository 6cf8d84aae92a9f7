//! What declarations become: metadata, and the conversion between row and struct.

#![deny(missing_docs, unused, unused_qualifications)]

use jiff::Timestamp;
use mainstay_entity::{
    Audit, Choice, Classification, Column, DefaultValue, Direction, Entity, Id, Json, Kind,
    NullsDistinct, Numeric, OnDelete, OwnerKey, Personal, Record, Scope, Sealed, Secret, Text,
    Value,
};
use uuid::Uuid;

/// A company that uses this installation.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = public)]
struct Organization {
    id: Id<Self>,
    /// The name that members see.
    name: Text<255>,
}

/// A person.
#[derive(Entity)]
#[entity(table = "users", schema = "people", scope = owner(user = id), classification = internal)]
struct User {
    id: Id<Self>,
}

/// How far an order is.
#[derive(Choice, Clone, Copy, Debug, PartialEq)]
#[choice(moves = "draft -> placed | cancelled; placed -> in-transit", rename_all = "kebab-case")]
enum OrderStatus {
    /// Not yet placed.
    Draft,
    Placed,
    InTransit,
    #[choice(rename = "cancelled")]
    Dropped,
}

/// How urgent an order is.
#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Urgency {
    VeryHigh,
    Low,
}

/// An order of a customer,
/// with everything to fulfil it.
///
/// This paragraph is for programmers.
#[derive(Entity)]
#[entity(
    table = "orders",
    scope = tenant,
    classification = confidential,
    soft_delete,
    read_only,
    partitioned,
    queue,
    audit = none,
    retain = "7 years",
    max_rows = 200,
    renamed_from = "purchases",
    unique(number),
    unique(columns(customer_id, r#type), nulls_not_distinct, where = "deleted_at is null"),
    index(status, created_at desc, details->"error"->>"code"),
    index(columns(total asc), global, where = "total > 0"),
    check(name = "total_positive", "total >= 0"),
    references(
        columns(plan_code, plan_year),
        table = "plans",
        schema = "billing",
        to(code, year),
        name = "plan",
        on_delete = set_null
    )
)]
struct Order {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// The number printed on it.
    #[entity(internal, renamed_from = "no")]
    number: Text<40>,
    /// What kind of order it is.
    r#type: Option<Urgency>,
    /// How far it is.
    #[entity(default = "draft")]
    status: OrderStatus,
    /// Who ordered.
    #[entity(subject, on_delete = cascade)]
    customer_id: Id<User>,
    /// Who sold it; a former seller's row may be gone.
    #[entity(no_reference)]
    seller_id: Option<Id<User>>,
    /// The membership of the person who approved it.
    #[entity(references(User, to = "user_id", on_delete = set_null, name = "approver"))]
    approved_by: Option<Uuid7>,
    /// The session it came from.
    #[entity(references(table = "sessions"))]
    session_id: Option<Id<Session>>,
    /// The order that this one continues.
    #[entity(on_delete = set_null)]
    previous_id: Option<Id<Self>>,
    /// The price of all.
    #[entity(default = 0.00)]
    total: Numeric<12, 2>,
    /// How many parcels.
    #[entity(default = 1, min = -1, max = 1_000)]
    parcels: i32,
    /// Whether it is a present.
    #[entity(default = false)]
    present: bool,
    /// The e-mail address for questions.
    #[entity(pii, restricted)]
    email: Option<String>,
    /// The token of the payment service.
    #[entity(secret)]
    token: Secret<String>,
    /// The name on the parcel.
    #[entity(sealed, blind_index)]
    recipient: Sealed<String>,
    /// What the recipient must not eat.
    #[entity(phi)]
    allergies: Option<Sealed<String>>,
    /// Everything else.
    #[entity(default = "{}", search)]
    details: Json<()>,
    /// The code of the plan it is under.
    plan_code: Option<String>,
    /// The year of the plan it is under.
    plan_year: Option<i32>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
    /// When it was last looked at.
    #[entity(default = now, touch, read_only)]
    seen_at: Timestamp,
}

/// An alias, whose meaning only the compiler knows.
type Uuid7 = Id<User>;

/// A target that is declared in a crate further up, so that only its table is known.
struct Session;

#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn order(name: &str) -> &'static Column {
    Order::meta().column(name).unwrap()
}

#[test]
fn the_struct_becomes_the_table() {
    let meta = Order::meta();
    assert_eq!((Order::TABLE, Order::SCHEMA), ("orders", "mainstay"));
    assert_eq!(meta.qualified_name(), "mainstay.orders");
    assert_eq!(meta.description, "An order of a customer, with everything to fulfil it.");
    assert_eq!(meta.scope, Scope::Tenant);
    assert_eq!(meta.audit, Audit::None);
    assert!(meta.soft_delete && meta.read_only && meta.partitioned && meta.queue);
    assert!(!meta.append_only);
    assert_eq!((meta.retain_days, meta.max_rows), (Some(2555), Some(200)));
    assert_eq!(meta.renamed_from.as_deref(), Some("purchases"));
    assert_eq!(*meta.primary_key, ["organization_id", "id"]);
}

#[test]
fn what_is_not_said_has_defaults() {
    let meta = User::meta();
    assert_eq!(meta.schema, "people");
    assert_eq!(meta.scope, Scope::Owner(OwnerKey::User("id".into())));
    assert_eq!(Organization::meta().scope, Scope::Owner(OwnerKey::Organization("id".into())));
    assert_eq!(*meta.primary_key, ["id"]);
    assert_eq!(meta.audit, Audit::Full);
    assert!(!meta.soft_delete && !meta.read_only && !meta.partitioned && !meta.queue);
    assert_eq!((meta.retain_days, meta.max_rows, &meta.renamed_from), (None, None, &None));
    assert!(meta.references.is_empty() && meta.uniques.is_empty() && meta.indexes.is_empty());
}

#[test]
fn fields_become_columns_in_their_order() {
    let meta = Order::meta();
    let names: Vec<&str> = meta.columns.iter().map(|c| c.name.as_ref()).collect();
    assert_eq!(names[..4], ["id", "organization_id", "number", "type"]);
    assert_eq!(names.len(), 24);

    let number = order("number");
    assert_eq!(number.kind, Kind::Text { max: Some(40) });
    assert_eq!(number.classification, Classification::Internal);
    assert_eq!(number.description, "The number printed on it.");
    assert_eq!(number.renamed_from.as_deref(), Some("no"));
    assert!(!number.nullable && !number.read_only && number.default.is_none());

    assert_eq!(order("total").kind, Kind::Decimal { precision: 12, scale: 2 });
    assert_eq!(order("total").classification, Classification::Confidential);
    assert!(order("type").nullable);
    assert!(matches!(&order("type").kind, Kind::Choice(choice) if choice.accepts("very_high")));
    assert!(order("customer_id").subject && !order("seller_id").subject);
    assert_eq!((order("parcels").min, order("parcels").max), (Some(-1), Some(1000)));
    assert_eq!(order("id").description, "The identifier of the record.");
}

#[test]
fn confidential_fields_say_how() {
    let facts = |name: &str| {
        let column = order(name);
        (column.kind.clone(), column.classification, column.personal)
    };
    let text = Kind::Text { max: None };
    assert_eq!(facts("email"), (text, Classification::Restricted, Personal::Pii));
    assert_eq!(facts("token"), (Kind::Secret, Classification::Restricted, Personal::None));
    assert_eq!(facts("recipient"), (Kind::Sealed, Classification::Confidential, Personal::Pii));
    assert_eq!(facts("allergies"), (Kind::Sealed, Classification::Phi, Personal::Phi));
    assert!(order("details").search && !order("email").search && order("recipient").blind_index);
    assert!(!order("email").blind_index && !order("recipient").search);
}

#[test]
fn defaults_and_system_columns() {
    let literal = |text: &'static str| Some(DefaultValue::Literal(text.into()));
    assert_eq!(order("id").default, Some(DefaultValue::NewId));
    assert_eq!(order("organization_id").default, None);
    assert_eq!(order("status").default, literal("draft"));
    assert_eq!(order("total").default, literal("0.00"));
    assert_eq!(order("parcels").default, literal("1"));
    assert_eq!(order("present").default, literal("false"));
    assert_eq!(order("details").default, literal("{}"));

    let set_by_system = |name: &str| {
        let column = order(name);
        (column.default.clone(), column.touch, column.read_only)
    };
    assert_eq!(set_by_system("created_at"), (Some(DefaultValue::Now), false, true));
    assert_eq!(set_by_system("updated_at"), (Some(DefaultValue::Now), true, true));
    assert_eq!(set_by_system("deleted_at"), (None, false, true));
    assert_eq!(set_by_system("seen_at"), (Some(DefaultValue::Now), true, true));
}

#[test]
fn identifiers_become_references() {
    let references: Vec<_> = Order::meta()
        .references
        .iter()
        .map(|r| {
            let target = format!("{}.{}({})", r.schema, r.table, r.to.join(","));
            (r.columns.join(","), target, r.on_delete, r.name.as_deref())
        })
        .collect();
    let expected = [
        ("organization_id", "mainstay.organizations(id)", OnDelete::Restrict, None),
        ("customer_id", "people.users(id)", OnDelete::Cascade, None),
        ("approved_by", "people.users(user_id)", OnDelete::SetNull, Some("approver")),
        ("session_id", "mainstay.sessions(id)", OnDelete::Restrict, None),
        ("previous_id", "mainstay.orders(id)", OnDelete::SetNull, None),
        ("plan_code,plan_year", "billing.plans(code,year)", OnDelete::SetNull, Some("plan")),
    ];
    let expected = expected.map(|(c, t, action, name)| (c.to_owned(), t.to_owned(), action, name));
    assert_eq!(references, expected);
}

#[test]
fn keys_indexes_and_checks() {
    let meta = Order::meta();
    let [number, per_customer] = meta.uniques.as_ref() else { panic!("two unique keys") };
    assert_eq!(*number.columns, ["number"]);
    assert_eq!((number.nulls, &number.filter), (NullsDistinct::Yes, &None));
    assert_eq!(*per_customer.columns, ["customer_id", "type"]);
    assert_eq!(per_customer.nulls, NullsDistinct::No);
    assert_eq!(per_customer.filter.as_deref(), Some("deleted_at is null"));

    let [by_status, by_total] = meta.indexes.as_ref() else { panic!("two indexes") };
    let columns: Vec<_> = by_status
        .columns
        .iter()
        .map(|c| (c.name.as_ref(), c.path.join("/"), c.direction))
        .collect();
    assert_eq!(
        columns,
        [
            ("status", String::new(), Direction::Ascending),
            ("created_at", String::new(), Direction::Descending),
            ("details", "error/code".to_owned(), Direction::Ascending),
        ]
    );
    assert_eq!(by_status.filter, None);
    assert_eq!(by_total.filter.as_deref(), Some("total > 0"));
    assert!(by_total.global && !by_status.global);

    let [check] = meta.checks.as_ref() else { panic!("one check") };
    assert_eq!((&*check.name, &*check.condition), ("total_positive", "total >= 0"));
}

#[test]
fn a_row_becomes_a_struct_and_a_row_again() {
    let uuid = |n: u128| Value::Uuid(Uuid::from_u128(n));
    let time = Value::Timestamp(1_700_000_000_000_000);
    let row = Record(vec![
        uuid(1),
        uuid(2),
        Value::Text("A-1".into()),
        Value::Text("very_high".into()),
        Value::Text("in-transit".into()),
        uuid(3),
        Value::Null,
        Value::Null,
        uuid(4),
        Value::Null,
        Value::Decimal(mainstay_entity::Decimal::new(1250, 2)),
        Value::Int(3),
        Value::Bool(true),
        Value::Text("a@example.com".into()),
        Value::Bytes(vec![1]),
        Value::Bytes(vec![2]),
        Value::Null,
        Value::Json("{}".into()),
        Value::Null,
        Value::Int(2026),
        time.clone(),
        time.clone(),
        Value::Null,
        time,
    ]);
    let order = Order::from_record(row.clone()).unwrap();
    assert_eq!(order.id.uuid(), Uuid::from_u128(1));
    assert_eq!(order.r#type, Some(Urgency::VeryHigh));
    assert_eq!(order.status, OrderStatus::InTransit);
    assert_eq!((order.parcels, order.present, order.plan_year), (3, true, Some(2026)));
    assert_eq!(order.token.ciphertext(), [1]);
    assert_eq!(order.into_record(), row);

    let mut wrong = row.clone();
    wrong.0[2] = Value::Int(1);
    assert!(Order::from_record(wrong).is_err_and(|error| error.is_invalid_value()));
    let mut short = row;
    short.0.pop();
    assert!(Order::from_record(short).is_err());
}

#[test]
fn variants_become_stored_texts() {
    let meta = OrderStatus::META;
    assert_eq!((&*meta.name, &*meta.description), ("OrderStatus", "How far an order is."));
    let names: Vec<&str> = meta.values.iter().map(|v| v.name.as_ref()).collect();
    assert_eq!(names, ["draft", "placed", "in-transit", "cancelled"]);
    assert_eq!(meta.values[0].description, "Not yet placed.");
    for name in names {
        assert_eq!(OrderStatus::parse(name).unwrap().as_str(), name);
    }
    assert!(OrderStatus::parse("Draft").is_err_and(|error| error.is_invalid_value()));
    assert_eq!(Urgency::META.values[0].name, "very_high");
}

#[test]
fn moves_make_a_life_cycle() {
    let meta = OrderStatus::META;
    assert!(meta.life_cycle && !Urgency::META.life_cycle);
    assert!(meta.allows("draft", "placed") && meta.allows("draft", "cancelled"));
    assert!(meta.allows("placed", "in-transit") && meta.allows("placed", "placed"));
    assert!(!meta.allows("placed", "draft") && !meta.allows("cancelled", "draft"));
    assert!(meta.values[2].next.is_empty(), "a value without moves is final");
}

mod every_scope {
    use super::{Id, Organization, Scope};
    use mainstay_entity::Entity;

    macro_rules! declare {
        ($($name:ident $table:literal $scope:ident),*) => {
            $(
                /// A record of this scope.
                #[derive(Entity)]
                #[entity(table = $table, scope = $scope, append_only)]
                struct $name {
                    id: Id<Self>,
                    organization_id: Id<Organization>,
                }
            )*
        };
    }
    declare!(Venue "a" venue, Team "b" team, Platform "c" platform, Public "d" public);

    #[test]
    fn has_its_word() {
        let facts = |meta: &'static mainstay_entity::EntityMeta| {
            (meta.scope.clone(), meta.primary_key.len(), meta.append_only)
        };
        assert_eq!(facts(Venue::meta()), (Scope::Venue, 2, true));
        assert_eq!(facts(Team::meta()), (Scope::Team, 2, true));
        assert_eq!(facts(Platform::meta()), (Scope::Platform, 1, true));
        assert_eq!(facts(Public::meta()), (Scope::Public, 1, true));
    }
}
