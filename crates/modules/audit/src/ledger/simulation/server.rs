//! A server: the real sequencer, with a writer beside it.

use super::super::database::{Database, Transaction};
use super::super::host::Host;
use super::super::key::SigningSeed;
use super::super::sequencer::{Worker, begin};
use super::super::tables::Tables;
use super::database::{Engine, Line, Trouble};
use super::random::Random;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Entity, Id};
use mainstay_kernel::entities::LedgerPending;
use mainstay_kernel::ledger::LogSigner;
use mainstay_kernel::{PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{Field, Hash, LeafKind, Value as LeafValue, encode_leaf};
use mainstay_store::{Conflict, Insert};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Where the world's time begins: 2026-01-01T00:00:00Z, in microseconds since 1970.
const EPOCH_US: i64 = 1_767_225_600_000_000;
const ORGANIZATIONS: u64 = 3;

/// What all servers share.
pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) tables: Tables,
    pub(super) random: Random,
    start: Instant,
    /// Events whose writers were told that they are durable.
    pub(super) acknowledged: Mutex<Vec<Uuid>>,
}

impl World {
    pub(super) fn new(tables: Tables, random: Random) -> Arc<Self> {
        let engine = Engine::new(tables.clone());
        let (start, acknowledged) = (Instant::now(), Mutex::default());
        Arc::new(Self { engine, tables, random, start, acknowledged })
    }

    /// An organisation, or now and then the platform.
    pub(super) fn organization(&self) -> Uuid {
        if self.random.once_in(20) {
            return PLATFORM_ORGANIZATION;
        }
        Uuid::from_u128(u128::from(1 + self.random.below(ORGANIZATIONS)))
    }

    /// A leaf of a new event, and whether somebody with the keys wrote it.
    pub(super) fn pending(&self, number: i64, now: Timestamp, is_own: bool) -> LedgerPending {
        let organization = self.organization();
        let millis = now.as_millisecond().cast_unsigned();
        let id = u128::from(millis) << 80 | 7 << 76 | u128::from(self.random.next());
        let text = "x".repeat(self.random.below(60) as usize);
        let leaf = encode_leaf(
            LeafKind::Event,
            &[
                (Field::ID, LeafValue::Uuid(id.to_be_bytes())),
                (Field::ORGANIZATION_ID, LeafValue::Uuid(*organization.as_bytes())),
                (Field::ACTION, LeafValue::Text(&text)),
            ],
        );
        let leaf = leaf.unwrap();
        let mac = if is_own { mac(&leaf) } else { vec![0; 32] };
        LedgerPending { number, organization_id: Id::new(organization), leaf, mac }
    }
}

/// Stands for a key that the database does not hold.
pub(super) fn mac(leaf: &[u8]) -> Vec<u8> {
    Hash::of(&[b"secret", leaf].concat()).as_bytes().to_vec()
}

/// One life of a server, from its start to its end.
pub(super) struct Server {
    pub(super) body: Arc<Body>,
    stop: watch::Sender<bool>,
    sequencer: JoinHandle<()>,
    writer: JoinHandle<()>,
}

pub(super) struct Body {
    world: Arc<World>,
    line: Line,
    signer: LogSigner,
    /// How far its clock is from the world's.
    skew: Mutex<SignedDuration>,
    next: Mutex<i64>,
    written: Notify,
}

impl Server {
    /// Starts a server; fails when it does not reach the database.
    pub(super) async fn start(world: &Arc<World>, skew: SignedDuration) -> Result<Self> {
        let line = Line::new(world.engine.clone(), world.random.clone());
        let seed = SigningSeed(Zeroizing::new([7; 32]));
        let now = time(world, skew);
        let signer = begin(&line, &world.tables, seed, "simulation.example", now).await?;
        let name = format!("server {:x}", world.random.next());
        let next = Mutex::new((world.random.next() >> 2).cast_signed());
        let (world, skew, written) = (world.clone(), Mutex::new(skew), Notify::new());
        let tables = world.tables.clone();
        let body = Arc::new(Body { world, line, signer, skew, next, written });
        let (stop, stopped) = watch::channel(false);
        let worker = Worker::new(body.clone(), tables, &name)?;
        let sequencer = tokio::spawn(worker.run(stopped));
        let writer = tokio::spawn(write(body.clone()));
        Ok(Self { body, stop, sequencer, writer })
    }

