//! A small shop with one of everything: kinds, relations, life cycles, personal data, secrets.

use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Sealed, Secret, Text, U256};
use mainstay_kernel::entities::{
    AuditEvent, IdempotencyKey, LedgerEntry, LedgerPending, LedgerTile, Organization,
    OrganizationMember, Permission, PolicyVersion, Role, RolePermission, User, VaultKey,
};
use mainstay_kernel::{Module, PermissionPair, Result, Work, typed};
use serde::Deserialize;
use std::net::IpAddr;

/// How good a customer is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Gold,
    Plain,
}

/// Somebody who buys.
#[derive(Entity)]
#[entity(table = "customers", scope = tenant, classification = internal, unique(code))]
pub(crate) struct Customer {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// A short name.
    pub code: Text<10>,
    /// The name.
    pub name: Option<Text<50>>,
    /// The address.
    #[entity(pii)]
    pub email: Option<Text<100>>,
    /// The year of birth.
    #[entity(pii)]
    pub born: Option<Date>,
    /// How good.
    #[entity(default = "plain")]
    pub tier: Tier,
    /// Visits so far.
    #[entity(default = 0, min = 0)]
    pub visits: i32,
    /// What they may owe.
    pub credit: Option<Numeric<8, 2>>,
    /// What they weigh.
    pub weight: Option<f64>,
    /// What they hold.
    pub wallet: Option<U256>,
    /// Whether they still buy.
    #[entity(default = true)]
    pub active: bool,
    /// Words about them.
    pub tags: Option<Vec<String>>,
    /// Anything else.
    #[entity(default = "{}")]
    pub notes: Json<()>,
    /// Where they were last.
    pub address: Option<IpAddr>,
    /// What nobody but the law sees.
    #[entity(restricted)]
    pub verdict: Option<Text<50>>,
    pub created_at: Timestamp,
}

/// How far an order is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "open -> paid; paid -> sent")]
pub(crate) enum OrderState {
    Open,
    Paid,
    Sent,
}

/// An order.
#[derive(Entity)]
#[entity(table = "orders", scope = tenant, classification = internal, unique(number))]
pub(crate) struct Order {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Its number.
    pub number: i32,
    /// How far it is.
    #[entity(default = "open")]
    pub state: OrderState,
    /// Who ordered.
    #[entity(on_delete = cascade)]
    pub customer_id: Id<Customer>,
    /// Who pays.
    #[entity(on_delete = set_null)]
    pub payer_id: Option<Id<Customer>>,
}

/// What is known of an order's way; one per order.
#[derive(Entity)]
#[entity(table = "shipments", scope = tenant, classification = internal, unique(order_id))]
pub(crate) struct Shipment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The order.
    #[entity(on_delete = cascade)]
    pub order_id: Id<Order>,
    /// Who carries it.
    pub carrier: Text<50>,
}

/// A word for orders.
#[derive(Entity)]
#[entity(table = "labels", scope = tenant, classification = internal, unique(word))]
pub(crate) struct Label {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The word.
    pub word: Text<50>,
    /// The wider word.
    #[entity(on_delete = set_null)]
    pub parent_id: Option<Id<Self>>,
}

/// A word given to an order.
#[derive(Entity)]
#[entity(table = "order_labels", scope = tenant, classification = internal, unique(order_id, label_id))]
pub(crate) struct OrderLabel {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The order.
    #[entity(on_delete = cascade)]
    pub order_id: Id<Order>,
    /// The word.
    #[entity(on_delete = cascade)]
    pub label_id: Id<Label>,
}

/// Who follows what somebody buys.
#[derive(Entity)]
#[entity(
    table = "follows",
    scope = tenant,
    classification = internal,
    unique(follower_id, followed_id)
)]
pub(crate) struct Follow {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Who follows.
    #[entity(on_delete = cascade)]
    pub follower_id: Id<Customer>,
    /// Who is followed.
    #[entity(on_delete = cascade)]
    pub followed_id: Id<Customer>,
}

/// A door to another shop.
#[derive(Entity)]
#[entity(table = "doors", scope = tenant, classification = internal, soft_delete)]
pub(crate) struct Door {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What opens it.
    #[entity(secret)]
    pub key: Secret<String>,
    pub deleted_at: Option<Timestamp>,
}

/// Somebody who is treated.
#[derive(Entity)]
#[entity(table = "patients", scope = tenant, classification = internal, unique(code))]
pub(crate) struct Patient {
    pub(crate) id: Id<Self>,
    pub(crate) organization_id: Id<Organization>,
    /// What stands on the file.
    pub(crate) code: Text<20>,
    /// The name.
    #[entity(sealed, blind_index)]
    pub(crate) name: Sealed<String>,
    /// What happened so far.
    #[entity(phi)]
    pub(crate) history: Option<Sealed<()>>,
}

/// A day at a market.
#[derive(Entity)]
#[entity(table = "stalls", scope = venue, classification = internal, unique(label))]
pub(crate) struct Stall {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where it stands.
    #[entity(no_reference)]
    pub venue_id: Option<Id<Self>>,
    /// What stands on it.
    pub label: Text<20>,
    /// Who has it.
    pub customer_id: Option<Id<Customer>>,
}

/// What is sold at stalls.
#[derive(Entity)]
#[entity(
    table = "stall_totals",
    scope = tenant,
    classification = internal,
    view(from(c: Customer), related(s: Stall, customer_id = c.id))
)]
pub(crate) struct StallTotal {
    pub id: Id<Customer>,
    pub organization_id: Id<Organization>,
    /// How many stalls.
    #[entity(value = count(s.id))]
    pub stalls: i64,
}

