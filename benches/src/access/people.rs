//! An organisation of many people with many sessions.

use crate::installation::{self, Place};
use crate::{Engine, cluster};
use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Entity, Value};
use mainstay_identity::{NewUser, Session, UserAccount};
use mainstay_kernel::entities::{OrganizationMember, Role, User, UserRole};
use mainstay_kernel::lookup::{equal, find, table};
use mainstay_kernel::{Clock, Context, Kernel, NewRow, SystemClock};
use mainstay_testkit::{Cluster, connect};
use reqwest::Client;
use serde_json::json;
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

/// The password of all.
pub(super) const PASSWORD: &str = "seven quiet harbours";
/// How many of them sign in.
const ARRIVING: usize = 1_000;
/// Rows that are loaded at a time.
const AT_A_TIME: u64 = 1_000;

/// A loaded installation.
pub(super) struct People {
    pub(super) place: Place,
    /// Who signs in.
    pub(super) ids: Vec<Uuid>,
    /// The hash of [`PASSWORD`].
    pub(super) hash: String,
    folder: TempDir,
    _cluster: Option<Cluster>,
}

/// What a row of a table says.
type Values = Vec<(&'static str, Value)>;

impl People {
    /// Makes an installation with so many people and sessions.
    pub(super) async fn load(engine: Engine, people: u64, sessions: u64) -> Result<Self> {
        let (place, folder, cluster) = cluster::empty_place(engine).await?;
        installation::migrate(&place).await?;
        let services = installation::open(&place).await?;
        let (kernel, identity) = (&services.kernel, &services.identity);

        let organization = identity.create_organization("Harbour", "harbour").await?;
        let first = NewUser {
            email: "first@people.example".to_owned(),
            password: PASSWORD.to_owned(),
            is_platform_admin: false,
        };
        let first = identity.create_user(&first).await?;
        let account: Vec<UserAccount> =
            find(kernel, |table| equal(table, &[("user_id", Value::Uuid(first))])).await?;
        let hash = account.first().and_then(|account| account.password_hash.as_deref());
        let hash = hash.context("the first person has no password")?.to_owned();
        let named = [
            ("organization_id", Value::Uuid(organization)),
            ("name", Value::Text("member".to_owned())),
        ];
        let role: Vec<Role> = find(kernel, |table| equal(table, &named)).await?;
        let role = role.first().context("the organisation lacks a role")?.id.uuid();

        let context = Context::system("benchmark", Some(organization), SystemClock.now());
        let ids: Vec<Uuid> = (0..people).map(|_| kernel.new_id(&context)).collect();
        let loader = Loader { kernel, context };
        loader.fill::<User>(people, |n| user(n, ids[n as usize])).await?;
        loader.fill::<UserAccount>(people, |n| account_of(ids[n as usize], &hash)).await?;
        loader.fill::<OrganizationMember>(people, |n| member(n, ids[n as usize])).await?;
        let assigned = |n: u64| {
            vec![("user_id", Value::Uuid(ids[n as usize])), ("role_id", Value::Uuid(role))]
        };
        loader.fill::<UserRole>(people, assigned).await?;
        let now = SystemClock.now();
        let session = |n: u64| session(n, ids[(n % people) as usize], organization, now);
        loader.fill::<Session>(sessions, session).await?;

        services.sequencer.stop().await;
        kernel.close().await;
        if let Some(database) = &place.database {
            connect(&database.superuser).await?.batch_execute("VACUUM ANALYZE").await?;
        }
        let ids = ids.into_iter().take(ARRIVING).collect();
        Ok(Self { place, ids, hash, folder, _cluster: cluster })
    }

    /// The addresses of those who sign in.
    pub(super) fn emails(&self) -> impl Iterator<Item = String> {
        (0..self.ids.len() as u64).map(email)
    }

    /// Signs all of them in; gives their access tokens.
    pub(super) async fn sign_in(&self, url: &str) -> Result<Vec<String>> {
        let client = Client::new();
        let mut tokens = Vec::new();
        for email in self.emails() {
            let request = client.post(format!("{url}/auth/v1/token?grant_type=password"));
            let request = request.header("content-type", "application/json");
            let reply = request.body(credentials(&email)).send().await?.error_for_status()?;
            let reply: serde_json::Value = serde_json::from_slice(&reply.bytes().await?)?;
            let token = reply["access_token"].as_str().context("a sign-in gave no token")?;
            tokens.push(token.to_owned());
        }
        Ok(tokens)
    }

    /// Where files of requests go.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The body with which a person signs in.
pub(super) fn credentials(email: &str) -> String {
    json!({ "email": email, "password": PASSWORD }).to_string()
}

fn email(n: u64) -> String {
    format!("person{n}@people.example")
}

fn user(n: u64, id: Uuid) -> Values {
    vec![
        ("id", Value::Uuid(id)),
        ("email", Value::Text(email(n))),
        ("email_verified", Value::Bool(true)),
    ]
}

fn account_of(user: Uuid, hash: &str) -> Values {
    vec![
        ("user_id", Value::Uuid(user)),
        ("provider", Value::Text("password".to_owned())),
        ("password_hash", Value::Text(hash.to_owned())),
    ]
}

fn member(n: u64, user: Uuid) -> Values {
    vec![
        ("user_id", Value::Uuid(user)),
        ("display_name", Value::Text(format!("Person {n}"))),
        ("email", Value::Text(email(n))),
    ]
}

fn session(n: u64, user: Uuid, organization: Uuid, now: Timestamp) -> Values {
    let at = |time: Timestamp| Value::Timestamp(time.as_microsecond());
    let end = at(now + SignedDuration::from_hours(24));
    // Nobody has the token; that hashes differ is what matters.
    let hash = [Uuid::from_u64_pair(n, !n).as_bytes().as_slice(), &[0; 16]].concat();
    vec![
        ("user_id", Value::Uuid(user)),
        ("organization_id", Value::Uuid(organization)),
        ("refresh_token_hash", Value::Bytes(hash)),
        ("expires_at", end.clone()),
        ("refresh_expires_at", end),
        ("last_activity_at", at(now)),
        ("created_at", at(now)),
    ]
}

/// Writes rows the way that the server does.
struct Loader<'a> {
    kernel: &'a Kernel,
    context: Context,
}

impl Loader<'_> {
    async fn fill<E: Entity>(&self, count: u64, row: impl Fn(u64) -> Values) -> Result<()> {
        let table = table::<E>(self.kernel.catalog())?;
        for first in (0..count).step_by(AT_A_TIME as usize) {
            let mut rows = Vec::new();
            for n in first..(first + AT_A_TIME).min(count) {
                let mut new = NewRow::empty(&table);
                for (column, value) in row(n) {
                    new.set(&table, column, value)?;
                }
                rows.push(new);
            }
            self.kernel.create(&self.context, &table, rows).await?;
        }
        Ok(())
    }
}
