//! Documents that an organisation keeps without a table of their own.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json};
use mainstay_kernel::entities::Organization;

/// A document of an organisation, of any shape (S1-B64).
#[derive(Entity)]
#[entity(table = "tenant_data", scope = tenant, classification = confidential)]
pub struct TenantData {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The document.
    pub data: Option<Json<()>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
