//! Module rules: what a module makes of new rows before they are written.

use crate::context::Context;
use crate::error::Result;
use crate::kernel::Kernel;
use crate::prepare::NewRow;
use std::pin::Pin;

/// Looks at new rows of one entity as requests give them, refuses those that break a rule (told by
/// their position), and gives the others as they are to be written. Values that are left out take
/// their defaults afterwards.
pub type Intake = for<'a> fn(&'a Kernel, &'a Context, Vec<NewRow>) -> IntakeFuture<'a>;

/// What an [`Intake`] answers.
pub type IntakeFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<NewRow>>> + Send + 'a>>;
