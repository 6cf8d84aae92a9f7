//! What a person says of themselves, and how they like to work.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::User;

/// What a person says of themselves; one row each (S3-B32).
#[derive(Entity)]
#[entity(
    table = "user_profiles",
    scope = owner(user = user_id),
    classification = confidential,
    primary_key(user_id)
)]
pub struct UserProfile {
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The whole name, as the person writes it.
    #[entity(pii)]
    pub full_name: Option<Text<255>>,
    /// The given name.
    #[entity(pii)]
    pub first_name: Option<Text<255>>,
    /// The family name.
    #[entity(pii)]
    pub last_name: Option<Text<255>>,
    /// Address of a picture.
    #[entity(pii)]
    pub avatar_url: Option<Text<2000>>,
    /// The telephone number, with the country's code.
    #[entity(pii)]
    pub phone_number: Option<Text<32>>,
    /// The postal address.
    #[entity(pii)]
    pub address: Option<Text<1000>>,
    /// The time zone in which times are shown, as the IANA database names it (S2-B52).
    #[entity(default = "UTC")]
    pub timezone: Text<50>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How pages look.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Dark,
    Light,
    /// As the device is set.
    System,
}

/// How a person likes to work; one row each (S3-B33).
#[derive(Entity)]
#[entity(
    table = "user_settings",
    scope = owner(user = user_id),
    classification = internal,
    primary_key(user_id)
)]
pub struct UserSettings {
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// How pages look (S2-B52).
    #[entity(default = "dark")]
    pub theme: Theme,
    /// The language of texts, as BCP 47 names it (S2-B52).
    #[entity(default = "en")]
    pub language: Text<35>,
    /// What the person wants to be told, and how.
    #[entity(default = "{}")]
    pub notifications: Json<()>,
    /// What others may see of the person.
    #[entity(default = "{}")]
    pub privacy_settings: Json<()>,
    /// Whatever the product keeps for the person.
    #[entity(default = "{}")]
    pub preferences: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
