use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};

/// What a log states of leaves whose contents are not there.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// Retention removed them.
    Tombstone,
    /// Damage has made them unprovable.
    Reanchor,
}

/// A signed statement of a log that stands in it as a leaf, so that it is found without reading the
/// log. Nothing relies on the row: the note is verified.
#[derive(Entity)]
#[entity(
    table = "ledger_statements",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(organization_id, leaf_index)
)]
pub struct LedgerStatement {
    /// The organisation.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The index of the leaf that holds the statement.
    pub leaf_index: i64,
    /// What it says.
    pub kind: StatementKind,
    /// The index of the first leaf that it is about.
    pub first_index: i64,
    /// The index after the last.
    pub end_index: i64,
    /// The retention policy, by its name.
    pub policy: Option<Text<1000>>,
    /// Why, in words.
    pub reason: Text<1000>,
    /// The signed note.
    pub note: Text<100_000>,
    /// When it was stated.
    pub stated_at: Timestamp,
}
