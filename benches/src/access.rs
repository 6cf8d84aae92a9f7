//! What it costs to know a caller: sessions and permissions, and signing in.

mod ceiling;
mod one_by_one;
mod people;

use crate::load::{Request, Requests};
use crate::process::{Beside, Server};
use crate::report::{Comparison, Goal, Round};
use crate::spine::engine_name;
use crate::{Engine, Options, report};
use anyhow::Result;
use people::People;

/// A record that everybody may read: what is compared is knowing the caller alone.
const PUBLIC_RECORD: &str = "/rest/v1/permissions?name=eq.teams:read&select=name";
/// Where built-in tables are.
const SCHEMA: &str = "mainstay";
/// Connections that send at the same time.
const CONNECTIONS: u32 = 32;
/// Connections that sign in at the same time.
const ARRIVING: u32 = 8;

const SESSION: &str = "session";
const SIGN_IN: &str = "sign-in";
const FIRST_USE: &str = "first-use";

/// Measures what is asked for, prints it and writes it to a file.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let mut results = Vec::new();
    for engine in options.engines() {
        let (name, people, sessions) = (engine_name(engine), options.rows, options.many_rows);
        println!("{name}: loading {people} people and {sessions} sessions");
        let loaded = People::load(engine, people, sessions).await?;
        measure(options, engine, &loaded, &mut results).await?;
    }
    report::write(&options.json("access"), &results)
}

async fn measure(
    options: &Options,
    engine: Engine,
    people: &People,
    results: &mut Vec<Comparison>,
) -> Result<()> {
    let name = |kind: &str| format!("{}/{kind}", engine_name(engine));
    let wants = |kind: &str| options.wants(&name(kind));
    let mut add = |comparison: Comparison| {
        comparison.print();
        results.push(comparison);
    };
    let tokens = {
        let server = Server::start(&people.place, Beside::Nothing)?;
        if wants(SIGN_IN) {
            add(sign_ins(options, &name(SIGN_IN), people, &server)?);
        }
        people.sign_in(&server.url).await?
    };
    // Another process: no token is known to it.
    let server = Server::start(&people.place, Beside::Nothing)?;
    if wants(FIRST_USE) {
        for (what, path, target_ms) in one_by_one::KINDS {
            let name = format!("{}/{what}", name(FIRST_USE));
            let about = format!("p99 of `{path}`, one at a time / {target_ms} ms");
            let goal = Goal::AtMost(1.0);
            let mut comparison = Comparison::new(&name, &about, "ms", goal);
            let ours = one_by_one::p99_ms(&server.url, path, people, &tokens).await?;
            comparison.rounds.push(Round { ours, other: target_ms });
            add(comparison);
        }
    }
    if wants(SESSION) {
        add(sessions(options, &name(SESSION), people, &server, &tokens)?);
    }
    Ok(())
}

/// The same record with and without a session.
fn sessions(
    options: &Options,
    name: &str,
    people: &People,
    server: &Server,
    tokens: &[String],
) -> Result<Comparison> {
    let get = |token| Request {
        method: "GET",
        path: PUBLIC_RECORD.to_owned(),
        token,
        profile: SCHEMA,
        ..Request::default()
    };
    let known = tokens.iter().map(|token| get(token.as_str()));
    let make = |name: &str, requests: Vec<Request<'_>>| {
        Requests::new(people.folder(), name, &server.url, CONNECTIONS, requests)
    };
    let known = make("known", known.collect())?;
    let unknown = make("unknown", vec![get("")])?;
    let about = "a public record, with a session / without";
    let mut comparison = Comparison::new(name, about, "req/s", Goal::AtLeast(0.85));
    comparison.p99_added_max_ms = Some(1.0);
    comparison.run(&known, &unknown, options.rounds, options.seconds)
}

/// Signing in over HTTP against nothing but the hash.
fn sign_ins(options: &Options, name: &str, people: &People, server: &Server) -> Result<Comparison> {
    // Everybody comes from an address of their own: of one address, attempts that have not ended
    // count as failures.
    let requests = people.emails().enumerate().map(|(n, email)| Request {
        method: "POST",
        path: "/auth/v1/token?grant_type=password".to_owned(),
        content_type: "application/json",
        body: people::credentials(&email),
        sent_for: format!("198.51.{}.{}", n / 250, n % 250 + 1),
        ..Request::default()
    });
    let requests = Requests::new(people.folder(), "sign-in", &server.url, ARRIVING, requests)?;
    let about = "sign-ins / Argon2id alone on all processors";
    let mut comparison = Comparison::new(name, about, "a second", Goal::AtLeast(0.9));
    // A server that has just started has events to take into its log and words to find them by.
    requests.send(5)?;
    for _ in 0..options.rounds {
        let shot = requests.send(options.seconds)?;
        let other = ceiling::rate(&people.hash, options.seconds)?;
        comparison.rounds.push(Round { ours: shot.rate, other });
        comparison.shots.push(shot);
    }
    Ok(comparison)
}
