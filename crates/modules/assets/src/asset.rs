//! The assets themselves: what each is, what is told of it, how it is set up.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::Organization;

/// What an asset stands for. The document leaves the list open; these are the kinds of token that
/// are issued in practice.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetType {
    Bond,
    Equity,
    Fund,
    Stablecoin,
    Deposit,
    RealEstate,
    Commodity,
    Other,
}

/// Where an asset stands. The document names no values; these are what a regulated issue goes
/// through.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "draft -> active | retired; active -> paused | matured | retired; \
                  paused -> active | matured | retired; matured -> retired")]
pub enum AssetStatus {
    /// Being prepared; not on a chain yet.
    Draft,
    /// Can be transferred.
    Active,
    /// Transfers are halted.
    Paused,
    /// Its term is over; holders are being paid.
    Matured,
    /// Out of use.
    Retired,
}

/// A token that stands for something of value, with its contract on a chain.
#[derive(Entity)]
#[entity(
    table = "assets",
    scope = tenant,
    classification = internal,
    unique(contract_address),
    index(asset_type, status),
    check(
        name = "contract_address_form",
        "length(contract_address) = 42 and substr(contract_address, 1, 2) = '0x' and ltrim(substr(contract_address, 3), '0123456789abcdef') = ''"
    )
)]
pub struct Asset {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Address of the contract: `0x` and 40 lower-case hexadecimal digits. Empty until the
    /// contract is deployed.
    pub contract_address: Option<Text<42>>,
    /// What it stands for.
    pub asset_type: AssetType,
    /// Its name.
    pub name: Text<255>,
    /// Its short name, as exchanges show it.
    pub symbol: Text<32>,
    /// Where it stands.
    #[entity(default = "draft")]
    pub status: AssetStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is told of an asset; one row for each (S3-B41).
#[derive(Entity)]
#[entity(table = "asset_metadata", scope = tenant, classification = internal, unique(asset_id))]
pub struct AssetMetadata {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// What it is, in words.
    pub description: Option<Text<65_536>>,
    /// Documents such as prospectus and terms, by name with their addresses.
    #[entity(default = "{}")]
    pub documentation: Json<()>,
    /// Issuer, governing law and the like.
    #[entity(default = "{}")]
    pub legal_info: Json<()>,
    /// Licences, exemptions, identifiers such as an ISIN.
    #[entity(default = "{}")]
    pub regulatory_info: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How an asset is set up; one row for each.
#[derive(Entity)]
#[entity(
    table = "asset_configurations",
    scope = tenant,
    classification = internal,
    unique(asset_id)
)]
pub struct AssetConfiguration {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// What the contract was made with, such as its decimals.
    #[entity(default = "{}")]
    pub configuration_data: Json<()>,
    /// Settings of the contract's extensions.
    #[entity(default = "{}")]
    pub extension_settings: Json<()>,
    /// The rules as the contract was made with them; those in force are in `asset_compliance`.
    #[entity(default = "{}")]
    pub compliance_rules: Json<()>,
    /// Limits and fees of its operation.
    #[entity(default = "{}")]
    pub operational_params: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
