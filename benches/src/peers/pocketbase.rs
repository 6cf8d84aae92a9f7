//! `PocketBase` with a collection of the same columns and indexes.

use super::program::Program;
use super::{Paths, Peer};
use crate::installation::Tenant;
use crate::row::Row;
use crate::spine::Stage;
use anyhow::{Context, Result, ensure};
use mainstay_testkit::free_port;
use reqwest::Client;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

const EMAIL: &str = "bench@example.com";
const PASSWORD: &str = "benchmark-only";
/// Rows of one tenant that follow each other, as Mainstay's are loaded.
const LOAD_ROWS: u64 = 1_000;

const INSERT: &str = "INSERT INTO audit (id, organization_id, actor_id, action, resource_type, \
    resource_id, status, ip_address, user_agent, duration_ms, details, created_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

/// Makes the collection, loads the rows and starts the program.
pub(super) async fn start(stage: &Stage, programs: &Path, rows: u64) -> Result<Peer> {
    let (program, folder) = (programs.join("pocketbase"), stage.folder().join("pocketbase"));
    let data = |command: &mut Command| {
        command.arg("--dir").arg(&folder);
    };
    let mut upsert = Command::new(&program);
    upsert.args(["superuser", "upsert", EMAIL, PASSWORD]);
    data(&mut upsert);
    ensure!(upsert.output()?.status.success(), "PocketBase makes no superuser");

    let port = free_port();
    let url = format!("http://127.0.0.1:{port}");
    let health = format!("{url}/api/health");
    let mut serve = Command::new(&program);
    serve.args(["serve", "--http", &format!("127.0.0.1:{port}")]);
    data(&mut serve);
    let running = Program::start(&mut serve, &health).await?;
    make_collection(&url).await?;
    drop(running);
    load(&folder.join("data.db"), &stage.tenants, rows)?;
    Ok(Peer {
        name: "pocketbase",
        url,
        goals: [5.0, 8.0, 8.0],
        paths: Paths {
            one: |_, row| format!("/api/collections/audit/records/{}", id_of(row)),
            list: |tenant| {
                let filter = format!("(organization_id='{}'%26%26status='success')", tenant.id);
                let page = "sort=-created_at&perPage=50&skipTotal=1";
                format!("/api/collections/audit/records?filter={filter}&{page}")
            },
            post: "/api/collections/audit/records",
        },
        _program: Program::start(&mut serve, &health).await?,
    })
}

/// `PocketBase`'s identifiers are 15 lower-case letters and digits.
fn id_of(row: &Uuid) -> String {
    let digits = row.simple().to_string();
    digits[digits.len() - 15..].to_owned()
}

async fn make_collection(url: &str) -> Result<()> {
    let client = Client::new();
    let sign_in = format!("{url}/api/collections/_superusers/auth-with-password");
    let credentials = json!({ "identity": EMAIL, "password": PASSWORD });
    let session: Value = send(client.post(sign_in), &credentials).await?;
    let token = session["token"].as_str().context("no token")?;
    let text = |name: &str| json!({ "name": name, "type": "text" });
    let names = ["organization_id", "actor_id", "action", "resource_type", "resource_id", "status"];
    let mut fields: Vec<Value> = names.map(text).into();
    fields.extend([text("ip_address"), text("user_agent")]);
    fields.push(json!({ "name": "duration_ms", "type": "number" }));
    fields.push(json!({ "name": "details", "type": "json" }));
    fields.push(json!({ "name": "created_at", "type": "autodate", "onCreate": true }));
    let index = |name: &str, columns: &str| {
        format!("CREATE INDEX audit_{name} ON audit (organization_id, {columns})")
    };
    let collection = json!({
        "name": "audit",
        "type": "base",
        "fields": fields,
        "indexes": [
            index("created", "created_at"),
            index("actor", "actor_id"),
            index("resource", "resource_type, resource_id"),
        ],
        // An empty rule lets everyone in.
        "listRule": "",
        "viewRule": "",
        "createRule": "",
    });
    let request = client.post(format!("{url}/api/collections")).header("Authorization", token);
    send(request, &collection).await?;
    Ok(())
}

async fn send(request: reqwest::RequestBuilder, body: &Value) -> Result<Value> {
    let response = request.json(body).send().await?;
    let status = response.status();
    let text = response.text().await?;
    ensure!(status.is_success(), "PocketBase answered {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}

fn load(file: &Path, tenants: &[Tenant], rows: u64) -> Result<()> {
    let mut connection = Connection::open(file)?;
    let transaction = connection.transaction()?;
    let mut insert = transaction.prepare(INSERT)?;
    for number in 0..rows {
        let round = number / LOAD_ROWS;
        let tenant = &tenants[round as usize % tenants.len()];
        let own = round as usize / tenants.len() * LOAD_ROWS as usize;
        let id = &tenant.rows[own + (number % LOAD_ROWS) as usize];
        let row = Row::nth(number);
        let created = jiff::Timestamp::from_microsecond(row.created_at)?;
        insert.execute(params![
            id_of(id),
            tenant.id.to_string(),
            row.actor_id,
            row.action,
            row.resource_type,
            row.resource_id,
            row.status,
            row.ip_address.to_string(),
            row.user_agent,
            row.duration_ms,
            row.details,
            format!("{created:.3}").replace('T', " "),
        ])?;
    }
    drop(insert);
    transaction.commit()?;
    Ok(())
}
