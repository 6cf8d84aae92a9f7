//! The sink that is a running server: bulk inserts by its REST interface.

use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use bytes::Bytes;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use serde::Deserialize;

use super::send::{SendError, Sink, Target};

/// How often a request is sent before a busy server is given up.
const ATTEMPTS_MAX: u32 = 8;

/// The wait after the first busy answer, doubled by each that follows.
const WAIT_FIRST: Duration = Duration::from_millis(250);

/// The longest wait that a server may ask for.
const WAIT_MAX: Duration = Duration::from_mins(5);

/// The longest part of an error's body that is read, in bytes.
const ERROR_BYTES_MAX: usize = 64 * 1024;

/// A server, and the key to it.
pub(crate) struct HttpSink {
    client: Client,
    url: Url,
}

impl HttpSink {
    /// A server at `url`, which is what comes before `/rest/v1`, with an API key or token.
    pub(crate) fn new(url: &str, key: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).with_context(|| format!("`{url}` is no URL"))?;
        ensure!(
            matches!(url.scheme(), "http" | "https") && url.username().is_empty(),
            "expected a URL such as http://127.0.0.1:8420, with the key apart",
        );
        let secret = |text: &str| {
            let mut value = HeaderValue::from_str(text)
                .map_err(|_| anyhow!("the key has characters that no key has"))?;
            value.set_sensitive(true);
            anyhow::Ok(value)
        };
        let mut headers = HeaderMap::new();
        headers.insert("apikey", secret(key)?);
        headers.insert("authorization", secret(&format!("Bearer {key}"))?);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        headers.insert(
            "prefer",
            HeaderValue::from_static(
                "resolution=ignore-duplicates,return=headers-only,count=exact",
            ),
        );
        let client = Client::builder()
            .default_headers(headers)
            // The key goes to the server that was named and to no other.
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(2))
            .build()?;
        Ok(Self { client, url })
    }

    fn table_url(&self, target: &Target) -> anyhow::Result<Url> {
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| anyhow!("`{}` can have no path", self.url))?
            .pop_if_empty()
            .extend(["rest", "v1", &target.table]);
        if let Some(key) = &target.key {
            url.query_pairs_mut().append_pair("on_conflict", key);
        }
        Ok(url)
    }
}

impl Sink for HttpSink {
    async fn send(&self, target: &Target, rows: Bytes) -> Result<u64, SendError> {
        let url = self.table_url(target).map_err(SendError::Failed)?;
        let mut wait = WAIT_FIRST;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let request = self.client.post(url.clone()).body(rows.clone());
            let answer = request.send().await.map_err(|error| {
                let error = anyhow!(error.without_url());
                SendError::Failed(error.context(format!("no answer from {}", self.url)))
            })?;
            if answer.status().is_success() {
                return rows_stored(answer.headers()).map_err(SendError::Failed);
            }
            let asked = retry_after(answer.headers());
            let is_busy = is_busy(answer.status());
            if !is_busy || attempt == ATTEMPTS_MAX || asked.is_some_and(|asked| asked > WAIT_MAX) {
                return Err(error_of(answer).await);
            }
            tokio::time::sleep(asked.unwrap_or(wait)).await;
            wait *= 2;
        }
    }
}

/// Whether the same request may succeed later.
fn is_busy(status: StatusCode) -> bool {
    matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
}

/// The wait that the server asks for in seconds; as a date it is not understood.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The number of rows inserted: `N` of `Content-Range: */N`.
fn rows_stored(headers: &HeaderMap) -> anyhow::Result<u64> {
    headers
        .get(CONTENT_RANGE)
        .and_then(|range| range.to_str().ok()?.rsplit_once('/')?.1.parse().ok())
        .context("the server did not say how many rows it stored")
}

/// The body of an error answer, as PostgREST has it.
#[derive(Deserialize)]
struct ErrorBody {
    code: String,
    message: String,
    details: Option<String>,
    hint: Option<String>,
}

async fn error_of(mut answer: Response) -> SendError {
    let status = answer.status();
    let mut body = Vec::new();
    while body.len() < ERROR_BYTES_MAX {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    let reason = match serde_json::from_slice::<ErrorBody>(&body) {
        Ok(ErrorBody { code, message, details, hint }) => {
            let more = [details, hint].into_iter().flatten();
            more.fold(format!("{message} ({code})"), |reason, more| format!("{reason}; {more}"))
        }
        Err(_) => format!("the server answered {status}"),
    };
    // What is wrong with the request as a whole, not with some of its rows.
    let is_general = matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    if status.is_client_error() && !is_general && !is_busy(status) {
        SendError::Refused(reason)
    } else {
        SendError::Failed(anyhow!(reason))
    }
}

#[cfg(test)]
pub(crate) mod tests;
