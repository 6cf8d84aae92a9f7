//! Started processes: the one under test, and what the kernel tells of it.

use crate::installation::Place;
use crate::serve::Ready;
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// What a started process serves beside the real server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// Handlers by hand, on the copy that was made for them, and constants.
    ByHand,
}

/// The process under test; it ends with the value.
pub(crate) struct Server {
    child: Child,
    /// The real server's address.
    pub(crate) url: String,
    /// The address of handlers by hand and constants; empty without them.
    pub(crate) by_hand: String,
}

impl Server {
    /// Starts it on the data of a place.
    pub(crate) fn start(place: &Place, beside: Beside) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").arg("--folder").arg(&place.folder);
        if let Some(database) = &place.database {
            command.arg("--database").arg(&database.app);
        }
        if beside == Beside::ByHand {
            command.arg("--by-hand");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().context("standard output is piped")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(!line.is_empty(), "the server ended before it was ready");
        let Ready { url, by_hand } = serde_json::from_str(&line)?;
        Ok(Self { child, url, by_hand })
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input stops it; what it accepted is finished.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Most memory that a process ever held, in MiB (`VmHWM` of proc(5)).
pub(crate) fn peak_memory_mib(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmHWM")?;
    Ok(kib.parse::<f64>()? / 1024.0)
}
