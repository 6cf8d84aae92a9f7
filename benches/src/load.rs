//! Load by wrk: requests from a file, one thread, some connections.

use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The script that sends the requests of a file.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/wrk/requests.lua");

/// Requests of one kind, written to a file for wrk.
pub(crate) struct Requests {
    url: String,
    file: PathBuf,
    connections: u32,
}

/// One request.
#[derive(Default)]
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) path: String,
    /// The bearer token; empty for none.
    pub(crate) token: &'a str,
    /// The body's type; empty for none.
    pub(crate) content_type: &'a str,
    /// The body.
    pub(crate) body: String,
    /// The schema of the table; empty for the usual one.
    pub(crate) profile: &'a str,
    /// Whom it is sent for, as a proxy says it; empty for nobody.
    pub(crate) sent_for: String,
}

/// What a run of wrk saw.
#[derive(Clone, Copy)]
pub(crate) struct Shot {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Median latency.
    pub(crate) p50_ms: f64,
    /// 99th percentile of latency.
    pub(crate) p99_ms: f64,
}

impl Requests {
    /// Writes requests to a file of the folder; `name` tells it from others.
    pub(crate) fn new<'a>(
        folder: &Path,
        name: &str,
        url: &str,
        connections: u32,
        requests: impl IntoIterator<Item = Request<'a>>,
    ) -> Result<Self> {
        let mut text = String::new();
        for request in requests {
            let Request { method, path, token, content_type, body, profile, sent_for } = request;
            writeln!(
                text,
                "{method}\t{path}\t{token}\t{content_type}\t{profile}\t{sent_for}\t{body}"
            )?;
        }
        let file = folder.join(format!("{}.requests", name.replace('/', "-")));
        std::fs::write(&file, text)?;
        Ok(Self { url: url.to_owned(), file, connections })
    }

    /// The same requests over another number of connections.
    pub(crate) fn over(&self, connections: u32) -> Self {
        Self { url: self.url.clone(), file: self.file.clone(), connections }
    }

    /// Sends them for some seconds.
    ///
    /// # Errors
    /// When an answer was an error: a rate of errors is no rate.
    pub(crate) fn send(&self, seconds: u64) -> Result<Shot> {
        let output = Command::new("wrk")
            .args(["-t", "1", "-c", &self.connections.to_string()])
            .args(["-d", &format!("{seconds}s"), "--timeout", "10s", "-s", SCRIPT, &self.url, "--"])
            .arg(&self.file)
            .output()
            .context("wrk could not be started; it is Debian's package wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let told = text.lines().find_map(|line| line.strip_prefix("RESULT "));
        let told = told.with_context(|| {
            format!("wrk said: {text}{}", String::from_utf8_lossy(&output.stderr))
        })?;
        let numbers: Vec<f64> =
            told.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [count, micros, failed, p50, p99] = numbers[..] else {
            anyhow::bail!("wrk's script said: {told}");
        };
        ensure!(
            failed == 0.0,
            "{failed} of {count} answers of {} were errors",
            self.file.display()
        );
        ensure!(count > 0.0, "no answers from {}", self.url);
        Ok(Shot { rate: count / micros * 1e6, p50_ms: p50 / 1e3, p99_ms: p99 / 1e3 })
    }
}
