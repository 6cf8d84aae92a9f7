//! The data API over a fresh database of either engine, with two organisations.
#![expect(clippy::expect_used, reason = "without its database no test can go on")]

use crate::shop::modules;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::{
    Context, Kernel, ManualClock, Module, NewRow, Origin, Parts, PermissionPair, Permissions,
    Principal, PrincipalKind, catalog,
};
use mainstay_rest::{Body, Request, Rest, Settings, Target};
use mainstay_store::migrate::{self, Options, Version};
use mainstay_store::{Config, Narrow, PostgresConfig, SqliteConfig, Store};
use mainstay_testkit::{APP_ROLE, Postgres, TestDatabase};
use mainstay_vault::{MasterKey, SeededEntropy};
use std::sync::Arc;
use uuid::Uuid;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// May do everything in Acme.
    Acme,
    /// May do everything in Globex.
    Globex,
    /// Reads Acme's orders and customers, without personal data.
    Clerk,
    /// May do everything in Acme, at venue 71.
    Usher,
    /// Administers the installation, in no organisation.
    Platform,
    /// Has signed in, in no organisation.
    Stranger,
    /// Has not signed in.
    Nobody,
}

/// A running API.
pub(crate) struct Api {
    rest: Rest,
    kernel: Kernel,
    _data: Data,
}

enum Data {
    File { _folder: tempfile::TempDir },
    Database { _database: TestDatabase },
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// Whether it came in pieces.
    pub(crate) in_pieces: bool,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("an ASCII header"))
    }

    /// Expects a status and a body.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: &str) {
        assert_eq!((self.status, self.body.as_str()), (status, body));
    }

    /// Expects a refusal: a status, a code, and words of the body.
    #[track_caller]
    pub(crate) fn refuses(&self, status: u16, code: &str, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let start = format!("{{\"code\":\"{code}\",");
        assert!(self.body.starts_with(&start), "{} lacks {code}", self.body);
        assert!(self.body.contains(words), "{} lacks {words}", self.body);
    }
}

/// Runs a test on both engines.
pub(crate) async fn on_both(test: impl AsyncFn(&Api)) {
    test(&Api::sqlite().await).await;
    test(&Api::postgres().await).await;
}

/// A readable identifier.
pub(crate) fn id(number: u64) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

fn now() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().expect("a time")
}

