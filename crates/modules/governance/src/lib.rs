//! Governance: what an organisation decides about its data, beginning with its settings.

mod classification;
mod retention_policy;
mod setting;

pub use classification::{ClassificationLevel, DataClassification};
pub use retention_policy::RetentionPolicy;
pub use setting::{SettingType, SystemSetting};

use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::JobState;

/// What the module declares.
pub fn module() -> Module {
    Module::new("governance").entities([
        SystemSetting::meta(),
        DataClassification::meta(),
        RetentionPolicy::meta(),
        JobState::meta(),
    ])
}
