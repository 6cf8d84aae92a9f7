//! `mainstay serve --demo`: two organisations with people and keys, and the sample rows of the
//! documents that Mainstay was specified by.

mod story;

use self::story::{Block, Names};
use crate::data_folder::write_private;
use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use mainstay_identity::{Identity, NewApiKey, NewUser, SHIPPED_ROLES};
use mainstay_kernel::Context;
use mainstay_rest::{Request, Target};
use mainstay_server::Services;
use mainstay_vault::Entropy;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use uuid::Uuid;

/// The person who belongs to both organisations, with a role in each.
const BOTH_EMAIL: &str = "pat@both.example";
const BOTH_ROLES: [&str; 2] = ["analyst", "admin"];
/// What a server of an organisation may do: everything, personal data included.
const SERVICE_SCOPES: [&str; 2] = ["*:*", "*:unmask"];
const PASSWORD_BYTES: usize = 12;

/// What `demo.json` says.
#[derive(Deserialize, Serialize)]
struct Demo {
    url: String,
    organizations: Vec<DemoOrganization>,
}

#[derive(Deserialize, Serialize)]
struct DemoOrganization {
    id: Uuid,
    slug: String,
    anon_key: String,
    service_key: String,
    users: Vec<DemoUser>,
}

#[derive(Clone, Deserialize, Serialize)]
struct DemoUser {
    email: String,
    password: String,
    role: String,
}

/// An organisation to be made.
struct Plan {
    name: &'static str,
    slug: &'static str,
    /// Changes of its row.
    row: &'static str,
    /// Sample audit events, as a JSON array.
    events: Option<&'static str>,
    /// A sample API key: name and scopes.
    key: Option<(&'static str, &'static [&'static str])>,
}

/// Teams of each organisation: name and what people see.
const TEAMS: [(&str, &str); 3] =
    [("platform", "Platform"), ("security", "Security"), ("operations", "Operations")];

/// Settings of each organisation.
const SETTINGS: &str = r#"[
    {"namespace": "compliance", "key": "retention_days", "value": 2555, "value_type": "number"},
    {"namespace": "mail", "key": "sender", "value": "noreply@example.com", "value_type": "string"}
]"#;

const PLANS: [Plan; 2] = [
    Plan {
        name: "Acme Corp",
        slug: "acme",
        row: r#"{"primary_domain": "acme.com", "max_seats": 50,
                 "metadata": {"subscription_tier": "professional"}}"#,
        events: Some(include_str!("demo/audit_events.json")),
        key: Some(("CI/CD Pipeline", &["scan:read", "scan:write"])),
    },
    Plan {
        name: "Globex",
        slug: "globex",
        row: r#"{"primary_domain": "globex.com"}"#,
        events: None,
        key: None,
    },
];

/// Loads the demonstration at the first start; later ones find it and only note a new address.
///
/// # Errors
/// When the database holds the demonstration and `demo.json`, which has its passwords, is gone.
pub(crate) async fn load(services: &Services, url: &str, file: &Path) -> Result<()> {
    let demo = match std::fs::read(file) {
        Ok(bytes) => {
            let mut demo: Demo = serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is damaged", file.display()))?;
            url.clone_into(&mut demo.url);
            check(services, &demo, file).await?;
            demo
        }
        Err(_) => make(services, url).await?,
    };
    let mut text = serde_json::to_vec_pretty(&demo)?;
    text.push(b'\n');
    write_private(file, &text).with_context(|| format!("can't write {}", file.display()))?;
    tracing::info!(file = %file.display(), "the demonstration is loaded");
    Ok(())
}

async fn check(services: &Services, demo: &Demo, file: &Path) -> Result<()> {
    for organization in &demo.organizations {
        let found = services.identity.organization_by_slug(&organization.slug).await?;
        ensure!(
            found == Some(organization.id),
            "{} is of another database; remove it to load the demonstration anew",
            file.display()
        );
    }
    Ok(())
}

async fn make(services: &Services, url: &str) -> Result<Demo> {
    let identity = &services.identity;
    for plan in &PLANS {
        if identity.organization_by_slug(plan.slug).await?.is_some() {
            bail!(
                "the database holds the organisation {} and demo.json with its passwords is gone; \
                 start with an empty data folder",
                plan.slug
            );
        }
    }
    let both = new_user(services, BOTH_EMAIL).await?;
    let is_served = |table: &str| services.kernel.catalog().find("mainstay", table).is_some();
    let story = story::served(story::blocks()?, is_served);
    let mut first: Option<Names> = None;
    let mut organizations = Vec::new();
    for (plan, role) in PLANS.iter().zip(BOTH_ROLES) {
        let (mut organization, mut names) = make_organization(services, plan).await?;
        if let Some(first) = &first {
            names.share(&story, first);
        }
        let rest = story.iter().filter(|block| !block.once || first.is_none());
        tell(services, organization.id, rest, &mut names).await?;
        mainstay_governance::fill_classifications(&services.kernel, organization.id).await?;
        first.get_or_insert(names);
        let (id, password) = &both;
        identity.add_member(organization.id, *id, "Pat of Both", &[role]).await?;
        organization.users.push(DemoUser {
            email: BOTH_EMAIL.to_owned(),
            password: password.clone(),
            role: role.to_owned(),
        });
        organizations.push(organization);
    }
    Ok(Demo { url: url.to_owned(), organizations })
}

