//! The changes of a table, as `/rest/v1/{table}/changes` tells them: what the log says was done,
//! with the rows as the caller may read them.

use crate::batch::Members;
use crate::dialect::pairs;
use crate::error::{Failure, Fault, Result};
use crate::read;
use crate::request::{Request, Target};
use crate::resolve::Purpose;
use crate::service::Rest;
use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderValue, Method, Response};
use mainstay_entity::Table;
use mainstay_entity::json::{escape_into, unescape};
use mainstay_kernel::{Context, Error, LoggedChange, Watch};
use mainstay_store::{CommonReads, OutputValue};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// Rows that are read together.
const ROWS: usize = 100;
/// What the members begin with that show a row's key; no column has such a name.
const KEY: &str = "(key)";

/// A table whose changes somebody asks for.
#[derive(Debug)]
pub struct Feed {
    watch: Watch,
    request: Request,
    /// The first position that is told; none tells what comes from now on.
    pub since: Option<u64>,
}

impl Rest {
    /// Reads a request for the changes of a table, and tries what it asks for.
    ///
    /// # Errors
    /// The answer that refuses it.
    pub async fn watch(
        &self,
        context: &Context,
        request: Request,
    ) -> Result<Feed, Response<Bytes>> {
        Box::pin(self.try_watch(context, request)).await.map_err(|f| f.response(context))
    }

    async fn try_watch(&self, context: &Context, mut request: Request) -> Result<Feed> {
        let since = take_since(&mut request)?;
        request.headers.remove(ACCEPT);
        request.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let Target::Table(name) = request.target.clone() else {
            return Err(Error::internal("changes of what is no table").into());
        };
        let watch = {
            let call = self.call(context, &request, &name, None)?;
            let params = &call.params;
            let shaped = !params.order.is_empty()
                || !params.ranges.is_empty()
                || params.distinct.is_some()
                || params.group.is_some()
                || params.cursor.is_some();
            let select = call.select(Purpose::Read)?;
            let aggregates =
                |o: &mainstay_store::Output| matches!(o.value, OutputValue::Aggregate { .. });
            if shaped || select.output.iter().any(aggregates) {
                let what =
                    "order, limit, offset, cursor, distinct, groups and aggregates of changes.";
                return Err(Fault::unsupported(what).into());
            }
            let filter = call.resolver().target_filter(&call.table)?;
            call.kernel.watch(context, &call.table, filter)?
        };
        let feed = Feed { watch, request, since };
        // What could not be read is refused before the first change.
        self.rows(context, &feed, &[], &CommonReads::default()).await?;
        Ok(feed)
    }

    /// Whether a caller, as of now, may still watch.
    pub fn may_watch(&self, context: &Context, feed: &Feed) -> bool {
        self.kernel().may_watch(context, &feed.watch)
    }

    /// What a caller is told of some changes, as Server-Sent Events in their order. `context` is
    /// the caller as of now; `common` what others ask who are told of the same changes.
    ///
    /// # Errors
    /// The answer that refuses it.
    pub async fn changes(
        &self,
        context: &Context,
        feed: &Feed,
        changes: &[LoggedChange],
        common: &CommonReads,
    ) -> Result<Bytes, Response<Bytes>> {
        Box::pin(self.told(context, feed, changes, common)).await.map_err(|f| f.response(context))
    }

    async fn told(
        &self,
        context: &Context,
        feed: &Feed,
        changes: &[LoggedChange],
        common: &CommonReads,
    ) -> Result<Bytes> {
        let resource = feed.watch.resource();
        let of_table = || changes.iter().filter(|change| change.resource == resource);
        let mut keys: Vec<&str> = Vec::new();
        let mut seen = HashSet::new();
        for key in of_table().flat_map(|change| &change.keys) {
            if seen.insert(key.as_str()) {
                keys.push(key);
            }
        }
        let mut rows = HashMap::new();
        // No answer has more rows than the table or the server lets it have.
        let most = feed.watch.table().meta.max_rows.map_or(self.settings().max_rows, u64::from);
        let most = usize::try_from(most).unwrap_or(ROWS).clamp(1, ROWS);
        for keys in keys.chunks(most) {
            rows.extend(self.rows(context, feed, keys, common).await?);
        }
        let mut out = Vec::new();
        for change in of_table() {
            let mut told = false;
            for key in &change.keys {
                if change.verb != "delete"
                    && let Some(row) = rows.get(key)
                {
                    told = true;
                    event(&mut out, change, &change.verb, key, Some(row));
                }
            }
            if !told && self.kernel().has_left(context, &feed.watch, change, common).await? {
                let verb = if change.verb == "delete" { "delete" } else { "leave" };
                change.keys.iter().for_each(|key| event(&mut out, change, verb, key, None));
            }
        }
        if let Some(last) = changes.last() {
            // Where to go on, also when nothing of it is told.
            out.extend_from_slice(format!("id: {}\n\n", last.position).as_bytes());
        }
        Ok(Bytes::from(out))
    }

