//! `mainstay keys`: the API keys of an installation, for its operator.
//!
//! It opens the data itself, so that it works when nobody can sign in. Every change leaves its
//! audit event.

use crate::cli::Configured;
use crate::installation::Installation;
use crate::log;
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use mainstay_identity::{KnownApiKey, NewApiKey};
use mainstay_kernel::{Clock, SystemClock};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write;
use std::process::ExitCode;
use uuid::Uuid;

/// What is done with API keys.
#[derive(clap::Subcommand)]
pub(crate) enum KeysStep {
    /// List keys: what each is for and when it was last used, never the key itself.
    List {
        /// Of this organisation alone, by its short name.
        #[arg(long, value_name = "SLUG")]
        organization: Option<String>,
        /// Print the list as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: Configured,
    },
    /// Make a key and print it; it is shown this once.
    Create {
        /// The organisation that it works in, by its short name.
        #[arg(long, value_name = "SLUG")]
        organization: String,
        /// What it is for.
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// What it may do, once for each; `*` is every resource or action.
        #[arg(long = "scope", value_name = "RESOURCE:ACTION")]
        scopes: Vec<String>,
        /// Let that hold for own tables of the installation too (scope `platform` or `public`).
        #[arg(long)]
        installation: bool,
        /// When it ends, such as 2027-01-31T00:00:00Z [default: never].
        #[arg(long, value_name = "INSTANT")]
        expires_at: Option<Timestamp>,
        /// Print what may be known of the key beside it, as JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: Configured,
    },
    /// Withdraw a key; servers refuse it from then on.
    Revoke {
        /// Its identifier or prefix, as the list shows them.
        #[arg(value_name = "ID|PREFIX")]
        key: String,
        /// Why, for those who ask later.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        config: Configured,
    },
}

/// A key with its organisation's short name, and its text when it was just made.
#[derive(Serialize)]
struct Shown<'a> {
    organization: &'a str,
    #[serde(flatten)]
    key: &'a KnownApiKey,
    #[serde(rename = "key", skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

pub(crate) fn run(step: KeysStep) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match step {
            KeysStep::List { organization, json, config } => {
                Installation::open(config)
                    .await?
                    .run(async |o| list(o, organization, json).await)
                    .await
            }
            KeysStep::Create {
                organization,
                name,
                scopes,
                installation,
                expires_at,
                json,
                config,
            } => {
                let create = async |opened: &Installation| {
                    let organization_id = opened.organization(&organization).await?;
                    let new = NewApiKey { organization_id, name, scopes, installation, expires_at };
                    create(opened, &new, &organization, json).await
                };
                Installation::open(config).await?.run(create).await
            }
            KeysStep::Revoke { key, reason, config } => {
                let revoke =
                    async |opened: &Installation| revoke(opened, &key, reason.as_deref()).await;
                Installation::open(config).await?.run(revoke).await
            }
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn list(opened: &Installation, organization: Option<String>, json: bool) -> Result<()> {
    let organization = match organization {
        Some(slug) => Some(opened.organization(&slug).await?),
        None => None,
    };
    let keys = opened.identity.api_keys(organization).await?;
    let slugs = opened.identity.organization_slugs().await?;
    let shown: Vec<Shown<'_>> = keys.iter().map(|key| shown(key, &slugs, None)).collect();
    log::print(&if json { as_json(&shown)? } else { as_text(&shown, SystemClock.now()) })
}

async fn create(opened: &Installation, new: &NewApiKey, slug: &str, json: bool) -> Result<()> {
    let text = opened.identity.create_api_key(new).await?;
    if !json {
        return log::print(&format!("{text}\n"));
    }
    let keys = opened.identity.api_keys(Some(new.organization_id)).await?;
    let key = keys.iter().find(|key| text.starts_with(&key.prefix)).context("the key is gone")?;
    log::print(&as_json(&Shown { organization: slug, key, text: Some(&text) })?)
}

async fn revoke(opened: &Installation, wanted: &str, reason: Option<&str>) -> Result<()> {
    let keys = opened.identity.api_keys(None).await?;
    let fits = |key: &&KnownApiKey| key.id.to_string() == wanted || key.prefix == wanted;
    let found: Vec<&KnownApiKey> = keys.iter().filter(fits).collect();
    let key = match found[..] {
        [key] => key,
        [] => bail!("no key has this identifier or prefix; see `mainstay keys list`"),
        _ => bail!("several keys have this prefix; name one by its identifier"),
    };
    if let Some(at) = key.revoked_at {
        return log::print(&format!("{} was revoked at {at} already\n", key.prefix));
    }
    opened.identity.revoke_api_key(key, reason).await?;
    log::print(&format!("revoked {} ({})\n", key.prefix, key.name))
}

fn shown<'a>(
    key: &'a KnownApiKey,
    slugs: &'a HashMap<Uuid, String>,
    text: Option<&'a str>,
) -> Shown<'a> {
    let organization = slugs.get(&key.organization_id).map_or("", String::as_str);
    Shown { organization, key, text }
}

fn as_json(value: &impl Serialize) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// One line per key, in columns.
fn as_text(keys: &[Shown<'_>], now: Timestamp) -> String {
    let head = ["ORGANIZATION", "ID", "PREFIX", "NAME", "CREATED", "LAST USED", "STATE"];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(keys.iter().map(|shown| {
        let key = shown.key;
        [
            shown.organization.to_owned(),
            key.id.to_string(),
            key.prefix.clone(),
            key.name.clone(),
            day(key.created_at),
            key.last_used_at.map_or_else(|| "never".to_owned(), minute),
            state(key, now),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..head.len()).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            // Writing to a String does not fail.
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn state(key: &KnownApiKey, now: Timestamp) -> String {
    match (key.revoked_at, key.expires_at) {
        (Some(at), _) => match &key.revoked_reason {
            Some(reason) => format!("revoked {}: {reason}", day(at)),
            None => format!("revoked {}", day(at)),
        },
        (None, Some(end)) if end <= now => format!("ended {}", day(end)),
        (None, Some(end)) => format!("active until {}", day(end)),
        (None, None) if key.is_active => "active".to_owned(),
        (None, None) => "inactive".to_owned(),
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%MZ").to_string()
}
