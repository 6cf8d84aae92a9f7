//! Whose authority a unit of work has: its caller's, or the server's own for what an action has
//! decided.

use super::Work;
use crate::context::Context;
use crate::error::Result;

impl Work {
    /// From here on the server itself works, in the organisation of the request: for changes that
    /// an action has decided on, of what callers can't write. Events name the caller on.
    pub fn act(&mut self, purpose: &'static str) {
        self.context = self.context.acting(purpose);
    }

    /// From here on the caller of a context works again.
    pub(crate) fn resume(&mut self, context: &Context) {
        self.context = context.clone();
    }

    /// The same, begun anew with the server's reach: for records that belong to no organisation.
    /// What was read before is not held any more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn act_everywhere(self, purpose: &'static str) -> Result<Self> {
        let context = self.context.acting(purpose);
        let Self { kernel, transaction, events, is_watched, .. } = self;
        transaction.rollback().await;
        let transaction = kernel.store().begin(&context.access()).await?;
        Ok(Self { events, is_watched, ..Self::new(kernel, context, transaction) })
    }
}
