//! Sanctions: the list of the Office of Foreign Assets Control, and who was looked for on it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Numeric, Sealed, Text};
use mainstay_kernel::entities::Organization;

/// What an entry of the list is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdnType {
    Individual,
    Entity,
    Vessel,
    Aircraft,
}

/// An entry of the list of specially designated nationals, which is public and the same for all
/// organisations.
#[derive(Entity)]
#[entity(
    table = "ofac_sdn_entries",
    scope = public,
    classification = public,
    audit = none,
    unique(entry_number),
    index(name)
)]
pub struct OfacSdnEntry {
    pub id: Id<Self>,
    /// The list's own number of the entry.
    #[entity(min = 1)]
    pub entry_number: i64,
    /// Who is listed.
    #[entity(search)]
    pub name: Text<500>,
    /// What is listed.
    pub r#type: SdnType,
    /// Other names.
    #[entity(default = "[]", search)]
    pub aliases: Vec<String>,
    /// Why it is listed: names of sanctions programmes.
    #[entity(default = "[]")]
    pub programs: Vec<String>,
    pub updated_at: Timestamp,
}

/// Why somebody was looked for. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfacCheckType {
    /// When a business relation began.
    Onboarding,
    /// Before money was sent.
    Payout,
    /// Again after a while, or after the list changed.
    Periodic,
    /// Because somebody asked.
    Manual,
}

/// That somebody was looked for on the list, and what was found; kept as it was.
#[derive(Entity)]
#[entity(
    table = "ofac_checks",
    scope = tenant,
    classification = confidential,
    append_only,
    index(entity_type, entity_id, checked_at),
    index(columns(checked_at), where = "match_found = true")
)]
pub struct OfacCheck {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// What was looked for: `venue`, `customer`, `user`.
    pub entity_type: Text<100>,
    /// Its identifier.
    pub entity_id: Text<255>,
    /// Why.
    pub check_type: OfacCheckType,
    /// The name that was looked for.
    #[entity(sealed, restricted)]
    pub screened_name: Option<Sealed<String>>,
    /// Whether it is on the list.
    pub match_found: bool,
    /// How alike the names are, 0 to 1.
    #[entity(min = 0, max = 1)]
    pub match_score: Option<Numeric<5, 4>>,
    /// The entry that is most alike.
    #[entity(no_reference)]
    pub matched_entry_id: Option<Id<OfacSdnEntry>>,
    /// When.
    #[entity(default = now)]
    pub checked_at: Timestamp,
}
