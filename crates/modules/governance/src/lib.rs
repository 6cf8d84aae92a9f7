//! Governance: what an organisation decides about its data.
//!
//! How confidential data is and how long it is kept, what people ask about their own data, which
//! pseudonyms stand for them, what is switched on, and whether backups can be relied on.

mod backup;
mod classification;
mod declared;
mod feature_flag;
mod privacy_request;
mod pseudonym;
mod retention_policy;
mod setting;
mod tenant_data;

pub use backup::ValidationStatus;
pub use backup::{BackupType, BackupValidation, RecoveryResult, RecoveryTest, RecoveryType};
pub use classification::{ClassificationLevel, DataClassification};
pub use declared::fill_classifications;
pub use feature_flag::FeatureFlag;
pub use privacy_request::{PrivacyRequest, PrivacyRequestStatus, PrivacyRequestType};
pub use pseudonym::{PseudonymMapping, PseudonymStrategy};
pub use retention_policy::RetentionPolicy;
pub use setting::{SettingType, SystemSetting};
pub use tenant_data::TenantData;

use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::{IdentitySequence, JobState};

/// What the module declares.
pub fn module() -> Module {
    let entities = [
        SystemSetting::meta(),
        FeatureFlag::meta(),
        TenantData::meta(),
        DataClassification::meta(),
        RetentionPolicy::meta(),
        PrivacyRequest::meta(),
        PseudonymMapping::meta(),
        BackupValidation::meta(),
        RecoveryTest::meta(),
        JobState::meta(),
        IdentitySequence::meta(),
    ];
    Module::new("governance").entities(entities).every("1 minute", declared::fill)
}
