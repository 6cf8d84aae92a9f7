use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id};

/// What a wrapped key is for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultKeyPurpose {
    /// Seals an organisation's secrets.
    Tenant,
    /// Seals one person's data.
    Subject,
    /// Keys the blind indexes of an organisation; rotation never changes it.
    BlindIndex,
}

/// A data key of an organisation, wrapped by the master key.
#[derive(Entity)]
#[entity(
    table = "vault_keys",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    unique(columns(purpose, subject_id), nulls_not_distinct)
)]
pub struct VaultKey {
    /// Identifies the row.
    pub id: Id<Self>,
    /// The organisation, or the nil identifier for the platform.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// What it is for.
    pub purpose: VaultKeyPurpose,
    /// The person, for a subject's key.
    #[entity(no_reference)]
    pub subject_id: Option<Id<()>>,
    /// The wrapped key; empty when it was destroyed.
    #[entity(restricted)]
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was destroyed, so that nothing that it sealed can be read again.
    pub destroyed_at: Option<Timestamp>,
}
