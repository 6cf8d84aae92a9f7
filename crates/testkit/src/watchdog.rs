//! Ending clusters from outside: the processes that wanted them may have been killed.
//!
//! A watchdog is a shell that outlives the process that started it. All scripts work on `home`, the
//! folder that holds everything of one cluster.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// Functions of all scripts. `QUIT` is PostgreSQL's immediate shutdown.
const FUNCTIONS: &str = r#"
pid_file="$home/data/postmaster.pid"
signal() { kill "-$1" "$(head -n 1 "$pid_file")"; } 2>/dev/null
running() { [ -e "$pid_file" ] && signal 0; }
stop() {
    signal QUIT
    left=100
    while running && [ "$left" -gt 0 ]; do sleep 0.1; left=$((left - 1)); done
    # A start that was cut short may still be writing.
    rm -rf "$home" || { sleep 3; rm -rf "$home"; }
}
"#;

const OWNER_HAS_ENDED: &str = r#"
while [ -e "$home" ] && kill -0 "$owner" 2>/dev/null; do sleep 2; done
stop
"#;

/// Ten minutes without a user.
const UNUSED: &str = r#"
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

/// Stops the server and removes the cluster, now. Best effort: a failure leaves a folder in the
/// temporary directory.
pub(crate) fn stop(home: &Path) {
    drop(shell(home, &format!("{FUNCTIONS}stop")).status());
}

/// Stops the server and removes the cluster as soon as this process has ended.
pub(crate) fn stop_with_this_process(home: &Path) -> io::Result<()> {
    let owner = std::process::id().to_string();
    watch(home, OWNER_HAS_ENDED, &[("owner", owner.as_ref())])
}

/// Stops the server and removes the cluster once no process has held a lock on the file `users`
/// for ten minutes; `url_file` goes with it. Without the program `flock` the cluster stays.
pub(crate) fn stop_when_unused(home: &Path, users: &Path, url_file: &Path) -> io::Result<()> {
    watch(home, UNUSED, &[("users", users.as_ref()), ("url", url_file.as_ref())])
}

fn watch(home: &Path, script: &str, variables: &[(&str, &OsStr)]) -> io::Result<()> {
    // The inner shell is orphaned at once, so nobody has to wait for it; its own process group
    // keeps it alive when a terminal or a test runner ends ours.
    let mut command = shell(home, &format!("(\n{FUNCTIONS}{script}\n) &"));
    command.envs(variables.iter().copied()).process_group(0).status()?;
    Ok(())
}

fn shell(home: &Path, script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir("/").env("home", home);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
