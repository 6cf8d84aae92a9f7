//! The built `mainstay` binary as a child process.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::local::wait_until_blocking;

/// What the binary prints when it accepts requests; the address follows.
const READY: &str = "listening on http://";

/// How long a server may take to get ready, migrations of a loaded machine included.
const START_DEADLINE: Duration = Duration::from_mins(2);

/// How long a server that was asked to stop may take to finish what it accepted.
const STOP_DEADLINE: Duration = Duration::from_mins(1);

/// `mainstay serve` on a free port of 127.0.0.1; add arguments and environment, then
/// [`MainstayProcess::start`] it.
///
/// `binary` is `env!("CARGO_BIN_EXE_mainstay")`, or the path in `MAINSTAY_BIN`.
pub fn serve_command(binary: impl AsRef<Path>) -> Command {
    let mut command = Command::new(binary.as_ref());
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    command
}

/// A running server. Dropping it kills it.
pub struct MainstayProcess {
    child: Child,
    address: SocketAddr,
    output: Output,
}

impl MainstayProcess {
    /// Starts the command and waits until the server accepts requests.
    pub fn start(mut command: Command) -> Result<Self, NotReady> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| NotReady {
            status: None,
            output: format!("{} does not start: {error}", command.get_program().display()),
        })?;
        let (ready, addresses) = mpsc::channel();
        let mut output = Output::default();
        output.follow(child.stdout.take(), ready.clone());
        output.follow(child.stderr.take(), ready);

        // An error means that the time is over, or that both streams are closed: it has ended.
        if let Ok(address) = addresses.recv_timeout(START_DEADLINE) {
            return Ok(Self { child, address, output });
        }
        let status = wait(&mut child, Duration::from_secs(1));
        end(&mut child);
        output.finish();
        Err(NotReady { status, output: output.text() })
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The server's URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What the server has printed so far, both streams in the order of arrival.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// Kills the server as a crash would (`SIGKILL`) and gives what it had printed.
    pub fn kill(mut self) -> String {
        end(&mut self.child);
        self.output.finish();
        self.output.text()
    }

    /// Asks the server to stop (`SIGTERM`), without waiting.
    pub fn request_stop(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("sh runs");
        assert!(status.success(), "{kill} failed; the server printed:\n{}", self.output());
    }

    /// Stops the server gracefully and gives its exit status and all that it printed.
    /// Panics if it has not ended after a minute.
    pub fn stop(mut self) -> (ExitStatus, String) {
        self.request_stop();
        let status = self.wait(STOP_DEADLINE);
        let status = status.unwrap_or_else(|| panic!("still running:\n{}", self.output()));
        self.output.finish();
        (status, self.output.text())
    }

    /// Waits until the server ends by itself; `None` if it has not by the deadline.
    pub fn wait(&mut self, deadline: Duration) -> Option<ExitStatus> {
        wait(&mut self.child, deadline)
    }
}

impl Drop for MainstayProcess {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The server ended, or printed no address in time.
#[derive(Debug)]
pub struct NotReady {
    /// How it ended; `None` if it did not.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub output: String,
}

impl fmt::Display for NotReady {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(formatter, "the server ended ({status})")?,
            None => write!(formatter, "the server did not get ready")?,
        }
        write!(formatter, ":\n{}", self.output)
    }
}

impl std::error::Error for NotReady {}

/// The printed lines, collected by one thread per stream so that the child never blocks.
#[derive(Default)]
struct Output {
    text: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Output {
    fn follow(&mut self, stream: Option<impl Read + Send + 'static>, ready: Sender<SocketAddr>) {
        let Some(stream) = stream else { return };
        let text = Arc::clone(&self.text);
        self.readers.push(std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line);
                let mut text = text.lock().unwrap_or_else(PoisonError::into_inner);
                text.push_str(&line);
                text.push('\n');
                drop(text);
                if let Some(address) = ready_address(&line) {
                    // Nobody listens any more after the first address.
                    let _ = ready.send(address);
                }
            }
        }));
    }

    /// Waits for the rest of what an ended process printed.
    fn finish(&mut self) {
        for reader in self.readers.drain(..) {
            reader.join().expect("reading lines does not panic");
        }
    }

    fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn ready_address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(READY)?;
    let end = rest.find(|c: char| !(c.is_ascii_hexdigit() || ".:[]".contains(c)));
    rest[..end.unwrap_or(rest.len())].parse().ok()
}

fn wait(child: &mut Child, deadline: Duration) -> Option<ExitStatus> {
    let mut status = None;
    let has_ended = || {
        status = child.try_wait().expect("the process is ours");
        status.is_some()
    };
    if wait_until_blocking(has_ended, deadline) { status } else { None }
}

fn end(child: &mut Child) {
    // An error means that it has ended already.
    drop(child.kill());
    drop(child.wait());
}