    /// Ends between two instructions, at once. What it has sent arrives.
    pub(super) async fn crash(self) {
        self.writer.abort();
        self.sequencer.abort();
        // The tasks' transactions are dropped now, not some time later.
        let _ = self.writer.await;
        let _ = self.sequencer.await;
    }

    /// Is told to stop; ends while the world goes on.
    pub(super) fn stop(self) -> JoinHandle<()> {
        self.stop_writing();
        self.stop.send_replace(true);
        self.sequencer
    }

    /// Is forgotten by who could tell it to stop.
    pub(super) fn abandon(self) -> JoinHandle<()> {
        self.stop_writing();
        self.sequencer
    }

    pub(super) fn stop_writing(&self) {
        self.writer.abort();
    }

    /// A sequencer does not end by itself.
    pub(super) fn check(&self) {
        assert!(!self.sequencer.is_finished(), "a sequencer panicked");
    }
}

impl Body {
    pub(super) fn trouble(&self) -> parking_lot::MutexGuard<'_, Trouble> {
        self.line.trouble()
    }

    /// What its clock shows.
    pub(super) fn time(&self) -> Timestamp {
        time(&self.world, *self.skew.lock())
    }

    pub(super) fn jump(&self, by: SignedDuration) {
        *self.skew.lock() += by;
    }

    /// Writes some events in one transaction and tells what became of it.
    pub(super) async fn write(&self, count: u64) -> Result<()> {
        let now = self.time();
        let number = || {
            let mut next = self.next.lock();
            *next += 1;
            *next
        };
        let rows: Vec<LedgerPending> =
            (0..count).map(|_| self.world.pending(number(), now, true)).collect();
        let ids: Vec<Uuid> = rows.iter().map(|row| event_of(&row.leaf)).collect();
        let table = self.world.tables.pending.clone();
        let rows = rows.into_iter().map(Entity::into_record).collect();
        let mut transaction = self.line.begin().await?;
        transaction.insert(Insert { table, rows, conflict: Conflict::Fail }).await?;
        if self.world.random.once_in(8) {
            // A transaction whose events are older than those that others commit meanwhile.
            sleep(self.world.random.millis(800)).await;
        }
        transaction.commit().await?;
        self.world.acknowledged.lock().extend(ids);
        self.written.notify_one();
        Ok(())
    }
}

pub(super) fn event_of(leaf: &[u8]) -> Uuid {
    match mainstay_ledger::Leaf::decode(leaf).unwrap().get(Field::ID) {
        Some(LeafValue::Uuid(bytes)) => Uuid::from_bytes(bytes),
        other => panic!("{other:?}"),
    }
}

fn time(world: &World, skew: SignedDuration) -> Timestamp {
    let elapsed = SignedDuration::try_from(world.start.elapsed()).unwrap();
    Timestamp::from_microsecond(EPOCH_US).unwrap() + elapsed + skew
}

/// Writes until it is aborted; what fails is not acknowledged.
async fn write(server: Arc<Body>) {
    let random = server.world.random.clone();
    loop {
        sleep(random.millis(500)).await;
        let count = if random.once_in(20) { random.below(300) } else { random.below(5) };
        let _ = server.write(1 + count).await;
    }
}

impl Host for Arc<Body> {
    type Database = Line;

    fn database(&self) -> &Line {
        &self.line
    }

    fn now(&self) -> Timestamp {
        self.time()
    }

    fn signer(&self) -> Result<&LogSigner> {
        Ok(&self.signer)
    }

    fn is_own(&self, leaf: &[u8], tag: &[u8]) -> bool {
        mac(leaf) == tag
    }

    async fn written(&self) {
        self.written.notified().await;
    }

    fn grew(&self) {}

    async fn tell_forged(&self, _: &LedgerPending) -> Result<()> {
        self.write(1).await
    }
}
