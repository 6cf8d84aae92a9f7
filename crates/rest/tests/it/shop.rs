//! A small shop with one of everything: kinds, relations, life cycles, personal data, secrets.

use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Json, Numeric, Sealed, Secret, Text, U256};
use mainstay_kernel::entities::{
    AuditEvent, LedgerEntry, LedgerPending, LedgerTile, Organization, OrganizationMember,
    Permission, PolicyVersion, Role, RolePermission, User, VaultKey,
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
        LedgerEntry::meta(),
        LedgerPending::meta(),
        LedgerTile::meta(),
        PolicyVersion::meta(),
        VaultKey::meta(),
    ]);
    let shop = Module::new("shop")
        .entities([
            Customer::meta(),
            Order::meta(),
            Shipment::meta(),
            Label::meta(),
            OrderLabel::meta(),
            Door::meta(),
            Patient::meta(),
        ])
        .action("add", PermissionPair::new("sums", "read"), typed(add))
        .action("list", PermissionPair::new("sums", "read"), typed(list))
        .action("touch", PermissionPair::new("sums", "touch"), typed(touch));
    vec![kernel, shop]
}
