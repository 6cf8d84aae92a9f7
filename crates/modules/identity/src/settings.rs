//! What an operator sets of `/auth/v1`, and what each organisation sets of its own sign-in.

use crate::authenticate::Identity;
use crate::mail::Post;
use crate::provider::settings::ProviderSettings;
use crate::records::seek;
use ipnet::IpNet;
use jiff::SignedDuration;
use mainstay_entity::Value;
use mainstay_kernel::entities::Organization;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Result, Work};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use uuid::Uuid;

/// What an operator sets of `/auth/v1`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthSettings {
    /// How long an access token holds.
    pub access_token: SignedDuration,
    /// How long a session lasts that nobody uses.
    pub session_idle: SignedDuration,
    /// How long a session lasts in any case.
    pub session_max: SignedDuration,
    /// How long a code or link that was sent can be used.
    pub code: SignedDuration,
    /// Where a browser goes when an organisation says nothing else.
    pub site_url: String,
    /// The server of domain names that is asked; none means those that this machine asks.
    pub resolver: Option<SocketAddr>,
    /// How often the records of verified domains are looked for.
    pub domain_check: SignedDuration,
    /// How mails leave.
    pub post: Post,
    /// Whether people get a mail when what signs them in is changed.
    pub change_mails: bool,
    /// Shortest password, in characters.
    pub password_characters_min: usize,
    /// Former passwords of a person that are not accepted again (S2-B47).
    pub password_history: usize,
    /// The folder with ranges of leaked passwords.
    pub password_ranges: Option<PathBuf>,
    /// The server with ranges of leaked passwords; the digits of a range follow its address.
    pub password_ranges_url: Option<String>,
    /// Passwords that are hashed at a time; none means one for each processor.
    pub password_threads: Option<usize>,
    /// How long a sign-in waits for its turn to be hashed before it is refused.
    pub password_wait: Duration,
    /// The short name of the organisation that requests are for which name none.
    pub default_organization: Option<String>,
    /// The providers that people can come by.
    pub providers: Vec<ProviderSettings>,
    /// Networks beside the public Internet in which providers and ranges of passwords may be.
    pub outbound_networks: Vec<IpNet>,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            access_token: SignedDuration::from_mins(15),
            session_idle: SignedDuration::from_hours(7 * 24),
            session_max: SignedDuration::from_hours(30 * 24),
            code: SignedDuration::from_hours(1),
            site_url: String::new(),
            resolver: None,
            domain_check: SignedDuration::from_hours(24),
            post: Post::Nowhere,
            change_mails: true,
            password_characters_min: 8,
            password_history: 5,
            password_ranges: None,
            password_ranges_url: None,
            password_threads: None,
            password_wait: Duration::from_secs(10),
            default_organization: None,
            providers: Vec::new(),
            outbound_networks: Vec::new(),
        }
    }
}

/// What an organisation sets of its sign-in: the member `auth` of its settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct OrganizationAuth {
    /// Whether people can make an account by themselves and belong to it from then on.
    pub signup: bool,
    /// Whether people can come in without saying who they are.
    pub anonymous: bool,
    /// Whether a new address must be shown to be the person's before they come in.
    pub confirm_email: bool,
    /// The role of people who signed up; none means that they may see their own alone.
    pub role: Option<String>,
    /// Where a browser goes after a link.
    pub site_url: Option<String>,
    /// Where it may go besides, with `*` for a part of a name, `**` for anything.
    pub redirect_urls: Vec<String>,
    /// The providers that people can come by, by their names; none means all of the server's.
    pub providers: Option<Vec<String>>,
}

impl Default for OrganizationAuth {
    fn default() -> Self {
        Self {
            signup: false,
            anonymous: false,
            confirm_email: true,
            role: None,
            site_url: None,
            redirect_urls: Vec::new(),
            providers: None,
        }
    }
}

/// The settings of an organisation, as far as they are read here.
#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default)]
    auth: OrganizationAuth,
}

impl Identity {
    /// What an organisation sets of its sign-in. One that does not work any more sets nothing,
    /// and neither do settings of another shape than expected.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn organization_auth(&self, organization: Option<Uuid>) -> Result<OrganizationAuth> {
        let Some(id) = organization else {
            return Ok(OrganizationAuth::default());
        };
        let found: Option<Organization> =
            find(&self.kernel, |table| equal(table, &[("id", Value::Uuid(id))])).await?.pop();
        Ok(auth_of(found.as_ref()))
    }
}

/// The same inside of a unit of work.
pub(crate) async fn organization_auth_within(
    work: &mut Work,
    organization: Option<Uuid>,
) -> Result<OrganizationAuth> {
    let Some(id) = organization else {
        return Ok(OrganizationAuth::default());
    };
    let found = seek::<Organization>(work, &[("id", Value::Uuid(id))]).await?.pop();
    Ok(auth_of(found.as_ref()))
}

pub(crate) fn auth_of(organization: Option<&Organization>) -> OrganizationAuth {
    let Some(found) = organization.filter(|organization| organization.is_active) else {
        return OrganizationAuth::default();
    };
    let settings = serde_json::from_str::<Settings>(found.settings.as_str());
    let understood = settings.inspect_err(|error| {
        tracing::warn!(%error, organization = %found.id, "settings.auth is not understood");
    });
    understood.unwrap_or_default().auth
}
