//! What is done with assets, and what the chain says of it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::asset::Asset;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where a transaction stands. The document names no values; these are a transaction's on a chain
/// whose blocks may be reorganised.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> confirmed | failed | dropped; confirmed -> finalized | pending")]
pub enum TransactionStatus {
    /// Sent, in no block yet, or in one that was replaced.
    Pending,
    /// In a block that may still be replaced.
    Confirmed,
    /// In a block that stays.
    Finalized,
    /// Reverted by the contract.
    Failed,
    /// Never got into a block.
    Dropped,
}

/// Something that was done with an asset, such as minting (S3-B42).
#[derive(Entity)]
#[entity(
    table = "asset_operations",
    scope = tenant,
    classification = internal,
    index(asset_id, executed_at),
    index(operation_type),
    index(executed_at)
)]
pub struct AssetOperation {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    #[entity(on_delete = cascade)]
    pub asset_id: Id<Asset>,
    /// What was done, such as `mint`, `burn`, `transfer` or `freeze`; contracts name their own.
    pub operation_type: Text<100>,
    /// With which arguments.
    #[entity(default = "{}")]
    pub parameters: Json<()>,
    /// When it was done.
    #[entity(default = now)]
    pub executed_at: Timestamp,
    /// The member who did it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub executed_by: Option<Id<OrganizationMember>>,
}

/// A transaction on the chain that concerns an asset.
#[derive(Entity)]
#[entity(
    table = "asset_transactions",
    scope = tenant,
    classification = internal,
    unique(transaction_hash, asset_id),
    unique(operation_id),
    index(asset_id, block_number),
    index(status),
    check(
        name = "transaction_hash_form",
        "length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''"
    ),
    check(name = "block_number", "status not in ('confirmed', 'finalized') or block_number is not null")
)]
pub struct AssetTransaction {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    pub asset_id: Id<Asset>,
    /// The operation that it carries out; at most one transaction each (S3-B45).
    #[entity(on_delete = set_null)]
    pub operation_id: Option<Id<AssetOperation>>,
    /// Its hash: `0x` and 64 lower-case hexadecimal digits.
    pub transaction_hash: Text<66>,
    /// What it does, such as `mint` or `transfer`.
    pub operation_type: Text<100>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: TransactionStatus,
    /// The block that it is in, once confirmed.
    #[entity(min = 0)]
    pub block_number: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An event that an asset's contract emitted. A replaced block takes nothing back: what it
/// undoes is a further event.
#[derive(Entity)]
#[entity(
    table = "asset_events",
    scope = tenant,
    classification = internal,
    append_only,
    index(asset_id, block_number),
    index(event_type),
    index(transaction_hash),
    check(
        name = "transaction_hash_form",
        "length(transaction_hash) = 66 and substr(transaction_hash, 1, 2) = '0x' and ltrim(substr(transaction_hash, 3), '0123456789abcdef') = ''"
    )
)]
pub struct AssetEvent {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The asset.
    pub asset_id: Id<Asset>,
    /// The event's name in the contract, such as `Transfer`.
    pub event_type: Text<100>,
    /// Its arguments; amounts as decimal text, for they exceed a JSON number.
    #[entity(default = "{}")]
    pub event_data: Json<()>,
    /// The block that it is in.
    #[entity(min = 0)]
    pub block_number: i64,
    /// The transaction that it is in: `0x` and 64 lower-case hexadecimal digits.
    pub transaction_hash: Text<66>,
    pub created_at: Timestamp,
}
