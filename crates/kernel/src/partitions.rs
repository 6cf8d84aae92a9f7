//! Partitions of coming months, made before their rows come.

use crate::error::Result;
use crate::job::Tick;

/// Makes the partitions of partitioned entities, some months ahead. Until it has run, rows of a
/// month without one wait in the default partition; it moves them.
///
/// # Errors
/// When the database does not let it; it is tried again.
pub async fn make_partitions(tick: Tick) -> Result<()> {
    Ok(tick.kernel().store().make_partitions().await?)
}
