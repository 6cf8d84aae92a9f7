//! The context that each request runs in.

use crate::principal::Principal;
use jiff::Timestamp;
use mainstay_store::Access;
use std::net::IpAddr;
use std::sync::Arc;

/// Who asks, from where and when. Every operation of the kernel takes one.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who asks.
    pub principal: Arc<Principal>,
    /// For whom the server works, when it does what an action decided; events name them.
    pub on_behalf_of: Option<Arc<Principal>>,
    /// Where the request comes from.
    pub origin: Arc<Origin>,
    /// The time of the request; every row that it writes carries it.
    pub now: Timestamp,
    /// Whether a read may be answered with rows of some seconds ago, by a replica.
    pub stale_reads: bool,
}

/// Where a request comes from, for audit events and the log.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The request, as the log and the `X-Request-Id` header name it.
    pub request_id: Option<String>,
    /// The client's address.
    pub ip_address: Option<IpAddr>,
    /// The client's program.
    pub user_agent: Option<String>,
    /// What belongs together, over several requests.
    pub correlation_id: Option<String>,
}

impl Context {
    /// A context.
    pub fn new(principal: Arc<Principal>, origin: Arc<Origin>, now: Timestamp) -> Self {
        Self { principal, on_behalf_of: None, origin, now, stale_reads: false }
    }

    /// The rows that the caller may reach, at the time of the request.
    pub fn access(&self) -> Access {
        self.principal.access().at(self.now)
    }

    /// The server itself in this request's organisation, working for its caller.
    pub(crate) fn acting(&self, purpose: &'static str) -> Self {
        let principal = Arc::new(Principal::system(purpose, self.principal.organization_id));
        let on_behalf_of = Some(self.caller().clone());
        Self { principal, on_behalf_of, ..self.clone() }
    }

    /// Whom events name.
    pub(crate) fn caller(&self) -> &Arc<Principal> {
        self.on_behalf_of.as_ref().unwrap_or(&self.principal)
    }

    /// The server's own work for a purpose, in an organisation or for the platform.
    pub fn system(
        purpose: &'static str,
        organization_id: Option<uuid::Uuid>,
        now: Timestamp,
    ) -> Self {
        let principal = Arc::new(Principal::system(purpose, organization_id));
        Self { principal, on_behalf_of: None, origin: Arc::default(), now, stale_reads: false }
    }
}
