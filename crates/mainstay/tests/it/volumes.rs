//! What the documents plan with: bytes of a row with its indexes, and times of requests (S3).

use crate::support::serve;
use mainstay_testkit::{MainstayProcess, Postgres, connect, temp_dir, wait_until_blocking};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

const MIB: u64 = 1 << 20;

/// Rows of one kind of data, and how much room the documents give them.
struct Volume {
    tables: &'static [&'static str],
    /// Records, of which each may have a row in every table.
    rows: u64,
    planned_bytes: u64,
    planned_records: u64,
}

const VOLUMES: [Volume; 7] = [
    // S3-B27 to S3-B31.
    Volume {
        tables: &["users", "user_profiles", "user_settings", "organization_members"],
        rows: 2_000,
        planned_bytes: 100 * MIB,
        planned_records: 10_000,
    },
    Volume {
        tables: &["assets", "asset_metadata", "asset_holders"],
        rows: 500,
        planned_bytes: 500 * MIB,
        planned_records: 5_000,
    },
    Volume {
        tables: &["asset_transactions"],
        rows: 2_000,
        planned_bytes: 2_048 * MIB,
        planned_records: 100_000,
    },
    Volume {
        tables: &["audit_events", "ledger_tiles", "ledger_entries"],
        rows: 5_000,
        planned_bytes: 1_024 * MIB,
        planned_records: 500_000,
    },
    Volume {
        tables: &["system_settings"],
        rows: 1_000,
        planned_bytes: 50 * MIB,
        planned_records: 1_000,
    },
    // S3-B72 and S3-B73, a month's.
    Volume {
        tables: &["transaction_logs"],
        rows: 10_000,
        planned_bytes: 100 * MIB,
        planned_records: 150_000,
    },
    Volume {
        tables: &["compliance_check_logs"],
        rows: 10_000,
        planned_bytes: 30 * MIB,
        planned_records: 60_000,
    },
];

fn id(kind: u64, number: u64) -> String {
    format!("018f0000-{kind:04x}-7000-8000-{number:012x}")
}

/// A row as applications write it.
fn row(table: &str, n: u64) -> Value {
    let user = id(1, n);
    match table {
        "users" => json!({ "id": user, "email": format!("person{n}@volume.example") }),
        "user_profiles" => json!({
            "user_id": user, "full_name": format!("Person Number {n}"), "timezone": "Europe/Berlin",
            "phone_number": format!("+49 30 {n:08}"), "address": format!("Street {n}, 10115 Berlin"),
        }),
        "user_settings" => json!({
            "user_id": user, "language": "de",
            "notifications": { "email": true, "push": false, "digest": "weekly" },
            "preferences": { "columns": ["name", "status", "owner"], "density": "compact" },
        }),
        "organization_members" => json!({
            "user_id": user, "display_name": format!("Person {n}"),
            "email": format!("person{n}@volume.example"),
        }),
        "assets" => json!({
            "id": id(2, n), "asset_type": "bond", "name": format!("Bond of series {n}"),
            "symbol": format!("B{n}"), "contract_address": format!("0x{n:040x}"),
        }),
        "asset_metadata" => json!({
            "asset_id": id(2, n), "description": "A bond with a coupon. ".repeat(20),
            "legal_info": { "issuer": format!("Issuer {n}"), "law": "DE", "isin": format!("DE{n:010}") },
        }),
        "asset_holders" => json!({
            "asset_id": id(2, n), "holder_address": format!("0x{:040x}", n + 7), "balance": "750000000000000000000000",
        }),
        "asset_transactions" => json!({
            "asset_id": id(2, n % 500), "transaction_hash": format!("0x{n:064x}"),
            "operation_type": "transfer", "block_number": 19_000_000 + n,
        }),
        "system_settings" => json!({ "key": format!("product.area{n}.limit"), "value": "100" }),
        "transaction_logs" => json!({
            "asset_id": id(2, n % 500), "user_id": user, "transaction_type": "transfer",
            "amount": "250000000000000000000000", "blockchain_hash": format!("0x{n:064x}"),
        }),
        "compliance_check_logs" => json!({
            "asset_id": id(2, n % 500), "user_id": user, "compliance_check": "country_block_list",
            "result": "passed", "details": { "country": "DE" },
        }),
        "system_events" => json!({
            "event_type": "backup.completed", "source": "backup", "event_data": { "seconds": n },
        }),
        _ => json!({
            "actor_id": user, "action": "document.read", "resource_type": "document",
            "resource_id": id(3, n), "ip_address": "192.0.2.7", "user_agent": "Mozilla/5.0",
            "details": { "pages": n % 100, "source": "search" },
        }),
    }
}

