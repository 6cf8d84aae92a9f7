//! Presets: what events of one sort have in common, so that senders agree on them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// A sort of events that an organisation defines: which fields they have and what must hold for
/// them.
#[derive(Entity)]
#[entity(
    table = "audit_presets",
    scope = tenant,
    classification = internal,
    unique(name),
    index(is_active),
    check(name = "name_given", "name <> ''")
)]
pub struct AuditPreset {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name by which senders refer to it.
    pub name: Text<50>,
    /// Which fields events have: `required`, `optional` (of their contents no others), `personal`
    /// (sealed) and `subject` (which tells whose personal data it is). Fields are columns of
    /// `audit_events` or places in its documents, such as `details.patient.name`.
    pub fields: Json<()>,
    /// The rules that fields keep: for each field a JSON Schema.
    pub validation: Json<()>,
    /// What it is for.
    pub description: Option<Text<4000>>,
    /// Whether it may be used.
    #[entity(default = true)]
    pub is_active: bool,
    /// Who made it.
    pub created_by: Text<255>,
    /// Who changed it last.
    pub updated_by: Option<Text<255>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
