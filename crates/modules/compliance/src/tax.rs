//! Taxes: what payees took in a year, and the forms that tell the authorities.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Numeric};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use uuid::Uuid;

/// A form of the tax authorities (S0-B26).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxFormType {
    /// Payments by card and through third parties (United States).
    #[choice(rename = "1099-K")]
    Form1099K,
}

/// How far the reporting of a year is. The documents list no values.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> generated | not_required; \
                  generated -> pending | filed; \
                  filed -> corrected; \
                  corrected -> filed; \
                  not_required -> pending")]
pub enum TaxRecordStatus {
    /// The year is not over, or nothing was made of it yet.
    Pending,
    /// The form is ready.
    Generated,
    /// The form was sent.
    Filed,
    /// Something changed after it was sent.
    Corrected,
    /// Below what has to be reported.
    NotRequired,
}

/// What a payee, a venue or a person, took in a year.
#[derive(Entity)]
#[entity(
    table = "tax_records",
    scope = tenant,
    classification = confidential,
    unique(columns(venue_id, user_id, tax_year, form_type), nulls_not_distinct),
    index(tax_year, status),
    check(name = "payee", "venue_id is not null or user_id is not null")
)]
pub struct TaxRecord {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue that was paid.
    #[entity(references(table = "venues"))]
    pub venue_id: Option<Uuid>,
    /// The person who was paid.
    #[entity(subject, references(OrganizationMember, to = "user_id"))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// The calendar year.
    #[entity(min = 1900, max = 2200)]
    pub tax_year: i16,
    /// The form that reports it.
    #[entity(default = "1099-K")]
    pub form_type: TaxFormType,
    /// What was paid before fees and refunds, in dollars.
    #[entity(default = 0, min = 0)]
    pub gross_amount: Numeric<14, 2>,
    /// Payments that it consists of: forms are due by amount and number.
    #[entity(default = 0, min = 0)]
    pub transaction_count: i32,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: TaxRecordStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A form 1099 as it was made for a venue; a correction is another one.
#[derive(Entity)]
#[entity(
    table = "form_1099_records",
    scope = venue,
    classification = confidential,
    index(venue_id, tax_year),
    index(filed_at)
)]
pub struct Form1099Record {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The venue that was paid.
    #[entity(references(table = "venues"))]
    pub venue_id: Uuid,
    /// What it was made of.
    pub tax_record_id: Option<Id<TaxRecord>>,
    /// The calendar year.
    #[entity(min = 1900, max = 2200)]
    pub tax_year: i16,
    /// What it tells, in dollars.
    #[entity(min = 0)]
    pub gross_amount: Numeric<14, 2>,
    /// When it was sent.
    pub filed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
