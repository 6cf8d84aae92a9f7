//! A server with the demonstration's data, and callers of it.

use mainstay_testkit::{MainstayProcess, Postgres, TestDatabase, demo_data, serve_command};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A running server. Its data goes with it.
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) process: Option<MainstayProcess>,
    pub(crate) database: Option<TestDatabase>,
    pub(crate) data: TempDir,
    pub(crate) url: String,
    pub(crate) demo: Value,
    /// What the command line has beside data and database.
    arguments: Vec<String>,
    /// The folder of a product's own entities, when tests are of these alone.
    pub(crate) own: Option<PathBuf>,
    client: reqwest::Client,
}

/// Somebody who asks: what stands in the `apikey` and `Authorization` headers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    pub(crate) apikey: Option<String>,
    pub(crate) bearer: Option<String>,
}

/// An answer, read whole.
#[derive(Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_range: Option<String>,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub(crate) fn rows(&self) -> Vec<Value> {
        assert!(self.status.is_success(), "{self:?}");
        self.json().as_array().unwrap_or_else(|| panic!("no list: {}", self.text)).clone()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.text)).to_owned()
    }
}

impl Server {
    pub(crate) async fn start(engine: Engine) -> Self {
        let postgres = (engine == Engine::Postgres).then(Postgres::shared);
        let binary = Path::new(env!("CARGO_BIN_EXE_mainstay"));
        let (data, database) = demo_data(binary, postgres.as_ref()).await;
        let mut server = Self {
            engine,
            process: None,
            database,
            data,
            url: String::new(),
            demo: Value::Null,
            arguments: Vec::new(),
            own: None,
            client: reqwest::Client::new(),
        };
        server.serve();
        server
    }

    /// Stops the process and starts it with further arguments.
    pub(crate) fn restart_with(&mut self, arguments: &[&str]) {
        let (status, output) = self.process.take().unwrap().stop();
        assert!(status.success(), "{output}");
        self.arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        self.serve();
    }

    /// Starts the process, anew after it was stopped or killed.
    pub(crate) fn serve(&mut self) {
        let mut command = serve_command(env!("CARGO_BIN_EXE_mainstay"));
        command.arg("--demo").arg("--data").arg(self.data.path()).args(&self.arguments);
        if let Some(database) = &self.database {
            command.args(["--database", &database.app_url]);
            command.args(["--migrate-database", &database.owner_url]);
        }
        let process = MainstayProcess::start(command).unwrap_or_else(|e| panic!("{e:?}"));
        self.url = process.url();
        self.process = Some(process);
        self.demo = read_json(&self.data.path().join("demo.json"));
    }

