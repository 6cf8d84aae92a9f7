//! One PostgreSQL cluster: made and started.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use tempfile::TempDir;

use crate::local::{free_port, memory_dir, random_hex, temp_dir};
use crate::tools::Tools;
use crate::watchdog;

/// Server settings added to the defaults, as `name=value` pairs separated by spaces, for instance
/// `fsync=off synchronous_commit=off`.
const SETTINGS_VARIABLE: &str = "MAINSTAY_TEST_POSTGRES_SETTINGS";

/// Durability settings keep their defaults (`fsync`, `synchronous_commit` on): tests rely on them.
const SETTINGS: [(&str, &str); 4] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "300"),
    ("shared_buffers", "256MB"),
];

/// Another process may take the free port before the server does; then the next one is tried.
const START_ATTEMPTS: u32 = 3;

/// What a server proves itself with to clients that speak TLS; both are PEM.
pub struct ServerCertificate {
    /// Its certificate.
    pub certificate: String,
    /// The private key of the certificate.
    pub key: String,
}

/// A PostgreSQL server that belongs to this process and ends with it.
pub struct Cluster {
    url: String,
    home: TempDir,
}

impl Cluster {
    /// Makes a cluster in a temporary folder and starts it on a free port of 127.0.0.1.
    ///
    /// Should this process be killed, the cluster is stopped and removed within seconds.
    pub fn start() -> io::Result<Self> {
        Self::start_as(temp_dir(), None)
    }

    /// The same, in memory where the machine has room for it: for tests, not for measuring.
    pub fn start_in_memory() -> io::Result<Self> {
        let home = match memory_dir() {
            Some(folder) => tempfile::Builder::new().prefix("mainstay-").tempdir_in(folder)?,
            None => temp_dir(),
        };
        Self::start_as(home, None)
    }

    /// The same, of a server that speaks TLS with clients that ask for it.
    pub fn start_with_tls(certificate: &ServerCertificate) -> io::Result<Self> {
        Self::start_as(temp_dir(), Some(certificate))
    }

    fn start_as(home: TempDir, certificate: Option<&ServerCertificate>) -> io::Result<Self> {
        watchdog::stop_with_this_process(home.path())?;
        Ok(Self { url: start(home.path(), certificate)?, home })
    }

    /// The URL of the superuser, for `MAINSTAY_TEST_POSTGRES`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes and starts a standby that streams from this cluster, with the same roles and passwords.
    pub fn standby(&self) -> io::Result<Self> {
        let tools = Tools::find()?;
        let home = temp_dir();
        watchdog::stop_with_this_process(home.path())?;
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700))?;
        tools.give(home.path())?;
        let data = path_text(&home.path().join("data"))?;
        let copy =
            ["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname", &self.url];
        tools.run("pg_basebackup", &[&copy[..], &["--pgdata", &data]].concat())?;
        let port = run(&tools, home.path())?;
        let (server, _) = self.url.rsplit_once(':').unwrap_or((&self.url, ""));
        Ok(Self { url: format!("{server}:{port}/postgres"), home })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        watchdog::stop(self.home.path());
    }
}

/// Makes and starts a cluster in `home`, an existing folder, and gives the URL of the superuser.
pub(crate) fn start(home: &Path, certificate: Option<&ServerCertificate>) -> io::Result<String> {
    let tools = Tools::find()?;
    let password = random_hex();
    fs::set_permissions(home, fs::Permissions::from_mode(0o700))?;
    tools.give(home)?;
    initialise(&tools, home, &password)?;
    if let Some(certificate) = certificate {
        speak_tls(&tools, home, certificate)?;
    }

    let port = run(&tools, home)?;
    Ok(format!("postgresql://postgres:{password}@127.0.0.1:{port}/postgres"))
}

/// Starts the server whose data are in `home` on a free port, and gives the port.
fn run(tools: &Tools, home: &Path) -> io::Result<u16> {
    let (data, log) = (path_text(&home.join("data"))?, path_text(&home.join("log"))?);
    let mut attempt = 1;
    loop {
        let port = free_port();
        let option = format!("-p {port}");
        let arguments = ["start", "-w", "-s", "-D", &data, "-l", &log, "-o", &option];
        match tools.run("pg_ctl", &arguments) {
            Ok(()) => return Ok(port),
            Err(_) if attempt < START_ATTEMPTS => attempt += 1,
            Err(error) => {
                let log = fs::read_to_string(&log).unwrap_or_default();
                return Err(io::Error::other(format!("{error}\n{log}")));
            }
        }
    }
}

fn initialise(tools: &Tools, home: &Path, password: &str) -> io::Result<()> {
    let password_file = home.join("password");
    write_for_server(tools, &password_file, password)?;

    let (data, password_file) = (path_text(&home.join("data"))?, path_text(&password_file)?);
    let user = ["--username=postgres", "--auth=scram-sha-256", "--pwfile", &password_file];
    let text = ["--encoding=UTF8", "--locale=C"];
    tools.run("initdb", &[&["-D", &data, "--no-sync"], &user[..], &text[..]].concat())?;

    let extra = std::env::var(SETTINGS_VARIABLE).unwrap_or_default();
    let extra = extra.split_whitespace().filter_map(|pair| pair.split_once('='));
    configure(home, SETTINGS.into_iter().chain(extra))
}

fn speak_tls(tools: &Tools, home: &Path, own: &ServerCertificate) -> io::Result<()> {
    let (certificate, key) = (home.join("server.crt"), home.join("server.key"));
    write_for_server(tools, &certificate, &own.certificate)?;
    write_for_server(tools, &key, &own.key)?;
    let (certificate, key) = (path_text(&certificate)?, path_text(&key)?);
    let settings = [("ssl", "on"), ("ssl_cert_file", &*certificate), ("ssl_key_file", &*key)];
    configure(home, settings)
}

fn configure<'a>(
    home: &Path,
    settings: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> io::Result<()> {
    let configuration = home.join("data/postgresql.conf");
    let mut configuration = OpenOptions::new().append(true).open(configuration)?;
    for (name, value) in settings {
        writeln!(configuration, "{name} = '{}'", value.replace('\'', "''"))?;
    }
    Ok(())
}

/// Writes a new file that the server's user alone may read.
fn write_for_server(tools: &Tools, path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    tools.give(path)
}

fn path_text(path: &Path) -> io::Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        io::Error::other(format!("the temporary directory is not UTF-8: {}", path.display()))
    })
}
