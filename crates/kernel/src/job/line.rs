//! One line of work for a server: a queue with its handler, or all schedules.

use super::handler::Handle;
use super::queue::QueueTable;
use crate::context::Context;
use jiff::Timestamp;
use mainstay_store::Filter;
use std::sync::Arc;
use tokio::sync::Notify;

/// What one worker works on.
pub(crate) struct Line {
    /// The queue's table with its schema, or `schedules`.
    pub(super) name: String,
    /// What the work is done for, as audit events name it.
    pub(super) purpose: &'static str,
    pub(super) queue: Arc<QueueTable>,
    pub(super) handler: Arc<dyn Handle>,
    /// Which rows of the table are this line's.
    pub(super) eligible: Filter,
    /// Tells that rows came.
    pub(super) wake: Arc<Notify>,
}

impl Line {
    /// The system on behalf of nobody.
    pub(super) fn context(&self, now: Timestamp) -> Context {
        Context::system(self.purpose, None, now)
    }
}
