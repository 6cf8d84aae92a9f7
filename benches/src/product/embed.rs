//! Two levels of related rows beside the same written by hand in one statement of SQL.

use super::shop::Shop;
use crate::Options;
use crate::by_hand;
use crate::load::{Request, Requests};
use crate::process::Server;
use crate::report::{Comparison, Goal};
use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parking_lot::Mutex;
use rusqlite::Connection;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

pub(super) const NAME: &str = "embed";

/// Customers of a page.
const CUSTOMERS: usize = 20;
/// Different pages.
const PAGES: usize = 2_000;
const CONNECTIONS: u32 = 8;

const ON_SQLITE: &str = "SELECT json_group_array(json_object('name', name, 'own_orders', \
    json(orders))) FROM (SELECT c.name, (SELECT json_group_array(json_object('number', number, \
    'own_lines', json(lines))) FROM (SELECT o.number, (SELECT json_group_array(json_object(\
    'number', number, 'price', price / 100.0)) FROM (SELECT number, price FROM public__own_lines l \
    WHERE l.organization_id = o.organization_id AND l.order_id = o.id ORDER BY l.id)) AS lines \
    FROM public__own_orders o WHERE o.organization_id = c.organization_id AND o.customer_id = c.id \
    ORDER BY o.id)) AS orders FROM public__own_customers c WHERE c.organization_id = ?1 AND c.id \
    >= ?2 ORDER BY c.id LIMIT 20)";
const ON_POSTGRES: &str = "SELECT coalesce(json_agg(json_build_object('name', name, 'own_orders', \
    orders)), '[]')::text FROM (SELECT c.name, (SELECT coalesce(json_agg(json_build_object(\
    'number', number, 'own_lines', lines)), '[]') FROM (SELECT o.number, (SELECT coalesce(json_agg(\
    json_build_object('number', number, 'price', price)), '[]') FROM (SELECT number, price FROM \
    public.own_lines l WHERE l.organization_id = o.organization_id AND l.order_id = o.id ORDER BY \
    l.id) AS line) AS lines FROM public.own_orders o WHERE o.organization_id = c.organization_id \
    AND o.customer_id = c.id ORDER BY o.id) AS related) AS orders FROM public.own_customers c \
    WHERE c.organization_id = $1 AND c.id >= $2 ORDER BY c.id LIMIT 20) AS page";

/// The statement on either engine, without isolation or policy.
enum Hand {
    Sqlite(Mutex<Connection>),
    Postgres(Box<Client>, tokio_postgres::Statement),
}

pub(super) async fn measure(
    options: &Options,
    name: &str,
    shop: &Shop,
    server: &Server,
) -> Result<Comparison> {
    let url = serve(Hand::open(shop).await?).await?;
    let starts: Vec<&Uuid> = {
        let last = shop.customers.len().saturating_sub(CUSTOMERS).max(1);
        (0..PAGES).map(|n| &shop.customers[n * 7_919 % last]).collect()
    };
    let select = "select=name,own_orders(number,own_lines(number,price))&order=id&limit=20";
    let ours = starts.iter().map(|id| Request {
        method: "GET",
        path: format!("/rest/v1/own_customers?{select}&id=gte.{id}"),
        token: &shop.tenant.key,
        ..Request::default()
    });
    let by_hand = starts.iter().map(|id| Request {
        method: "GET",
        path: format!("/{}/{id}", shop.tenant.id),
        ..Request::default()
    });
    let make = |name: &str, url: &str, requests: Vec<Request<'_>>| {
        Requests::new(shop.folder(), name, url, CONNECTIONS, requests)
    };
    check(shop, server, &url, select, starts[0]).await?;
    let (ours, by_hand) = (
        make("embed", &server.url, ours.collect())?,
        make("embed-by-hand", &url, by_hand.collect())?,
    );
    let about = "20 customers with 200 orders and 2,000 lines / one statement by hand";
    let comparison = Comparison::new(name, about, "req/s", Goal::AtLeast(0.75));
    comparison.run(&ours, &by_hand, options.rounds, options.seconds)
}

/// Both sides must answer the same.
async fn check(shop: &Shop, server: &Server, url: &str, select: &str, start: &Uuid) -> Result<()> {
    let client = reqwest::Client::new();
    let ours = format!("{}/rest/v1/own_customers?{select}&id=gte.{start}", server.url);
    let ours = client.get(ours).bearer_auth(&shop.tenant.key).send().await?.error_for_status()?;
    let ours: serde_json::Value = serde_json::from_slice(&ours.bytes().await?)?;
    let other = client.get(format!("{url}/{}/{start}", shop.tenant.id)).send().await?;
    let other: serde_json::Value =
        serde_json::from_slice(&other.error_for_status()?.bytes().await?)?;
    let lines = |page: &serde_json::Value| page.to_string().matches("price").count();
    ensure!(lines(&ours) > 0 && lines(&ours) == lines(&other), "the sides differ");
    Ok(())
}

async fn serve(hand: Hand) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let routes = Router::new().route("/{organization}/{id}", get(page)).with_state(Arc::new(hand));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

async fn page(State(hand): State<Arc<Hand>>, Path((of, from)): Path<(Uuid, Uuid)>) -> Response {
    match hand.page(of, from).await {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response(),
    }
}

impl Hand {
    async fn open(shop: &Shop) -> Result<Self> {
        let Some(database) = &shop.place.database else {
            let connection = by_hand::sqlite::connect(&shop.place.file())?;
            return Ok(Self::Sqlite(Mutex::new(connection)));
        };
        let (client, connection) = tokio_postgres::connect(&database.superuser, NoTls).await?;
        tokio::spawn(connection);
        let statement = client.prepare(ON_POSTGRES).await.context("the statement by hand")?;
        Ok(Self::Postgres(Box::new(client), statement))
    }

    async fn page(&self, of: Uuid, from: Uuid) -> Result<String> {
        match self {
            Self::Sqlite(connection) => {
                let connection = connection.lock();
                let mut statement = connection.prepare_cached(ON_SQLITE)?;
                Ok(statement.query_row((of.as_bytes(), from.as_bytes()), |row| row.get(0))?)
            }
            Self::Postgres(client, statement) => {
                Ok(client.query_one(statement, &[&of, &from]).await?.try_get(0)?)
            }
        }
    }
}
