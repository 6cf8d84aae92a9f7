//! What a request with an API key must meet beside the key itself.

use crate::api_key::entity::ApiKey;
use crate::api_key::limit::KeyLimit;
use crate::api_key::usage::KeyUsage;
use crate::authenticate::{Identity, refused};
use ipnet::IpNet;
use jiff::Timestamp;
use mainstay_kernel::{Kernel, Origin, Result};
use std::net::IpAddr;
use std::sync::Arc;

/// Where a key may be used from, and how often.
pub(crate) struct KeyRules {
    /// None means any address.
    networks: Option<Vec<IpNet>>,
    /// Of pages that may use it; empty means any, and no page at all.
    origins: Vec<String>,
    limit: Option<Arc<KeyLimit>>,
    usage: Arc<KeyUsage>,
}

impl KeyRules {
    /// Checks where a request comes from: its address, and the page that made it, as browsers say
    /// in the header `Origin`.
    pub(crate) fn check(&self, origin: &Origin, page: Option<&str>) -> Result<()> {
        if let Some(networks) = &self.networks {
            let fits = |ip: IpAddr| networks.iter().any(|network| network.contains(&ip));
            if !origin.ip_address.is_some_and(fits) {
                return Err(refused("the API key may not be used from this address"));
            }
        }
        let is_known =
            |page: &str| self.origins.iter().any(|known| known.eq_ignore_ascii_case(page));
        if self.origins.is_empty() || page.is_some_and(is_known) {
            Ok(())
        } else {
            Err(refused("the API key may not be used from this origin"))
        }
    }

    /// Counts a request, if there may be one more.
    ///
    /// # Errors
    /// [`mainstay_kernel::Error::RateLimited`].
    pub(crate) async fn admit(
        &self,
        kernel: &Kernel,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<()> {
        if let Some(limit) = &self.limit {
            limit.admit(kernel, now).await?;
        }
        self.usage.note(now, origin.ip_address);
        Ok(())
    }
}

impl Identity {
    /// The rules of a key.
    pub(crate) fn rules_of(&self, key: &ApiKey, now: Timestamp) -> KeyRules {
        let (organization, id) = (key.organization_id.uuid(), key.id.uuid());
        let networks = key.allowed_ips.as_deref().filter(|networks| !networks.is_empty());
        KeyRules {
            // What is no network admits nobody.
            networks: networks.map(|list| list.iter().filter_map(|text| network(text)).collect()),
            origins: key.allowed_origins.clone().unwrap_or_default(),
            limit: key.rate_limit_per_hour.map(|_| self.limits.of(organization, id, now)),
            usage: self.usage.of(id),
        }
    }
}

/// A network, or an address as one.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
