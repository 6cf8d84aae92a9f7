//! A request of the data API, free of the server that carries it.

use crate::dialect::error::{INVALID_PREFERENCES, NOT_ACCEPTABLE};
use crate::dialect::media::{MediaType, negotiate_rows, parse_accept};
use crate::dialect::prefer::Handling;
use crate::dialect::{ParseError, Preferences};
use crate::error::Result;
use bytes::Bytes;
use http::header::{ACCEPT, AsHeaderName, CONTENT_TYPE};
use http::{HeaderMap, Method};
use mainstay_entity::zone;

/// A request of the data API.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is to be done.
    pub method: Method,
    /// With what.
    pub target: Target,
    /// The query string as it was sent, without its `?`.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `/{table}`
    Table(String),
    /// `/rpc/{action}`
    Action(String),
    /// `/`: the description of the API.
    Root,
}

/// How the data API behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Most rows in one answer, and of one relation of one row in it; entities may declare
    /// their own.
    pub max_rows: u64,
    /// The schema of requests that name none.
    pub default_schema: String,
    /// `count=planned` and `count=estimated` are exact up to here, unknown above.
    pub count_cap: u64,
    /// Deepest embedding of related records.
    pub max_embed_depth: usize,
    /// Whether callers may ask how their reads are run. What the engine expects follows from the
    /// rows of all organisations.
    pub plans: bool,
    /// The path under which the API is served, for links.
    pub base_path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_rows: 1_000,
            default_schema: "mainstay".to_owned(),
            count_cap: 10_000,
            max_embed_depth: 8,
            plans: false,
            base_path: "/rest/v1".to_owned(),
        }
    }
}

impl Request {
    /// A header's first value, if it is text.
    pub(crate) fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        self.header(CONTENT_TYPE)
    }

    /// Whether only the answer's head is wanted.
    pub(crate) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// The schema that a profile header names: `Accept-Profile` when reading, else
    /// `Content-Profile`.
    pub(crate) fn profile(&self) -> Option<&str> {
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        self.header(if reads { "accept-profile" } else { "content-profile" })
    }

    /// What the client prefers. Only who sends events can ask for something of the ledger. Instants
    /// are answered in UTC, which is not confirmed.
    pub(crate) fn preferences(&self, sends_events: bool) -> Result<Preferences> {
        self.read_preferences(sends_events, |zone| zone == "UTC")
            .map(|preferences| Preferences { timezone: None, ..preferences })
    }

    /// The same for a request whose instants are answered in the time zone that the client names,
    /// if there is one of that name.
    pub(crate) fn zoned_preferences(&self, sends_events: bool) -> Result<Preferences> {
        self.read_preferences(sends_events, |zone| zone::named(zone).is_some())
    }

    fn read_preferences(
        &self,
        sends_events: bool,
        has_zone: impl Fn(&str) -> bool,
    ) -> Result<Preferences> {
        let headers = self.headers.get_all("prefer");
        let mut preferences = Preferences::parse(headers.iter().filter_map(|v| v.to_str().ok()));
        preferences.check()?;
        let zone = preferences.timezone.take_if(|zone| !has_zone(zone));
        let unmet = match zone {
            Some(zone) => Some(format!("timezone={zone}")),
            None if sends_events => None,
            None if preferences.wait_integrated => Some("wait=integrated".to_owned()),
            None => preferences.receipt.then(|| "receipt".to_owned()),
        };
        preferences.wait_integrated &= sends_events;
        preferences.receipt &= sends_events;
        match unmet {
            Some(unmet) if preferences.handling == Some(Handling::Strict) => Err(ParseError::new(
                INVALID_PREFERENCES,
                "Invalid preferences given with handling=strict",
                format!("Invalid preferences: {unmet}"),
            )
            .into()),
            _ => Ok(preferences),
        }
    }

    /// The media types that the client accepts, the most wanted first.
    pub(crate) fn accepted(&self) -> Vec<MediaType> {
        parse_accept(self.header(ACCEPT))
    }

    /// The type of an answer that is made of rows.
    pub(crate) fn rows_media(&self, settings: &Settings) -> Result<MediaType> {
        let accepted = match self.header(ACCEPT) {
            None | Some("*/*" | "application/json") => return Ok(MediaType::Json),
            Some(header) => parse_accept(Some(header)),
        };
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        match negotiate_rows(&accepted)? {
            media @ MediaType::Plan(_) if settings.plans && reads => Ok(media),
            media @ (MediaType::Plan(_) | MediaType::GeoJson) => {
                let names = media.as_mime();
                let message = format!("None of these media types are available: {names}");
                Err(ParseError::plain(NOT_ACCEPTABLE, message).into())
            }
            media => Ok(media),
        }
    }
}
