//! Payout methods: how venues are paid.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Sealed};
use mainstay_kernel::entities::Organization;
use uuid::Uuid;

/// How money is sent. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutMethodType {
    BankAccount,
    DebitCard,
    Paypal,
    Stripe,
    Check,
}

/// A way in which a venue is paid; one of them is the usual one.
#[derive(Entity)]
#[entity(
    table = "payout_methods",
    scope = venue,
    classification = confidential,
    unique(columns(venue_id), where = "is_default = true")
)]
pub struct PayoutMethod {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue.
    #[entity(references(table = "venues"))]
    pub venue_id: Uuid,
    /// How money is sent.
    pub method_type: PayoutMethodType,
    /// Where it is sent, as a document (S0-B47).
    #[entity(sealed, restricted)]
    pub details: Sealed<()>,
    /// Whether it is the venue's usual one.
    #[entity(default = false)]
    pub is_default: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
