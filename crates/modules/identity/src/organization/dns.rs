//! What the domain name system says of a name.

use crate::authenticate::Identity;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use hickory_resolver::{Resolver, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;

/// How long a server of names is waited for, and how often it is asked.
const TIMEOUT: Duration = Duration::from_secs(3);
const ATTEMPTS: usize = 2;

/// Nobody answered: nothing is known of the name.
#[derive(Debug)]
pub(crate) struct Unreachable;

impl Identity {
    /// The texts of a name's TXT records (RFC 1035 §3.3.14), the parts of each joined; none when
    /// it has none.
    ///
    /// # Errors
    /// When nobody answers.
    pub(crate) async fn text_records(&self, name: &str) -> Result<Vec<String>, Unreachable> {
        let resolver = resolver(self.settings.resolver).map_err(|error| {
            tracing::warn!(%error, "no server of domain names is known");
            Unreachable
        })?;
        // With the dot at its end a name is not looked for below other domains.
        match resolver.txt_lookup(format!("{name}.")).await {
            Ok(found) => {
                let texts = found.answers().iter().filter_map(|record| match &record.data {
                    RData::TXT(text) => Some(text.txt_data.concat()),
                    _ => None,
                });
                Ok(texts.map(|text| String::from_utf8_lossy(&text).into_owned()).collect())
            }
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => {
                tracing::info!(%error, name, "a domain name could not be looked up");
                Err(Unreachable)
            }
        }
    }
}

/// Asks the server at an address, or those that this machine asks.
fn resolver(at: Option<SocketAddr>) -> Result<TokioResolver, hickory_resolver::net::NetError> {
    let mut builder = match at {
        Some(at) => {
            let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
            for connection in &mut connections {
                connection.port = at.port();
            }
            let server = NameServerConfig::new(at.ip(), true, connections);
            let config = ResolverConfig::from_name_servers(vec![server]);
            Resolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
        None => TokioResolver::builder_tokio()?,
    };
    let options = builder.options_mut();
    options.timeout = TIMEOUT;
    options.attempts = ATTEMPTS;
    // What was just published is to be seen.
    options.cache_size = 0;
    builder.build()
}
