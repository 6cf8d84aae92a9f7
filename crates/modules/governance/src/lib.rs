//! Governance: what an organisation decides about its data, beginning with its settings.

mod setting;

pub use setting::{SettingType, SystemSetting};

use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::JobState;

/// What the module declares.
pub fn module() -> Module {
    Module::new("governance").entities([SystemSetting::meta(), JobState::meta()])
}
