//! Configuration: a flag counts over `MAINSTAY_*` in the environment over `mainstay.toml`.

mod network;
pub(crate) mod providers;
mod secret;
mod sign_in;

use crate::systems::System;
use anyhow::{Context, Result, anyhow, bail, ensure};
use clap::Args;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use mainstay_audit::ledger::{WITNESSES_MAX, Witness};
use mainstay_store::{PostgresConfig, SqliteConfig};
use providers::ProviderConfig;
use secret::{Secret, secret};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Where a server listens when nothing else is said.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8420);
const DEFAULT_DATA: &str = "mainstay-data";
const DEFAULT_FILE: &str = "mainstay.toml";
/// PostgreSQL connections that a server keeps open (S1-B94).
const DEFAULT_MIN_CONNECTIONS: usize = 10;
/// Variables that begin like configuration and are none: of `mainstay import`, and of tests.
const OTHER_VARIABLES: [&str; 3] = ["config", "key", "bin"];
const TEST_VARIABLES: &str = "test_";

/// Everything that can be set, by the same name as a flag (`--max-rows`), in the environment
/// (`MAINSTAY_MAX_ROWS`) and in `mainstay.toml` (`max_rows`). None means the default.
#[derive(Args, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Address and port to listen on [default: 127.0.0.1:8420].
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "Server")]
    pub(crate) listen: Option<SocketAddr>,

    /// The server's address as clients see it, without a path; tokens name it as their issuer
    /// [default: `http://` and the address listened on].
    #[arg(long, value_name = "URL", help_heading = "Server")]
    pub(crate) public_url: Option<String>,

    /// Folder of the embedded database and the keys; made when missing
    /// [default: ./mainstay-data].
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    pub(crate) data: Option<PathBuf>,

    /// PostgreSQL instead of the embedded database: the URL of the role that serves, which owns
    /// nothing.
    #[arg(long, value_name = "URL", help_heading = "Data")]
    pub(crate) database: Option<Secret>,

    /// File that holds `database`.
    #[arg(skip)]
    pub(crate) database_file: Option<PathBuf>,

    /// URLs of standbys of the PostgreSQL database, separated by commas. They answer reads that ask
    /// for it (`Prefer: read=replica`), with rows of at most some seconds ago.
    #[arg(long, value_name = "LIST", help_heading = "Data")]
    pub(crate) replicas: Option<CommaList<String>>,

    /// The URL of the role that owns the PostgreSQL database, used for migrating alone.
    #[arg(long, value_name = "URL", help_heading = "Data")]
    pub(crate) migrate_database: Option<Secret>,

    /// File that holds `migrate_database`.
    #[arg(skip)]
    pub(crate) migrate_database_file: Option<PathBuf>,

    /// The key that wraps all others: 32 bytes in hexadecimal or base64, instead of the file
    /// keys/master.key in the data folder.
    #[arg(skip)]
    pub(crate) master_key: Option<Secret>,

    /// File that holds `master_key`; only its owner may read it.
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pub(crate) master_key_file: Option<PathBuf>,

    /// Most PostgreSQL connections for reads and transactions [default: 16].
    #[arg(long, value_name = "COUNT", help_heading = "Data")]
    pub(crate) database_connections: Option<usize>,

    /// How many of them are kept open while nobody needs them [default: 10].
    #[arg(long, value_name = "COUNT", help_heading = "Data")]
    pub(crate) database_min_connections: Option<usize>,

    /// Longest wait for a PostgreSQL connection, a free or a new one, in seconds; then a request
    /// is answered 503 [default: 5].
    #[arg(long, value_name = "SECONDS", help_heading = "Data")]
    pub(crate) database_timeout: Option<u64>,

    /// Command that makes a backup before a database is migrated, run by `sh`; when it fails,
    /// nothing is migrated.
    #[arg(long, value_name = "COMMAND", help_heading = "Data")]
    pub(crate) backup_command: Option<String>,

    /// Copies of the embedded database, made before migrations, to keep in the folder `backups`
    /// of the data folder; 0 makes none [default: 3].
    #[arg(long, value_name = "COUNT", help_heading = "Data")]
    pub(crate) migration_backups: Option<usize>,

    /// `PgBouncer` in transaction mode stands before PostgreSQL.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Data")]
    pub(crate) pgbouncer: Option<bool>,

    /// Systems to serve, separated by commas: ticketing, portal, exposure, assets, audit
    /// [default: all].
    #[arg(long, value_name = "LIST", help_heading = "Data")]
    pub(crate) systems: Option<CommaList<String>>,

    /// Folder of a product's own tables, views and actions: YAML files, one for each.
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    pub(crate) entities: Option<PathBuf>,

    /// Load a demonstration and write its addresses, keys and passwords to demo.json in the data
    /// folder; listens on loopback alone.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Data")]
    pub(crate) demo: Option<bool>,

    /// Most rows in one answer [default: 1000].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub(crate) max_rows: Option<u64>,

    /// Tell callers how their reads are run, when they ask (`application/vnd.pgrst.plan`). The
    /// engine's estimates follow from the rows of all organizations: for development.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Server")]
    pub(crate) plans: Option<bool>,

    /// Tell callers of the data API what took time, in `Server-Timing`.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Server")]
    pub(crate) server_timing: Option<bool>,

    /// The schema of requests that name none [default: mainstay].
    #[arg(long, value_name = "SCHEMA", help_heading = "Server")]
    pub(crate) default_profile: Option<String>,

    /// Large answers (over 1 MiB) that are sent at a time [default: 4].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub(crate) max_streams: Option<usize>,

    /// Longest time to send a large answer, in seconds; then it is cut off [default: 120].
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    pub(crate) stream_timeout: Option<u64>,

    /// Longest body of a request, in bytes [default: 10485760].
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    pub(crate) body_limit: Option<usize>,

    /// Most requests worked on at a time; more are refused for a moment [default: 1024].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub(crate) max_requests: Option<usize>,

    /// Most open connections [default: 10000].
    #[arg(long, value_name = "COUNT", help_heading = "Limits")]
    pub(crate) max_connections: Option<usize>,

    /// Longest work on one request, in seconds [default: 60].
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    pub(crate) request_timeout: Option<u64>,

    /// How long a stopping server works on what it accepted, in seconds [default: 30].
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    pub(crate) drain_timeout: Option<u64>,

    /// How long a stopping server still accepts, in seconds, so that balancers notice
    /// [default: 0].
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    pub(crate) drain_delay: Option<u64>,

    /// Origins whose pages may call the server, separated by commas; `*` is every one
    /// [default: none; of a demonstration every one].
    #[arg(long, value_name = "LIST", help_heading = "Server")]
    pub(crate) cors_origin: Option<CommaList<String>>,

    /// Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, value_name = "LIST", help_heading = "Server")]
    pub(crate) trusted_proxies: Option<CommaList<String>>,

    /// Witnesses that cosign the checkpoints of the installation's log, separated by commas, each
    /// as URL and verifier key: `https://witness.example witness.example+3b8af3d1+BJ…`.
    #[arg(long, value_name = "LIST", help_heading = "Server")]
    pub(crate) witnesses: Option<CommaList<String>>,

    /// The mail server that takes mails: `smtps://user:password@host`, or
    /// `smtp://user:password@host:587?tls=required`. Without one a server that listens on this
    /// machine alone prints links, and any other sends none.
    #[arg(long, value_name = "URL", help_heading = "Sign-in")]
    pub(crate) smtp: Option<Secret>,

    /// File that holds `smtp`.
    #[arg(skip)]
    pub(crate) smtp_file: Option<PathBuf>,

    /// Who mails come from, as `Name <name@example.com>`.
    #[arg(long, value_name = "ADDRESS", help_heading = "Sign-in")]
    pub(crate) mail_from: Option<String>,

    /// Tell people by mail when what signs them in is changed: password, address, second factors,
    /// passkeys, providers, recovery codes [default: true].
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Sign-in")]
    pub(crate) change_mails: Option<bool>,

    /// How long an access token holds, in seconds [default: 900].
    #[arg(long, value_name = "SECONDS", help_heading = "Sign-in")]
    pub(crate) token_lifetime: Option<u32>,

    /// How long a session lasts that nobody uses, in hours [default: 168].
    #[arg(long, value_name = "HOURS", help_heading = "Sign-in")]
    pub(crate) session_idle: Option<u32>,

    /// How long a session lasts in any case, in hours [default: 720].
    #[arg(long, value_name = "HOURS", help_heading = "Sign-in")]
    pub(crate) session_lifetime: Option<u32>,

    /// Shortest password, in characters [default: 8].
    #[arg(long, value_name = "COUNT", help_heading = "Sign-in")]
    pub(crate) password_length: Option<usize>,

    /// Short name of the organisation that requests to /auth/v1 are for which name none: those
    /// without an `apikey`, such as of browsers on their way to a provider [default: none].
    #[arg(long, value_name = "SLUG", help_heading = "Sign-in")]
    pub(crate) default_organization: Option<String>,

    /// Providers that people can come by, by their names.
    #[arg(skip)]
    pub(crate) providers: Option<BTreeMap<String, ProviderConfig>>,

    /// Networks in which providers may be beside the public Internet, and that may be asked without
    /// TLS, separated by commas: `10.0.0.0/8`.
    #[arg(long, value_name = "LIST", help_heading = "Sign-in")]
    pub(crate) outbound_networks: Option<CommaList<String>>,

    /// Folder with ranges of leaked passwords, which are not accepted: a file for each five digits
    /// of a SHA-1 (`21BD1`), with lines of the other digits and a count (`0018A45…:3`).
    #[arg(long, value_name = "DIR", help_heading = "Sign-in")]
    pub(crate) password_ranges: Option<PathBuf>,

    /// Server with such ranges, as `https://api.pwnedpasswords.com/range`: it learns five digits
    /// of each new password's SHA-1.
    #[arg(long, value_name = "URL", help_heading = "Sign-in")]
    pub(crate) password_ranges_url: Option<String>,

    /// The server of domain names that is asked whether domains are verified, as `address:port`
    /// [default: those that this machine asks].
    #[arg(long, value_name = "ADDRESS", help_heading = "Sign-in")]
    pub(crate) resolver: Option<SocketAddr>,

    /// How often the records of verified domains are looked for, in seconds [default: 86400].
    #[arg(long, value_name = "SECONDS", help_heading = "Sign-in")]
    pub(crate) domain_check: Option<u32>,

    /// Log every request, not only those that failed.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true",
          help_heading = "Log")]
    pub(crate) access_log: Option<bool>,

    /// What to log: `error`, `warn`, `info`, `debug`, or by target `info,mainstay_store=debug`
    /// [default: info].
    #[arg(long, value_name = "FILTER", help_heading = "Log")]
    pub(crate) log: Option<String>,

    /// How to log [default: text].
    #[arg(long, value_name = "FORMAT", help_heading = "Log")]
    pub(crate) log_format: Option<LogFormat>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one object per line.
    Json,
}

