//! What open sources tell of a person: accounts, breaches and devices.
//!
//! The person need not have an account here, so the profile's own identifier names the subject.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use std::net::IpAddr;

/// A person under investigation.
#[derive(Entity)]
#[entity(
    table = "osint_profiles",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct OsintProfile {
    #[entity(subject)]
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The person's name.
    #[entity(pii)]
    pub name: Text<255>,
    /// The person's address.
    #[entity(pii)]
    pub email: Option<Text<255>>,
    /// The name that the person uses in most places.
    #[entity(pii)]
    pub username: Option<Text<255>>,
    /// The person's telephone number.
    #[entity(pii)]
    pub phone: Option<Text<50>>,
    /// What the investigator notes.
    #[entity(pii)]
    pub notes: Option<Text<65_536>>,
    /// How exposed the person is; 0 means not at all (S2-B39).
    #[entity(default = 0, min = 0)]
    pub risk_score: f64,
    /// In how many breaches the person was found.
    #[entity(default = 0, min = 0)]
    pub breach_count: i32,
    /// What social networks tell.
    #[entity(pii, default = "{}")]
    pub social_media_json: Json<()>,
    /// Passwords of the person that leaked; never read back.
    #[entity(secret)]
    pub exposed_passwords: Option<Secret<()>>,
    /// What leaked of the person.
    #[entity(pii, default = "[]")]
    pub data_leaks: Json<()>,
    /// The member who investigates (S2-B67).
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// An account of the person in a social network.
#[derive(Entity)]
#[entity(
    table = "osint_social_accounts",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct OsintSocialAccount {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub profile_id: Id<OsintProfile>,
    /// The network.
    pub platform: Option<Text<100>>,
    /// The person's name there.
    #[entity(pii)]
    pub username: Option<Text<255>>,
    /// Address of the account.
    #[entity(pii)]
    pub url: Option<Text<2000>>,
    /// How many follow it.
    #[entity(min = 0)]
    pub followers: Option<i32>,
    /// How much it has published.
    #[entity(min = 0)]
    pub posts_count: Option<i32>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who investigates.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// A breach in which the person was found.
#[derive(Entity)]
#[entity(
    table = "osint_breaches",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct OsintBreach {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub profile_id: Id<OsintProfile>,
    /// What the breach is called.
    pub breach_name: Option<Text<255>>,
    /// When it happened, as exactly as the source knows: a date, month or year.
    pub breach_date: Option<Text<50>>,
    /// What kinds of data leaked, such as passwords or addresses.
    #[entity(default = "[]")]
    pub data_classes: Vec<String>,
    /// When the person was found in it.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who investigates.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}

/// A machine that open sources know of, of a person where one is known.
#[derive(Entity)]
#[entity(
    table = "osint_devices",
    scope = tenant,
    classification = confidential,
    soft_delete,
    index(columns(deleted_at), where = "deleted_at is not null")
)]
pub struct OsintDevice {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The person.
    #[entity(subject, on_delete = set_null)]
    pub profile_id: Option<Id<OsintProfile>>,
    /// Its address.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
    /// Its name.
    #[entity(pii)]
    pub hostname: Option<Text<255>>,
    /// What it is, such as a camera or a web server.
    pub device_type: Option<Text<100>>,
    /// The ports that answer.
    #[entity(default = "[]")]
    pub ports_open: Vec<i32>,
    /// Known weaknesses, such as CVE numbers.
    #[entity(default = "[]")]
    pub vulnerabilities: Json<()>,
    /// Roughly where it is.
    #[entity(pii)]
    pub location: Option<Text<255>>,
    /// When it was found.
    #[entity(default = now)]
    pub discovered_at: Option<Timestamp>,
    /// The member who investigates.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub user_id: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// Whether the record is in use.
    #[entity(default = true)]
    pub is_active: bool,
}
