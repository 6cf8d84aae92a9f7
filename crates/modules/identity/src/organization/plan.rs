//! Plans: what an organisation may have by the tier that it has subscribed to.

use crate::access::role_book::Source;
use crate::auth_error::LIMIT;
use crate::organization::subscription::{Subscription, SubscriptionStatus, SubscriptionTier};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Value};
use mainstay_kernel::lookup::equal;
use mainstay_kernel::{Error, Result, Work};
use uuid::Uuid;

/// What comes with a tier. A tier without a plan limits nothing; neither does a number that is
/// not given.
#[derive(Entity)]
#[entity(table = "subscription_plans", scope = public, classification = public, unique(tier))]
pub struct SubscriptionPlan {
    /// Identifier.
    pub id: Id<Self>,
    /// The tier. An organisation without a subscription that works has `basic` (S2-B50).
    pub tier: SubscriptionTier,
    /// Most members, with those who are invited.
    #[entity(min = 1)]
    pub max_seats: Option<i32>,
    /// Most domains.
    #[entity(min = 0)]
    pub max_domains: Option<i32>,
    /// Most API keys that work.
    #[entity(min = 0)]
    pub max_api_keys: Option<i32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The plan of an organisation; none where its tier has none.
pub(crate) async fn plan_of(
    work: &mut Work,
    organization: Uuid,
) -> Result<Option<SubscriptionPlan>> {
    let own = [("organization_id", Value::Uuid(organization))];
    let subscriptions: Vec<Subscription> =
        Source::Open(work).rows(|table| equal(table, &own)).await?;
    let works = |subscription: &&Subscription| {
        use SubscriptionStatus::{Active, PastDue, Trialing};
        subscription.user_id.is_none() && matches!(subscription.status, Active | PastDue | Trialing)
    };
    let tier = subscriptions.iter().find(works).map_or(SubscriptionTier::Basic, |own| own.tier);
    let tier = [("tier", Value::Text(tier.as_str().to_owned()))];
    let plans: Vec<SubscriptionPlan> = Source::Open(work).rows(|table| equal(table, &tier)).await?;
    Ok(plans.into_iter().next())
}

/// The smaller of two limits; none is no limit.
pub(crate) fn smaller(one: Option<i32>, other: Option<i32>) -> Option<i32> {
    one.into_iter().chain(other).min()
}

/// Refuses more of something than a limit, where there is one.
pub(crate) fn check_limit(count: usize, limit: Option<i32>, of: &str) -> Result<()> {
    match limit {
        Some(limit) if usize::try_from(limit).is_ok_and(|limit| count > limit) => Err(Error::rule(
            LIMIT,
            format!("the organization may have {limit} {of}, and would have {count}"),
        )),
        _ => Ok(()),
    }
}
