//! One PostgreSQL cluster: made, started, stopped, removed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::local::{free_port, random_hex};
use crate::tools::Tools;

/// Server settings added to the defaults, as `name=value` pairs separated by spaces, for instance
/// `fsync=off synchronous_commit=off`.
const SETTINGS_VARIABLE: &str = "MAINSTAY_TEST_POSTGRES_SETTINGS";

/// Durability settings keep their defaults (`fsync` and `synchronous_commit` on): tests rely on them.
const SETTINGS: [(&str, &str); 4] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("max_connections", "300"),
    ("shared_buffers", "256MB"),
];

/// Another process may take the free port before the server does; then the next one is tried.
const START_ATTEMPTS: u32 = 3;

/// Shell functions of the watchdogs. A cluster that outlives the processes that wanted it is
/// stopped from outside, because those may have been killed.
/// Variables: `home` (the cluster's folder), `pid` (the server), `owner`, `users`, `url`.
const STOP: &str = r#"
running() { [ -e "$home/data/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null; }
stop() {
    kill -QUIT "$pid" 2>/dev/null
    left=100
    while running && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
    rm -rf "$home"
}
"#;

/// Ends the cluster as soon as its owner has ended.
const WATCH_OWNER: &str = r#"
while running && kill -0 "$owner" 2>/dev/null; do sleep 2; done
stop
"#;

/// Ends the cluster after ten minutes in which no process held the lock on `$users`.
const WATCH_USERS: &str = r#"
command -v flock >/dev/null || exit 0
idle=0
while running; do
    sleep 10
    if flock --nonblock "$users" true; then idle=$((idle + 1)); else idle=0; fi
    if [ "$idle" -ge 60 ]; then
        exec 9>>"$users"
        if flock --nonblock 9; then rm -f "$url"; stop; exit 0; fi
        exec 9>&-
    fi
done
"#;

/// A PostgreSQL server that belongs to this process and ends with it.
pub struct Cluster {
    server: Server,
    _home: TempDir,
}

impl Cluster {
    /// Makes a cluster in a temporary folder and starts it on a free port of 127.0.0.1.
    ///
    /// Should this process be killed, the cluster is stopped and removed within seconds.
    pub fn start() -> io::Result<Self> {
        let home = crate::temp_dir();
        let server = Server::start(home.path())?;
        server.watch(
            WATCH_OWNER,
            &[("owner", std::process::id().to_string().as_ref())],
        )?;
        Ok(Self {
            server,
            _home: home,
        })
    }

    /// The URL of the superuser, for `MAINSTAY_TEST_POSTGRES`.
    pub fn url(&self) -> &str {
        &self.server.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server.stop();
    }
}

/// A running server and the folder that holds everything of it.
pub(crate) struct Server {
    /// The URL of the superuser.
    pub(crate) url: String,
    home: PathBuf,
    pid: u32,
}

impl Server {
    /// Makes and starts a cluster in `home`, an existing folder.
    pub(crate) fn start(home: &Path) -> io::Result<Self> {
        let tools = Tools::find()?;
        let password = random_hex();
        fs::set_permissions(home, fs::Permissions::from_mode(0o700))?;
        tools.give(home)?;
        initialise(&tools, home, &password)?;

        let (data, log) = (
            path_text(&home.join("data"))?,
            path_text(&home.join("log"))?,
        );
        let mut attempt = 1;
        let port = loop {
            let port = free_port();
            let option = format!("-p {port}");
            let arguments = ["start", "-w", "-s", "-D", &data, "-l", &log, "-o", &option];
            match tools.run("pg_ctl", &arguments) {
                Ok(()) => break port,
                Err(_) if attempt < START_ATTEMPTS => attempt += 1,
                Err(error) => {
                    let log = fs::read_to_string(home.join("log")).unwrap_or_default();
                    return Err(io::Error::other(format!("{error}\n{log}")));
                }
            }
        };
        let pid_file = fs::read_to_string(home.join("data/postmaster.pid"))?;
        let pid = pid_file
            .lines()
            .next()
            .and_then(|line| line.trim().parse().ok());
        Ok(Self {
            url: format!("postgresql://postgres:{password}@127.0.0.1:{port}/postgres"),
            home: home.to_path_buf(),
            pid: pid
                .ok_or_else(|| io::Error::other("postmaster.pid does not hold a process id"))?,
        })
    }

    /// Leaves a watchdog behind that ends the server once nobody uses `users` (a lock file);
    /// it then removes `url_file` too.
    pub(crate) fn stop_when_unused(&self, users: &Path, url_file: &Path) -> io::Result<()> {
        self.watch(
            WATCH_USERS,
            &[("users", users.as_ref()), ("url", url_file.as_ref())],
        )
    }

    fn watch(&self, script: &str, variables: &[(&str, &std::ffi::OsStr)]) -> io::Result<()> {
        // The inner shell is orphaned at once, so nobody has to wait for it; its own process group
        // keeps it alive when a terminal or a test runner ends ours.
        let script = format!("(\n{STOP}{script}\n) &");
        self.shell(&script)
            .envs(variables.iter().copied())
            .process_group(0)
            .status()?;
        Ok(())
    }

    fn stop(&self) {
        // Best effort: a failure leaves a folder in the temporary directory.
        drop(self.shell(&format!("{STOP}stop")).status());
    }

    fn shell(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir("/");
        command
            .env("home", &self.home)
            .env("pid", self.pid.to_string());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

fn initialise(tools: &Tools, home: &Path, password: &str) -> io::Result<()> {
    let password_file = home.join("password");
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&password_file)?;
    file.write_all(password.as_bytes())?;
    tools.give(&password_file)?;

    let (data, password_file) = (path_text(&home.join("data"))?, path_text(&password_file)?);
    let user = [
        "--username=postgres",
        "--auth=scram-sha-256",
        "--pwfile",
        &password_file,
    ];
    let text = ["--encoding=UTF8", "--locale=C"];
    tools.run(
        "initdb",
        &[&["-D", &data, "--no-sync"], &user[..], &text[..]].concat(),
    )?;

    let mut configuration = OpenOptions::new()
        .append(true)
        .open(home.join("data/postgresql.conf"))?;
    let extra = std::env::var(SETTINGS_VARIABLE).unwrap_or_default();
    let extra = extra
        .split_whitespace()
        .filter_map(|pair| pair.split_once('='));
    for (name, value) in SETTINGS.into_iter().chain(extra) {
        writeln!(configuration, "{name} = '{}'", value.replace('\'', "''"))?;
    }
    Ok(())
}

fn path_text(path: &Path) -> io::Result<String> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        io::Error::other(format!(
            "the temporary directory is not UTF-8: {}",
            path.display()
        ))
    })
}