    /// Another process on the same data: on PostgreSQL from a folder of its own, which gets the
    /// keys if it has none.
    pub(crate) fn serve_at(&self, data: &Path) -> MainstayProcess {
        let keys = data.join("keys");
        if !keys.exists() {
            std::fs::create_dir_all(&keys).unwrap();
            for entry in std::fs::read_dir(self.data.path().join("keys")).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), keys.join(entry.file_name())).unwrap();
            }
        }
        let mut command = serve_command(env!("CARGO_BIN_EXE_mainstay"));
        command.arg("--data").arg(data).args(&self.arguments);
        if let Some(database) = &self.database {
            command.args(["--database", &database.app_url]);
        }
        MainstayProcess::start(command).unwrap_or_else(|e| panic!("{e:?}"))
    }

    /// An organisation of the demonstration: 0 is Acme, 1 is Globex.
    pub(crate) fn organization(&self, index: usize) -> &Value {
        &self.demo["organizations"][index]
    }

    pub(crate) fn organization_id(&self, index: usize) -> String {
        self.organization(index)["id"].as_str().unwrap().to_owned()
    }

    /// The organisation's own server.
    pub(crate) fn service(&self, index: usize) -> Caller {
        let key = self.organization(index)["service_key"].as_str().unwrap().to_owned();
        Caller { apikey: Some(key.clone()), bearer: Some(key) }
    }

    /// A caller that knows the organisation's public key and nothing else.
    pub(crate) fn anonymous(&self, index: usize) -> Caller {
        let key = self.organization(index)["anon_key"].as_str().unwrap().to_owned();
        Caller { apikey: Some(key.clone()), bearer: Some(key) }
    }

    /// A person with a role of an organisation, signed in.
    pub(crate) async fn person(&self, index: usize, role: &str) -> Caller {
        let organization = self.organization(index);
        let users = organization["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["role"] == role);
        let user = user.unwrap_or_else(|| panic!("no {role} in {users:?}"));
        let apikey = organization["anon_key"].as_str().unwrap().to_owned();
        let reply = self.sign_in(&apikey, &user["email"], &user["password"]).await;
        assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
        let bearer = reply.json()["access_token"].as_str().unwrap().to_owned();
        Caller { apikey: Some(apikey), bearer: Some(bearer) }
    }

    pub(crate) async fn sign_in(&self, apikey: &str, email: &Value, password: &Value) -> Reply {
        let body = serde_json::json!({ "email": email, "password": password });
        let request = self
            .client
            .post(format!("{}/auth/v1/token?grant_type=password", self.url))
            .header("apikey", apikey)
            .header("Content-Type", "application/json")
            .body(body.to_string());
        reply(request).await
    }

    pub(crate) async fn get(&self, caller: &Caller, path: &str) -> Reply {
        self.send(caller, Method::GET, path, &[], "").await
    }

    /// Sends a request to a path below `/rest/v1/`.
    pub(crate) async fn send(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        self.request(caller, method, &format!("/rest/v1/{path}"), headers, body).await
    }

    /// Sends a request to any path.
    pub(crate) async fn request(
        &self,
        caller: &Caller,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(apikey) = &caller.apikey {
            request = request.header("apikey", apikey);
        }
        if let Some(bearer) = &caller.bearer {
            request = request.bearer_auth(bearer);
        }
        if headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("content-type")) {
            request = request.header("Content-Type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        reply(request.body(body)).await
    }

    /// Follows a link as a browser does; gives the address that it goes on to.
    pub(crate) async fn follow(&self, path: &str) -> String {
        let browser =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let response = browser.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{response:?}");
        response.headers()["location"].to_str().unwrap().to_owned()
    }

    /// The entities that a test over every catalog is of: the own ones, or all built-in ones.
    pub(crate) fn tables(&self) -> Vec<Value> {
        let mut entities = self.catalog();
        entities.retain(|entity| (entity["module"] == "own") == self.own.is_some());
        entities
    }

    /// The metadata of every entity of this server.
    pub(crate) fn catalog(&self) -> Vec<Value> {
        Self::declared(self.own.as_deref())
    }

    /// How many cases a test must have tried: so many of the built-in entities, some of the own.
    pub(crate) fn expected(&self, built_in: usize) -> usize {
        if self.own.is_some() { 1 } else { built_in }
    }

    /// Reads rows of a table in its schema.
    pub(crate) async fn read(&self, caller: &Caller, entity: &Value, query: &str) -> Reply {
        let path = format!("{}{query}", entity["table"].as_str().unwrap());
        let profile = [("Accept-Profile", entity["schema"].as_str().unwrap())];
        self.send(caller, Method::GET, &path, &profile, "").await
    }

    /// The metadata of every entity, as `mainstay schema --format json` tells it.
    pub(crate) fn entities() -> Vec<Value> {
        Self::declared(None)
    }

    fn declared(own: Option<&Path>) -> Vec<Value> {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command.args(["schema", "--format", "json"]);
        if let Some(folder) = own {
            command.arg("--entities").arg(folder);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
        schema["entities"].as_array().unwrap().clone()
    }
}

/// Whether an entity's rows belong to organisations.
pub(crate) fn is_of_an_organization(entity: &Value) -> bool {
    ["tenant", "venue", "team"].contains(&entity["scope"].as_str().unwrap())
}

async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let status = response.status();
    let content_range = response.headers().get("content-range");
    let content_range = content_range.map(|value| value.to_str().unwrap().to_owned());
    Reply { status, content_range, text: response.text().await.unwrap() }
}

pub(crate) fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}
