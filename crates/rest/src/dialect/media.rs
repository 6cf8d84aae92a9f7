//! Media types: what a client accepts, and what its body is.

use std::borrow::Cow;

use super::error::{INVALID_BODY, NOT_ACCEPTABLE, ParseError};

/// A media type that requests and answers can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`
    Json,
    /// `text/csv`
    Csv,
    /// `application/x-ndjson`: one JSON object per line.
    NdJson,
    /// `application/geo+json`
    GeoJson,
    /// `application/openapi+json`
    OpenApi,
    /// `text/plain`
    Text,
    /// `text/xml`
    Xml,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/octet-stream`
    Bytes,
    /// `application/vnd.pgrst.object+json`: exactly one row.
    Object {
        /// `nulls=stripped`: members that are null are left out.
        strip_nulls: bool,
    },
    /// `application/vnd.pgrst.array+json;nulls=stripped`: rows without the members that are null.
    ArrayStripped,
    /// `application/vnd.pgrst.plan+json` or `+text`: how the request would be executed.
    Plan(Box<Plan>),
    /// `*/*`
    Any,
    /// Any other, as sent.
    Other(String),
}

/// A request for the execution plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The media type whose making is explained.
    pub of: MediaType,
    /// Whether the plan is wanted as JSON rather than text.
    pub json: bool,
    /// What the plan should tell, among [`PLAN_OPTIONS`], in that order.
    pub options: Vec<&'static str>,
}

/// The options of a [`Plan`], those of PostgreSQL's `EXPLAIN`.
pub const PLAN_OPTIONS: [&str; 5] = ["analyze", "verbose", "settings", "buffers", "wal"];

/// The format of a request body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyType {
    /// One JSON object or an array of them.
    Json,
    /// One JSON object per line.
    NdJson,
    /// Lines of comma-separated values under a header line.
    Csv,
    /// `key=value` pairs as in a query string.
    Form,
    /// Text for a function's only parameter.
    Text,
    /// XML for a function's only parameter.
    Xml,
    /// Bytes for a function's only parameter.
    Bytes,
}

impl MediaType {
    /// Reads one media type with its parameters. Case does not matter (RFC 9110 §8.3.1).
    pub fn parse(text: &str) -> Self {
        Self::parse_within(text, true)
    }

    /// A plan's own `for=` is no plan again.
    fn parse_within(text: &str, plans: bool) -> Self {
        let mut parts = split_outside_quotes(text, ';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters: Vec<(String, Cow<'_, str>)> = parts.filter_map(parameter).collect();
        let get = |name: &str| {
            parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref())
        };
        let strip_nulls = get("nulls") == Some("stripped");
        let plan = |json| {
            let listed: Vec<&str> = get("options").unwrap_or_default().split('|').collect();
            let options = PLAN_OPTIONS.into_iter().filter(|o| listed.contains(o)).collect();
            let of = Self::parse_within(get("for").unwrap_or("application/json"), false);
            Self::Plan(Box::new(Plan { of, json, options }))
        };
        match essence.as_str() {
            "application/json" => Self::Json,
            "text/csv" => Self::Csv,
            "application/x-ndjson" | "application/ndjson" => Self::NdJson,
            "application/geo+json" => Self::GeoJson,
            "application/openapi+json" => Self::OpenApi,
            "text/plain" => Self::Text,
            "text/xml" => Self::Xml,
            "application/x-www-form-urlencoded" => Self::Form,
            "application/octet-stream" => Self::Bytes,
            "application/vnd.pgrst.object+json" | "application/vnd.pgrst.object" => {
                Self::Object { strip_nulls }
            }
            "application/vnd.pgrst.array+json" | "application/vnd.pgrst.array" => {
                if strip_nulls {
                    Self::ArrayStripped
                } else {
                    Self::Json
                }
            }
            "application/vnd.pgrst.plan+json" if plans => plan(true),
            "application/vnd.pgrst.plan+text" | "application/vnd.pgrst.plan" if plans => {
                plan(false)
            }
            "*/*" => Self::Any,
            _ => Self::Other(text.trim().to_owned()),
        }
    }

    /// The media type as it is written, without a character set.
    pub fn as_mime(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::NdJson => "application/x-ndjson",
            Self::GeoJson => "application/geo+json",
            Self::OpenApi => "application/openapi+json",
            Self::Text => "text/plain",
            Self::Xml => "text/xml",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Bytes => "application/octet-stream",
            Self::Object { strip_nulls: false } => "application/vnd.pgrst.object+json",
            Self::Object { strip_nulls: true } => {
                "application/vnd.pgrst.object+json;nulls=stripped"
            }
            Self::ArrayStripped => "application/vnd.pgrst.array+json;nulls=stripped",
            Self::Plan(plan) => return Cow::Owned(plan.as_mime()),
            Self::Any => "*/*",
            Self::Other(text) => text,
        })
    }

    /// The value of `Content-Type` for an answer of this type.
    pub fn content_type(&self) -> Cow<'_, str> {
        match self {
            // The two that nearly every answer has need no allocation.
            Self::Json => Cow::Borrowed("application/json; charset=utf-8"),
            Self::Object { strip_nulls: false } => {
                Cow::Borrowed("application/vnd.pgrst.object+json; charset=utf-8")
            }
            Self::Bytes | Self::Other(_) => self.as_mime(),
            _ => Cow::Owned(format!("{}; charset=utf-8", self.as_mime())),
        }
    }
}

