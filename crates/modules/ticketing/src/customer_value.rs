//! What is learnt of customers: how recently, often and much they buy, and what they are worth.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::{Customer, Venue};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Numeric, Text};
use mainstay_kernel::entities::Organization;

/// How likely a customer is lost.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChurnRisk {
    Low,
    Medium,
    High,
}

/// How recently, often and much a customer buys at a venue (S0-B76).
#[derive(Entity)]
#[entity(
    table = "customer_rfm_scores",
    scope = venue,
    classification = confidential,
    read_only,
    audit = none,
    unique(customer_id, venue_id),
    index(segment),
    index(total_score),
    index(calculated_at),
    index(venue_id, segment),
    index(venue_id, churn_risk)
)]
pub struct CustomerRfmScore {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The customer.
    #[entity(subject, on_delete = cascade)]
    pub customer_id: Id<Customer>,
    /// Where the customer bought.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// How recently, 1 to 5: bought within 30, 60, 90 or 180 days, or longer ago.
    #[entity(min = 1, max = 5)]
    pub recency_score: i16,
    /// How often, 1 to 5: at least 10, 7, 4 or 2 purchases, or fewer.
    #[entity(min = 1, max = 5)]
    pub frequency_score: i16,
    /// How much, 1 to 5: the fifth of the customers that this one is in.
    #[entity(min = 1, max = 5)]
    pub monetary_score: i16,
    /// The three scores together.
    #[entity(min = 3, max = 15)]
    pub total_score: i16,
    /// Days since the last purchase.
    #[entity(min = 0)]
    pub days_since_last_purchase: Option<i32>,
    /// Purchases so far.
    #[entity(default = 0, min = 0)]
    pub total_purchases: i32,
    /// What they cost together.
    #[entity(default = 0, min = 0)]
    pub total_spent: Numeric<12, 2>,
    /// What one costs on average.
    #[entity(default = 0, min = 0)]
    pub average_order_value: Numeric<12, 2>,
    /// What customers with such scores are called: Champions, Loyal, At Risk; the list is open
    /// (S0-B33).
    pub segment: Text<50>,
    /// How likely the customer is lost.
    pub churn_risk: Option<ChurnRisk>,
    /// When it was computed.
    #[entity(default = now)]
    pub calculated_at: Timestamp,
}

/// The customers of one segment at a venue, together (S0-B77).
#[derive(Entity)]
#[entity(
    table = "customer_segments",
    scope = venue,
    classification = confidential,
    read_only,
    audit = none,
    unique(venue_id, segment_name),
    index(last_calculated_at)
)]
pub struct CustomerSegment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// Where they bought.
    #[entity(on_delete = cascade)]
    pub venue_id: Id<Venue>,
    /// What they are called.
    pub segment_name: Text<100>,
    /// How many they are.
    #[entity(default = 0, min = 0)]
    pub customer_count: i32,
    /// What they paid together.
    #[entity(default = 0, min = 0)]
    pub total_revenue: Numeric<14, 2>,
    /// What one purchase costs on average.
    #[entity(default = 0, min = 0)]
    pub avg_order_value: Numeric<12, 2>,
    /// What one of them is worth on average.
    #[entity(default = 0, min = 0)]
    pub avg_lifetime_value: Numeric<12, 2>,
    /// Purchases a year of one of them, on average.
    #[entity(default = 0, min = 0)]
    pub avg_purchase_frequency: Numeric<10, 4>,
    /// When it was computed.
    #[entity(default = now)]
    pub last_calculated_at: Timestamp,
}

/// What a customer is worth, over all venues (S0-B78): one row a customer.
#[derive(Entity)]
#[entity(
    table = "customer_lifetime_values",
    scope = tenant,
    classification = confidential,
    read_only,
    audit = none,
    unique(customer_id),
    index(clv),
    index(calculated_at),
    index(venue_id, clv)
)]
pub struct CustomerLifetimeValue {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The customer.
    #[entity(subject, on_delete = cascade)]
    pub customer_id: Id<Customer>,
    /// Where the customer spent most.
    #[entity(on_delete = set_null)]
    pub venue_id: Option<Id<Venue>>,
    /// What the customer is worth, paid and expected.
    #[entity(min = 0)]
    pub clv: Numeric<12, 2>,
    /// What one purchase costs on average.
    #[entity(min = 0)]
    pub avg_order_value: Option<Numeric<12, 2>>,
    /// Purchases a year.
    #[entity(min = 0)]
    pub purchase_frequency: Option<Numeric<10, 4>>,
    /// Days from the first to the last purchase.
    #[entity(min = 0)]
    pub customer_lifespan_days: Option<i32>,
    /// Purchases so far.
    #[entity(default = 0, min = 0)]
    pub total_purchases: i32,
    /// What they cost together.
    #[entity(default = 0, min = 0)]
    pub total_revenue: Numeric<12, 2>,
    /// What is expected within 12 months.
    #[entity(min = 0)]
    pub predicted_clv_12_months: Option<Numeric<12, 2>>,
    /// What is expected within 24 months.
    #[entity(min = 0)]
    pub predicted_clv_24_months: Option<Numeric<12, 2>>,
    /// How likely the customer is lost, 0 to 1.
    #[entity(min = 0, max = 1)]
    pub churn_probability: Option<Numeric<5, 4>>,
    /// When it was computed.
    #[entity(default = now)]
    pub calculated_at: Timestamp,
}
