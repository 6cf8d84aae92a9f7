//! One client for all requests to others.

use crate::address::is_public;
use crate::error::{Error, Private};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, Url, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How much a request may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest time to connect.
    pub connect: Duration,
    /// Longest time for the whole of it.
    pub total: Duration,
    /// Longest answer, in bytes.
    pub bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(10),
            bytes_max: 1024 * 1024,
        }
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Asks others.
#[derive(Clone)]
pub struct Outbound {
    encrypted: Client,
    /// Without TLS, to the networks that the operator allows alone.
    plain: Client,
    allowed: Arc<[IpNet]>,
    bytes_max: usize,
}

impl Outbound {
    /// A client that asks the public Internet with TLS, and besides these networks, also without.
    ///
    /// # Errors
    /// When the machine has no usable certificates.
    pub fn new(allowed: &[IpNet], limits: &Limits) -> Result<Self, Error> {
        let allowed: Arc<[IpNet]> = allowed.into();
        let client = |takes_public| {
            let resolver = Resolver { allowed: allowed.clone(), takes_public };
            Client::builder()
                .dns_resolver(Arc::new(resolver))
                .https_only(takes_public)
                // A proxy would connect by itself, to what nobody has checked.
                .no_proxy()
                .redirect(redirect::Policy::none())
                .connect_timeout(limits.connect)
                .timeout(limits.total)
                .user_agent(concat!("mainstay/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|error| Error::client(&error))
        };
        let (encrypted, plain) = (client(true)?, client(false)?);
        Ok(Self { encrypted, plain, allowed, bytes_max: limits.bytes_max })
    }

    /// Asks, and reads the answer whatever its status is.
    ///
    /// # Errors
    /// For an address that may not be asked, no answer in time, and one that is too long.
    pub async fn send(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: impl Into<reqwest::Body>,
    ) -> Result<Answer, Error> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let client = self.client_for(&url, &host)?;
        let request = client.request(method, url).headers(headers).body(body);
        let response = request.send().await.map_err(|error| Error::of(&error, &host))?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, body: self.read(response, &host).await? })
    }

    fn client_for(&self, url: &Url, host: &str) -> Result<&Client, Error> {
        let is_encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Error::plain(host)),
        };
        // A name is checked when it is resolved; an address is never resolved.
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        match literal {
            Some(address) if !may_ask(&self.allowed, is_encrypted, address) => {
                let is_plain_alone = !is_encrypted && is_public(address);
                Err(if is_plain_alone { Error::plain(host) } else { Error::private(host) })
            }
            _ => Ok(if is_encrypted { &self.encrypted } else { &self.plain }),
        }
    }

    async fn read(&self, mut response: Response, host: &str) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(|error| Error::of(&error, host))? {
            if body.len() + part.len() > self.bytes_max {
                return Err(Error::too_long(host, self.bytes_max));
            }
            body.extend_from_slice(&part);
        }
        Ok(body.freeze())
    }
}

fn may_ask(allowed: &[IpNet], takes_public: bool, address: IpAddr) -> bool {
    let address = address.to_canonical();
    (takes_public && is_public(address)) || allowed.iter().any(|net| net.contains(&address))
}

/// Gives of a name's addresses those that may be asked; the connection goes to one of them.
struct Resolver {
    allowed: Arc<[IpNet]>,
    takes_public: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, takes_public) = (self.allowed.clone(), self.takes_public);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> =
                found.filter(|found| may_ask(&allowed, takes_public, found.ip())).collect();
            if usable.is_empty() {
                return Err(Private.into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}