/// A list that is written `a,b` in a flag or the environment, and so or as an array in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct CommaList<T>(pub(crate) Vec<T>);

impl FromStr for CommaList<String> {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        Ok(Self(items.map(str::to_owned).collect()))
    }
}

impl<'de> Deserialize<'de> for CommaList<String> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Text(String),
            List(Vec<String>),
        }
        match Form::deserialize(deserializer)? {
            Form::List(items) => Ok(Self(items)),
            Form::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

impl Config {
    /// Adds what the environment and the file say where these flags say nothing.
    ///
    /// # Errors
    /// For an unknown key, a value of the wrong kind, and a named file that is not there.
    pub(crate) fn load(self, file: Option<&Path>) -> Result<Self> {
        let mut sources = Figment::new();
        match file {
            Some(file) if !file.is_file() => {
                bail!("the configuration file {} is missing", file.display());
            }
            Some(file) => sources = sources.merge(Toml::file_exact(file)),
            None if Path::new(DEFAULT_FILE).is_file() => {
                sources = sources.merge(Toml::file_exact(DEFAULT_FILE));
            }
            None => {}
        }
        // Two lines stand for the dot of a file: MAINSTAY_PROVIDERS__GOOGLE__CLIENT_ID.
        let environment = Env::prefixed("MAINSTAY_").split("__").filter(|key| {
            let key = key.as_str().to_ascii_lowercase();
            !OTHER_VARIABLES.contains(&key.as_str()) && !key.starts_with(TEST_VARIABLES)
        });
        self.merge(sources.merge(environment))
    }

    fn merge(self, sources: Figment) -> Result<Self> {
        let mut flags = serde_json::to_value(self)?;
        if let Some(flags) = flags.as_object_mut() {
            flags.retain(|_, value| !value.is_null());
        }
        let merged: Self = sources.merge(Serialized::globals(flags)).extract()?;
        merged.read_secrets()
    }

    fn read_secrets(mut self) -> Result<Self> {
        self.database = secret("database", self.database, self.database_file.as_deref())?;
        let file = self.migrate_database_file.as_deref();
        self.migrate_database = secret("migrate_database", self.migrate_database, file)?;
        self.smtp = secret("smtp", self.smtp, self.smtp_file.as_deref())?;
        for (name, provider) in self.providers.iter_mut().flatten() {
            provider.read_secret(name)?;
        }
        if self.master_key.is_some() && self.master_key_file.is_some() {
            bail!("both master_key and master_key_file are set; set one of them");
        }
        Ok(self)
    }

    /// Refuses what this release can't do, and what doesn't fit together.
    pub(crate) fn check(&self) -> Result<()> {
        self.systems()?;
        self.witnesses()?;
        self.mailer()?;
        self.providers()?;
        self.outbound_networks()?;
        if self.migrate_database.is_some() && self.database.is_none() {
            bail!(
                "--migrate-database is the owner of a PostgreSQL database; name the role that \
                   serves with --database"
            );
        }
        if self.replicas.is_some() && self.database.is_none() {
            bail!("--replicas are standbys of a PostgreSQL database; name it with --database");
        }
        if let (Some(min), Some(max)) = (self.database_min_connections, self.database_connections) {
            ensure!(min <= max, "database_min_connections is {min}, database_connections {max}");
        }
        if self.is_demo() && !self.listen().ip().is_loopback() {
            bail!(
                "--demo writes passwords into a file and listens on loopback alone, not on {}",
                self.listen()
            );
        }
        Ok(())
    }

    /// The systems to serve.
    ///
    /// # Errors
    /// For a name that no system has.
    pub(crate) fn systems(&self) -> Result<Vec<System>> {
        let Some(CommaList(names)) = &self.systems else { return Ok(System::ALL.to_vec()) };
        let parse =
            |name: &String| name.parse().map_err(|message: String| anyhow!("--systems: {message}"));
        names.iter().map(parse).collect()
    }

    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or(DEFAULT_LISTEN)
    }

    pub(crate) fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new(DEFAULT_DATA))
    }

    pub(crate) fn is_demo(&self) -> bool {
        self.demo.unwrap_or(false)
    }

    /// The database that serves.
    pub(crate) fn store(&self) -> mainstay_store::Config {
        match &self.database {
            Some(url) => mainstay_store::Config::Postgres(self.postgres(url)),
            None => {
                let path = self.data().join("mainstay.db");
                let mut config = SqliteConfig::new(path);
                config.streams = self.max_streams.unwrap_or(config.streams);
                config.stream_timeout = seconds(self.stream_timeout, config.stream_timeout);
                mainstay_store::Config::Sqlite(config)
            }
        }
    }

    /// The database as migrations see it: by its owner, where that is another role.
    pub(crate) fn migrations(&self) -> mainstay_store::Config {
        match &self.migrate_database {
            Some(url) => mainstay_store::Config::Postgres(self.postgres(url)),
            None => self.store(),
        }
    }

    fn postgres(&self, url: &Secret) -> PostgresConfig {
        let mut config = PostgresConfig::new(url.reveal());
        config.pgbouncer = self.pgbouncer.unwrap_or(config.pgbouncer);
        config.replicas = self.replicas.iter().flat_map(|list| &list.0).cloned().collect();
        config.pool_size = self.database_connections.unwrap_or(config.pool_size);
        config.pool_min = self.database_min_connections.unwrap_or(DEFAULT_MIN_CONNECTIONS);
        config.wait_timeout = seconds(self.database_timeout, config.wait_timeout);
        config.connect_timeout = seconds(self.database_timeout, config.connect_timeout);
        config.streams = self.max_streams.unwrap_or(config.streams);
        config.stream_timeout = seconds(self.stream_timeout, config.stream_timeout);
        config
    }

    /// The data API's manners.
    pub(crate) fn rest(&self) -> mainstay_rest::Settings {
        let mut settings = mainstay_rest::Settings::default();
        settings.max_rows = self.max_rows.unwrap_or(settings.max_rows);
        settings.plans = self.plans.unwrap_or(settings.plans);
        if let Some(profile) = &self.default_profile {
            settings.default_schema.clone_from(profile);
        }
        settings
    }

    /// The witnesses that the installation's log is shown to.
    ///
    /// # Errors
    /// For an entry that is no witness, one that is named twice, and more than are asked.
    pub(crate) fn witnesses(&self) -> Result<Vec<Witness>> {
        let parse = |text: &String| text.parse::<Witness>().context("witnesses");
        let given = self.witnesses.iter().flat_map(|list| &list.0);
        let witnesses = given.map(parse).collect::<Result<Vec<_>>>()?;
        ensure!(
            witnesses.len() <= WITNESSES_MAX,
            "witnesses: at most {WITNESSES_MAX} can be named"
        );
        for (position, witness) in witnesses.iter().enumerate() {
            let is_twice = witnesses[..position].iter().any(|other| other.key() == witness.key());
            ensure!(!is_twice, "witnesses: {} is named twice", witness.name());
        }
        Ok(witnesses)
    }

    /// The server's limits and manners.
    pub(crate) fn server(&self) -> Result<mainstay_server::Settings> {
        let mut settings = mainstay_server::Settings::default();
        settings.body_bytes_max = self.body_limit.unwrap_or(settings.body_bytes_max);
        settings.requests_max = self.max_requests.unwrap_or(settings.requests_max);
        settings.connections_max = self.max_connections.unwrap_or(settings.connections_max);
        settings.request_timeout = seconds(self.request_timeout, settings.request_timeout);
        settings.drain_timeout = seconds(self.drain_timeout, settings.drain_timeout);
        settings.drain_delay = seconds(self.drain_delay, settings.drain_delay);
        settings.access_log = self.access_log.unwrap_or(settings.access_log);
        settings.server_timing = self.server_timing.unwrap_or(settings.server_timing);
        settings.cors_origins = self.cors_origins()?;
        settings.trusted_proxies = self.trusted_proxies()?;
        Ok(settings)
    }
}