impl Plan {
    fn as_mime(&self) -> String {
        let format = if self.json { "json" } else { "text" };
        let mut mime =
            format!("application/vnd.pgrst.plan+{format}; for=\"{}\"", self.of.as_mime());
        if !self.options.is_empty() {
            mime.push_str("; options=");
            mime.push_str(&self.options.join("|"));
        }
        mime
    }
}

/// The media types of `Accept`, the most wanted first; no header, or an empty one, accepts any.
///
/// Of types with equal quality the more specific one is wanted more: the one with more parameters
/// and fewer wildcards. Types with `q=0` are left out (RFC 9110 §12.4.2).
pub fn parse_accept(header: Option<&str>) -> Vec<MediaType> {
    let header = header.map(str::trim).filter(|header| !header.is_empty());
    let Some(header) = header else {
        return vec![MediaType::Any];
    };
    let mut ranked: Vec<(Rank, MediaType)> = split_outside_quotes(header, ',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|entry| (Rank::of(entry), MediaType::parse(without_quality(entry))))
        .filter(|(rank, _)| rank.quality > 0)
        .collect();
    ranked.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
    ranked.into_iter().map(|(_, media_type)| media_type).collect()
}

/// How much an entry of `Accept` is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// In thousandths.
    quality: u16,
    specificity: i32,
}

impl Rank {
    fn of(entry: &str) -> Self {
        let count = |wanted| i32::try_from(entry.matches(wanted).count()).unwrap_or(i32::MAX);
        Self { quality: quality(entry), specificity: count(';') - count('*') }
    }
}

fn quality(entry: &str) -> u16 {
    let value = split_outside_quotes(entry, ';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    match value.map(str::parse::<f32>) {
        Some(Ok(quality)) if quality.is_finite() => (quality.clamp(0.0, 1.0) * 1000.0) as u16,
        _ => 1000,
    }
}

fn without_quality(entry: &str) -> &str {
    let end = entry.match_indices(';').find_map(|(index, _)| {
        let parameter = entry[index + 1..].trim_start();
        let (name, _) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then_some(index)
    });
    end.map_or(entry, |end| &entry[..end])
}

/// Chooses the type of an answer that is made of rows.
///
/// # Errors
/// `PGRST107` if nothing accepted can be made of rows.
pub fn negotiate_rows(accepted: &[MediaType]) -> Result<MediaType, ParseError> {
    negotiate(accepted, |media_type| match media_type {
        MediaType::Any => Some(MediaType::Json),
        MediaType::Json
        | MediaType::Csv
        | MediaType::NdJson
        | MediaType::GeoJson
        | MediaType::Object { .. }
        | MediaType::ArrayStripped
        | MediaType::Plan(_) => Some(media_type.clone()),
        MediaType::Other(text) if text.eq_ignore_ascii_case("application/*") => {
            Some(MediaType::Json)
        }
        MediaType::Other(text) if text.eq_ignore_ascii_case("text/*") => Some(MediaType::Csv),
        _ => None,
    })
}

/// Chooses the type of the API's description at the root: OpenAPI, whatever JSON is asked for.
///
/// # Errors
/// `PGRST107` if nothing accepted describes it.
pub fn negotiate_root(accepted: &[MediaType]) -> Result<MediaType, ParseError> {
    negotiate(accepted, |media_type| {
        let fits = matches!(media_type, MediaType::OpenApi | MediaType::Json | MediaType::Any);
        fits.then_some(MediaType::OpenApi)
    })
}

/// Chooses the most wanted type for which `offer` has an answer.
///
/// # Errors
/// `PGRST107`, naming what was accepted.
pub fn negotiate(
    accepted: &[MediaType],
    offer: impl Fn(&MediaType) -> Option<MediaType>,
) -> Result<MediaType, ParseError> {
    accepted.iter().find_map(offer).ok_or_else(|| {
        let names: Vec<_> = accepted.iter().map(MediaType::as_mime).collect();
        let message = format!("None of these media types are available: {}", names.join(", "));
        ParseError::plain(NOT_ACCEPTABLE, message)
    })
}

/// The format of a body by its `Content-Type`; JSON without one. Only functions (`rpc`) take
/// text, XML and bytes.
///
/// # Errors
/// `PGRST102` for types that can't be read.
pub fn body_type(content_type: Option<&str>, rpc: bool) -> Result<BodyType, ParseError> {
    let media_type = content_type.map_or(MediaType::Json, MediaType::parse);
    match media_type {
        MediaType::Json => Ok(BodyType::Json),
        MediaType::NdJson => Ok(BodyType::NdJson),
        MediaType::Csv => Ok(BodyType::Csv),
        MediaType::Form => Ok(BodyType::Form),
        MediaType::Text if rpc => Ok(BodyType::Text),
        MediaType::Xml if rpc => Ok(BodyType::Xml),
        MediaType::Bytes if rpc => Ok(BodyType::Bytes),
        other => {
            let message = format!("Content-Type not acceptable: {}", other.as_mime());
            Err(ParseError::plain(INVALID_BODY, message))
        }
    }
}

/// `name=value` or `name="value"`, the name in lower case.
fn parameter(text: &str) -> Option<(String, Cow<'_, str>)> {
    let (name, value) = text.split_once('=')?;
    let value = value.trim();
    let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    Some((name.trim().to_ascii_lowercase(), Cow::Borrowed(unquoted.unwrap_or(value))))
}

/// Splits at a separator, but not within double quotes.
fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        if c == '"' {
            quoted = !quoted;
        }
        !quoted && c == separator
    })
}