/// Something measured.
#[derive(Entity)]
#[entity(table = "measurements", scope = tenant, classification = internal, soft_delete, audit = none)]
pub(crate) struct Measurement {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What is measured.
    pub name: Text<20>,
    /// Whose it is.
    pub customer_id: Option<Id<Customer>>,
    /// How much.
    pub value: f64,
    /// What it costs.
    pub cost: Option<Numeric<8, 2>>,
    /// How often.
    #[entity(default = 1)]
    pub times: i32,
    /// When.
    pub taken_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// Measurements by the hour.
#[derive(Entity)]
#[entity(
    table = "measurements_hourly",
    scope = tenant,
    classification = internal,
    view(from(m: Measurement), where(m.value >= -1000, m.name != "noise"))
)]
pub(crate) struct HourlyMeasurement {
    pub organization_id: Id<Organization>,
    /// The hour.
    #[entity(value = hour(m.taken_at))]
    pub hour: Timestamp,
    /// What was measured.
    pub name: Text<20>,
    /// Whose it was.
    pub customer_id: Option<Id<Customer>>,
    /// The mean.
    #[entity(value = avg(m.value))]
    pub avg_value: f64,
    /// The sum.
    #[entity(value = sum(m.value))]
    pub sum_value: f64,
    /// The largest.
    #[entity(value = max(m.value))]
    pub max_value: f64,
    /// The smallest.
    #[entity(value = min(m.value))]
    pub min_value: f64,
    /// The mean cost.
    #[entity(value = avg(m.cost))]
    pub avg_cost: Option<f64>,
    /// All costs.
    #[entity(value = sum(m.cost))]
    pub sum_cost: Option<Numeric<18, 2>>,
    /// The mean of times.
    #[entity(value = avg(m.times))]
    pub avg_times: f64,
    /// How many.
    #[entity(value = count(*))]
    pub samples: i64,
}

/// What is known of each customer that still buys.
#[derive(Entity)]
#[entity(
    table = "customer_facts",
    scope = tenant,
    classification = internal,
    view(
        from(c: Customer),
        related(o: Order, customer_id = c.id),
        related(p: Order, payer_id = c.id, state = "open"),
        related(heat: "measurements", customer_id = c.id, name = "heat", taken_at > ago("1 hour")),
        where(c.active = true)
    )
)]
pub(crate) struct CustomerFacts {
    pub id: Id<Customer>,
    pub organization_id: Id<Organization>,
    /// The customer's short name.
    pub code: Text<10>,
    /// The customer's address.
    #[entity(pii)]
    pub email: Option<Text<100>>,
    /// How many orders.
    #[entity(value = count(o.id))]
    pub orders: i64,
    /// How many orders wait for the customer's money.
    #[entity(value = count(p.id))]
    pub unpaid: i64,
    /// The mean heat of the last hour.
    #[entity(value = avg(heat.value))]
    pub heat: Option<f64>,
}

/// What goes where.
#[derive(Entity)]
#[entity(
    table = "parcels",
    scope = tenant,
    classification = internal,
    view(
        from(o: Order),
        inner_join(c: Customer, id = o.customer_id),
        join(s: Shipment, order_id = o.id)
    )
)]
pub(crate) struct Parcel {
    #[entity(no_reference)]
    pub id: Id<Order>,
    pub organization_id: Id<Organization>,
    /// The order's number.
    pub number: i32,
    /// Who gets it.
    #[entity(value = c.code)]
    pub receiver: Text<10>,
    /// Who carries it.
    #[entity(value = s.carrier)]
    pub carrier: Option<Text<50>>,
}

#[derive(Deserialize)]
struct Sum {
    a: i64,
    b: i64,
}

#[derive(Deserialize)]
struct Nothing {}

async fn add(work: Work, sum: Sum) -> Result<mainstay_kernel::Done> {
    work.commit_with(&(sum.a + sum.b)).await
}

async fn list(work: Work, _: Nothing) -> Result<mainstay_kernel::Done> {
    work.commit_with(&[1, 2]).await
}

async fn touch(work: Work, _: Nothing) -> Result<mainstay_kernel::Done> {
    work.commit_with(&()).await
}

/// The shop, with what the kernel itself needs.
pub(crate) fn modules() -> Vec<Module> {
    let kernel = Module::new("kernel").entities([
        Organization::meta(),
        User::meta(),
        OrganizationMember::meta(),
        Permission::meta(),
        Role::meta(),
        RolePermission::meta(),
        AuditEvent::meta(),
        IdempotencyKey::meta(),
        LedgerEntry::meta(),
        LedgerPending::meta(),
        LedgerTile::meta(),
        PolicyVersion::meta(),
        VaultKey::meta(),
    ]);
    let shop = Module::new("shop")
        .entities([
            &crate::shape::related(Customer::meta()),
            Order::meta(),
            Shipment::meta(),
            Label::meta(),
            OrderLabel::meta(),
            Follow::meta(),
            Door::meta(),
            Patient::meta(),
            Measurement::meta(),
            HourlyMeasurement::meta(),
            &crate::shape::related(CustomerFacts::meta()),
            Parcel::meta(),
            Stall::meta(),
            StallTotal::meta(),
        ])
        .action("add", PermissionPair::new("sums", "read"), typed(add))
        .action("list", PermissionPair::new("sums", "read"), typed(list))
        .action("touch", PermissionPair::new("sums", "touch"), typed(touch))
        .own_actions(crate::own_action::declared());
    vec![kernel, shop, crate::types::module(), crate::names::module()]
}
