//! Settings of an organisation, as named values.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What kind of value a setting holds.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingType {
    /// Text.
    String,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An object or array.
    Json,
}

/// A named value that an organisation sets, in a namespace such as `system` or `compliance`.
#[derive(Entity)]
#[entity(
    table = "system_settings",
    scope = tenant,
    classification = internal,
    unique(namespace, key),
    check(name = "namespace_given", "namespace <> ''"),
    check(name = "key_given", "key <> ''")
)]
pub struct SystemSetting {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What the setting belongs to.
    #[entity(default = "system")]
    pub namespace: Text<100>,
    /// The name of the setting, unique in its namespace.
    pub key: Text<255>,
    /// The value.
    pub value: Json<()>,
    /// What kind of value it is.
    #[entity(default = "string")]
    pub value_type: SettingType,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
