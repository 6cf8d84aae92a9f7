//! Answers of many megabytes: sent as they are read, in bounded memory and time.

use crate::on_both_engines;
use crate::server::{Caller, Server};
use reqwest::{Method, StatusCode};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

on_both_engines!(
    lists_of_100_megabytes_take_little_memory,
    who_does_not_read_is_cut_off_and_keeps_nobody_waiting,
    who_leaves_frees_the_place,
);

/// Rows of one request.
const BULK: usize = 2_000;
/// How often the document of a row is shown.
const SHOWN: usize = 5;
/// `VmHWM` may rise by so much, in KiB.
const MEMORY: u64 = 64 << 10;

fn document(number: usize) -> String {
    format!(r#"{{"n": {number}, "text": "{}"}}"#, "0123456789 é ".repeat(75))
}

/// Adds events of a kilobyte.
async fn fill(server: &Server, rows: usize) {
    for first in (0..rows).step_by(BULK) {
        let mut body = String::new();
        for number in first..(first + BULK).min(rows) {
            let details = document(number);
            let _ = writeln!(
                body,
                r#"{{"action":"large","request_id":"r{number:06}","details":{details}}}"#
            );
        }
        let headers = [("Content-Type", "application/x-ndjson"), ("Prefer", "missing=default")];
        let caller = server.service(0);
        let reply = server.send(&caller, Method::POST, "audit_events", &headers, body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
}

fn path() -> String {
    let shown: Vec<String> = (0..SHOWN).map(|n| format!("d{n}:details")).collect();
    // In the order of their keys, which is that of their arrival.
    format!("audit_events?select=request_id,{}&action=eq.large", shown.join(","))
}

fn object(number: usize) -> String {
    let document = document(number);
    let shown: Vec<String> = (0..SHOWN).map(|n| format!(r#""d{n}":{document}"#)).collect();
    format!(r#"{{"request_id":"r{number:06}",{}}}"#, shown.join(","))
}

fn line_of_csv(number: usize) -> String {
    let document = document(number).replace('"', "\"\"");
    format!("r{number:06},{}", vec![format!("\"{document}\""); SHOWN].join(","))
}

/// A line of `/proc/{pid}/status`, in KiB.
fn memory(server: &Server, name: &str) -> u64 {
    let pid = server.process.as_ref().unwrap().pid();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

async fn lists_of_100_megabytes_take_little_memory(mut server: Server) {
    const ROWS: usize = 22_000;
    fill(&server, ROWS).await;
    server.restart_with(&["--max-rows", "1000000"]);
    let caller = server.service(0);
    server.get(&caller, "teams").await;
    let pid = server.process.as_ref().unwrap().pid();
    // The high-water mark begins anew.
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").unwrap();
    let before = memory(&server, "VmRSS:");
    let names: Vec<String> = (0..SHOWN).map(|n| format!("d{n}")).collect();
    let header = format!("request_id,{}", names.join(","));
    for (accept, start, end, separator, row) in [
        ("*/*", "[", "]", ",", object as fn(usize) -> String),
        ("application/x-ndjson", "", "\n", "\n", object),
        ("text/csv", &*format!("{header}\n"), "", "\n", line_of_csv),
    ] {
        let headers = [("Accept", accept), ("Prefer", "count=exact")];
        let reply = server.send(&caller, Method::GET, &path(), &headers, "").await;
        assert_eq!(reply.status, StatusCode::OK, "{accept}");
        assert_eq!(reply.content_range, Some(format!("0-{}/{ROWS}", ROWS - 1)));
        assert!(reply.text.len() > 100_000_000, "{accept}: {}", reply.text.len());
        let mut rest = reply.text.strip_prefix(start).unwrap().strip_suffix(end).unwrap();
        for number in 0..ROWS {
            rest = rest.strip_prefix(&*row(number)).unwrap_or_else(|| {
                panic!("{accept}: row {number} is not next in {}", rest.get(..300).unwrap_or(rest))
            });
            rest = rest.strip_prefix(separator).unwrap_or(rest);
        }
        assert_eq!(rest, "", "{accept}");
    }
    let growth = memory(&server, "VmHWM:").saturating_sub(before);
    println!("{:?}: peak memory rose by {growth} KiB from {before} KiB", server.engine);
    assert!(growth < MEMORY, "peak memory rose by {growth} KiB from {before} KiB");
}

/// Asks for a large answer and reads its head.
fn begin(server: &Server, caller: &Caller) -> TcpStream {
    let address = server.process.as_ref().unwrap().address();
    let mut stream = TcpStream::connect(address).unwrap();
    let key = caller.apikey.as_ref().unwrap();
    let request = format!("GET /rest/v1/{} HTTP/1.1\r\nHost: x\r\napikey: {key}\r\n\r\n", path());
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    stream
}

async fn who_does_not_read_is_cut_off_and_keeps_nobody_waiting(mut server: Server) {
    const TIMEOUT: Duration = Duration::from_secs(4);
    fill(&server, 10_000).await;
    server.restart_with(&["--max-rows", "1000000", "--max-streams", "1", "--stream-timeout", "4"]);
    let caller = server.service(0);
    let began = Instant::now();
    let mut stalled = begin(&server, &caller);
    while began.elapsed() < TIMEOUT / 2 {
        let asked = Instant::now();
        assert!(!server.get(&caller, "teams").await.rows().is_empty());
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    }
    // The only place gets free when the time of its holder is over.
    let next = server.send(&caller, Method::GET, &path(), &[], "").await;
    assert_eq!((next.status, next.rows().len()), (StatusCode::OK, 10_000));
    assert!(began.elapsed() >= TIMEOUT, "{:?}", began.elapsed());
    let mut rest = Vec::new();
    let ended = stalled.read_to_end(&mut rest);
    let complete = rest.ends_with(b"\r\n0\r\n\r\n");
    assert!(!complete, "{ended:?} after {} bytes", rest.len());
    assert!(rest.len() < next.text.len(), "{} bytes", rest.len());
}

async fn who_leaves_frees_the_place(mut server: Server) {
    fill(&server, 10_000).await;
    server.restart_with(&["--max-rows", "1000000", "--max-streams", "1"]);
    let caller = server.service(0);
    for _ in 0..3 {
        drop(begin(&server, &caller));
    }
    let reply = server.send(&caller, Method::GET, &path(), &[], "").await;
    assert_eq!((reply.status, reply.rows().len()), (StatusCode::OK, 10_000));
}
