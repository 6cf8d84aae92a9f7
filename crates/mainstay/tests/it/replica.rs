//! A standby of PostgreSQL answers reads that accept rows of some seconds ago.

use mainstay_testkit::{
    Cluster, MainstayProcess, Postgres, connect, serve_command, temp_dir, wait_until,
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(30);

struct Api {
    server: MainstayProcess,
    client: Client,
    key: String,
}

impl Api {
    async fn send(
        &self,
        method: Method,
        path: &str,
        prefer: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        let url = format!("{}/rest/v1/{path}", self.server.url());
        let request = self.client.request(method, url).header("apikey", &self.key);
        let reply = request.header("Prefer", prefer).json(&body).send().await.unwrap();
        (reply.status(), serde_json::from_str(&reply.text().await.unwrap()).unwrap_or_default())
    }

    /// Whether a read finds a team.
    async fn finds(&self, name: &str, prefer: &str) -> bool {
        let path = format!("teams?select=name&name=eq.{name}");
        let (status, rows) = self.send(Method::GET, &path, prefer, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{rows}");
        rows != json!([])
    }

    async fn create(&self, name: &str) {
        let (status, reply) =
            self.send(Method::POST, "teams", "return=minimal", json!({ "name": name })).await;
        assert_eq!(status, StatusCode::CREATED, "{reply}");
    }
}

const REPLICA: &str = "read=replica, handling=strict";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_answers_reads_that_ask_for_it_and_is_passed_over_when_it_is_behind() {
    let primary = Cluster::start_in_memory().unwrap();
    let database = Postgres::of(&primary).database().await;
    let standby = primary.standby().unwrap();
    let port = |url: &str| url.rsplit_once(':').unwrap().1.split('/').next().unwrap().to_owned();
    let on_standby = |url: &str| url.replace(&port(url), &port(standby.url()));
    let folder = temp_dir();
    let mut command = serve_command(crate::support::BINARY);
    command.arg("--demo").arg("--data").arg(folder.path());
    command.args(["--database", &database.app_url, "--migrate-database", &database.owner_url]);
    command.args(["--replicas", &on_standby(&database.app_url)]);
    let server = MainstayProcess::start(command).unwrap_or_else(|error| panic!("{error}"));
    let demo = crate::support::demo(folder.path());
    let key = demo["organizations"][0]["service_key"].as_str().unwrap().to_owned();
    let api = Api { server, client: Client::new(), key };

    // Own writes show at once to who does not ask, and soon to who does.
    api.create("first").await;
    assert!(api.finds("first", "handling=strict").await);
    assert!(wait_until(async || api.finds("first", REPLICA).await, LIMIT).await);

    // What the standby has not replayed is missed by who asks for it, as long as it counts as
    // current; then the primary answers.
    let superuser = connect(&on_standby(&database.superuser_url)).await.unwrap();
    let mut was_stale = false;
    for attempt in 0..10 {
        // Until it counts as current again.
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        superuser.batch_execute("SELECT pg_wal_replay_pause()").await.unwrap();
        let name = format!("late{attempt}");
        api.create(&name).await;
        was_stale |= !api.finds(&name, REPLICA).await;
        assert!(api.finds(&name, "handling=strict").await);
        assert!(wait_until(async || api.finds(&name, REPLICA).await, LIMIT).await);
        superuser.batch_execute("SELECT pg_wal_replay_resume()").await.unwrap();
        if was_stale {
            break;
        }
    }
    assert!(was_stale, "the standby was never read");

    // Writes and what follows them go to the primary, and so does everything when it is gone.
    drop(superuser);
    drop(standby);
    assert!(wait_until(async || api.finds("first", REPLICA).await, LIMIT).await);
    api.create("alone").await;
    assert!(api.finds("alone", REPLICA).await);
}
