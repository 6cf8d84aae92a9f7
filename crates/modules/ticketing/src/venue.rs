//! Venues: the places that an organisation sells tickets for, and who works there.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use jiff::civil::Date;
use mainstay_entity::{Choice, Entity, Id, Json, Sealed, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// A place with doors: a hall, club, stadium or field, run as a business of an organisation.
#[derive(Entity)]
#[entity(
    table = "venues",
    scope = tenant,
    classification = internal,
    soft_delete,
    unique(columns(name), where = "deleted_at is null"),
    index(country, city)
)]
pub struct Venue {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that guests know.
    #[entity(public, search)]
    pub name: Text<255>,
    /// What guests should know.
    #[entity(public, search)]
    pub description: Option<Text<4000>>,
    /// The name of the business that is paid.
    #[entity(confidential)]
    pub legal_name: Option<Text<255>>,
    /// The number under which the business is taxed.
    #[entity(sealed, restricted)]
    pub tax_identifier: Option<Sealed<String>>,
    /// Street and number.
    pub address: Option<Text<500>>,
    /// Town.
    pub city: Option<Text<100>>,
    /// State, province or county.
    pub region: Option<Text<100>>,
    /// Postal code.
    pub postal_code: Option<Text<20>>,
    /// Country, two letters (ISO 3166-1).
    pub country: Option<Text<2>>,
    /// Time zone of its doors and days (IANA).
    #[entity(default = "UTC")]
    pub timezone: Text<64>,
    /// Currency that it sells in (ISO 4217).
    #[entity(default = "USD")]
    pub currency: Text<3>,
    /// Guests that it holds.
    #[entity(min = 0)]
    pub capacity: Option<i32>,
    /// Its site.
    pub website_url: Option<Text<2000>>,
    /// When it opened.
    pub opened_on: Option<Date>,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Whether events can be held.
    #[entity(default = true)]
    pub is_active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// What a member does at a venue.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueRole {
    /// Answers for the venue.
    Owner,
    /// Plans events and prices.
    Manager,
    /// Works there.
    Staff,
    /// Scans tickets at the doors.
    Scanner,
}

/// A member who works at a venue: whoever is not an administrator reaches the rows of these venues
/// alone.
#[derive(Entity)]
#[entity(
    table = "venue_members",
    scope = tenant,
    classification = internal,
    unique(user_id, venue_id)
)]
pub struct VenueMember {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member, by user.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Id<OrganizationMember>,
    /// Where the member works.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// What the member does there.
    #[entity(default = "staff")]
    pub role: VenueRole,
    /// When the member began.
    #[entity(default = now, read_only)]
    pub joined_at: Timestamp,
}