/// Makes an organisation with its people, teams and keys; gives the names of these too.
async fn make_organization(services: &Services, plan: &Plan) -> Result<(DemoOrganization, Names)> {
    let identity = &services.identity;
    let id = identity.create_organization(plan.name, plan.slug).await?;
    let row = format!("id=eq.{id}");
    send(services, id, Method::PATCH, "organizations", row, plan.row.into()).await?;
    if let Some(events) = plan.events {
        send(services, id, Method::POST, "audit_events", String::new(), events.into()).await?;
    }
    send(services, id, Method::POST, "system_settings", String::new(), SETTINGS.into()).await?;
    if let Some((name, scopes)) = plan.key {
        make_key(identity, id, name, scopes, false).await?;
    }
    let mut names = new_names(services);
    names.set("org", id);
    let mut users = Vec::new();
    let mut members = Vec::new();
    for role in SHIPPED_ROLES {
        let name = role.name.replace(':', "-");
        let email = format!("{name}@{}.example", plan.slug);
        let (user, password) = new_user(services, &email).await?;
        let display_name = format!("{} of {}", role.name, plan.name);
        identity.add_member(id, user, &display_name, &[role.name]).await?;
        members.push(user);
        names.set(format!("user:{}", role.name), user);
        users.push(DemoUser { email, password, role: role.name.to_owned() });
    }
    make_teams(services, id, &members, &mut names).await?;
    let organization = DemoOrganization {
        id,
        slug: plan.slug.to_owned(),
        anon_key: make_key(identity, id, "anon", &[], false).await?,
        service_key: make_key(identity, id, "service", &SERVICE_SCOPES, true).await?,
        users,
    };
    Ok((organization, names))
}

fn new_names(services: &Services) -> Names {
    let kernel = services.kernel.clone();
    let now = kernel.clock().now();
    let new_id =
        move || kernel.new_id(&Context::system("demonstration", None, kernel.clock().now()));
    Names::new(now, Box::new(new_id))
}

/// Loads rows of the story, those of tables that this server has.
async fn tell(
    services: &Services,
    organization: Uuid,
    blocks: impl Iterator<Item = &Block>,
    names: &mut Names,
) -> Result<()> {
    for block in blocks {
        let body = block.resolved(names)?.to_string().into();
        let query = format!("columns={}", block.columns());
        send(services, organization, Method::POST, &block.table, query, body).await?;
    }
    Ok(())
}

/// Deals the members out to teams, the first of each as its owner.
async fn make_teams(
    services: &Services,
    organization: Uuid,
    members: &[Uuid],
    names: &mut Names,
) -> Result<()> {
    let now = services.kernel.clock().now();
    let context = Context::system("demonstration", Some(organization), now);
    for (position, (name, display_name)) in TEAMS.iter().enumerate() {
        let id = services.kernel.new_id(&context);
        names.set(format!("team:{name}"), id);
        let team = json!({ "id": id, "name": name, "display_name": display_name });
        let body = team.to_string().into();
        send(services, organization, Method::POST, "teams", String::new(), body).await?;
        let own = members.iter().skip(position).step_by(TEAMS.len()).enumerate();
        let rows: Vec<_> = own
            .map(|(place, user)| {
                let role = if place == 0 { "OWNER" } else { "MEMBER" };
                json!({ "team_id": id, "user_id": user, "role": role })
            })
            .collect();
        let body = serde_json::Value::from(rows).to_string().into();
        send(services, organization, Method::POST, "team_members", String::new(), body).await?;
    }
    Ok(())
}

async fn make_key(
    identity: &Identity,
    organization_id: Uuid,
    name: &str,
    scopes: &[&str],
    installation: bool,
) -> Result<String> {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let name = name.to_owned();
    let key = NewApiKey { organization_id, name, scopes, installation, expires_at: None };
    Ok(identity.create_api_key(&key).await?)
}

/// Makes an account with a generated password; gives both.
async fn new_user(services: &Services, email: &str) -> Result<(Uuid, String)> {
    let password = generate_password(&**services.kernel.entropy());
    let new =
        NewUser { email: email.to_owned(), password: password.clone(), is_platform_admin: false };
    Ok((services.identity.create_user(&new).await?, password))
}

fn generate_password(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; PASSWORD_BYTES];
    entropy.fill(&mut bytes);
    let mut password = String::with_capacity(2 * PASSWORD_BYTES);
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(password, "{byte:02x}");
    }
    password
}

/// Sends sample rows by the way of every other request, as the server itself.
async fn send(
    services: &Services,
    organization: Uuid,
    method: Method,
    table: &str,
    query: String,
    body: Bytes,
) -> Result<()> {
    let now = services.kernel.clock().now();
    let context = Context::system("demonstration", Some(organization), now);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("prefer", HeaderValue::from_static("missing=default"));
    // Whatever schema others mean who name none.
    headers.insert("content-profile", HeaderValue::from_static("mainstay"));
    let target = Target::Table(table.to_owned());
    let request = Request { method, target, query, headers, body };
    let (head, body) = services.rest.handle(&context, request).await.into_parts();
    ensure!(
        head.status.is_success(),
        "sample rows of {table} were refused: {}",
        String::from_utf8_lossy(&body.collect().await?)
    );
    Ok(())
}
