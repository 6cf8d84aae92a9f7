//! `mainstay doctor`: whether an installation is fit to serve, check by check.

use crate::cli::DoctorOptions;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::modules::configured_catalog;
use crate::{log, migrate};
use anyhow::Result;
use jiff::Timestamp;
use mainstay_entity::Catalog;
use mainstay_kernel::{Clock, SystemClock};
use mainstay_store::{Store, migrate as store_migrate};
use mainstay_vault::MasterKey;
use serde::Serialize;
use std::fmt::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// A connection over a network that others could read.
const PLAIN_CONNECTION: &str = "plain";
/// Rights of others than the owner.
const MODE_OF_OTHERS: u32 = 0o077;
/// A clock before this is not set: 2025-01-01.
const EARLIEST_SECOND: i64 = 1_735_689_600;

/// What was looked at, and what was found.
#[derive(Serialize)]
struct Finding {
    check: &'static str,
    state: State,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// The server works; somebody should look at this.
    Warning,
    /// The server does not work, or not safely.
    Problem,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, check: &'static str, state: State, message: impl Into<String>) {
        self.0.push(Finding { check, state, message: message.into() });
    }

    fn add_result(&mut self, check: &'static str, result: Result<String>) {
        match result {
            Ok(message) => self.add(check, State::Ok, message),
            Err(error) => self.add(check, State::Problem, format!("{error:#}")),
        }
    }
}

