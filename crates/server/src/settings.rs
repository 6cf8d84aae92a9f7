//! What an operator can set.

use http::HeaderValue;
use ipnet::IpNet;
use std::time::Duration;

/// Limits and manners of a server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Longest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// Bytes that all bodies being read may hold together.
    pub body_memory_bytes: usize,
    /// Longest head of a request (request line and headers), in bytes.
    pub head_bytes_max: usize,
    /// Most headers of a request.
    pub headers_max: usize,
    /// Longest time for a request's head to arrive; also how long an idle connection is kept.
    pub head_timeout: Duration,
    /// Longest time for a request's body to arrive.
    pub body_timeout: Duration,
    /// Longest time for a request to be answered once it has arrived.
    pub request_timeout: Duration,
    /// Most requests that are worked on at a time; more are refused with 503.
    pub requests_max: usize,
    /// Most open connections; more wait in the operating system's queue.
    pub connections_max: usize,
    /// How long a stopping server still accepts, so that balancers see that it is not ready.
    pub drain_delay: Duration,
    /// How long a stopping server works on what it accepted.
    pub drain_timeout: Duration,
    /// Which web pages of other origins may call the server.
    pub cors_origins: CorsOrigins,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Logs every request, not only those that failed.
    pub access_log: bool,
    /// Tells callers of the data API what took time (`Server-Timing`).
    pub server_timing: bool,
}

/// Which web pages of other origins may call the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsOrigins {
    /// None.
    None,
    /// Every one. Callers prove who they are by headers, never by cookies, so that a page can do
    /// no more than its user could.
    Any,
    /// These, each like `https://app.example.com`.
    List(Vec<HeaderValue>),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            body_bytes_max: 10 * 1024 * 1024,
            body_memory_bytes: 256 * 1024 * 1024,
            head_bytes_max: 64 * 1024,
            headers_max: 100,
            head_timeout: Duration::from_mins(1),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(1),
            requests_max: 1_024,
            connections_max: 10_000,
            drain_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(30),
            cors_origins: CorsOrigins::None,
            trusted_proxies: Vec::new(),
            access_log: false,
            server_timing: false,
        }
    }
}
