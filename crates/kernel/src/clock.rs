//! Time and identifiers. Both are handed in, so that tests can move them.

use jiff::Timestamp;
use mainstay_vault::Entropy;
use parking_lot::Mutex;
use std::sync::Arc;
use uuid::Uuid;

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands until it is moved: for tests.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock() = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }
}

/// Makes `UUIDv7` identifiers (RFC 9562 §5.7) that grow within one server: a 12-bit counter
/// follows the milliseconds, 62 random bits follow the counter.
pub struct Identifiers {
    entropy: Arc<dyn Entropy>,
    state: Mutex<State>,
}

/// Randomness is drawn in blocks; one system call serves many identifiers.
const BLOCK: usize = 1024;

struct State {
    millis: u64,
    counter: u16,
    random: Box<[u8; BLOCK]>,
    used: usize,
}

impl Identifiers {
    /// A source with its own randomness.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        let random = Box::new([0; BLOCK]);
        let state = State { millis: 0, counter: 0, random, used: BLOCK };
        Self { entropy, state: Mutex::new(state) }
    }

    /// A new identifier for a record made at `now`.
    pub fn next(&self, now: Timestamp) -> Uuid {
        let mut state = self.state.lock();
        let millis = now.as_millisecond().max(0).cast_unsigned();
        if millis > state.millis {
            state.millis = millis;
            state.counter = 0;
        } else if state.counter == 0xfff {
            // More than 4,096 in one millisecond: borrow the next one.
            state.millis += 1;
            state.counter = 0;
        } else {
            state.counter += 1;
        }
        if state.used + 8 > BLOCK {
            self.entropy.fill(&mut state.random[..]);
            state.used = 0;
        }
        let mut bytes = [0_u8; 16];
        bytes[..6].copy_from_slice(&state.millis.to_be_bytes()[2..]);
        bytes[6] = 0x70 | (state.counter >> 8) as u8;
        bytes[7] = state.counter as u8;
        let used = state.used;
        bytes[8..].copy_from_slice(&state.random[used..used + 8]);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        state.used += 8;
        Uuid::from_bytes(bytes)
    }
}
