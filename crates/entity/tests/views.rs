//! What views promise, checked when the catalog is made.

use jiff::Timestamp;
use mainstay_entity::view::{ColumnRef, Comparison, Condition, Operand, Shown};
use mainstay_entity::{Catalog, Entity, EntityMeta, Id, Kind, Secret, Text};
use std::borrow::Cow;

/// A company.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = internal)]
struct Organization {
    id: Id<Self>,
}

/// A device.
#[derive(Entity)]
#[entity(table = "devices", scope = tenant, classification = confidential, unique(code))]
struct Device {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// What it is called.
    code: Text<10>,
    /// Whose it is.
    #[entity(pii)]
    owner: Option<Text<50>>,
    /// What it says at the door.
    #[entity(secret)]
    key: Secret<String>,
}

/// What a device measured.
#[derive(Entity)]
#[entity(table = "readings", scope = tenant, classification = internal)]
struct Reading {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// Which.
    device_id: Id<Device>,
    /// How much.
    value: f64,
    /// When.
    taken_at: Timestamp,
}

/// Readings by day and device.
#[derive(Entity)]
#[entity(
    table = "daily",
    scope = tenant,
    classification = confidential,
    view(from(r: Reading), join(d: Device, id = r.device_id), where(r.value > 0.5))
)]
struct Daily {
    organization_id: Id<Organization>,
    /// The day.
    #[entity(value = day(r.taken_at))]
    day: Timestamp,
    /// The device.
    #[entity(value = d.code)]
    device: Option<Text<10>>,
    /// Its owner.
    #[entity(value = d.owner, pii)]
    owner: Option<Text<50>>,
    /// How many.
    #[entity(value = count(distinct r.value))]
    values: i64,
}

/// Devices with their readings.
#[derive(Entity)]
#[entity(
    table = "device_facts",
    scope = tenant,
    classification = confidential,
    view(from(d: Device), related(r: "readings", device_id = d.id, taken_at >= ago("2 days")))
)]
struct DeviceFacts {
    id: Id<Device>,
    organization_id: Id<Organization>,
    /// The highest reading.
    #[entity(value = max(r.value))]
    highest: Option<f64>,
}

fn catalog(change: impl FnOnce(&mut EntityMeta)) -> Result<Catalog, String> {
    let mut last = Daily::meta().clone();
    change(&mut last);
    let others = [Organization::meta(), Device::meta(), Reading::meta(), DeviceFacts::meta()];
    let metas = others.into_iter().cloned().chain([last]);
    Catalog::new(metas.map(|meta| (Cow::Borrowed("test"), meta))).map_err(|e| e.to_string())
}

#[test]
fn declarations_become_plans() {
    let catalog = catalog(|_| {}).unwrap();
    let daily = catalog.find("mainstay", "daily").unwrap();
    assert!(daily.is_view() && daily.meta.read_only && daily.foreign_keys.len() == 1);
    let key: Vec<&str> = daily.primary_key.iter().map(|c| daily.column_name(*c)).collect();
    assert_eq!(key, ["organization_id", "day", "device", "owner"]);
    let plan = daily.view.as_ref().unwrap();
    assert!(plan.grouped && plan.sources[1].table.meta.table == "devices");
    let facts = catalog.find("mainstay", "device_facts").unwrap();
    assert!(!facts.view.as_ref().unwrap().grouped);
    let shown: Vec<String> =
        Daily::meta().view.as_ref().unwrap().shows.iter().map(ToString::to_string).collect();
    let expected =
        ["r.organization_id", "day(r.taken_at)", "d.code", "d.owner", "count(distinct r.value)"];
    assert_eq!(shown, expected);
    // Devices lead to the view, and nothing but the view itself to them.
    let devices = catalog.find("mainstay", "devices").unwrap();
    assert_eq!(devices.referenced_by.len(), 2);
}

/// Something that makes a good view a bad one.
type Change = Box<dyn Fn(&mut EntityMeta)>;

#[test]
fn broken_promises_are_told() {
    let at = |source: &'static str, column: &'static str| ColumnRef {
        source: Cow::Borrowed(source),
        column: Cow::Borrowed(column),
    };
    let on = move |column, right| Condition {
        left: at("d", column),
        comparison: Comparison::Equal,
        right,
    };
    let shows = move |index: usize, shown: Shown| -> Change {
        Box::new(move |meta| meta.view.as_mut().unwrap().shows.to_mut()[index] = shown.clone())
    };
    let joins = move |condition: Condition| -> Change {
        Box::new(move |meta| {
            let joins = meta.view.as_mut().unwrap().joins.to_mut();
            joins[0].on = Cow::Owned(vec![condition.clone()]);
        })
    };
    let column = |index: usize, change: fn(&mut mainstay_entity::Column)| -> Change {
        Box::new(move |meta| change(&mut meta.columns.to_mut()[index]))
    };
    let cases: Vec<(Change, &str)> = vec![
        (shows(2, Shown::Column(at("x", "code"))), "has no source x"),
        (shows(2, Shown::Column(at("d", "cod"))), "devices has no such column"),
        (shows(2, Shown::Column(at("d", "key"))), "d.key, which is ciphertext"),
        (shows(0, Shown::Column(at("d", "organization_id"))), "can't be null"),
        (shows(0, Shown::Column(at("r", "device_id"))), "must show r.organization_id as its own"),
        (shows(1, Shown::Column(at("r", "value"))), "is timestamptz, and shows double precision"),
        (joins(on("code", Operand::Literal(Cow::Borrowed("a")))), "which is no key of it"),
        (joins(on("id", Operand::Literal(Cow::Borrowed("a")))), "asks for d.id = \"a\": "),
        (joins(on("id", Operand::Column(at("r", "value")))), "the sides are of different kinds"),
        (joins(on("id", Operand::Ago(1))), "only an instant"),
        (column(2, |c| c.nullable = false), "can't be null, and what it shows can"),
        (
            column(2, |c| c.classification = mainstay_entity::Classification::Internal),
            "is confidential",
        ),
        (column(3, |c| c.personal = mainstay_entity::Personal::None), "shows personal data"),
        (column(4, |c| c.kind = Kind::Integer), "is integer, and shows bigint"),
        (Box::new(|meta| meta.primary_key.to_mut().truncate(2)), "its key is all columns"),
        (
            Box::new(|meta| meta.view.as_mut().unwrap().from.table = Cow::Borrowed("device_facts")),
            "which is no table",
        ),
        (Box::new(|meta| meta.scope = mainstay_entity::Scope::Public), "is no organisation's"),
    ];
    for (change, expected) in cases {
        let error = catalog(|meta| change(meta)).unwrap_err();
        assert!(error.starts_with("view mainstay.daily "), "{error}");
        assert!(error.contains(expected), "expected {expected}, got {error}");
    }
}
