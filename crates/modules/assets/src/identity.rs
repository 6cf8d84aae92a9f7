//! Identities on the chain, the claims made of them, and those who verify.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Sealed, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where the verification of an identity stands. The document names no values; a refused or
/// expired identity may be verified again, a revoked one is out of use.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> verified | rejected; verified -> expired | revoked; \
                  rejected -> pending; expired -> pending | revoked")]
pub enum VerificationStatus {
    Pending,
    Verified,
    Rejected,
    Expired,
    Revoked,
}

/// What a provider verifies.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationProviderType {
    /// Who a person is.
    Kyc,
    /// Who a business is.
    Kyb,
    /// Where money comes from.
    Aml,
}

/// Where a provider stands. The document names no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> suspended | retired; suspended -> active | retired")]
pub enum VerificationProviderStatus {
    Active,
    /// Its claims are not taken for the time being.
    Suspended,
    Retired,
}

/// A member's identity on the chain (ERC-734, ERC-735), by which token contracts know the member.
///
/// It is kept for seven years after its last use (S3-B54), which a retention policy decides, not
/// its age.
#[derive(Entity)]
#[entity(
    table = "identities",
    scope = tenant,
    classification = confidential,
    unique(onchain_id),
    unique(id, user_id),
    index(user_id, onchain_id),
    check(
        name = "onchain_id_form",
        "length(onchain_id) = 42 and substr(onchain_id, 1, 2) = '0x' and ltrim(substr(onchain_id, 3), '0123456789abcdef') = ''"
    ),
    check(
        name = "claims_hash_form",
        "length(claims_hash) = 66 and substr(claims_hash, 1, 2) = '0x' and ltrim(substr(claims_hash, 3), '0123456789abcdef') = ''"
    ),
    check(name = "verified", "verification_status <> 'verified' or verified_at is not null")
)]
pub struct OnchainIdentity {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member; the record outlasts the membership.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = restrict))]
    pub user_id: Id<OrganizationMember>,
    /// Address of the identity contract: `0x` and 40 lower-case hexadecimal digits.
    pub onchain_id: Text<42>,
    /// Where its verification stands.
    #[entity(default = "pending")]
    pub verification_status: VerificationStatus,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
    /// Who verified it: a name or an address.
    pub issuer: Option<Text<255>>,
    /// Hash of the claims: `0x` and 64 lower-case hexadecimal digits.
    pub claims_hash: Option<Text<66>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Something that a provider states of an identity, such as its country (S3-B152).
#[derive(Entity)]
#[entity(
    table = "identity_claims",
    scope = tenant,
    classification = confidential,
    index(identity_id, claim_type),
    index(claim_type),
    index(expires_at),
    references(
        columns(identity_id, user_id),
        table = "identities",
        to(id, user_id),
        on_delete = cascade
    ),
    check(name = "expiry", "expires_at > issued_at"),
    check(name = "revocation", "revoked_at >= issued_at")
)]
pub struct IdentityClaim {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The identity.
    #[entity(no_reference)]
    pub identity_id: Id<OnchainIdentity>,
    /// The identity's member, whose key seals the claim.
    #[entity(subject, no_reference)]
    pub user_id: Id<OrganizationMember>,
    /// Who states it.
    #[entity(on_delete = set_null)]
    pub provider_id: Option<Id<VerificationProvider>>,
    /// What it is about, such as `kyc` or `country`.
    pub claim_type: Text<100>,
    /// What it says.
    #[entity(sealed)]
    pub claim_data: Option<Sealed<()>>,
    /// When it was stated.
    #[entity(default = now)]
    pub issued_at: Timestamp,
    /// It holds until then; none means for ever.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// One who verifies people, businesses or money (S3-B155).
#[derive(Entity)]
#[entity(
    table = "verification_providers",
    scope = tenant,
    classification = internal,
    unique(name, provider_type)
)]
pub struct VerificationProvider {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The provider's name.
    pub name: Text<255>,
    /// What it verifies.
    pub provider_type: VerificationProviderType,
    /// Address, keys and options of its interface; never read back.
    #[entity(secret)]
    pub api_config: Option<Secret<()>>,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: VerificationProviderStatus,
    /// How far it is trusted, 0 to 100.
    #[entity(default = 50, min = 0, max = 100)]
    pub trust_level: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
