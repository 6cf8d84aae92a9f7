//! Who holds what of an asset, held what before, and may do what with it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::asset::Asset;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Numeric, Text, U256};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a member may do with an asset. The document names no values; these are the duties that
/// token contracts keep apart.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetPermissionType {
    /// See it.
    View,
    /// Change what is told of it.
    Manage,
    /// Mint and burn.
    Supply,
    /// Freeze, recover and transfer for holders.
    Custody,
    /// Set rules and resolve violations.
    Compliance,
    /// Halt and resume transfers.
    Emergency,
    /// Everything, granting included.
    Admin,
}

/// What an address holds of an asset now (S3-B43).
#[derive(Entity)]
#[entity(
    table = "asset_holders",
    scope = tenant,
    classification = confidential,
    unique(asset_id, holder_address),
    index(holder_address, asset_id),
    index(balance),
    check(
        name = "holder_address_form",
        "length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''"
    )
)]
pub struct AssetHolder {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// The holder: `0x` and 40 lower-case hexadecimal digits.
    pub holder_address: Text<42>,
    /// How much it holds, in the asset's smallest unit.
    pub balance: U256,
    /// The part of the supply that this is, in percent.
    #[entity(min = 0, max = 100)]
    pub percentage: Option<Numeric<7, 4>>,
    /// Whether the holder's identity is verified.
    #[entity(default = false)]
    pub verified: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What an address held of an asset from a moment on.
#[derive(Entity)]
#[entity(
    table = "ownership_history",
    scope = tenant,
    classification = confidential,
    append_only,
    index(asset_id, timestamp),
    index(holder_address, timestamp),
    check(
        name = "holder_address_form",
        "length(holder_address) = 42 and substr(holder_address, 1, 2) = '0x' and ltrim(substr(holder_address, 3), '0123456789abcdef') = ''"
    ),
    check(
        name = "transaction_hash_form",
        "length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''"
    )
)]
pub struct OwnershipRecord {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    pub asset_id: Id<Asset>,
    /// The holder: `0x` and 40 lower-case hexadecimal digits.
    pub holder_address: Text<42>,
    /// How much it held from then on, in the asset's smallest unit.
    pub balance: U256,
    /// The moment: the time of the transaction's block.
    pub timestamp: Timestamp,
    /// The transaction that changed the balance: `0x` and 64 lower-case hexadecimal digits.
    pub transaction_hash: Option<Text<66>>,
}

/// Something that a member may do with one asset.
#[derive(Entity)]
#[entity(
    table = "asset_permissions",
    scope = tenant,
    classification = confidential,
    unique(asset_id, user_id, permission_type),
    index(user_id, asset_id),
    check(name = "expiry", "expires_at > granted_at")
)]
pub struct AssetPermission {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// The member.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Id<OrganizationMember>,
    /// What the member may do.
    pub permission_type: AssetPermissionType,
    /// When it was granted.
    #[entity(default = now)]
    pub granted_at: Timestamp,
    /// Who granted it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub granted_by: Option<Id<OrganizationMember>>,
    /// It ends then; none means never.
    pub expires_at: Option<Timestamp>,
}
