//! Assets: tokens on a chain, who holds them, and the rules that they keep.
//!
//! Balances are unsigned 256-bit integers in an asset's smallest unit. Addresses and hashes are
//! hexadecimal with `0x` before it, in lower case, so that each has one form.

mod asset;
mod identity;
mod operation;
mod ownership;
mod performance;
mod rule;
mod violation;

pub use asset::{Asset, AssetConfiguration, AssetMetadata, AssetStatus, AssetType};
pub use identity::{
    IdentityClaim, OnchainIdentity, VerificationProvider, VerificationProviderStatus,
    VerificationProviderType, VerificationStatus,
};
pub use operation::{AssetEvent, AssetOperation, AssetTransaction, TransactionStatus};
pub use ownership::{AssetHolder, AssetPermission, AssetPermissionType, OwnershipRecord};
pub use performance::{AssetAnalytics, AssetMetric, AssetPeriod};
pub use rule::{
    AssetCompliance, ComplianceModule, ComplianceModuleStatus, ComplianceRule, ComplianceRuleType,
};
pub use violation::{ComplianceViolation, ViolationResolution, ViolationResolutionType};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("assets").entities([
        Asset::meta(),
        AssetMetadata::meta(),
        AssetConfiguration::meta(),
        AssetOperation::meta(),
        AssetTransaction::meta(),
        AssetEvent::meta(),
        AssetHolder::meta(),
        OwnershipRecord::meta(),
        AssetPermission::meta(),
        AssetMetric::meta(),
        AssetAnalytics::meta(),
        OnchainIdentity::meta(),
        IdentityClaim::meta(),
        VerificationProvider::meta(),
        ComplianceRule::meta(),
        ComplianceModule::meta(),
        AssetCompliance::meta(),
        ComplianceViolation::meta(),
        ViolationResolution::meta(),
    ])
}
