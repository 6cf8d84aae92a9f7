//! What an organisation, or one of its members, has subscribed to.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// How much is subscribed to (S2-B50).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionTier {
    Basic,
    Professional,
    Enterprise,
}

/// Where a subscription stands. The documents name no values; these are Stripe's, whose
/// subscriptions the rows follow.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "incomplete -> active | trialing | incomplete_expired; \
                  trialing -> active | past_due | paused | canceled; \
                  active -> past_due | unpaid | paused | canceled; \
                  past_due -> active | unpaid | canceled; \
                  unpaid -> active | canceled; \
                  paused -> active | canceled")]
pub enum SubscriptionStatus {
    /// The first payment is not made yet.
    Incomplete,
    /// The first payment was never made.
    IncompleteExpired,
    /// Not charged yet.
    Trialing,
    /// Paid.
    Active,
    /// A payment failed and is tried again.
    PastDue,
    /// A payment failed for good.
    Unpaid,
    /// The trial ended without a way to pay.
    Paused,
    /// Ended.
    Canceled,
}

/// A subscription of an organisation, or of one of its members (S2-B50, S2-B51).
#[derive(Entity)]
#[entity(
    table = "subscriptions",
    scope = tenant,
    classification = confidential,
    read_only,
    unique(columns(user_id), nulls_not_distinct),
    unique(stripe_subscription_id),
    index(stripe_customer_id)
)]
pub struct Subscription {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member whose it is; none means the organisation's.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// How much is subscribed to.
    #[entity(default = "basic")]
    pub tier: SubscriptionTier,
    /// Where it stands.
    #[entity(default = "active")]
    pub status: SubscriptionStatus,
    /// The customer, as Stripe names it.
    pub stripe_customer_id: Option<Text<255>>,
    /// The subscription, as Stripe names it.
    pub stripe_subscription_id: Option<Text<255>>,
    /// Where invoices are sent.
    #[entity(pii)]
    pub billing_email: Option<Text<320>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
