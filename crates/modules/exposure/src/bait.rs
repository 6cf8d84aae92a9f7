//! Bait: credentials that open nothing and tell who tries them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::severity::ExposureSeverity;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use std::net::IpAddr;

/// What a bait looks like (S2-B27).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaitType {
    AwsKey,
    StripeToken,
    Database,
    SshKey,
    GithubToken,
    SlackToken,
}

/// Where a bait stands (S2-B28). A triggered one goes on recording until it ends.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> triggered | expired | revoked; triggered -> expired | revoked")]
pub enum BaitStatus {
    /// Waits.
    Active,
    /// Was tried.
    Triggered,
    /// Its time is over.
    Expired,
    /// Was withdrawn.
    Revoked,
}

/// How a bait was tried (S2-B29).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaitRequestType {
    Http,
    Api,
    Ssh,
    Database,
}

/// Who seems to be behind an access (S2-B30).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaitAttribution {
    Human,
    Bot,
    Tool,
    /// A program that pretends to be a browser.
    Spoofed,
}

/// How much an access proves (S2-B31).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceStrength {
    CourtReady,
    Moderate,
    Weak,
}

/// A false credential that was left where only an intruder would find it (S2-B59).
#[derive(Entity)]
#[entity(
    table = "bait_tokens",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(identifier),
    index(columns(identifier), global),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct BaitToken {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What an access is recognised by, such as `bait_abc123`; never used again (S2-B62).
    pub identifier: Text<255>,
    /// What it looks like.
    pub bait_type: Option<BaitType>,
    /// The false credential; it opens nothing.
    #[entity(default = "{}")]
    pub token_value: Json<()>,
    /// When it was left.
    #[entity(default = now)]
    pub seeded_at: Option<Timestamp>,
    /// Where it was left.
    pub seeded_location: Option<Text<500>>,
    /// When it was first tried.
    pub first_access: Option<Timestamp>,
    /// How often it was tried.
    #[entity(default = 0, min = 0)]
    pub access_count: i32,
    /// When it was last tried.
    pub last_access: Option<Timestamp>,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: BaitStatus,
    /// The member who left it (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// One try of a bait, with what is known of who tried.
#[derive(Entity)]
#[entity(
    table = "bait_accesses",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(bait_id, accessed_at),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct BaitAccess {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The bait; the access goes with it (S2-B70).
    #[entity(on_delete = cascade)]
    pub bait_id: Id<BaitToken>,
    /// When it was tried.
    #[entity(default = now)]
    pub accessed_at: Option<Timestamp>,
    /// From where.
    #[entity(pii)]
    pub source_ip: Option<IpAddr>,
    /// With which program, as it says.
    pub user_agent: Option<Text<1000>>,
    /// How it was tried.
    pub request_type: Option<BaitRequestType>,
    /// The request's headers.
    #[entity(pii)]
    pub request_headers: Option<Json<()>>,
    /// The request's body.
    #[entity(pii)]
    pub request_body: Option<Json<()>>,
    /// What the client is recognised by.
    #[entity(pii)]
    pub fingerprint: Option<Text<4000>>,
    /// Roughly where the address is.
    #[entity(pii)]
    pub geolocation: Option<Text<255>>,
    /// How dangerous it is (S2-B32).
    #[entity(default = "medium")]
    pub threat_level: ExposureSeverity,
    /// What an analyst notes.
    pub notes: Option<Text<65_536>>,
    /// The languages that the client asks for.
    pub accept_language: Option<Text<255>>,
    /// The page that the client says it comes from.
    pub referer: Option<Text<2000>>,
    /// The headers that browsers add about a request's cause.
    pub sec_fetch_headers: Option<Json<()>>,
    /// Who seems to be behind it.
    pub attribution_type: Option<BaitAttribution>,
    /// How much it proves.
    pub evidence_strength: Option<EvidenceStrength>,
    /// The member who left the bait (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
