//! What searches of public places found: gists, pastes and accounts.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// What a search of gists is for (S2-B12).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum GithubQueryType {
    Email,
    ApiKey,
    Database,
    Password,
}

/// What a search of pastes is for (S2-B13).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastebinQueryType {
    Email,
    Domain,
    Username,
    Password,
}

/// A gist that holds a credential.
#[derive(Entity)]
#[entity(
    table = "github_findings",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(gist_id),
    index(query_term),
    index(query_type),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct GithubFinding {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The gist's identifier; a gist is reported once, and a deleted report stays known (S2-B62).
    pub gist_id: Text<255>,
    /// Its address.
    pub gist_url: Text<2000>,
    /// The file in it.
    pub filename: Option<Text<255>>,
    /// When the gist was made.
    pub gist_created_at: Option<Timestamp>,
    /// The words that found it.
    #[entity(pii)]
    pub query_term: Option<Text<255>>,
    /// What the search is for.
    pub query_type: Option<GithubQueryType>,
    /// What kind of credential it holds.
    pub credential_type: Option<Text<100>>,
    /// The credential; never read back.
    #[entity(secret)]
    pub credential_value: Option<Secret<String>>,
    /// The lines around it, without the credential.
    #[entity(pii)]
    pub context: Option<Text<65_536>>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who searched (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// A paste that holds a credential.
#[derive(Entity)]
#[entity(
    table = "pastebin_findings",
    scope = tenant,
    classification = confidential,
    soft_delete,
    unique(paste_id),
    index(query_term),
    index(query_type),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct PastebinFinding {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The paste's identifier; a paste is reported once, and a deleted report stays known
    /// (S2-B62).
    pub paste_id: Text<255>,
    /// Its title.
    pub paste_title: Option<Text<500>>,
    /// Its address.
    pub paste_url: Text<2000>,
    /// When it was published, as the site says it.
    pub posted_date: Option<Text<50>>,
    /// The words that found it.
    #[entity(pii)]
    pub query_term: Option<Text<255>>,
    /// What the search is for.
    pub query_type: Option<PastebinQueryType>,
    /// The password in it; never read back.
    #[entity(secret)]
    pub credential_password: Option<Secret<String>>,
    /// The lines around it, without the password.
    #[entity(pii)]
    pub context: Option<Text<65_536>>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who searched (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// An account that a search for a name or address found.
#[derive(Entity)]
#[entity(
    table = "opsych_search_results",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(search_id),
    index(query_input),
    index(platform),
    index(username),
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct OpsychSearchResult {
    /// The result's own identifier names the person: the person need not have an account here.
    #[entity(subject)]
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The search; its results share it.
    pub search_id: Text<100>,
    /// What was searched for.
    #[entity(pii)]
    pub query_input: Text<255>,
    /// What kind of thing that is, such as a name or an address.
    pub query_type: Option<Text<50>>,
    /// The network that has the account.
    pub platform: Option<Text<100>>,
    /// The account's name.
    #[entity(pii)]
    pub username: Option<Text<255>>,
    /// The account's address.
    #[entity(pii)]
    pub url: Option<Text<2000>>,
    /// What the account says of its owner.
    #[entity(pii)]
    pub bio: Option<Text<4000>>,
    /// The tool that found it, such as Sherlock or Holehe (S2-B33).
    pub source: Option<Text<100>>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who searched (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
