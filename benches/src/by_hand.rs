//! What one would write by hand for the same table: axum handlers and SQL, without policy,
//! validation or audit. Beside them constants, which tell what HTTP alone costs here.

mod postgres;
mod record;
pub(crate) mod sqlite;

pub(crate) use postgres::{Jsonb, timestamp};

use crate::installation::Place;
use anyhow::Result;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use bytes::Bytes;
use parking_lot::Mutex;
use record::NewEvent;
use serde::Deserialize;
use std::sync::Arc;
use tokio::net::TcpListener;
use uuid::Uuid;

/// Rows of a list.
pub(crate) const LIST_ROWS: i64 = 50;

/// The table by hand, on either engine.
pub(crate) enum Hand {
    Sqlite(sqlite::Hand),
    Postgres(postgres::Hand),
}

impl Hand {
    /// Opens the copy of the table that belongs to this side.
    pub(crate) async fn open(place: &Place) -> Result<Self> {
        Ok(match &place.database {
            Some(database) => Self::Postgres(postgres::Hand::open(&database.app).await?),
            None => Self::Sqlite(sqlite::Hand::open(&copy_of(place))?),
        })
    }
}

/// The file of this side on `SQLite`.
pub(crate) fn copy_of(place: &Place) -> std::path::PathBuf {
    place.folder.join("by_hand.db")
}

/// Copies the loaded table for this side: the same rows, constraints and indexes; on `PostgreSQL`
/// without row-level security.
pub(crate) async fn copy(place: &Place) -> Result<()> {
    if let Some(database) = &place.database {
        postgres::copy(&database.superuser).await
    } else {
        std::fs::copy(place.file(), copy_of(place))?;
        Ok(())
    }
}

struct Side {
    hand: Hand,
    /// What `/constant` answers.
    constant: Mutex<Bytes>,
}

/// Serves until the process ends.
pub(crate) async fn serve(listener: TcpListener, hand: Hand) -> std::io::Result<()> {
    let side = Arc::new(Side { hand, constant: Mutex::default() });
    let routes = Router::new()
        .route("/constant", get(constant).put(set_constant))
        .route("/events/{id}", get(one))
        .route("/events", get(list).post(create))
        .route("/json_agg", get(json_agg))
        .route("/bare/{id}", get(bare_one))
        .route("/bare", get(bare_list))
        .route("/transactions", post(create_alone))
        .layer(DefaultBodyLimit::disable())
        .with_state(side);
    let listener = listener.tap_io(|stream| {
        // As the real server does; without it small answers would only be slower.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await
}

#[derive(Deserialize)]
struct Wanted {
    organization_id: String,
    status: Option<String>,
}

type Answer = Result<Response, Problem>;

/// A failure, told as it is: nobody but the benchmark asks.
struct Problem(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}", self.0)).into_response()
    }
}

async fn constant(State(side): State<Arc<Side>>) -> Response {
    json(side.constant.lock().clone())
}

async fn set_constant(State(side): State<Arc<Side>>, body: Bytes) {
    *side.constant.lock() = body;
}

async fn one(
    State(side): State<Arc<Side>>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let organization = Uuid::parse_str(&wanted.organization_id)?;
    let id = Uuid::parse_str(&id)?;
    let body = match &side.hand {
        Hand::Sqlite(hand) => hand.one(organization, id).await?,
        Hand::Postgres(hand) => hand.one(organization, id).await?,
    };
    Ok(json(body))
}

async fn list(State(side): State<Arc<Side>>, Query(wanted): Query<Wanted>) -> Answer {
    let organization = Uuid::parse_str(&wanted.organization_id)?;
    let status = wanted.status.unwrap_or_default();
    let body = match &side.hand {
        Hand::Sqlite(hand) => hand.list(organization, status).await?,
        Hand::Postgres(hand) => hand.list(organization, &status).await?,
    };
    Ok(json(body))
}

async fn create(State(side): State<Arc<Side>>, body: Bytes) -> Answer {
    let event = NewEvent::parse(&body)?;
    match &side.hand {
        Hand::Sqlite(hand) => hand.create(event).await?,
        Hand::Postgres(hand) => hand.create(event).await?,
    }
    Ok(StatusCode::CREATED.into_response())
}

async fn json_agg(State(side): State<Arc<Side>>, Query(wanted): Query<Wanted>) -> Answer {
    let organization = Uuid::parse_str(&wanted.organization_id)?;
    let status = wanted.status.unwrap_or_default();
    match &side.hand {
        Hand::Sqlite(_) => Ok(StatusCode::NOT_FOUND.into_response()),
        Hand::Postgres(hand) => Ok(json(hand.json_agg(organization, &status).await?.into())),
    }
}

/// Reads without what row-level security needs.
async fn bare_one(
    State(side): State<Arc<Side>>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let organization = Uuid::parse_str(&wanted.organization_id)?;
    match &side.hand {
        Hand::Sqlite(_) => Ok(StatusCode::NOT_FOUND.into_response()),
        Hand::Postgres(hand) => Ok(json(hand.bare_one(organization, Uuid::parse_str(&id)?).await?)),
    }
}

async fn bare_list(State(side): State<Arc<Side>>, Query(wanted): Query<Wanted>) -> Answer {
    let organization = Uuid::parse_str(&wanted.organization_id)?;
    let status = wanted.status.unwrap_or_default();
    match &side.hand {
        Hand::Sqlite(_) => Ok(StatusCode::NOT_FOUND.into_response()),
        Hand::Postgres(hand) => Ok(json(hand.bare_list(organization, &status).await?)),
    }
}

/// Creates a row and its event in a transaction of its own.
async fn create_alone(State(side): State<Arc<Side>>, body: Bytes) -> Answer {
    match &side.hand {
        Hand::Sqlite(_) => Ok(StatusCode::NOT_FOUND.into_response()),
        Hand::Postgres(hand) => {
            hand.create_alone(NewEvent::parse(&body)?).await?;
            Ok(StatusCode::CREATED.into_response())
        }
    }
}

fn json(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}
