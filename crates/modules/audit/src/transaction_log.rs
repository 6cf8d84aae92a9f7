//! Transactions of assets and the checks made for them, as regulators want them kept.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text, U256};
use mainstay_kernel::entities::{Organization, User};
use uuid::Uuid;

/// A transaction with an asset, kept 10 years (S3-B64, S3-B68).
#[derive(Entity)]
#[entity(
    table = "transaction_logs",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    retain = "10 years",
    index(asset_id, timestamp),
    index(user_id, timestamp),
    index(blockchain_hash),
    index(timestamp)
)]
pub struct TransactionLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The asset; the row outlasts it.
    pub asset_id: Option<Uuid>,
    /// Who made it.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<User>>,
    /// What kind of transaction it is, such as `mint`, `transfer` or `burn`.
    pub transaction_type: Text<50>,
    /// How much, in the asset's smallest unit.
    pub amount: Option<U256>,
    /// When.
    #[entity(default = now)]
    pub timestamp: Timestamp,
    /// The transaction's hash on the chain.
    pub blockchain_hash: Option<Text<100>>,
}

/// How a check ended.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplianceCheckResult {
    Passed,
    Failed,
    /// Somebody has to decide.
    Review,
}

/// A check of the rules for an asset or person, kept 10 years (S3-B69).
#[derive(Entity)]
#[entity(
    table = "compliance_check_logs",
    scope = tenant,
    classification = confidential,
    append_only,
    audit = none,
    partitioned,
    retain = "10 years",
    index(asset_id, timestamp),
    index(user_id, timestamp),
    index(result, timestamp),
    index(timestamp)
)]
pub struct ComplianceCheckLog {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The asset; the row outlasts it.
    pub asset_id: Option<Uuid>,
    /// Whom it was made for.
    #[entity(subject, no_reference)]
    pub user_id: Option<Id<User>>,
    /// What was checked, such as `kyc`, `sanctions` or `transfer_limit`.
    pub compliance_check: Text<100>,
    /// How it ended.
    pub result: ComplianceCheckResult,
    /// What was found; no personal data.
    #[entity(default = "{}")]
    pub details: Json<()>,
    /// When.
    #[entity(default = now)]
    pub timestamp: Timestamp,
}
