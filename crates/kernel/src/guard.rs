//! Guards: what a module says of changes that were made and are not committed yet.

use crate::error::Result;
use crate::work::Work;
use mainstay_entity::Record;
use std::pin::Pin;

/// One row before and after a change.
#[derive(Clone, Debug)]
pub struct RowChange {
    /// As it was; none when it is new.
    pub old: Option<Record>,
    /// As it is; none when it was removed, or marked as deleted.
    pub new: Option<Record>,
}

/// Looks at changes of one entity inside their transaction, whoever made them by whatever request,
/// and refuses those that break a rule. A refused work can't be committed.
pub type Guard = for<'a> fn(&'a mut Work, Vec<RowChange>) -> GuardFuture<'a>;

/// What a [`Guard`] answers.
pub type GuardFuture<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
