//! Assignments of roles that are over are marked so. They gave nothing from their end on; this is
//! for those who look at them (S3-B149).

use mainstay_entity::{Choice, Value};
use mainstay_kernel::entities::{AssignmentStatus, UserRole};
use mainstay_kernel::lookup::{compare, equal, position, table};
use mainstay_kernel::{Input, Result, Tick};
use mainstay_store::{Compare, Filter};

/// Marks the assignments whose time has passed.
pub(crate) async fn expire(tick: Tick) -> Result<()> {
    let assignments = table::<UserRole>(tick.kernel().catalog())?;
    let now = Value::Timestamp(tick.context().now.as_microsecond());
    let active = Value::Text(AssignmentStatus::Active.as_str().to_owned());
    let over = Filter::And(vec![
        equal(&assignments, &[("status", active)])?,
        compare(&assignments, "expires_at", Compare::Le, now)?,
    ]);
    let expired = Value::Text(AssignmentStatus::Expired.as_str().to_owned());
    let set = vec![(position(&assignments, "status")?, Input::Value(expired))];
    let mut work = tick.begin().await?;
    if work.update(&assignments, set, over).await?.is_empty() {
        work.rollback().await;
        return Ok(());
    }
    work.commit().await
}
