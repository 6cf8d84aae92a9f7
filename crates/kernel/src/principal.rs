//! Who asks.

use crate::permissions::Permissions;
use mainstay_store::{Access, Caller, Narrow};
use std::sync::Arc;
use uuid::Uuid;

/// The organisation under which the installation's own events are kept.
pub const PLATFORM_ORGANIZATION: Uuid = Uuid::nil();

/// A verified caller, as of one request.
#[derive(Clone, Debug)]
pub struct Principal {
    /// What kind of caller.
    pub kind: PrincipalKind,
    /// The organisation of the request.
    pub organization_id: Option<Uuid>,
    /// The user, when a person asks.
    pub user_id: Option<Uuid>,
    /// The session, when a person is signed in.
    pub session_id: Option<Uuid>,
    /// Administers the installation.
    pub platform_admin: bool,
    /// Its permissions hold for a product's tables of the installation too.
    pub installation: bool,
    /// What the caller may do in the organisation.
    pub permissions: Arc<Permissions>,
    /// Names of the caller's roles, for tokens and explanations.
    pub roles: Vec<String>,
    /// Teams whose rows are reached.
    pub teams: Narrow,
    /// Venues whose rows are reached.
    pub venues: Narrow,
}

/// What kind of caller asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Nobody said who they are.
    Anonymous,
    /// A signed-in person.
    User,
    /// A program with an API key; the key's identifier.
    ApiKey(Uuid),
    /// The server itself, for a named purpose.
    System(&'static str),
}

impl Principal {
    /// A caller who has not said who they are.
    pub fn anonymous() -> Self {
        Self {
            kind: PrincipalKind::Anonymous,
            organization_id: None,
            user_id: None,
            session_id: None,
            platform_admin: false,
            installation: false,
            permissions: Arc::default(),
            roles: Vec::new(),
            teams: Narrow::None,
            venues: Narrow::None,
        }
    }

    /// The server itself, working for an organisation or for the platform.
    pub fn system(purpose: &'static str, organization_id: Option<Uuid>) -> Self {
        Self { kind: PrincipalKind::System(purpose), organization_id, ..Self::anonymous() }
    }

    /// Whether the caller has not said who it is.
    pub fn is_anonymous(&self) -> bool {
        self.kind == PrincipalKind::Anonymous
    }

    /// The rows that the caller may reach.
    pub fn access(&self) -> Access {
        if let PrincipalKind::System(_) = self.kind {
            return Access::system();
        }
        // A platform administrator outside of any organisation works in the platform's own.
        let platform = self.platform_admin.then_some(PLATFORM_ORGANIZATION);
        Access::caller(Caller {
            tenant: self.organization_id.or(platform),
            user: self.user_id,
            platform: self.platform_admin,
            installation: self.installation,
            teams: self.teams.clone(),
            venues: self.venues.clone(),
        })
    }

    /// How audit events name the caller.
    pub fn actor(&self) -> String {
        match &self.kind {
            PrincipalKind::Anonymous => "anonymous".to_owned(),
            PrincipalKind::User => {
                self.user_id.map_or_else(|| "user".to_owned(), |id| id.to_string())
            }
            PrincipalKind::ApiKey(id) => format!("key:{id}"),
            PrincipalKind::System(purpose) => format!("system:{purpose}"),
        }
    }
}
