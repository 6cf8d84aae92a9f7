//! A database of the release before the whole model, made and filled by its binary, migrates
//! without loss.

use crate::support::{demo, run, serve};
use mainstay_testkit::{Postgres, connect, temp_dir};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The rows of each table, sorted, each with the texts of the columns that it had.
type Content = BTreeMap<String, Vec<String>>;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/upgrade").join(name)
}

/// Unpacks a data folder of the old release.
fn data_folder(archive: &str) -> TempDir {
    let folder = temp_dir();
    let unpacked = Command::new("tar")
        .arg("-xzf")
        .arg(fixture(archive))
        .args(["--strip-components=1", "-C"])
        .arg(folder.path())
        .status();
    assert!(unpacked.unwrap().success());
    folder
}

/// What may be said of a database as a whole, and not of its rows.
fn is_content(table: &str) -> bool {
    !table.contains("mainstay_schema_") && !table.starts_with("sqlite_")
}

/// Reads the columns that the old release had, from the database as it is.
fn sqlite_content(file: &Path, columns: &BTreeMap<String, Vec<String>>) -> Content {
    let database = Connection::open(file).unwrap();
    let read = |(table, columns): (&String, &Vec<String>)| {
        let texts: Vec<String> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
        let sql = format!("select {} from \"{table}\"", texts.join(" || ',' || "));
        let mut statement = database.prepare(&sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        let mut rows: Vec<String> = rows.map(Result::unwrap).collect();
        rows.sort();
        (table.clone(), rows)
    };
    columns.iter().map(read).collect()
}

fn sqlite_columns(file: &Path) -> BTreeMap<String, Vec<String>> {
    let database = Connection::open(file).unwrap();
    let sql = "select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c \
               where t.type = 'table' order by 1, c.cid";
    let mut statement = database.prepare(sql).unwrap();
    let pairs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    grouped(pairs.map(Result::unwrap))
}

fn grouped(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in pairs.filter(|(table, _)| is_content(table)) {
        columns.entry(table).or_default().push(column);
    }
    columns
}

fn is_filled(content: &Content) {
    assert!(content.iter().any(|(t, rows)| t.ends_with("organizations") && rows.len() == 2));
}

#[tokio::test]
async fn an_older_sqlite_database_migrates_without_loss() {
    let folder = data_folder("sqlite.tar.gz");
    let file = folder.path().join("mainstay.db");
    let columns = sqlite_columns(&file);
    assert!(columns.len() >= 20, "{columns:?}");
    let before = sqlite_content(&file, &columns);
    let data = folder.path().to_str().unwrap();
    let applied = run(&["migrate", "apply", "--data", data]);
    assert!(applied.status.success(), "{applied:?}");
    assert_same(&before, &sqlite_content(&file, &columns));
    let server = serve(folder.path(), &["--demo"]);
    works(&server.url(), &demo(folder.path())).await;
    drop(server);
    let verified = run(&["audit", "verify", "--data", data]);
    assert!(verified.status.success(), "{verified:?}");
}

#[tokio::test]
async fn an_older_postgres_database_migrates_without_loss() {
    let folder = data_folder("postgres.tar.gz");
    let database = Postgres::shared().database().await;
    let client = connect(&database.superuser_url).await.unwrap();
    let script = std::fs::read_to_string(folder.path().join("database.sql")).unwrap();
    client.batch_execute(&script).await.unwrap();
    // The script empties it for its own run.
    client.batch_execute("reset search_path").await.unwrap();
    let sql = "select table_name::text, column_name::text from information_schema.columns \
               where table_schema = 'mainstay' order by 1, ordinal_position";
    let rows = client.query(sql, &[]).await.unwrap();
    let columns = grouped(rows.iter().map(|row| (row.get(0), row.get(1))));
    assert!(columns.len() >= 20, "{columns:?}");
    let before = postgres_content(&client, &columns).await;
    let data = folder.path().to_str().unwrap();
    let urls = ["--database", &database.app_url, "--migrate-database", &database.owner_url];
    let applied = run(&[&["migrate", "apply", "--data", data][..], &urls].concat());
    assert!(applied.status.success(), "{applied:?}");
    assert_same(&before, &postgres_content(&client, &columns).await);
    let server = serve(folder.path(), &[&["--demo"][..], &urls].concat());
    works(&server.url(), &demo(folder.path())).await;
    drop(server);
    let verified = run(&[&["audit", "verify", "--data", data][..], &urls].concat());
    assert!(verified.status.success(), "{verified:?}");
}

async fn postgres_content(
    client: &tokio_postgres::Client,
    columns: &BTreeMap<String, Vec<String>>,
) -> Content {
    let mut content = Content::new();
    for (table, columns) in columns {
        let texts: Vec<String> =
            columns.iter().map(|c| format!("coalesce(\"{c}\"::text, 'null')")).collect();
        let sql = format!("select {} from mainstay.\"{table}\"", texts.join(" || ',' || "));
        let rows = client.query(&sql, &[]).await.unwrap();
        let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        rows.sort();
        content.insert(table.clone(), rows);
    }
    content
}

fn assert_same(before: &Content, after: &Content) {
    is_filled(before);
    for (table, rows) in before {
        assert_eq!(rows, &after[table], "{table}");
    }
}

/// People sign in with what they knew, and find what they had.
async fn works(url: &str, demo: &Value) {
    let organization = &demo["organizations"][0];
    let apikey = organization["anon_key"].as_str().unwrap();
    let users = organization["users"].as_array().unwrap();
    let admin = users.iter().find(|user| user["role"] == "admin").unwrap();
    let client = reqwest::Client::new();
    let body = serde_json::json!({ "email": admin["email"], "password": admin["password"] });
    let request = client
        .post(format!("{url}/auth/v1/token?grant_type=password"))
        .header("apikey", apikey)
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let session: Value =
        serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    let token = session["access_token"].as_str().unwrap();
    for (path, least) in [("teams", 3), ("audit_events", 20), ("venues", 0)] {
        let request =
            client.get(format!("{url}/rest/v1/{path}")).header("apikey", apikey).bearer_auth(token);
        let rows: Value =
            serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        let rows = rows.as_array().unwrap_or_else(|| panic!("{path}: {rows}"));
        assert!(rows.len() >= least, "{path}: {}", rows.len());
    }
}
