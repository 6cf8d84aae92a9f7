//! Access logs: what people were allowed to see, and what they were not.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Sealed, Text};
use mainstay_kernel::entities::{Organization, User};
use std::net::IpAddr;

/// How a question of access was decided.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessResult {
    Allowed,
    Denied,
}

/// A decision on access to something, kept 7 years (S3-B65).
#[derive(Entity)]
#[entity(
    table = "access_logs",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    retain = "7 years",
    index(user_id, timestamp),
    index(resource, timestamp),
    index(result, timestamp),
    index(timestamp)
)]
pub struct AccessLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Who asked; none when nobody was signed in.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<User>>,
    /// What it was about.
    pub resource: Text<255>,
    /// What was to be done with it.
    pub action: Text<100>,
    /// How it was decided.
    pub result: AccessResult,
    /// When.
    #[entity(default = now)]
    pub timestamp: Timestamp,
    /// Why, and further facts; no personal data.
    #[entity(default = "{}")]
    pub details: Json<()>,
}

/// An access to data of a payment card (S0-B54, S0-B59). Of its number the last four digits are
/// kept, which PCI DSS allows.
#[derive(Entity)]
#[entity(
    table = "pci_access_logs",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    index(user_id, accessed_at),
    index(accessed_at),
    check(
        name = "four_digits",
        "length(card_last_4) = 4 and ltrim(card_last_4, '0123456789') = ''"
    )
)]
pub struct PciAccessLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// Who looked.
    #[entity(subject, no_reference)]
    pub user_id: Id<User>,
    /// What was done.
    pub action: Text<100>,
    /// The last four digits of the card's number.
    #[entity(restricted)]
    pub card_last_4: Option<Text<4>>,
    /// When.
    #[entity(default = now)]
    pub accessed_at: Timestamp,
    /// Where the request came from.
    #[entity(sealed, blind_index)]
    pub ip_address: Option<Sealed<IpAddr>>,
}
