//! Full-text search from outside: what is found, by whom and when.

use crate::audit_cli::{audit, told};
use crate::on_both_engines;
use crate::server::{Caller, Engine, Server};
use mainstay_testkit::connect;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_engines!(
    events_are_found_by_their_words_within_five_seconds,
    words_of_events_survive_a_kill,
    words_follow_though_the_server_that_wrote_them_is_gone,
    expired_events_leave_no_words,
    a_word_of_another_organisation_is_nowhere,
);

/// Within this time search shows an event.
const LAG: Duration = Duration::from_secs(5);

async fn send(server: &Server, caller: &Caller, events: Value) -> Vec<Value> {
    let headers = [("Prefer", "return=representation")];
    let reply =
        server.send(caller, Method::POST, "audit_events", &headers, events.to_string()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    reply.rows()
}

/// How many events a search finds.
async fn count(server: &Server, caller: &Caller, search: &str) -> usize {
    server.get(caller, &format!("audit_events?select=id&{search}")).await.rows().len()
}

/// Waits until a search finds so many events.
async fn wait_for(server: &Server, caller: &Caller, search: &str, expected: usize) -> Duration {
    let began = Instant::now();
    while count(server, caller, search).await != expected {
        assert!(began.elapsed() < LAG, "{search}: not found in {LAG:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    began.elapsed()
}

/// The rows of words of events that mention a word, whatever organisation they are of.
async fn kept(server: &Server, word: &str) -> i64 {
    match server.engine {
        Engine::Sqlite => {
            let path = server.data.path().join("mainstay.db");
            let connection = rusqlite::Connection::open(path).unwrap();
            let sql = "SELECT count(*) FROM audit_events_words WHERE word = ?1";
            connection.query_row(sql, [word], |row| row.get(0)).unwrap()
        }
        Engine::Postgres => {
            let database = server.database.as_ref().unwrap();
            let client = connect(&database.superuser_url).await.unwrap();
            let sql = "SELECT count(*) FROM mainstay.audit_events_words WHERE word = $1";
            client.query_one(sql, &[&word]).await.unwrap().get(0)
        }
    }
}

async fn events_are_found_by_their_words_within_five_seconds(server: Server) {
    let caller = server.service(0);
    let events = json!([
        {
            "action": "door.open",
            "description": "Somebody opened the northern gates twice",
            "details": { "guard": ["Night shift", { "note": "no alarms" }], "count": 7 }
        },
        { "action": "door.close", "description": "The gate closed quietly" },
        {
            "action": "record.read",
            "data_classification": "phi",
            "description": "zebrafish diagnosis",
            "details": { "diagnosis": "zebrafish" }
        },
        {
            "action": "record.open",
            "description": "An ordinary quokka",
            "personal": { "name": "Zebrafish Smith" }
        }
    ]);
    for event in events.as_array().unwrap() {
        send(&server, &caller, event.clone()).await;
    }
    wait_for(&server, &caller, "description=fts.quokka", 1).await;
    for (search, expected) in [
        ("description=phfts.northern gate", 1),
        ("description=fts.gate %26 !quietly", 1),
        ("description=not.fts.gate&description=wfts.quokka", 1),
        ("description=wfts.\"gate closed\" or twice", 2),
        ("details=plfts.night alarms", 1),
        ("details=phfts.shift alarms", 0),
        ("or=(description.fts.quokka,action.eq.door.close)", 2),
        ("description=fts(simple).gates", 1),
        ("description=fts(simple).gate", 1),
        // What is sealed has no words.
        ("or=(description.fts.zebrafish,details.fts.zebrafish)", 0),
    ] {
        assert_eq!(count(&server, &caller, search).await, expected, "{search}");
    }
    assert_eq!(kept(&server, "zebrafish").await, 0);

    // Many at once follow as soon.
    let many =
        (0..600).map(|n| json!({ "action": "bulk.sent", "description": format!("parcel {n}") }));
    send(&server, &caller, many.collect()).await;
    wait_for(&server, &caller, "description=fts.parcel&limit=1000", 600).await;
    wait_for(&server, &caller, "description=fts.parcel %26 599", 1).await;
}

async fn words_of_events_survive_a_kill(mut server: Server) {
    let caller = server.service(0);
    send(&server, &caller, json!({ "action": "a.b", "description": "before wombats fell" })).await;
    server.process.take().unwrap().kill();
    server.serve();
    let caller = server.service(0);
    send(&server, &caller, json!({ "action": "a.b", "description": "after wombats rose" })).await;
    wait_for(&server, &caller, "description=fts.wombat", 2).await;
    assert_eq!(kept(&server, "wombat").await, 2);
}

async fn words_follow_though_the_server_that_wrote_them_is_gone(mut server: Server) {
    if server.engine == Engine::Sqlite {
        println!("skipped: an embedded database has one server");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let other = server.serve_at(folder.path());
    let caller = server.service(0);
    for round in 0..20 {
        let description = format!("an orphaned platypus of round {round}");
        send(&server, &caller, json!({ "action": "a.b", "description": description })).await;
    }
    server.process.take().unwrap().kill();
    server.url = other.url();
    let began = Instant::now();
    // The lease of the one that led must run out first.
    while count(&server, &caller, "description=fts.platypus").await != 20 {
        assert!(began.elapsed() < 2 * LAG, "not found");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(kept(&server, "platypus").await, 20);
    server.process = Some(other);
}

async fn expired_events_leave_no_words(mut server: Server) {
    let caller = server.service(0);
    let events = |word: &str| -> Value {
        (0..40).map(|n| json!({ "action": "a.b", "description": format!("{word} {n}") })).collect()
    };
    send(&server, &caller, events("capybara")).await;
    wait_for(&server, &caller, "description=fts.capybara", 40).await;
    let head = server.get(&caller, "ledger_heads?select=size").await.rows();
    let end = head[0]["size"].as_u64().unwrap();
    send(&server, &caller, events("tapir")).await;
    wait_for(&server, &caller, "description=fts.tapir", 40).await;
    if server.engine == Engine::Sqlite {
        let (status, output) = server.process.take().unwrap().stop();
        assert!(status.success(), "{output}");
    }
    let to = end.to_string();
    let mut arguments =
        vec!["expire", "--tenant", "acme", "--policy", "p", "--reason", "r", "--to", &to];
    if let Some(database) = &server.database {
        arguments.extend(["--migrate-database", &database.owner_url]);
    }
    let output = audit(&server, &arguments);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(kept(&server, "capybara").await, 0);
    assert_eq!(kept(&server, "tapir").await, 40);
    if server.process.is_none() {
        server.serve();
    }
    let caller = server.service(0);
    assert_eq!(count(&server, &caller, "description=fts.capybara").await, 0);
    assert_eq!(count(&server, &caller, "description=fts.tapir").await, 40);
}

async fn a_word_of_another_organisation_is_nowhere(server: Server) {
    let (acme, globex) = (server.service(0), server.service(1));
    let plugin = |name: &str, description: &str| {
        json!({ "name": name, "display_name": name, "current_version": "1", "description": description })
            .to_string()
    };
    for (caller, name) in [(&acme, "acme-finder"), (&globex, "globex-finder")] {
        let body = plugin(name, "Finds narwhals under ice");
        let reply = server.send(caller, Method::POST, "plugins", &[], body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{reply:?}");
    }
    let narwhals = "plugins?select=name&description=fts.narwhal";
    for (caller, name) in [(&acme, "acme-finder"), (&globex, "globex-finder")] {
        assert_eq!(server.get(caller, narwhals).await.rows(), [json!({ "name": name })]);
    }
    let hidden = plugin("hidden", "Only here: axolotls");
    server.send(&globex, Method::POST, "plugins", &[], hidden).await;
    // A word that another organisation has and one that nobody has are answered alike.
    for search in ["fts", "plfts", "phfts", "wfts", "fts(simple)", "not.fts"] {
        let answer = async |word: &str| {
            let headers = [("Prefer", "count=exact")];
            let path = format!("plugins?select=name&description={search}.{word}&order=name");
            server.send(&acme, Method::GET, &path, &headers, "").await
        };
        assert_eq!(answer("axolotl").await, answer("quetzal").await, "{search}");
    }
    // An anonymous caller may not search what it may not read.
    let anonymous = server.get(&server.anonymous(0), narwhals).await;
    assert!(anonymous.status.is_client_error(), "{anonymous:?}");
}