impl Api {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::Sqlite(SqliteConfig::new(folder.path().join("data.db")));
        let owner = config.clone();
        Self::open(config, owner, Data::File { _folder: folder }).await
    }

    pub(crate) async fn postgres() -> Self {
        let database = Postgres::shared().database().await;
        let config = Config::Postgres(PostgresConfig::new(database.app_url.clone()));
        let owner = Config::Postgres(PostgresConfig::new(database.owner_url.clone()));
        Self::open(config, owner, Data::Database { _database: database }).await
    }

    async fn open(config: Config, owner: Config, data: Data) -> Self {
        let modules = modules();
        let catalog = Arc::new(catalog(&modules).expect("a sound catalog"));
        let options = Options {
            app_role: APP_ROLE.to_owned(),
            allow_data_loss: false,
            with_own: true,
            now: now(),
            binary_version: Version::new(0, 1, 0),
        };
        migrate::apply(&owner, &catalog, &options).await.expect("migrated");
        let store = Store::open(config, catalog).await.expect("an open store");
        let (rest, kernel) = Self::serve(store, modules, 7);
        let api = Self { rest, kernel, _data: data };
        api.organizations().await;
        api
    }

    fn serve(store: Store, modules: Vec<Module>, seed: u64) -> (Rest, Kernel) {
        let kernel = Kernel::new(Parts {
            store,
            modules,
            // The same for every server of this data.
            master: MasterKey::generate(&SeededEntropy::new(7)),
            clock: Arc::new(ManualClock::new(now())),
            entropy: Arc::new(SeededEntropy::new(seed)),
        })
        .expect("a kernel");
        let settings = Settings { max_rows: 100, plans: true, ..Settings::default() };
        (Rest::new(kernel.clone(), settings), kernel)
    }

    /// Goes on as a server that has just started.
    pub(crate) fn restart(&mut self) {
        (self.rest, self.kernel) = Self::serve(self.kernel.store().clone(), modules(), 8);
    }

    async fn organizations(&self) {
        let context = Context::system("test", None, now());
        let catalog = self.kernel.catalog();
        let table = catalog.find("mainstay", "organizations").expect("the table").clone();
        let row = |number: u64, name: &str| {
            let mut row = NewRow::empty(&table);
            row.set(&table, "id", Value::Uuid(id(number))).expect("a column");
            row.set(&table, "name", Value::Text(name.to_owned())).expect("a column");
            row.set(&table, "slug", Value::Text(name.to_lowercase())).expect("a column");
            row
        };
        let rows = vec![row(1, "Acme"), row(2, "Globex")];
        self.kernel.create(&context, &table, rows).await.expect("organizations");
    }

    fn context(who: Who) -> Context {
        let pair = |text: &str| PermissionPair::parse(text).expect("a pair");
        let (organization, pairs) = match who {
            Who::Acme | Who::Globex | Who::Usher => {
                let all = ["*:*", "customers:unmask", "customers:reveal", "patients:unmask"];
                let organization = if matches!(who, Who::Globex) { 2 } else { 1 };
                (Some(id(organization)), all.map(pair).to_vec())
            }
            Who::Clerk => {
                (Some(id(1)), ["customers:read", "orders:read", "patients:read"].map(pair).to_vec())
            }
            Who::Platform | Who::Stranger | Who::Nobody => (None, Vec::new()),
        };
        let user_id = match who {
            Who::Platform => Some(id(61)),
            Who::Stranger => Some(id(62)),
            _ => None,
        };
        let kind = match organization {
            Some(organization) => PrincipalKind::ApiKey(organization),
            None if user_id.is_some() => PrincipalKind::User,
            None => PrincipalKind::Anonymous,
        };
        let principal = Principal {
            kind,
            organization_id: organization,
            user_id,
            platform_admin: matches!(who, Who::Platform),
            permissions: Arc::new(Permissions::new(pairs)),
            venues: match who {
                Who::Usher => Narrow::Only(vec![id(71)]),
                _ => Narrow::All,
            },
            ..Principal::anonymous()
        };
        let origin = Origin { request_id: Some("r-1".to_owned()), ..Origin::default() };
        Context::new(Arc::new(principal), Arc::new(origin), now())
    }

    /// Sends a request: a method, a target such as `customers?select=name`, headers and a body.
    pub(crate) async fn send(
        &self,
        who: Who,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let target = match path.strip_prefix("rpc/") {
            Some(action) => Target::Action(action.to_owned()),
            None if path.is_empty() => Target::Root,
            None => Target::Table(path.to_owned()),
        };
        let headers = headers.iter().map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a header's name");
            (name, HeaderValue::from_str(value).expect("a header's value"))
        });
        let request = Request {
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
            target,
            query: query.to_owned(),
            headers: headers.collect(),
            body: body.into(),
        };
        let response = self.rest.handle(&Self::context(who), request).await;
        let (parts, body) = response.into_parts();
        let in_pieces = matches!(body, Body::Chunks(_));
        let body = body.collect().await.expect("a whole body").to_vec();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body).expect("UTF-8"),
            in_pieces,
        }
    }

    /// Reads as Acme.
    pub(crate) async fn get(&self, target: &str) -> Reply {
        self.send(Who::Acme, "GET", target, &[], "").await
    }

    /// Writes as Acme with a preference.
    pub(crate) async fn write(
        &self,
        method: &str,
        target: &str,
        prefer: &str,
        body: &str,
    ) -> Reply {
        self.send(Who::Acme, method, target, &[("prefer", prefer)], body.to_owned()).await
    }

    /// Three customers, three orders, their labels and one shipment, all of Acme; one customer of
    /// Globex.
    pub(crate) async fn seed(&self) {
        let customers = format!(
            r#"[
            {{"id":"{}","code":"ann","name":"Ann","email":"ann@x.test","born":"1990-05-01","tier":"gold",
              "visits":3,"credit":10.50,"weight":61.5,"wallet":"1000","active":true,"tags":["a","b"],
              "notes":{{"age":30,"city":"Ulm"}},"address":"10.0.0.1","verdict":"fine"}},
            {{"id":"{}","code":"bob","name":"Bob","email":"bob@x.test","born":null,"tier":"plain",
              "visits":0,"credit":2.00,"weight":null,"wallet":null,"active":false,"tags":["b"],
              "notes":{{"age":4}},"address":null,"verdict":null}},
            {{"id":"{}","code":"cyd","name":null,"email":null,"born":null,"tier":"plain",
              "visits":7,"credit":null,"weight":1e3,"wallet":"7","active":true,"tags":null,
              "notes":{{}},"address":"::1","verdict":null}}]"#,
            id(11),
            id(12),
            id(13)
        );
        let orders = format!(
            r#"[{{"id":"{}","number":1,"customer_id":"{a}","payer_id":"{b}"}},
                {{"id":"{}","number":2,"customer_id":"{a}","payer_id":null}},
                {{"id":"{}","number":3,"customer_id":"{b}","payer_id":"{b}"}}]"#,
            id(21),
            id(22),
            id(23),
            a = id(11),
            b = id(12)
        );
        let labels = format!(
            r#"[{{"id":"{}","word":"all","parent_id":null}},{{"id":"{}","word":"big","parent_id":"{}"}}]"#,
            id(31),
            id(32),
            id(31)
        );
        let links = format!(
            r#"[{{"order_id":"{}","label_id":"{big}"}},{{"order_id":"{}","label_id":"{}"}},{{"order_id":"{}","label_id":"{big}"}}]"#,
            id(21),
            id(21),
            id(31),
            id(23),
            big = id(32)
        );
        let shipment = format!(r#"{{"order_id":"{}","carrier":"Post"}}"#, id(22));
        let all = [
            ("customers", customers),
            ("orders", orders),
            ("labels", labels),
            ("order_labels", links),
            ("shipments", shipment),
        ];
        for (table, body) in all {
            let reply = self.send(Who::Acme, "POST", table, &[], body).await;
            reply.is(201, "");
        }
        let theirs = format!(r#"{{"id":"{}","code":"zed","name":"Zed"}}"#, id(19));
        self.send(Who::Globex, "POST", "customers", &[], theirs).await.is(201, "");
    }
}
