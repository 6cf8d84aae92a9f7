//! `cursor=`: lists that are read page by page (keyset pagination).
//!
//! A cursor holds the place of the last record of a page, and a MAC over it and over what it
//! belongs to: the organisation and all of the request but its limit. Clients treat it as opaque.

use crate::call::Call;
use crate::dialect::{QueryParams, print};
use crate::error::{Fault, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mainstay_entity::parse::parse_text;
use mainstay_entity::{Kind, Table, Value};
use mainstay_store::{Page, Select};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::fmt::Write as _;
use uuid::Uuid;

/// The code of a cursor that was altered or belongs to another request.
const BAD_CURSOR: &str = "MS010";
/// Bytes of the MAC that a cursor begins with.
const TAG: usize = 32;

/// The pages of one list.
pub(crate) struct Pages {
    /// Kinds of the values that tell a record's place.
    kinds: Vec<Kind>,
    /// What cursors are bound to.
    bound_to: Vec<u8>,
    limit: u64,
}

/// The pages that a request asks for; `limit` is the number of records of each.
pub(crate) fn pages(call: &Call<'_>, select: &mut Select, limit: u64) -> Result<Option<Pages>> {
    let Some(text) = &call.params.cursor else {
        return Ok(None);
    };
    if select.offset > 0 {
        return Err(Fault::unsupported("offset together with cursor.").into());
    }
    if !select.first_of.is_empty() {
        return Err(Fault::unsupported("distinct=on together with cursor.").into());
    }
    let Some(place) = select.place() else {
        let what = "cursor with groups, with an order by related records, or on a table without \
                    a key.";
        return Err(Fault::unsupported(what).into());
    };
    let table = &*select.table;
    let kinds = place.iter().map(|value| value.kind(table)).collect();
    let pages = Pages { kinds, bound_to: binding(call, table), limit };
    let after = if text.is_empty() { None } else { Some(pages.open(call, text)?) };
    select.page = Some(Page { after });
    Ok(Some(pages))
}

impl Pages {
    /// The `Link` to the next page, after a page whose last record stands at a place.
    pub(crate) fn next(
        &self,
        call: &Call<'_>,
        rows: u64,
        last: Option<&[Value]>,
    ) -> Option<String> {
        let last = last.filter(|_| rows > 0 && rows == self.limit)?;
        let base = &call.settings.base_path;
        let name = utf8_percent_encode(&call.table.meta.table, NON_ALPHANUMERIC);
        let mut link = format!("<{base}/{name}?");
        // What the client sent stays as it is.
        for pair in call.request.query.split('&').filter(|pair| !pair.is_empty()) {
            if !pair.starts_with("cursor=") {
                let _ = write!(link, "{}&", utf8_percent_encode(pair, UNSAFE));
            }
        }
        let _ = write!(link, "cursor={}>; rel=\"next\"", self.seal(call, last));
        Some(link)
    }

    fn seal(&self, call: &Call<'_>, place: &[Value]) -> String {
        let text = |value: &Value| {
            let mut out = Vec::new();
            value.as_cell().write_text(&mut out);
            (!value.is_null()).then(|| String::from_utf8_lossy(&out).into_owned())
        };
        let values: Vec<Option<String>> = place.iter().map(text).collect();
        let place = serde_json::Value::from(values).to_string();
        let mut sealed = call.kernel.cursors().tag(&self.message(place.as_bytes())).to_vec();
        sealed.extend_from_slice(place.as_bytes());
        URL_SAFE_NO_PAD.encode(sealed)
    }

    fn open(&self, call: &Call<'_>, text: &str) -> Result<Vec<Value>, Fault> {
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad_cursor())?;
        let (tag, place) = sealed.split_first_chunk::<TAG>().ok_or_else(bad_cursor)?;
        if !call.kernel.cursors().verify(&self.message(place), tag) {
            return Err(bad_cursor());
        }
        let values: Vec<Option<String>> =
            serde_json::from_slice(place).map_err(|_| bad_cursor())?;
        if values.len() != self.kinds.len() {
            return Err(bad_cursor());
        }
        let value = |(text, kind): (Option<String>, &Kind)| match text {
            None => Ok(Value::Null),
            Some(text) => parse_text(kind, &text).map_err(|_| bad_cursor()),
        };
        values.into_iter().zip(&self.kinds).map(value).collect()
    }

    /// What the MAC is over.
    fn message(&self, place: &[u8]) -> Vec<u8> {
        let mut message = (self.bound_to.len() as u64).to_be_bytes().to_vec();
        message.extend_from_slice(&self.bound_to);
        message.extend_from_slice(place);
        message
    }
}

/// What a cursor belongs to: organisation, table, filters, order and what is shown.
fn binding(call: &Call<'_>, table: &Table) -> Vec<u8> {
    let organization = call.context.principal.access().tenant().unwrap_or(Uuid::nil());
    let mut params = QueryParams { cursor: None, ..call.params.clone() };
    params.ranges.retain(|placed| !placed.path.is_empty());
    let query = print::query(&params);
    format!("{organization} {} {query}", table.meta.qualified_name()).into_bytes()
}

fn bad_cursor() -> Fault {
    Fault::new(BAD_CURSOR, "The cursor does not belong to this request")
        .details("It was altered, or given out for another table, filter, order or organisation.")
        .hint("Start with an empty cursor and follow the links of the answers.")
}

/// What can't stand in a link as it is.
const UNSAFE: &percent_encoding::AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^');