    /// Rows by their keys, as the request shows them to the caller.
    async fn rows(
        &self,
        context: &Context,
        feed: &Feed,
        keys: &[&str],
        common: &CommonReads,
    ) -> Result<HashMap<String, String>> {
        let table = feed.watch.table();
        let request = Request {
            query: query(&feed.request.query, table, keys),
            method: Method::GET,
            ..feed.request.clone()
        };
        let call = self.call(context, &request, &table.meta.table, None)?.in_common(common);
        let response = read::read(&call).await?;
        let body = response.into_body().collect().await.map_err(Error::from)?;
        let list: Vec<&RawValue> = serde_json::from_slice(&body).map_err(Error::internal)?;
        list.into_iter().map(keyed).collect()
    }
}

/// A row, and its key as events name it.
fn keyed(row: &RawValue) -> Result<(String, String)> {
    let Members(members) = serde_json::from_str(row.get()).map_err(Error::internal)?;
    let mut key = String::new();
    let mut shown = vec![b'{'];
    for (name, value) in members {
        if name.starts_with(KEY) {
            if name != format!("{KEY}0") {
                key.push('/');
            }
            key.push_str(&unescape(value.get()).map_err(Error::internal)?);
            continue;
        }
        if shown.len() > 1 {
            shown.push(b',');
        }
        escape_into(&mut shown, &name);
        shown.push(b':');
        shown.extend_from_slice(value.get().as_bytes());
    }
    shown.push(b'}');
    Ok((key, String::from_utf8_lossy(&shown).into_owned()))
}

/// Writes one event. Its place stands behind the last of its rows: who reads on from it misses
/// none.
fn event(out: &mut Vec<u8>, change: &LoggedChange, verb: &str, key: &str, row: Option<&String>) {
    let LoggedChange { position, event, .. } = change;
    let head =
        format!("event: {verb}\ndata: {{\"position\":{position},\"event\":\"{event}\",\"key\":");
    out.extend_from_slice(head.as_bytes());
    escape_into(out, key);
    if let Some(row) = row {
        out.extend_from_slice(b",\"row\":");
        out.extend_from_slice(row.as_bytes());
    }
    out.extend_from_slice(b"}\n\n");
}

/// The request's query with the rows of some keys alone, and with their keys among what it shows.
fn query(asked: &str, table: &Table, keys: &[&str]) -> String {
    let columns: Vec<usize> = table.row_key().collect();
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let name = |column: &usize| quoted(table.column_name(*column));
    let shown: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| format!("\"{KEY}{place}\":{}::text", name(column)))
        .collect();
    let shown = encoded(&shown.join(","));
    let mut pairs: Vec<String> = Vec::new();
    let mut selects = false;
    for pair in asked.split('&').filter(|pair| !pair.is_empty()) {
        if pair.starts_with("select=") && !selects {
            selects = true;
            let comma = if pair.len() > "select=".len() { "," } else { "" };
            pairs.push(format!("{pair}{comma}{shown}"));
        } else {
            pairs.push(pair.to_owned());
        }
    }
    if !selects {
        pairs.push(format!("select=*,{shown}"));
    }
    let row = |key: &&str| {
        let parts: Vec<&str> =
            if columns.len() == 1 { vec![key] } else { key.split('/').collect() };
        let equal =
            |(column, part): (&usize, &&str)| format!("{}.eq.{}", name(column), quoted(part));
        format!("and({})", columns.iter().zip(&parts).map(equal).collect::<Vec<_>>().join(","))
    };
    if keys.is_empty() {
        pairs.push("limit=0".to_owned());
    } else if let [column] = columns.as_slice() {
        let list: Vec<String> = keys.iter().map(|key| quoted(key)).collect();
        pairs.push(format!("{}=in.({})", encoded(&name(column)), encoded(&list.join(","))));
    } else {
        let rows: Vec<String> = keys.iter().map(row).collect();
        pairs.push(format!("or=({})", encoded(&rows.join(","))));
    }
    pairs.join("&")
}

fn encoded(text: &str) -> String {
    percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string()
}

/// Takes `since` out of the query. A client that comes back says in a header what it had last.
fn take_since(request: &mut Request) -> Result<Option<u64>> {
    let mut since = None;
    let mut kept = Vec::new();
    for raw in request.query.split('&').filter(|raw| !raw.is_empty()) {
        match pairs::decode(raw).next() {
            Some(Ok(pair)) if pair.key == "since" && !pair.value.contains('.') => {
                since = (pair.value != "now").then(|| position(&pair.value)).transpose()?;
            }
            _ => kept.push(raw),
        }
    }
    let kept = kept.join("&");
    if let Some(last) = request.header("last-event-id").filter(|last| !last.is_empty()) {
        since = Some(position(last)?.saturating_add(1));
    }
    request.query = kept;
    Ok(since)
}

fn position(text: &str) -> Result<u64, Failure> {
    let parsed = text.parse::<u64>().ok().filter(|position| *position < i64::MAX.cast_unsigned());
    parsed.ok_or_else(|| {
        Fault::new("PGRST100", "The position can't be read")
            .details(format!("Expected 'now' or a place in the log, got '{text}'."))
            .into()
    })
}
