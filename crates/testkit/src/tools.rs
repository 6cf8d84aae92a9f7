//! The PostgreSQL programs of this machine, and the user they run as.

use std::fs;
use std::io;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The oldest major version that Mainstay supports, and so the one tests prefer.
const OLDEST_MAJOR: u32 = 15;

/// The operating-system user of the cluster when the tests run as root, which `initdb` refuses.
const SERVER_USER: &str = "postgres";

/// Whether the programs needed to start a PostgreSQL cluster are on this machine.
pub fn postgres_installed() -> bool {
    Tools::find().is_ok()
}

/// Where `initdb` and `pg_ctl` are, and as whom they run.
pub(crate) struct Tools {
    directory: PathBuf,
    /// The user id of the server when it differs from ours.
    server_uid: Option<u32>,
}

impl Tools {
    /// Looks in Debian's versioned folders, oldest supported version first, then in `PATH`.
    pub(crate) fn find() -> io::Result<Self> {
        let directory = debian_directories()
            .into_iter()
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()))
            .find(|directory| {
                directory.join("initdb").is_file() && directory.join("pg_ctl").is_file()
            })
            .ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::NotFound,
                    "PostgreSQL is not installed: no initdb and pg_ctl in /usr/lib/postgresql/*/bin or PATH",
                )
            })?;
        let server_uid = if user_id(None)? == 0 { Some(user_id(Some(SERVER_USER))?) } else { None };
        Ok(Self { directory, server_uid })
    }

    /// Runs one program as the server's user and answers an error with its output if it fails.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> io::Result<()> {
        let path = self.directory.join(program);
        let mut command = if self.server_uid.is_some() {
            let mut command = Command::new("runuser");
            command.args(["-u", SERVER_USER, "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        // The server's user may not be allowed into the folder that the tests run in.
        let output = command.args(arguments).current_dir("/").output()?;
        require_success(program, &output)
    }

    /// Gives a file or folder to the server's user.
    pub(crate) fn give(&self, path: &Path) -> io::Result<()> {
        match self.server_uid {
            Some(uid) => chown(path, Some(uid), None),
            None => Ok(()),
        }
    }
}

/// The id of the named user, or of the current one.
pub(crate) fn user_id(name: Option<&str>) -> io::Result<u32> {
    let output = Command::new("id").arg("-u").args(name).output()?;
    require_success("id", &output)?;
    String::from_utf8_lossy(&output.stdout).trim().parse().map_err(io::Error::other)
}

fn require_success(program: &str, output: &Output) -> io::Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(io::Error::other(format!("{program} failed ({}): {out}{err}", output.status)))
}

fn debian_directories() -> Vec<PathBuf> {
    let root = Path::new("/usr/lib/postgresql");
    let mut majors: Vec<u32> = fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|major| *major >= OLDEST_MAJOR)
        .collect();
    majors.sort_unstable();
    majors.into_iter().map(|major| root.join(major.to_string()).join("bin")).collect()
}
