//! Module, Action, Job, Policy, Event, and the Context each request runs in.
//!
//! The kernel is the only way to the data for everything above the store: every read passes
//! [`policy`], every write is validated, sealed and leaves its [`Event`] in the same transaction.

mod action;
mod clock;
mod condition;
mod context;
pub mod entities;
mod error;
mod event;
mod feed;
mod guard;
mod intake;
mod job;
mod kernel;
pub mod ledger;
pub mod lookup;
mod may;
mod module;
mod numbering;
mod own_action;
mod partitions;
mod per_entity;
pub mod permissions;
pub mod policy;
mod policy_watch;
mod prepare;
mod principal;
mod refusal;
mod sealing;
mod vaults;
mod work;

pub use action::{Action, Arguments, Done, Handler, typed};
pub use clock::{Clock, Identifiers, ManualClock, SystemClock};
pub use condition::Condition;
pub use context::{Context, Origin};
pub use error::{Error, Invalid, Result};
pub use event::Event;
pub use feed::{LoggedChange, Watch};
pub use guard::{Guard, GuardFuture, RowChange};
pub use intake::{Intake, IntakeFuture};
pub use job::{
    Backoff, Failure, Finished, Job, JobFuture, JobHandler, JobRunner, JobSettings, JobStats,
    Queue, QueueColumns, QueueJob, QueueMeta, QueueStates, Schedule, ScheduleHandler, Tick,
};
pub use kernel::{Kernel, Parts, catalog};
pub use may::{Question, Verdict};
pub use module::Module;
pub use own_action::{
    ActionFault, Argument, Need, OwnAction, Parameter, Performed, Reply, ReplyRows,
    check_own_actions, own_actions,
};
pub use partitions::make_partitions;
pub use permissions::{Decision, Grant, GrantSet, PermissionPair, Permissions};
pub use policy_watch::PolicyWatch;
pub use prepare::{Input, NewRow};
pub use principal::{PLATFORM_ORGANIZATION, Principal, PrincipalKind};
pub use refusal::RefusalStats;
pub use sealing::ERASED;
pub use work::{Create, Kept, Repeatable, Work, remove_old_answers};
