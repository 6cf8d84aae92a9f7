//! Who may call the server from where, and whom it believes.

use super::{CommaList, Config};
use anyhow::{Context, Result, ensure};
use http::HeaderValue;
use ipnet::IpNet;
use mainstay_server::CorsOrigins;

impl Config {
    pub(super) fn cors_origins(&self) -> Result<CorsOrigins> {
        let Some(CommaList(origins)) = &self.cors_origin else {
            return Ok(if self.is_demo() { CorsOrigins::Any } else { CorsOrigins::None });
        };
        if origins.iter().any(|origin| origin == "*") {
            return Ok(CorsOrigins::Any);
        }
        let parse = |origin: &String| {
            let is_origin = origin.starts_with("http://") || origin.starts_with("https://");
            ensure!(
                is_origin,
                "cors_origin: expected an origin like https://app.example.com \
                                or *, got {origin}"
            );
            Ok(HeaderValue::from_str(origin.trim_end_matches('/'))?)
        };
        Ok(CorsOrigins::List(origins.iter().map(parse).collect::<Result<_>>()?))
    }

    pub(super) fn trusted_proxies(&self) -> Result<Vec<IpNet>> {
        networks("trusted_proxies", self.trusted_proxies.as_ref())
    }
}

/// A list of addresses and networks.
pub(super) fn networks(name: &str, given: Option<&CommaList<String>>) -> Result<Vec<IpNet>> {
    let parse = |text: &String| {
        let network = text.parse::<IpNet>().ok();
        let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
        network
            .or_else(address)
            .with_context(|| format!("{name}: expected an address or network, got {text}"))
    };
    given.into_iter().flat_map(|list| &list.0).map(parse).collect()
}
