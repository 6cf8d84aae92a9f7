//! Customers: who buys tickets.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Somebody who buys tickets, with or without an account.
#[derive(Entity)]
#[entity(
    table = "customers",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(external_id),
    index(email),
    index(created_at)
)]
pub struct Customer {
    #[entity(subject)]
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The account of a customer who has one here.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// Its number in the system that it was imported from.
    pub external_id: Option<Text<100>>,
    /// The name on tickets.
    #[entity(pii)]
    pub name: Option<Text<255>>,
    /// Where tickets are sent.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// Where changes are told.
    #[entity(pii)]
    pub phone: Option<Text<32>>,
    /// Country, two letters (ISO 3166-1).
    pub country: Option<Text<2>>,
    /// Whether offers may be sent.
    #[entity(default = false)]
    pub accepts_marketing: bool,
    /// Whatever the product keeps beside the customer.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}