fn seconds(given: Option<u64>, default: Duration) -> Duration {
    given.map_or(default, Duration::from_secs)
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "figment's jail asks for its error")]
mod tests {
    use super::*;
    use figment::Jail;
    use mainstay_server::CorsOrigins;

    fn load(flags: Config) -> Result<Config> {
        flags.load(None)
    }

    #[test]
    fn a_flag_counts_over_the_environment_over_the_file() {
        Jail::expect_with(|jail| {
            jail.create_file(
                "mainstay.toml",
                "max_rows = 1\nbody_limit = 1\nrequest_timeout = 1\ncors_origin = [\"*\"]",
            )?;
            jail.set_env("MAINSTAY_BODY_LIMIT", "2");
            jail.set_env("MAINSTAY_REQUEST_TIMEOUT", "2");
            jail.set_env("MAINSTAY_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1");
            let flags = Config { request_timeout: Some(3), ..Config::default() };
            let config = load(flags).unwrap();
            assert_eq!(config.max_rows, Some(1));
            assert_eq!(config.body_limit, Some(2));
            assert_eq!(config.request_timeout, Some(3));
            assert_eq!(config.server().unwrap().cors_origins, CorsOrigins::Any);
            assert_eq!(config.server().unwrap().trusted_proxies.len(), 2);
            Ok(())
        });
    }

