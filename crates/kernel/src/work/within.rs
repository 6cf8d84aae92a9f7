//! Work that goes on after an action: the action's commit hands it back instead of ending it.

use super::Work;
use crate::action::{Action, Arguments, Done};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::kernel::Kernel;
use crate::permissions::PermissionPair;
use crate::policy;
use bytes::Bytes;
use tokio::sync::oneshot;

impl Kernel {
    /// Calls an action as one step of a unit of work, with arguments as a JSON object; gives the
    /// work back with the answer as JSON. A step that fails takes the work with it.
    ///
    /// # Errors
    /// As [`Kernel::call`].
    pub async fn call_within(
        &self,
        work: Work,
        name: &str,
        arguments: Arguments<'_>,
    ) -> Result<(Work, Bytes)> {
        let context = work.context.clone();
        let Some(action) = self.actions().find(|action| action.name == name).cloned() else {
            return Err(Error::NotFound(format!("action {name}")));
        };
        let answer = self.step(work, &action, arguments).await;
        answer.inspect_err(|error| {
            if error.is_refusal() {
                let PermissionPair { resource, action } = &action.permission;
                self.record_refusal(&context, resource, action, &error.to_string());
            }
        })
    }

    async fn step(
        &self,
        mut work: Work,
        action: &Action,
        arguments: Arguments<'_>,
    ) -> Result<(Work, Bytes)> {
        if !policy::may(&work.context, &action.permission) {
            return Err(Error::Denied {
                message: format!("permission denied for function {}", action.name),
                anonymous: work.context.principal.is_anonymous(),
            });
        }
        let was_watched = std::mem::replace(&mut work.is_watched, false);
        let PermissionPair { resource, action: verb } = &action.permission;
        work.record(Event::new(resource, verb));
        let (sender, returned) = oneshot::channel();
        work.returns_to = Some(sender);
        let Done { body } = action.run(work, arguments).await?;
        let mut work =
            returned.await.map_err(|_| Error::internal("an action ended its work without it"))?;
        work.is_watched = was_watched;
        Ok((work, body))
    }
}
