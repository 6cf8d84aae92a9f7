//! The process under test: the real server, and the sides it is compared with beside it.

use crate::by_hand::{self, Hand};
use crate::installation::{self, Place};
use crate::process::Beside;
use anyhow::{Result, anyhow};
use mainstay_kernel::{Clock, SystemClock};
use mainstay_server::{Metrics, Settings};
use mainstay_vault::SystemEntropy;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// What the process prints once it serves, as one line of JSON.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ready {
    /// The real server.
    pub(crate) url: String,
    /// Handlers by hand and constants; empty without them.
    pub(crate) by_hand: String,
}

/// Serves until standard input ends.
pub(crate) async fn serve(place: Place, beside: Beside) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let mut ready = Ready { url, by_hand: String::new() };
    if beside == Beside::ByHand {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        ready.by_hand = format!("http://{}", listener.local_addr()?);
        tokio::spawn(by_hand::serve(listener, Hand::open(&place).await?));
    }

    let mut settings = Settings::default();
    // The load says for whom it sends.
    settings.trusted_proxies.push(IpAddr::from(Ipv4Addr::LOCALHOST).into());
    let metrics = Metrics::new(SystemClock.now())?;
    metrics.make_global();
    Box::pin(mainstay_server::serve(
        listener,
        settings,
        metrics,
        (Arc::new(SystemClock), Arc::new(SystemEntropy)),
        installation::open(&place),
        || tell(&ready),
        input_ends(),
    ))
    .await
    .map_err(|error| anyhow!("the server failed: {error}"))
}

fn tell(ready: &Ready) {
    let line = serde_json::to_string(ready).unwrap_or_default();
    let mut out = std::io::stdout();
    // A parent that has gone away is noticed by the end of standard input.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

async fn input_ends() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 64];
    while matches!(input.read(&mut buffer).await, Ok(1..)) {}
}