    #[test]
    fn an_unknown_key_is_named() {
        Jail::expect_with(|jail| {
            jail.create_file("mainstay.toml", "max_row = 1")?;
            let error = load(Config::default()).err().unwrap();
            assert!(error.to_string().contains("max_row"), "{error}");
            jail.create_file("mainstay.toml", "")?;
            jail.set_env("MAINSTAY_LISTENN", "127.0.0.1:1");
            let error = load(Config::default()).err().unwrap();
            assert!(error.to_string().to_lowercase().contains("listenn"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn secrets_come_from_files_and_stay_out_of_messages() {
        Jail::expect_with(|jail| {
            jail.create_file("url", "postgresql://u:hidden@h/d\n")?;
            jail.set_env("MAINSTAY_DATABASE_FILE", "url");
            let config = load(Config::default()).unwrap();
            let url = config.database.clone().unwrap();
            assert_eq!(url.reveal(), "postgresql://u:hidden@h/d");
            assert!(!format!("{url:?}").contains("hidden"));
            let flags = Config { database: Some(url), ..Config::default() };
            let error = load(flags).err().unwrap();
            assert!(error.to_string().contains("database_file"), "{error}");
            assert!(!error.to_string().contains("hidden"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn a_demonstration_stays_on_loopback() {
        let demo = |listen: &str| {
            let listen = Some(listen.parse().unwrap());
            Config { listen, demo: Some(true), ..Config::default() }.check()
        };
        assert!(demo("127.0.0.1:0").is_ok());
        assert!(demo("[::1]:8420").is_ok());
        assert!(demo("0.0.0.0:8420").is_err());
    }
}
