//! Actions: things one can do beyond plain create, read, update and delete.
//!
//! A handler takes its [`Work`] by value and can only answer with a [`Done`], which
//! [`Work::commit`] alone makes: no action ends without its audit event, and nothing can be
//! written after the commit.

mod arguments;

use crate::error::{Error, Result};
use crate::permissions::PermissionPair;
use crate::work::Work;
pub use arguments::Arguments;
use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

/// A named, permitted, typed function.
#[derive(Clone)]
pub struct Action {
    /// Name, callable at `rpc/{name}`.
    pub name: Cow<'static, str>,
    /// What the caller must be allowed to do.
    pub permission: PermissionPair,
    handler: Arc<dyn Handler>,
}

/// A committed answer.
pub struct Done {
    pub(crate) body: Bytes,
}

/// What runs when an action is called. Implemented for [`typed`] functions.
pub trait Handler: Send + Sync + 'static {
    /// Runs with the arguments.
    fn call(
        &self,
        work: Work,
        arguments: Arguments<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<Done>> + Send>>;
}

impl Action {
    pub(crate) fn new(
        name: Cow<'static, str>,
        permission: PermissionPair,
        handler: impl Handler,
    ) -> Self {
        Self { name, permission, handler: Arc::new(handler) }
    }

    pub(crate) async fn run(&self, work: Work, arguments: Arguments<'_>) -> Result<Done> {
        self.handler.call(work, arguments).await
    }
}

impl Done {
    pub(crate) fn new(reply: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(reply).map_err(Error::internal)?;
        Ok(Self { body: Bytes::from(body) })
    }
}

struct Typed<F, A> {
    function: F,
    arguments: PhantomData<fn(A)>,
}

/// A handler made of `async fn(Work, Arguments) -> Result<Done>`.
pub fn typed<F, A, R>(function: F) -> impl Handler
where
    F: Fn(Work, A) -> R + Send + Sync + 'static,
    A: DeserializeOwned + 'static,
    R: Future<Output = Result<Done>> + Send + 'static,
{
    Typed { function, arguments: PhantomData }
}

impl<F, A, R> Handler for Typed<F, A>
where
    F: Fn(Work, A) -> R + Send + Sync + 'static,
    A: DeserializeOwned + 'static,
    R: Future<Output = Result<Done>> + Send + 'static,
{
    fn call(
        &self,
        work: Work,
        arguments: Arguments<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<Done>> + Send>> {
        match arguments.read::<A>() {
            Ok(arguments) => Box::pin((self.function)(work, arguments)),
            Err(error) => {
                let refused = Error::Rule {
                    code: "PGRST202",
                    message: format!("the arguments of the action don't fit: {error}"),
                    details: None,
                    hint: None,
                };
                Box::pin(async move {
                    work.rollback().await;
                    Err(refused)
                })
            }
        }
    }
}
