//! Engines find rows by the index of their words.

use crate::access::{Access, Caller};
use crate::migrate::{self, Options};
use crate::query::{Expression, Filter, Select};
use crate::render::Dialect;
use crate::render::select::{Item, list};
use crate::sqlite::connection::open_writer;
use crate::store::{Config, Store};
use crate::write::{Conflict, Insert};
use crate::{PostgresConfig, SqliteConfig};
use jiff::Timestamp;
use mainstay_entity::search::{Language, Mode, Query};
use mainstay_entity::{Catalog, Entity, Id, Record, Text, Value};
use mainstay_testkit::{APP_ROLE, Postgres, connect, temp_dir};
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// Whose row it is.
#[derive(Entity)]
#[entity(table = "organizations", scope = owner(organization = id), classification = public)]
struct Organization {
    id: Id<Self>,
}

/// A note.
#[derive(Entity)]
#[entity(table = "notes", scope = tenant, classification = internal)]
struct Note {
    id: Id<Self>,
    organization_id: Id<Organization>,
    /// What it is about.
    #[entity(search)]
    title: Text<200>,
}

const ROWS: u128 = 4_000;

async fn filled(serving: Config, owner: &Config) -> Arc<Catalog> {
    let metas = [Organization::meta(), Note::meta()];
    let catalog = metas.map(|meta| ("test".into(), meta.clone()));
    let catalog = Arc::new(Catalog::new(catalog).unwrap());
    let options = Options {
        app_role: APP_ROLE.to_owned(),
        allow_data_loss: false,
        with_own: true,
        now: Timestamp::UNIX_EPOCH,
        binary_version: "0.1.0".parse().unwrap(),
    };
    migrate::apply(owner, &catalog, &options).await.unwrap();
    let store = Store::open(serving, catalog.clone()).await.unwrap();
    let organization = Id::new(Uuid::from_u128(1));
    let note = |number: u128| {
        let title = Text::new(format!("note number {number} of many rats")).unwrap();
        Note { id: Id::new(Uuid::from_u128(number)), organization_id: organization, title }
            .into_record()
    };
    let insert = |table: &str, rows| Insert {
        table: catalog.find("mainstay", table).unwrap().clone(),
        rows,
        conflict: Conflict::Fail,
    };
    let organizations = vec![Record(vec![Value::Uuid(Uuid::from_u128(1))])];
    let rows = vec![
        insert("organizations", organizations),
        insert("notes", (1..=ROWS).map(note).collect()),
    ];
    store.insert(&Access::system(), rows).await.unwrap();
    store.close().await;
    catalog
}

/// A search as one statement, its parameters written out as PostgreSQL's literals.
fn statement(dialect: Dialect, catalog: &Catalog, sought: &str, alone: bool) -> String {
    let tenant = Some(Uuid::from_u128(1));
    let access = Access::caller(Caller { tenant, ..Caller::default() });
    let table = catalog.find("mainstay", "notes").unwrap().clone();
    let column = table.column_index("title").unwrap();
    let query = Query::parse(Mode::Operators, Language::English, sought).unwrap();
    let sought = Filter::Search { column, query: Arc::new(query) };
    let filter = if alone { sought } else { Filter::Or(vec![sought.clone(), sought]) };
    let select = Select::all(table).filtered(filter);
    let items = [Item::Expression(Expression::column(column))];
    let mut statement = list(dialect, &access, &select, &items, None);
    for (index, param) in statement.params.iter().enumerate().rev() {
        let crate::statement::Param::Value(value) = param else { continue };
        let mut literal = String::new();
        match value {
            Value::Uuid(id) if dialect == Dialect::Sqlite => {
                write!(literal, "x'{}'", id.simple()).unwrap();
            }
            Value::Uuid(id) => write!(literal, "'{id}'::uuid").unwrap(),
            Value::Text(text) => write!(literal, "'{}'", text.replace('\'', "''")).unwrap(),
            other => panic!("{other:?}"),
        }
        let sign = if dialect == Dialect::Sqlite { '?' } else { '$' };
        statement.sql = statement.sql.replace(&format!("{sign}{}", index + 1), &literal);
    }
    statement.sql
}

const SOUGHT: [&str; 5] =
    ["42", "42 & rats", "(42 | 43) & rat", "note <-> number <-> 42", "42 & !dog"];

#[tokio::test]
async fn sqlite_finds_rows_by_the_index_of_words() {
    let folder = temp_dir();
    let path = folder.path().join("data.db");
    let config = Config::Sqlite(SqliteConfig::new(&path));
    let catalog = filled(config.clone(), &config).await;
    let connection = open_writer(&path).unwrap();
    for (sought, alone) in SOUGHT.into_iter().flat_map(|sought| [(sought, true), (sought, false)]) {
        let sql =
            format!("EXPLAIN QUERY PLAN {}", statement(Dialect::Sqlite, &catalog, sought, alone));
        let mut explain = connection.prepare(&sql).unwrap();
        let plan = explain.query_map([], |row| row.get::<_, String>("detail")).unwrap();
        let plan: Vec<String> = plan.map(Result::unwrap).collect();
        let has = |step: &str| plan.iter().any(|line| line.contains(step));
        assert!(
            has("SEARCH w USING PRIMARY KEY (organization_id=? AND field=? AND word=?"),
            "{sought}: {plan:?}"
        );
        assert!(has("SEARCH t1 USING INDEX"), "{sought}: {plan:?}");
        assert!(!has("SCAN t") && !has("SCAN w"), "{sought}: {plan:?}");
    }
}

#[tokio::test]
async fn postgres_finds_rows_by_the_index_of_words_under_row_security() {
    let database = Postgres::shared().database().await;
    let config = |url: &str| Config::Postgres(PostgresConfig::new(url));
    let catalog = filled(config(&database.app_url), &config(&database.owner_url)).await;
    let superuser = connect(&database.superuser_url).await.unwrap();
    superuser.batch_execute("ANALYZE").await.unwrap();
    let client = connect(&database.app_url).await.unwrap();
    let settings = format!("SET app.current_tenant = '{}'", Uuid::from_u128(1));
    client.batch_execute(&settings).await.unwrap();
    for (sought, alone) in SOUGHT.into_iter().flat_map(|sought| [(sought, true), (sought, false)]) {
        let sql = format!("EXPLAIN {}", statement(Dialect::Postgres, &catalog, sought, alone));
        let rows = client.query(&sql, &[]).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let has = |step: &str| plan.iter().any(|line| line.contains(step));
        assert!(has("notes_words_pkey"), "{sought}: {plan:#?}");
        // Of alternatives with a frequent word a table of this size is read whole.
        assert!(!alone || !has("Seq Scan"), "{sought}: {plan:#?}");
        let found = client.query(&sql["EXPLAIN ".len()..], &[]).await.unwrap();
        assert!(matches!(found.len(), 1 | 2), "{sought}: {}", found.len());
    }
}
