use super::{Queue, QueueMeta, QueueStates, QueueTable};
use crate::entities::{JobState, JobStatus};
use jiff::Timestamp;
use mainstay_entity::{Catalog, Choice, Entity, Id, Text};

/// A life cycle of another kind.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> running; running -> done")]
enum Narrow {
    /// Waits.
    Pending,
    /// Runs.
    Running,
    /// Ended.
    Done,
}

/// A queue that lacks most.
#[derive(Entity)]
#[entity(table = "parcels", scope = platform, classification = internal, audit = none)]
struct Parcel {
    /// Identifier.
    id: Id<Self>,
    /// State.
    status: Narrow,
    /// Attempts.
    attempts: Option<i32>,
    /// Holder.
    leased_by: Option<Text<255>>,
    /// Fault.
    last_error: Option<Text<100>>,
    /// Larger first.
    priority: Text<10>,
}

/// A queue with all it needs and states of its own.
#[derive(Entity)]
#[entity(table = "letters", scope = platform, classification = internal, queue)]
struct Letter {
    /// Identifier.
    id: Id<Self>,
    /// State.
    status: JobStatus,
    /// Attempts.
    attempts: i16,
    /// Due.
    run_at: Option<Timestamp>,
    /// Holder.
    #[entity(read_only)]
    leased_by: Option<Text<300>>,
    /// End of the lease.
    #[entity(read_only)]
    leased_until: Option<Timestamp>,
    /// Fault.
    last_error: Option<String>,
}

impl Queue for Parcel {}
impl Queue for Letter {
    const QUEUE: QueueMeta = QueueMeta {
        states: QueueStates { retrying: "pending", ..QueueMeta::STANDARD.states },
        ..QueueMeta::STANDARD
    };
}

fn resolve<E: Queue>() -> Result<QueueTable, String> {
    let catalog = Catalog::new([("test".into(), E::meta().clone())]).unwrap();
    QueueTable::new(&catalog, E::SCHEMA, E::TABLE, &E::QUEUE).map_err(|error| error.to_string())
}

#[test]
fn everything_that_a_queue_lacks_is_told_at_once() {
    let expected = "internal error: queue mainstay.parcels: \
        declare it with #[entity(queue)]; \
        declare `pub attempts: i32`; \
        add `pub run_at: Timestamp`; \
        declare `#[entity(read_only)] pub leased_by: Option<Text<255>>`; \
        add `#[entity(read_only)] pub leased_until: Option<Timestamp>`; \
        declare `pub priority: i32`; \
        add the value \"retrying\" to Narrow; \
        add the value \"dead\" to Narrow";
    assert_eq!(resolve::<Parcel>().unwrap_err(), expected);
}

#[test]
fn a_queue_may_have_states_of_its_own() {
    let queue = resolve::<Letter>().unwrap();
    assert_eq!(queue.table.column_name(queue.run_at), "run_at");
    assert_eq!((queue.priority, queue.max_attempts), (None, None));
    assert!(resolve::<JobState>().is_ok());
}

#[test]
fn the_life_cycle_must_allow_what_jobs_do() {
    let only_forward = QueueMeta {
        states: QueueStates { retrying: "done", ..QueueMeta::STANDARD.states },
        ..QueueMeta::STANDARD
    };
    let catalog = Catalog::new([("test".into(), Letter::meta().clone())]).unwrap();
    let refused = QueueTable::new(&catalog, Letter::SCHEMA, Letter::TABLE, &only_forward);
    let refusal = refused.unwrap_err().to_string();
    assert!(refusal.contains("allow the move done -> running in JobStatus"), "{refusal}");
}

#[test]
fn errors_are_cut_to_their_column() {
    let queue = resolve::<Letter>().unwrap();
    let text = queue.error_text(&"é\0".repeat(5_000));
    assert_eq!(text.as_text().map(|text| text.chars().count()), Some(4_000));
}