/// A new installation and its administrator.
pub(crate) struct Installation {
    server: MainstayProcess,
    client: Client,
    token: String,
    refresh_token: String,
}

impl Installation {
    pub(crate) async fn start(data: &Path, database: &[&str]) -> Self {
        let server = serve(data, &[&["--max-rows", "10000"], database].concat());
        let link = || {
            server
                .output()
                .lines()
                .find_map(|line| Some(line.split_once("/setup?token=")?.1.trim().to_owned()))
        };
        assert!(wait_until_blocking(|| link().is_some(), Duration::from_secs(10)));
        let client = Client::new();
        let body = format!(
            "token={}&organization=Volume&slug=volume&name=Ada&email=ada%40volume.example\
             &password=correct+horse+battery",
            link().unwrap()
        );
        let form = "application/x-www-form-urlencoded";
        let request = client.post(format!("{}/setup", server.url())).header("content-type", form);
        assert_eq!(request.body(body).send().await.unwrap().status(), StatusCode::CREATED);
        let credentials = json!({
            "email": "ada@volume.example", "password": "correct horse battery",
        });
        let url = format!("{}/auth/v1/token?grant_type=password", server.url());
        let reply = client.post(url).json(&credentials).send().await.unwrap();
        let session: Value = reply.json().await.unwrap();
        let token = session["access_token"].as_str().unwrap().to_owned();
        let refresh_token = session["refresh_token"].as_str().unwrap().to_owned();
        Self { server, client, token, refresh_token }
    }

    /// Sends a request to a path below `/rest/v1/`; gives its status and what it answers.
    pub(crate) async fn ask(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let url = format!("{}/rest/v1/{path}", self.server.url());
        let request = self.client.post(url).bearer_auth(&self.token).json(&body);
        let reply = request.header("prefer", "return=representation").send().await.unwrap();
        let status = reply.status();
        (status, reply.json().await.unwrap())
    }

    async fn send(&self, method: Method, path: &str, body: String) -> Duration {
        let url = format!("{}/rest/v1/{path}", self.server.url());
        let request = self.client.request(method, url).bearer_auth(&self.token);
        let request = request.header("content-type", "application/x-ndjson").body(body);
        let began = Instant::now();
        let reply = request.send().await.unwrap();
        let status = reply.status();
        let text = reply.text().await.unwrap();
        let time = began.elapsed();
        assert!(status.is_success(), "{path}: {status} {text}");
        time
    }

    async fn load(&self, table: &str, rows: u64) -> Duration {
        let mut fastest = Duration::MAX;
        for from in (0..rows).step_by(500) {
            let lines: Vec<String> =
                (from..rows.min(from + 500)).map(|n| row(table, n).to_string()).collect();
            fastest = fastest.min(self.send(Method::POST, table, lines.join("\n")).await);
        }
        fastest
    }

    /// The time that an undisturbed request takes: the second shortest of many.
    async fn time(
        &self,
        method: Method,
        path: impl Fn(u64) -> String,
        body: impl Fn(u64) -> String,
    ) -> Duration {
        let mut times = Vec::new();
        for n in 0..30 {
            times.push(self.send(method.clone(), &path(n), body(n)).await);
        }
        times.sort();
        times[1]
    }

    async fn read(&self, path: impl Fn(u64) -> String) -> Duration {
        self.time(Method::GET, path, |_| String::new()).await
    }
}

fn within(what: &str, time: Duration, millis: u64) {
    println!("{what}: {time:?} of {millis} ms");
    assert!(time < Duration::from_millis(millis), "{what}: {time:?} of {millis} ms");
}

/// S3-B94 to S3-B96.
async fn check_requests(at: &Installation, bulk: Duration) {
    within("500 rows in one request", bulk, 1_000);
    within("one record", at.read(|n| format!("assets?id=eq.{}", id(2, n))).await, 10);
    let complex = |n: u64| {
        format!(
            "assets?select=name,symbol,asset_metadata(description),asset_holders(holder_address,balance)\
             &asset_type=eq.bond&name=ilike.*series*{n}&order=name.desc&limit=50"
        )
    };
    within("records with related ones, filtered and ordered", at.read(complex).await, 100);
}

