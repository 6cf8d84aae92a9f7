//! A peer's program while it runs.

use anyhow::{Result, bail};
use reqwest::Client;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_TIMEOUT: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A running program; it ends with the value.
pub(super) struct Program(Child);

impl Program {
    /// Starts it and waits until an address answers.
    pub(super) async fn start(command: &mut Command, url: &str) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut program = Self(child.spawn()?);
        let (client, start) = (Client::new(), Instant::now());
        while start.elapsed() < START_TIMEOUT {
            if client.get(url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(program);
            }
            if let Some(status) = program.0.try_wait()? {
                bail!("{command:?} ended: {status}");
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        bail!("{command:?} does not answer at {url}")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
