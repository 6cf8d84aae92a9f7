//! Pseudonyms that stand for people in audit trails and exports.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Sealed, Text};
use mainstay_kernel::entities::{Organization, User};

/// How a pseudonym is made (S4-B16).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PseudonymStrategy {
    /// By a keyed hash, so that the same person has the same one.
    Hash,
    /// At random.
    Token,
    /// By encryption.
    Encryption,
}

/// A pseudonym and the identifier that it stands for, which those with the permission can read
/// (S4-B43..B45).
///
/// The identifier is encrypted with a salt of its own; that it has one pseudonym alone is kept by
/// its blind index.
#[derive(Entity)]
#[entity(
    table = "pseudonym_mappings",
    scope = tenant,
    classification = confidential,
    unique(pseudonym_id),
    unique(original_id_blind),
    index(timestamp),
    index(strategy),
    check(name = "pseudonym_given", "pseudonym_id <> ''")
)]
pub struct PseudonymMapping {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// When the pseudonym was given.
    #[entity(default = now)]
    pub timestamp: Timestamp,
    /// The pseudonym.
    pub pseudonym_id: Text<255>,
    /// The identifier that it stands for.
    #[entity(sealed, blind_index, restricted)]
    pub original_id: Sealed<String>,
    /// How the pseudonym was made.
    pub strategy: PseudonymStrategy,
    /// The person, when it is a user: with the person's key goes the way back.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<User>>,
}