/// S3-B37 to S3-B40. Each access token is new, so none is known from a request before.
async fn check_people(at: &Installation) {
    let user = |n| format!("users?id=eq.{}&select=id,email,status", id(1, n));
    within("a person by identifier", at.read(user).await, 5);
    let mut times = Vec::new();
    let mut refresh = at.refresh_token.clone();
    for _ in 0..30 {
        let url = format!("{}/auth/v1/token?grant_type=refresh_token", at.server.url());
        let body = json!({ "refresh_token": refresh });
        let session: Value =
            at.client.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        refresh = session["refresh_token"].as_str().unwrap().to_owned();
        let url = format!("{}/rest/v1/roles?select=name&limit=1", at.server.url());
        let request = at.client.get(url).bearer_auth(session["access_token"].as_str().unwrap());
        let began = Instant::now();
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
        times.push(began.elapsed());
    }
    times.sort();
    // A request whose session and roles were not looked at before.
    within("a session that is validated, with what it may do", times[1], 10);
    let explain = |_| "rpc/explain_access?table=teams&method=GET".to_owned();
    within("roles that are checked, step by step", at.read(explain).await, 15);
    let profile = |n| format!("user_profiles?user_id=eq.{}", id(1, n));
    let change = |n| json!({ "timezone": format!("Etc/GMT+{}", n % 12) }).to_string();
    within("a profile that is changed", at.time(Method::PATCH, profile, change).await, 20);
}

/// S3-B66 to S3-B69: what a new row takes, and a list of the newest.
async fn check_audit(at: &Installation) {
    for (table, order, write, query) in [
        ("system_events", "timestamp", 5, 50),
        ("audit_events", "occurred_at", 3, 30),
        ("transaction_logs", "timestamp", 10, 100),
        ("compliance_check_logs", "timestamp", 8, 75),
    ] {
        let time =
            at.time(Method::POST, |_| table.to_owned(), |n| row(table, 20_000 + n).to_string());
        within(&format!("a row of {table}"), time.await, write);
        let list = |_| format!("{table}?order={order}.desc&limit=50");
        within(&format!("the newest of {table}"), at.read(list).await, query);
    }
}

/// Loads what the documents plan with; stops the server.
async fn load(data: &Path, database: &[&str]) {
    let at = Installation::start(data, database).await;
    let mut bulk = Duration::MAX;
    for volume in &VOLUMES {
        for table in volume.tables.iter().filter(|table| !table.starts_with("ledger_")) {
            bulk = bulk.min(at.load(table, volume.rows).await);
        }
    }
    check_requests(&at, bulk).await;
    check_people(&at).await;
    check_audit(&at).await;
    let (status, output) = at.server.stop();
    assert!(status.success(), "{output}");
}

fn check_bytes(bytes_of: impl Fn(&str) -> u64) {
    for volume in &VOLUMES {
        let bytes: u64 = volume.tables.iter().map(|table| bytes_of(table)).sum();
        let (each, planned) = (bytes / volume.rows, volume.planned_bytes / volume.planned_records);
        println!("{:?}: {each} bytes of {planned}", volume.tables);
        assert!(each > 0 && each <= planned, "{:?}: {each} bytes of {planned}", volume.tables);
    }
}

#[tokio::test]
async fn documented_volumes_and_times_hold_on_sqlite() {
    let folder = temp_dir();
    load(folder.path(), &[]).await;
    let connection = rusqlite::Connection::open(folder.path().join("mainstay.db")).unwrap();
    let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name IN \
               (SELECT name FROM sqlite_master WHERE tbl_name = ?1)";
    check_bytes(|table| connection.query_row(sql, [table], |row| row.get(0)).unwrap());
}

#[tokio::test]
async fn documented_volumes_and_times_hold_on_postgres() {
    let (database, folder) = (Postgres::shared().database().await, temp_dir());
    let urls = ["--database", &database.app_url, "--migrate-database", &database.owner_url];
    load(folder.path(), &urls).await;
    let superuser = connect(&database.superuser_url).await.unwrap();
    let sql = "SELECT relname::text, (pg_total_relation_size(oid) + coalesce((SELECT \
               sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = oid), 0))::int8 \
               FROM pg_class WHERE relnamespace = 'mainstay'::regnamespace \
               AND relkind IN ('r', 'p') AND NOT relispartition";
    let rows = superuser.query(sql, &[]).await.unwrap();
    let sizes: std::collections::HashMap<String, i64> =
        rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    check_bytes(|table| u64::try_from(sizes[table]).unwrap());
}