pub(crate) fn run(options: DoctorOptions) -> Result<ExitCode> {
    let mut findings = Findings::default();
    match options.config.load().and_then(|config| config.server().map(|_| config)) {
        Ok(config) => {
            findings.add("configuration", State::Ok, "every key is known and fits");
            examine(&config, &mut findings)?;
        }
        Err(error) => findings.add("configuration", State::Problem, format!("{error:#}")),
    }
    let healthy = findings.0.iter().all(|finding| finding.state != State::Problem);
    log::print(&if options.json { as_json(&findings, healthy)? } else { as_text(&findings) })?;
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(config: &Config, findings: &mut Findings) -> Result<()> {
    check_clock(SystemClock.now(), findings);
    check_listen(config, findings);
    check_folder(config.data(), findings);
    check_keys(config, findings);
    let catalog = configured_catalog(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(check_database(config, &catalog, findings));
    Ok(())
}

fn check_clock(now: Timestamp, findings: &mut Findings) {
    if now.as_second() < EARLIEST_SECOND {
        findings.add("clock", State::Problem, format!("the machine's clock says {now}"));
    } else {
        findings.add("clock", State::Ok, now.to_string());
    }
}

/// Tokens and keys come with every request; what others may read must be encrypted.
fn check_listen(config: &Config, findings: &mut Findings) {
    let (address, url) = (config.listen(), config.public_url.as_deref());
    if address.ip().is_loopback() || url.is_some_and(|url| url.starts_with("https://")) {
        findings.add("listen", State::Ok, address.to_string());
    } else {
        let message = format!(
            "{address} is open to others in plain text; terminate TLS in front of it and name \
             its https:// address as public_url"
        );
        findings.add("listen", State::Warning, message);
    }
}

fn check_folder(folder: &Path, findings: &mut Findings) {
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Err(_) => {
            let message = format!("{shown} is not there yet; the first start makes it");
            findings.add("data folder", State::Warning, message);
        }
        Ok(metadata) if metadata.mode() & MODE_OF_OTHERS != 0 => {
            let mode = metadata.mode() & 0o7777;
            // The files in it are their owner's alone all the same.
            let message = format!("{shown} has mode {mode:04o}, which lets others in; set 0700");
            findings.add("data folder", State::Warning, message);
        }
        Ok(_) => findings.add("data folder", State::Ok, shown.to_string()),
    }
}

fn check_keys(config: &Config, findings: &mut Findings) {
    let path = DataFolder::master_key_path(config);
    match &config.master_key {
        Some(text) => {
            let key = MasterKey::from_text(text.reveal()).map(|_| "from the environment".into());
            findings.add_result("master key", key.map_err(Into::into));
        }
        None if !path.exists() && config.master_key_file.is_none() => {
            let message = format!("{} is not there yet; the first start makes it", path.display());
            findings.add("master key", State::Warning, message);
        }
        None => {
            let key = MasterKey::read(&path).map(|_| path.display().to_string());
            findings.add_result("master key", key.map_err(Into::into));
        }
    }
    let signing = config.data().join("keys").join("signing.key");
    if let Ok(metadata) = std::fs::metadata(&signing) {
        let mode = metadata.mode() & 0o7777;
        if mode & MODE_OF_OTHERS == 0 {
            findings.add("signing key", State::Ok, signing.display().to_string());
        } else {
            let message = format!("{} has mode {mode:04o}; set 0600", signing.display());
            findings.add("signing key", State::Problem, message);
        }
    }
}

async fn check_database(config: &Config, catalog: &Arc<Catalog>, findings: &mut Findings) {
    let serving = config.store();
    if let mainstay_store::Config::Sqlite(sqlite) = &serving
        && !sqlite.path.exists()
    {
        let message = format!("{} is not there yet", sqlite.path.display());
        findings.add("database", State::Warning, message);
        return;
    }
    match store_migrate::settings(&serving).await {
        Ok(settings) => {
            findings.add("database", State::Ok, "reachable");
            check_settings(&settings, findings);
        }
        Err(error) => {
            findings.add("database", State::Problem, error.to_string());
            return;
        }
    }
    check_schema(config, catalog, findings).await;
    // Opening refuses a role that row-level security does not bind.
    match Store::open(serving, catalog.clone()).await {
        Ok(store) => {
            findings.add("isolation", State::Ok, "the server's role can't get around it");
            store.close().await;
        }
        Err(error) => findings.add("isolation", State::Problem, error.to_string()),
    }
}

/// Values that durability, consistency and secrecy hang on.
fn check_settings(settings: &[(String, String)], findings: &mut Findings) {
    let wanted = |name: &str| match name {
        "journal_mode" => Some("wal"),
        // 2 is FULL: a commit is synced before it is acknowledged.
        "synchronous" => Some("2"),
        "foreign_keys" | "secure_delete" => Some("1"),
        "quick_check" => Some("ok"),
        "fsync" | "full_page_writes" => Some("on"),
        _ => None,
    };
    for (name, value) in settings {
        let message = format!("{name} = {value}");
        let state = match wanted(name) {
            Some(wanted) if wanted != value => State::Problem,
            None if name == "synchronous_commit" && value == "off" => State::Problem,
            None if name == "connection" && value == PLAIN_CONNECTION => State::Warning,
            _ => State::Ok,
        };
        let check = if name == "connection" { "database connection" } else { "durability" };
        findings.add(check, state, message);
    }
}

async fn check_schema(config: &Config, catalog: &Arc<Catalog>, findings: &mut Findings) {
    let options = match migrate::options(config, false) {
        Ok(options) => options,
        Err(error) => {
            findings.add("migrations", State::Problem, format!("{error:#}"));
            return;
        }
    };
    let migrations = config.migrations();
    match store_migrate::status(&migrations, catalog, &options).await {
        Ok(status) if status.is_ready() => {
            findings.add("migrations", State::Ok, "the schema is up to date");
        }
        Ok(status) => {
            let pending = status.refused.is_none() && status.blocked == 0;
            let by_start =
                pending && (config.database.is_none() || config.migrate_database.is_some());
            let state = if by_start { State::Warning } else { State::Problem };
            findings.add("migrations", state, status.to_string().trim().replace('\n', " "));
            return;
        }
        Err(error) => {
            findings.add("migrations", State::Problem, error.to_string());
            return;
        }
    }
    match store_migrate::compare_live(&migrations, catalog, &options.app_role).await {
        Ok(differences) if differences.is_empty() => {
            findings.add("schema", State::Ok, "the database has what is declared");
        }
        Ok(differences) => {
            for difference in differences {
                findings.add("schema", State::Problem, difference);
            }
        }
        Err(error) => findings.add("schema", State::Problem, error.to_string()),
    }
}

fn as_json(findings: &Findings, healthy: bool) -> Result<String> {
    let report = serde_json::json!({ "healthy": healthy, "findings": findings.0 });
    Ok(format!("{}\n", serde_json::to_string_pretty(&report)?))
}

fn as_text(findings: &Findings) -> String {
    let mut text = String::new();
    for Finding { check, state, message } in &findings.0 {
        let state = match state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Problem => "PROBLEM",
        };
        // Writing to a String does not fail.
        let _ = writeln!(text, "{state:<8} {check}: {message}");
    }
    text
}
