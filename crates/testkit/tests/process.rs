//! Servers are found by the line they print, and end as asked. A shell stands in for the binary:
//! what is tested here is the handling of a process.

use std::process::Command;
use std::time::Duration;

use mainstay_testkit::{MainstayProcess, wait_until_blocking};

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn address_is_read_from_either_stream_and_stop_is_graceful() {
    for redirect in ["", ">&2"] {
        let script = format!(
            "trap 'echo finished; exit 3' TERM
             echo starting
             echo 'INFO listening on http://127.0.0.1:8421 (demo)' {redirect}
             while :; do sleep 0.01; done"
        );
        let server = MainstayProcess::start(shell(&script)).unwrap();
        assert_eq!(server.url(), "http://127.0.0.1:8421");
        let (status, output) = server.stop();
        assert_eq!(status.code(), Some(3));
        assert!(output.contains("starting\n") && output.ends_with("finished\n"), "{output}");
    }
}

#[test]
fn kill_leaves_no_time_to_finish() {
    let script = "trap 'echo finished' TERM EXIT
        echo listening on http://[::1]:9
        while :; do sleep 0.01; done";
    let server = MainstayProcess::start(shell(script)).unwrap();
    let pid = server.pid();
    assert_eq!(server.kill(), "listening on http://[::1]:9\n");
    let gone = || !shell(&format!("kill -0 {pid}")).output().unwrap().status.success();
    assert!(wait_until_blocking(gone, Duration::from_secs(10)));
}

#[test]
fn server_that_ends_is_reported_with_its_output() {
    let failure = MainstayProcess::start(shell("echo no such database >&2; exit 7")).err().unwrap();
    assert_eq!(failure.status.and_then(|status| status.code()), Some(7));
    assert!(failure.to_string().contains("no such database"));
}
