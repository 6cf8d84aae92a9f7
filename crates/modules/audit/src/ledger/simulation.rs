//! Servers, crashes, broken lines and clock jumps, as a seed decides.
//!
//! The sequencer runs as it does in a server; only the database, the lines to it and the clocks
//! are simulated. Everything happens in one thread in simulated time, so that a seed tells the
//! same story every time. `SIMULATION_SEED=17` tells one story alone, step by step;
//! `SIMULATION_SEEDS=100000` tells more of them.

mod check;
mod database;
mod random;
mod server;

use super::tables::Tables;
use jiff::SignedDuration;
use mainstay_entity::Entity;
use mainstay_kernel::entities::{LedgerEntry, LedgerHead, LedgerLease, LedgerPending, LedgerTile};
use mainstay_kernel::{Module, PLATFORM_ORGANIZATION};
use mainstay_ledger::Hash;
use random::Random;
use server::{Server, World};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Seeds of a run of the tests, and the tests among which they are divided.
const SEEDS: u64 = 1_000;
const PARTS: u64 = 4;
/// How long things go wrong, in simulated time.
const TROUBLE: Duration = Duration::from_secs(8);
/// How long it takes at most until everything has its place and is anchored once things go well:
/// a log that seemed damaged is tried again after a minute, and so is the lead of a server that
/// ended.
const RECOVERY: Duration = Duration::from_secs(150);
/// From an event's commit to its place in a calm world: a second, and the lease of a server that
/// has ended.
const PLACED_WITHIN: Duration = Duration::from_secs(3);

#[test]
fn logs_grow_soundly_whatever_happens_1_of_4() {
    tell_part(0);
}

#[test]
fn logs_grow_soundly_whatever_happens_2_of_4() {
    tell_part(1);
}

#[test]
fn logs_grow_soundly_whatever_happens_3_of_4() {
    tell_part(2);
}

#[test]
fn logs_grow_soundly_whatever_happens_4_of_4() {
    tell_part(3);
}

#[test]
fn a_seed_tells_the_same_story_every_time() {
    for seed in [3, 14, 15] {
        assert_eq!(tell(seed, false), tell(seed, false), "seed {seed}");
    }
    assert_ne!(tell(3, false), tell(14, false));
}

/// A sequencer that was dropped does not go on, let alone as fast as it can.
#[test]
fn a_sequencer_that_nobody_can_stop_ends() {
    simulate(async {
        let world = World::new(tables(), Random::new(1));
        let server = Server::start(&world, SignedDuration::ZERO).await.unwrap();
        tokio::time::timeout(PLACED_WITHIN, server.abandon()).await.unwrap().unwrap();
    });
}

/// Runs in simulated time.
fn simulate<T>(story: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(story)
}

fn tell_part(part: u64) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    if let Some(seed) = number("SIMULATION_SEED") {
        if seed % PARTS == part {
            tell(seed, true);
        }
        return;
    }
    let seeds = number("SIMULATION_SEEDS").unwrap_or(SEEDS);
    for seed in (part..seeds).step_by(PARTS as usize) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| tell(seed, false))) {
            eprintln!("seed {seed} failed; SIMULATION_SEED={seed} tells it step by step");
            std::panic::resume_unwind(panic);
        }
    }
}

/// Tells the story of a seed and checks how it ends; gives a digest of it.
fn tell(seed: u64, aloud: bool) -> Hash {
    simulate(async {
        let world = World::new(tables(), Random::new(seed));
        let (servers, stopping, start) = (Vec::new(), Vec::new(), Instant::now());
        let mut story = Story { world: world.clone(), servers, stopping, aloud, start };
        story.trouble().await;
        story.recover().await;
        check::check(&world);
        check::digest(&world)
    })
}

fn tables() -> Tables {
    let module = Module::new("ledger").entities([
        LedgerPending::meta(),
        LedgerHead::meta(),
        LedgerTile::meta(),
        LedgerEntry::meta(),
        LedgerLease::meta(),
    ]);
    Tables::new(&mainstay_kernel::catalog(&[module]).unwrap()).unwrap()
}

struct Story {
    world: Arc<World>,
    servers: Vec<Option<Server>>,
    /// Servers that were told to stop.
    stopping: Vec<JoinHandle<()>>,
    aloud: bool,
    start: Instant,
}

