//! The rules that transfers of assets keep.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::asset::Asset;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a rule looks at: the modular compliance of ERC-3643 tokens.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplianceRuleType {
    /// Holders of these countries alone.
    CountryAllowList,
    /// No holders of these countries.
    CountryBlockList,
    /// These identities alone.
    IdentityAllowList,
    /// None of these identities.
    IdentityBlockList,
    /// None of these addresses.
    AddressBlockList,
    /// Holders with these claims.
    IdentityVerification,
    /// At most so many holders.
    InvestorCount,
    /// At most so much in all.
    SupplyLimit,
    /// What was received stays for so long, oldest first.
    TimeLock,
    /// Each transfer is approved beforehand.
    TransferApproval,
}

/// Where a compliance module stands. The document names no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> disabled | deprecated; disabled -> active | deprecated")]
pub enum ComplianceModuleStatus {
    Active,
    Disabled,
    /// No longer to be used for new assets.
    Deprecated,
}

/// A rule of a jurisdiction; kept for ever (S3-B51).
#[derive(Entity)]
#[entity(
    table = "compliance_rules",
    scope = tenant,
    classification = internal,
    index(rule_type, jurisdiction),
    index(jurisdiction)
)]
pub struct ComplianceRule {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it looks at.
    pub rule_type: ComplianceRuleType,
    /// Where it holds: a country or union, such as `CH` or `EU`.
    pub jurisdiction: Text<100>,
    /// What it demands.
    #[entity(default = "{}")]
    pub parameters: Json<()>,
    /// Whether it holds at present.
    #[entity(default = true)]
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A contract that checks rules.
#[derive(Entity)]
#[entity(
    table = "compliance_modules",
    scope = tenant,
    classification = internal,
    unique(module_name, version),
    check(
        name = "contract_address_form",
        "length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''"
    )
)]
pub struct ComplianceModule {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Its name.
    pub module_name: Text<255>,
    /// Its version.
    pub version: Text<50>,
    /// Address of the contract: `0x` and 40 lower-case hexadecimal digits.
    pub contract_address: Option<Text<42>>,
    /// The types of rule that it can check.
    #[entity(default = "[]")]
    pub capabilities: Vec<String>,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: ComplianceModuleStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A rule that an asset keeps; each rule once.
#[derive(Entity)]
#[entity(
    table = "asset_compliance",
    scope = tenant,
    classification = internal,
    unique(asset_id, rule_id)
)]
pub struct AssetCompliance {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// The rule.
    pub rule_id: Id<ComplianceRule>,
    /// The contract that checks it.
    #[entity(on_delete = set_null)]
    pub module_id: Option<Id<ComplianceModule>>,
    /// What it demands of this asset, over what the rule says.
    #[entity(default = "{}")]
    pub parameters: Json<()>,
    /// Whether the asset keeps it at present.
    #[entity(default = true)]
    pub active: bool,
    /// When it was set.
    #[entity(default = now)]
    pub configured_at: Timestamp,
    /// Who set it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub configured_by: Option<Id<OrganizationMember>>,
}
