//! Passwords that leaked elsewhere (NIST SP 800-63B-4 §3.1.1.2).
//!
//! They are kept in ranges, as Have I Been Pwned publishes them: the first five digits of a
//! password's SHA-1 name a range, which lists the other digits and how often each was seen. Ranges
//! are files of a folder, or answers of a server, which learns five digits and no more
//! (k-anonymity). Where a range can't be had the password is taken: who signs up must not depend
//! on others. A metric counts it.

use crate::settings::AuthSettings;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use data_encoding::HEXUPPER;
use jiff::{SignedDuration, Timestamp};
use mainstay_kernel::{Error, Result};
use mainstay_outbound::{HeaderMap, HeaderValue, Limits, Method, Outbound, StatusCode, Url};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// Digits that name a range.
const RANGE_DIGITS: usize = 5;
/// Further digits that are kept of each password: enough for none to stand for another.
const KEPT_DIGITS: usize = 16;
/// Longest range, in bytes; those that are published are about 40 KiB.
const RANGE_BYTES_MAX: usize = 1024 * 1024;
/// Ranges of a server that are remembered, and how long.
const REMEMBERED_MAX: usize = 256;
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// How long a server of ranges is waited for.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The passwords of a range: some of their further digits, sorted.
type Range = Arc<[u64]>;

/// Says which passwords leaked.
pub(crate) struct LeakedPasswords {
    folder: Option<PathBuf>,
    server: Option<(Url, Outbound)>,
    remembered: Mutex<HashMap<String, (Timestamp, Range)>>,
    failures: AtomicU64,
}

impl LeakedPasswords {
    /// Where an operator says that ranges are; without any, nothing is known.
    ///
    /// # Errors
    /// When the address of the server is none, or the machine can't make encrypted connections.
    pub(crate) fn of(settings: &AuthSettings) -> Result<Self> {
        let server = match &settings.password_ranges_url {
            Some(address) => {
                let address = format!("{}/", address.trim_end_matches('/'));
                let address = address.parse::<Url>().map_err(Error::internal)?;
                let limits =
                    Limits { connect: TIMEOUT, total: TIMEOUT, bytes_max: RANGE_BYTES_MAX };
                let outbound = Outbound::new(&settings.outbound_networks, &limits);
                Some((address, outbound.map_err(Error::internal)?))
            }
            None => None,
        };
        Ok(Self {
            folder: settings.password_ranges.clone(),
            server,
            remembered: Mutex::default(),
            failures: AtomicU64::default(),
        })
    }

    /// Whether a password is known to have leaked.
    pub(crate) async fn has(&self, password: &str, now: Timestamp) -> bool {
        let hash = HEXUPPER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref());
        let (range, rest) = hash.split_at(RANGE_DIGITS);
        let Some(own) = kept(rest) else {
            return false;
        };
        self.in_folder(range, own).await || self.at_server(range, own, now).await
    }

    /// How often a range could not be had.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    fn fail(&self, place: &str, error: impl std::fmt::Display) {
        self.failures.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(%error, place, "a range of leaked passwords can't be had");
    }

    async fn in_folder(&self, range: &str, own: u64) -> bool {
        let Some(folder) = &self.folder else {
            return false;
        };
        // Files are called by their range, those of the usual downloader with an ending.
        let mut outcome = read(&folder.join(range)).await;
        if outcome.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            outcome = read(&folder.join(format!("{range}.txt"))).await;
        }
        match outcome {
            Ok(text) => parse(&text).binary_search(&own).is_ok(),
            Err(error) => {
                self.fail("folder", error);
                false
            }
        }
    }

    async fn at_server(&self, range: &str, own: u64, now: Timestamp) -> bool {
        let Some((server, outbound)) = &self.server else {
            return false;
        };
        if let Some((until, known)) = self.remembered.lock().get(range)
            && now < *until
        {
            return known.binary_search(&own).is_ok();
        }
        match fetch(server, outbound, range).await {
            Ok(text) => {
                let known: Range = parse(&text).into();
                let leaked = known.binary_search(&own).is_ok();
                let mut remembered = self.remembered.lock();
                if remembered.len() >= REMEMBERED_MAX {
                    remembered.clear();
                }
                remembered.insert(range.to_owned(), (now + REMEMBERED, known));
                leaked
            }
            Err(error) => {
                self.fail("server", error);
                false
            }
        }
    }
}

async fn read(file: &std::path::Path) -> std::io::Result<String> {
    let mut text = String::new();
    let file = tokio::fs::File::open(file).await?;
    file.take(RANGE_BYTES_MAX as u64).read_to_string(&mut text).await?;
    Ok(text)
}

async fn fetch(server: &Url, outbound: &Outbound, range: &str) -> Result<String, String> {
    let url = server.join(range).map_err(|error| error.to_string())?;
    // The length of the answer tells nothing of the range either.
    let headers = HeaderMap::from_iter([(
        mainstay_outbound::header::HeaderName::from_static("add-padding"),
        HeaderValue::from_static("true"),
    )]);
    let answer = outbound.send(Method::GET, url, headers, "").await;
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status != StatusCode::OK {
        return Err(format!("the answer is {}", answer.status));
    }
    String::from_utf8(answer.body.to_vec()).map_err(|error| error.to_string())
}

/// The passwords of a range, sorted. Lines that pad an answer were seen zero times.
fn parse(text: &str) -> Vec<u64> {
    let line = |line: &str| {
        let (rest, count) = line.trim().split_once(':')?;
        if count.trim() == "0" { None } else { kept(rest) }
    };
    let mut all: Vec<u64> = text.lines().filter_map(line).collect();
    all.sort_unstable();
    all
}

/// What is kept of a password's further digits.
fn kept(digits: &str) -> Option<u64> {
    u64::from_str_radix(digits.get(..KEPT_DIGITS)?, 16).ok()
}
