//! Ports, folders, waiting: the small things that tests of real processes need.

use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

const MEMORY_DIR: &str = "/dev/shm";

/// More than a cluster of tests grows to.
const CLUSTER_BYTES: u64 = 6 << 30;

/// How often a condition is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago.
///
/// Prefer letting the process choose (`127.0.0.1:0`): another one may take this port first.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("127.0.0.1 has a free port")
        .port()
}

/// A fresh folder that is removed when the value is dropped.
pub fn temp_dir() -> TempDir {
    tempfile::Builder::new()
        .prefix("mainstay-")
        .tempdir()
        .expect("the temporary directory is writable")
}

/// The folder that the machine keeps in memory, if there is room for a cluster in it. Syncs cost
/// nothing there, so that settings of durability can stay as they are.
pub(crate) fn memory_dir() -> Option<PathBuf> {
    let output = Command::new("df").args(["--output=avail", "-B1", MEMORY_DIR]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let available: u64 = text.lines().nth(1)?.trim().parse().ok()?;
    (available >= CLUSTER_BYTES).then(|| PathBuf::from(MEMORY_DIR))
}

/// Waits until the condition holds; false if it still did not after `deadline`.
///
/// Made for what happens in other processes; inside one, await the event itself.
#[must_use = "assert it: false means that the deadline has passed"]
pub async fn wait_until(mut condition: impl AsyncFnMut() -> bool, deadline: Duration) -> bool {
    let start = Instant::now();
    loop {
        if condition().await {
            return true;
        }
        if start.elapsed() >= deadline {
            return false;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// As [`wait_until`], for tests without a runtime.
#[must_use = "assert it: false means that the deadline has passed"]
pub fn wait_until_blocking(mut condition: impl FnMut() -> bool, deadline: Duration) -> bool {
    let start = Instant::now();
    loop {
        if condition() {
            return true;
        }
        if start.elapsed() >= deadline {
            return false;
        }
        std::thread::sleep(POLL_INTERVAL);
    }
}

/// Runs a future to its end from synchronous code that may itself be inside a runtime.
pub(crate) fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let run = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts")
            .block_on(future)
    };
    std::thread::scope(|scope| scope.spawn(run).join())
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// A random number in hexadecimal, for names and passwords of throw-away things.
pub(crate) fn random_hex() -> String {
    let mut random = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut random))
        .expect("/dev/urandom is readable");
    format!("{:032x}", u128::from_ne_bytes(random))
}
