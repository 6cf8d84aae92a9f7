//! `mainstay serve`.

use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::modules::{catalog, modules};
use crate::{demo, log, migrate, own};
use anyhow::{Context as _, Result, bail};
use mainstay_audit::ledger::{Cosigning, Sequencer, SigningSeed};
use mainstay_declarations::Declarations;
use mainstay_identity::Identity;
use mainstay_kernel::{Clock, Context, Kernel, Module, Parts, SystemClock};
use mainstay_rest::Rest;
use mainstay_server::{Error, Metrics, Services, Setup};
use mainstay_store::Store;
use mainstay_vault::{Entropy, SystemEntropy};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) fn run(config: &Config) -> Result<ExitCode> {
    log::start(config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(config));
    // What was cut off must not keep the process.
    runtime.shutdown_background();
    served
}

async fn serve(config: &Config) -> Result<ExitCode> {
    let settings = config.server()?;
    let stop = stop_signal()?;
    // Faults are told before anything is made.
    let own = own::read(config)?;
    own::check_default_profile(config, &own)?;
    let folder = DataFolder::open(config)?;
    let _lock = if config.database.is_none() { Some(folder.lock()?) } else { None };
    let listener = TcpListener::bind(config.listen())
        .await
        .with_context(|| format!("can't listen on {}", config.listen()))?;
    let address = listener.local_addr()?;
    let own_url = format!("http://{address}");
    let url = config.public_url.as_deref().unwrap_or(&own_url).trim_end_matches('/');

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let metrics = Metrics::new(clock.now())?;
    metrics.make_global();
    let token = OnceLock::new();
    let starting = async {
        let (services, setup_token) =
            start(config, own, &folder, url, (clock.clone(), entropy.clone())).await?;
        if let Some(setup_token) = setup_token {
            // It is set once: a server starts once.
            let _ = token.set(setup_token);
        }
        anyhow::Ok(services)
    };
    let started = || announce(&own_url, url, token.get().map(String::as_str));
    let parts = (clock.clone(), entropy.clone());
    let served =
        mainstay_server::serve(listener, settings, metrics, parts, starting, started, stop);
    match Box::pin(served).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Error::Start(error)) => Err(error),
        Err(error @ (Error::Jobs(_) | Error::Unfinished(_))) => bail!("{error}"),
    }
}

/// Opens everything that requests need; the token is that of a new set-up link.
async fn start(
    config: &Config,
    own: Declarations,
    folder: &DataFolder,
    url: &str,
    (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>),
) -> Result<(Services, Option<String>)> {
    let kernel = open_kernel_with(config, &own, clock, entropy.clone()).await?;
    let rest = Rest::new(kernel.clone(), config.rest());
    let issuer = format!("{url}/auth/v1");
    let identity = Identity::new(kernel.clone(), folder.signing_key()?, issuer, config.auth(url)?)?;
    let identity = Arc::new(identity);
    tokio::spawn(mainstay_identity::write_usage_regularly(Arc::downgrade(&identity)));
    tokio::spawn(mainstay_identity::check_domains_regularly(Arc::downgrade(&identity)));
    let sequencer = sequencer(folder, &kernel, url, &*entropy).await?;
    let cosigning = Cosigning::start(&kernel, config.witnesses()?)?;
    let mut services = Services { kernel, rest, identity, sequencer, cosigning, setup: None };
    if config.is_demo() {
        demo::load(&services, url, &folder.demo_file()).await?;
    }
    own::fill(&services.kernel, &own.rows).await.context("rows of own tables")?;
    let (identity, kernel) = (Arc::downgrade(&services.identity), services.kernel.clone());
    tokio::spawn(own::fill_regularly(identity, kernel, own.rows));
    if config.is_demo() {
        return Ok((services, None));
    }
    if !services.identity.needs_setup().await? {
        return Ok((services, None));
    }
    let (setup, token) = Setup::new(&*entropy);
    services.setup = Some(setup);
    Ok((services, Some(token)))
}

/// Makes the logs of events grow. Their origins begin with the host of the server's address.
async fn sequencer(
    folder: &DataFolder,
    kernel: &Kernel,
    url: &str,
    entropy: &dyn Entropy,
) -> Result<Sequencer> {
    let seed = SigningSeed::open(&folder.ledger_key_path(), entropy)?;
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    let start = kernel.new_id(&Context::system("ledger", None, kernel.clock().now()));
    let server = format!("process {} {start}", std::process::id());
    Ok(Sequencer::start(kernel.clone(), seed, host, &server).await?)
}

/// Migrates and opens the data.
pub(crate) async fn open_kernel(
    config: &Config,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Kernel> {
    open_kernel_with(config, &own::read(config)?, clock, entropy).await
}

/// The same with own entities that were read already.
async fn open_kernel_with(
    config: &Config,
    own: &Declarations,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Kernel> {
    let master = DataFolder::master_key(config, &*entropy)?;
    let systems = config.systems()?;
    let catalog = catalog(&systems, own)?;
    migrate::at_start(config, &catalog).await?;
    let store = Store::open(config.store(), catalog).await?;
    Ok(Kernel::new(Parts {
        store,
        modules: sending(modules(&systems, own), config)?,
        master,
        clock,
        entropy,
    })?)
}

/// The modules, one of which sends mails where there is a mail server.
fn sending(modules: Vec<Module>, config: &Config) -> Result<Vec<Module>> {
    let Some(mailer) = config.mailer()? else {
        return Ok(modules);
    };
    let sends = |module: &Module| module.name == "notify";
    let with_mailer = |module: Module| {
        if sends(&module) { mainstay_notify::sending(module, mailer.clone()) } else { module }
    };
    Ok(modules.into_iter().map(with_mailer).collect())
}

fn announce(own_url: &str, url: &str, setup_token: Option<&str>) {
    let mut text = format!("listening on {own_url}\n");
    if let Some(token) = setup_token {
        text.push_str("This installation has no administrator yet. Set it up, once, at\n");
        text = format!("{text}{url}/setup?token={token}\n");
    }
    if let Err(error) = log::print(&text) {
        tracing::warn!(%error, "standard output is closed");
    }
}

/// Completes when the process is asked to stop.
pub(crate) fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