impl Story {
    /// Things go wrong.
    async fn trouble(&mut self) {
        let random = self.world.random.clone();
        let servers = 1 + random.below(4);
        for place in 0..servers as usize {
            self.servers.push(None);
            self.start(place).await;
        }
        while self.start.elapsed() < TROUBLE {
            sleep(random.millis(1_200)).await;
            let place = random.below(servers) as usize;
            self.turn(place).await;
        }
    }

    async fn turn(&mut self, place: usize) {
        let random = self.world.random.clone();
        let Some(server) = self.servers[place].take() else {
            return self.start(place).await;
        };
        server.check();
        let body = server.body.clone();
        match random.below(7) {
            0 | 1 => {
                self.say(place, "crashes");
                return server.crash().await;
            }
            2 => {
                self.say(place, "is told to stop");
                self.stopping.push(server.stop());
                return;
            }
            3 => {
                let by = self.skew();
                self.say(place, &format!("has a clock that jumps by {by:#}"));
                body.jump(by);
            }
            4 => {
                let stalled = random.millis(6_000);
                self.say(place, &format!("stands still for {stalled:?}"));
                body.trouble().stalled_until = Instant::now() + stalled;
            }
            5 => {
                let cut = random.millis(4_000);
                self.say(place, &format!("does not reach the database for {cut:?}"));
                body.trouble().cut_until = Instant::now() + cut;
            }
            _ => {
                self.say(place, "is looked over: somebody forges an event");
                let number = -1 - (random.next() >> 2).cast_signed();
                let now = body.time();
                let forged = self.world.pending(number, now, false).into_record();
                self.world.engine.force(&self.world.tables.pending, forged);
            }
        }
        self.servers[place] = Some(server);
    }

    /// How far a clock is off: mostly by seconds, now and then by hours.
    fn skew(&self) -> SignedDuration {
        let random = &self.world.random;
        let scale = if random.once_in(4) { 3_600 } else { 1 };
        let millis = random.below(10_000).cast_signed() - 5_000;
        SignedDuration::from_millis(millis * scale)
    }

    async fn start(&mut self, place: usize) {
        let skew = if self.world.random.once_in(3) { self.skew() } else { SignedDuration::ZERO };
        let server = Server::start(&self.world, skew).await;
        self.say(place, if server.is_ok() { "starts" } else { "does not start" });
        self.servers[place] = server.ok();
    }

    /// Things go well: everything gets its place, and then what is new does so at once.
    async fn recover(&mut self) {
        let random = self.world.random.clone();
        // Some servers may be gone for ever, but not all.
        let survivor = random.below(self.servers.len() as u64) as usize;
        for place in 0..self.servers.len() {
            if let Some(server) = &self.servers[place] {
                server.stop_writing();
                server.body.trouble().chance = false;
            }
        }
        while self.servers[survivor].is_none() {
            self.start(survivor).await;
        }
        let survivor = self.servers[survivor].as_ref().unwrap();
        survivor.stop_writing();
        survivor.body.trouble().chance = false;
        let body = survivor.body.clone();
        self.until("everything has its place and is anchored", RECOVERY, |story| {
            !story.is_pending() && story.is_anchored()
        })
        .await;
        while body.write(1).await.is_err() {
            sleep(Duration::from_millis(100)).await;
        }
        self.until("an event has its place", PLACED_WITHIN, |story| !story.is_pending()).await;
        self.until("its checkpoint is anchored", RECOVERY, Story::is_anchored).await;
        self.servers.iter().flatten().for_each(Server::check);
        for stopped in self.stopping.drain(..) {
            stopped.await.unwrap();
        }
    }

    async fn until(&self, what: &str, limit: Duration, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < limit, "after {limit:?} it does not hold: {what}");
            sleep(Duration::from_millis(50)).await;
        }
        if self.aloud {
            eprintln!("{:>9.3?} {what}", self.start.elapsed());
        }
    }

    fn is_pending(&self) -> bool {
        self.world.engine.any(&self.world.tables.pending, |_| true)
    }

    fn is_anchored(&self) -> bool {
        let heads = &self.world.tables.heads;
        let column = |name| heads.column_index(name).unwrap();
        let (id, size, anchored) = (column("id"), column("size"), column("anchored_size"));
        !self.world.engine.any(heads, |row| {
            row.0[id].as_uuid() != Some(PLATFORM_ORGANIZATION) && row.0[size] != row.0[anchored]
        })
    }

    fn say(&self, place: usize, what: &str) {
        if self.aloud {
            eprintln!("{:>9.3?} server {place} {what}", self.start.elapsed());
        }
    }
}
