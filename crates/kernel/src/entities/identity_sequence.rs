use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Text};

/// How far the numbers of a table's rows are given out: to servers in blocks, so that some may
/// stay unused.
#[derive(Entity)]
#[entity(
    table = "identity_sequences",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    primary_key(organization_id, table_name)
)]
pub struct IdentitySequence {
    /// The organisation, or the nil identifier for a table of the installation.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The table, with its schema.
    pub table_name: Text<200>,
    /// The number that nobody was given yet.
    pub next_number: i64,
    /// When numbers were last given out.
    pub updated_at: Timestamp,
}
