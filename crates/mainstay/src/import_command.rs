//! `mainstay import` as a command: where its rows go, and how it reports.

use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::import::{self, HttpSink, ImportOptions, Report, SendError, Sink, Target};
use crate::{log, serve};
use anyhow::{Context as _, Result, anyhow, bail};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use mainstay_identity::{AuthSettings, Identity};
use mainstay_kernel::{Context, Kernel, Origin, Principal, SystemClock};
use mainstay_rest::{Request, Rest};
use mainstay_vault::SystemEntropy;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(options: &ImportOptions) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(import(options))?;
    let text = if options.json { serde_json::to_string(&report)? } else { report.to_string() };
    log::print(&format!("{text}\n"))?;
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import(options: &ImportOptions) -> Result<Report> {
    match (&options.url, &options.data) {
        (Some(_), Some(_)) => bail!("--url and --data exclude each other"),
        (None, None) => bail!("name a running server (--url and --key) or a folder (--data)"),
        (Some(url), None) => {
            let key = options.key.as_deref().context("--url needs an API key: --key")?;
            import::run(options, &HttpSink::new(url, key)?).await
        }
        (None, Some(_)) => import_into_folder(options).await,
    }
}

async fn import_into_folder(options: &ImportOptions) -> Result<Report> {
    let flags = Config { data: options.data.clone(), ..Config::default() };
    let config = flags.load(None)?;
    config.check()?;
    let folder = DataFolder::open(&config)?;
    let _lock = folder.lock().context("load into a running server with --url and --key")?;
    let kernel =
        serve::open_kernel(&config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?;
    let sink = FolderSink::open(&config, &folder, kernel.clone(), options.key.as_deref()).await?;
    let report = import::run(options, &sink).await;
    kernel.close().await;
    report
}

/// The data of a folder, opened here: rows take the same way as those of a request.
struct FolderSink {
    rest: Rest,
    kernel: Kernel,
    principal: Arc<Principal>,
}

impl FolderSink {
    async fn open(
        config: &Config,
        folder: &DataFolder,
        kernel: Kernel,
        key: Option<&str>,
    ) -> Result<Self> {
        // Nothing is signed here, so no issuer is named.
        let settings = AuthSettings::default();
        let identity =
            Identity::new(kernel.clone(), folder.signing_key()?, String::new(), settings)?;
        let key = key.context("--data needs an API key of the organisation to load into: --key")?;
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}"))?);
        let principal = identity.authenticate(&headers, &Origin::default()).await?;
        let rest = Rest::new(kernel.clone(), config.rest());
        Ok(Self { rest, kernel, principal })
    }
}

impl Sink for FolderSink {
    async fn send(&self, target: &Target, rows: Bytes) -> Result<u64, SendError> {
        let now = self.kernel.clock().now();
        let context = Context::new(self.principal.clone(), Arc::default(), now);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        let wanted = "resolution=ignore-duplicates,return=headers-only,count=exact";
        headers.insert("prefer", HeaderValue::from_static(wanted));
        let key = target.key.as_ref();
        let request = Request {
            method: Method::POST,
            target: mainstay_rest::Target::Table(target.table.clone()),
            query: key.map(|key| format!("on_conflict={key}")).unwrap_or_default(),
            headers,
            body: rows,
        };
        let (head, body) = self.rest.handle(&context, request).await.into_parts();
        if head.status.is_success() {
            let missing = || anyhow!("the store did not say how many rows it stored");
            return rows_stored(&head.headers).ok_or_else(missing).map_err(SendError::Failed);
        }
        let body = body.collect().await.map_err(|error| SendError::Failed(error.into()))?;
        let reason = String::from_utf8_lossy(&body).into_owned();
        if head.status.is_client_error() {
            Err(SendError::Refused(reason))
        } else {
            Err(SendError::Failed(anyhow!(reason)))
        }
    }
}

/// The number of rows inserted: `N` of `Content-Range: */N`.
fn rows_stored(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.rsplit_once('/')?.1.parse().ok()
}
