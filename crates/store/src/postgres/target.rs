//! Where a server is and how it proves to be the right one: the database URL, read as libpq reads
//! it.
//!
//! The driver knows neither `sslrootcert` nor the modes that verify; both are taken out of the URL
//! before it sees the rest.

use super::pool::Driven;
use super::tls::{self, Trust};
use crate::error::{Error, ErrorKind, Result};
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{CancelToken, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Between probes of a connection on which nothing happens.
const KEEPALIVE: Duration = Duration::from_mins(1);

/// What stands for the certificates that the operating system trusts.
const SYSTEM_ROOTS: &str = "system";

/// A server, and how it proves to be the right one. Cheap to clone but for the names in it.
#[derive(Clone)]
pub(crate) struct Target {
    config: Config,
    /// None speaks in plain.
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// Reads a URL or a list of `key=value`.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`] for what is neither, for a mode that is not known and for roots that
    /// can't be read. No message repeats the URL, which may hold a password.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let Given { rest, mode, root } = Given::take(url)?;
        let mut config: Config = rest
            .parse()
            .map_err(|_| refused("the database URL is not a PostgreSQL connection string"))?;
        if config.get_application_name().is_none() {
            config.application_name("mainstay");
        }
        config.keepalives_idle(KEEPALIVE);
        let is_socket = |host: &Host| matches!(host, Host::Unix(_));
        let trust = if !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket) {
            // As libpq does: what stays on this machine needs no TLS, whatever the mode.
            None
        } else {
            trust(mode, root)?
        };
        config.ssl_mode(match (&trust, mode) {
            (None, _) => SslMode::Disable,
            (Some(_), Some(Mode::Prefer) | None) if trust == Some(Trust::Any) => SslMode::Prefer,
            (Some(_), _) => SslMode::Require,
        });
        let tls = trust.map(|trust| tls::connector(&trust)).transpose()?;
        Ok(Self { config, tls })
    }

    /// The role that connects.
    pub(crate) fn user(&self) -> Option<&str> {
        self.config.get_user()
    }

    /// Adds to what is set when a connection starts (`-c name=value`).
    pub(super) fn add_options(&mut self, options: &str) {
        let given = self.config.get_options().unwrap_or_default().to_owned();
        self.config.options(given + options);
    }

    /// Opens a connection; it ends when the client is dropped and all is answered.
    pub(super) async fn connect(&self) -> Driven<Client> {
        // Rare and large: whoever waits for it doesn't carry its size.
        match &self.tls {
            None => Box::pin(self.config.connect(NoTls)).await.map(drive),
            Some(tls) => Box::pin(self.config.connect(tls.clone())).await.map(drive),
        }
    }

    /// Asks the server, on a connection of its own, to stop what another connection runs.
    pub(super) async fn cancel(&self, token: &CancelToken) -> Driven<()> {
        match &self.tls {
            None => token.cancel_query(NoTls).await,
            Some(tls) => token.cancel_query(tls.clone()).await,
        }
    }
}

fn drive<S, T>((client, connection): (Client, Connection<S, T>)) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    client
}

/// `sslmode`: how much a connection is protected (PostgreSQL 34.19, table 34.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Mode {
    fn parse(text: &str) -> Result<Self> {
        Ok(match text {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            // `allow` means plain first, which nobody wants who knows of it.
            _ => {
                return Err(refused(
                    "sslmode must be disable, prefer, require, verify-ca or verify-full",
                ));
            }
        })
    }
}

/// Whom a connection trusts; none is a connection in plain.
fn trust(mode: Option<Mode>, root: Option<String>) -> Result<Option<Trust>> {
    if root.as_deref() == Some(SYSTEM_ROOTS) {
        return match mode.unwrap_or(Mode::VerifyFull) {
            Mode::Disable => Ok(None),
            Mode::VerifyFull => Ok(Some(Trust::System)),
            _ => Err(refused(
                "sslrootcert=system trusts every public authority; it goes with \
                 sslmode=verify-full alone",
            )),
        };
    }
    let file = || root.map(PathBuf::from).or_else(default_root);
    Ok(match mode.unwrap_or(Mode::Prefer) {
        Mode::Disable => None,
        Mode::Prefer => Some(Trust::Any),
        // As libpq does: who names an authority means it.
        Mode::Require => Some(file().map_or(Trust::Any, Trust::Authority)),
        Mode::VerifyCa => match file() {
            Some(file) => Some(Trust::Authority(file)),
            None => {
                return Err(refused("sslmode=verify-ca needs the authority's file: sslrootcert"));
            }
        },
        Mode::VerifyFull => Some(file().map_or(Trust::System, Trust::AuthorityAndName)),
    })
}

/// libpq's own place for the authority's certificate, where there is one.
fn default_root() -> Option<PathBuf> {
    let file = std::env::home_dir()?.join(".postgresql").join("root.crt");
    file.is_file().then_some(file)
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Refused(why.to_owned()))
}

/// What a URL says of TLS, and the rest of it.
#[derive(Debug, PartialEq, Eq)]
struct Given {
    rest: String,
    mode: Option<Mode>,
    root: Option<String>,
}

impl Given {
    fn take(url: &str) -> Result<Self> {
        let mut given = Self { rest: String::new(), mode: None, root: None };
        let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if is_url {
            given.take_from_url(url)?;
        } else {
            given.take_from_pairs(url)?;
        }
        Ok(given)
    }

    fn take_from_url(&mut self, url: &str) -> Result<()> {
        // A password may hold a question mark.
        let start = url.find('@').unwrap_or(0);
        let Some(mark) = url[start..].find('?').map(|position| start + position) else {
            url.clone_into(&mut self.rest);
            return Ok(());
        };
        let mut kept = Vec::new();
        for pair in url[mark + 1..].split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = || percent_encoding::percent_decode_str(value).decode_utf8_lossy();
            if !self.note(key, value)? {
                kept.push(pair);
            }
        }
        url[..mark].clone_into(&mut self.rest);
        if !kept.is_empty() {
            self.rest.push('?');
            self.rest.push_str(&kept.join("&"));
        }
        Ok(())
    }

    /// `key = 'value'`, with blanks between pairs; in quotes a backslash escapes.
    fn take_from_pairs(&mut self, text: &str) -> Result<()> {
        let mut left = text.trim_start();
        while !left.is_empty() {
            let Some((key, after)) = left.split_once('=') else {
                return Err(refused("the database URL is not a PostgreSQL connection string"));
            };
            let (value, length) = value(after);
            let whole = left.len() - after.len() + length;
            if !self.note(key.trim_end(), || value.into())? {
                self.rest.push_str(&left[..whole]);
                self.rest.push(' ');
            }
            left = left[whole..].trim_start();
        }
        Ok(())
    }

    /// Takes a parameter that is of TLS; false for any other.
    fn note<'a>(
        &mut self,
        key: &str,
        value: impl FnOnce() -> std::borrow::Cow<'a, str>,
    ) -> Result<bool> {
        match key {
            "sslmode" => self.mode = Some(Mode::parse(&value())?),
            "sslrootcert" => self.root = Some(value().into_owned()).filter(|root| !root.is_empty()),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The value at the start of a text, and how many bytes it takes with blanks before it.
fn value(text: &str) -> (String, usize) {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    let (quote, body) = match trimmed.strip_prefix('\'') {
        Some(body) => (1, body),
        None => (0, trimmed),
    };
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((position, c)) = chars.next() {
        match c {
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            '\'' if quote == 1 => return (value, skipped + quote + position + 1),
            c if quote == 0 && c.is_whitespace() => return (value, skipped + position),
            c => value.push(c),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(url: &str) -> (String, Option<Mode>, Option<String>) {
        let Given { rest, mode, root } = Given::take(url).unwrap();
        (rest, mode, root)
    }

    fn refusal(url: &str) -> String {
        match Target::parse(url) {
            Ok(_) => panic!("{url} is accepted"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_a_url_says_of_tls_is_taken_out_of_it() {
        let root = Some("/a b/ca.crt".to_owned());
        for (url, rest) in [
            (
                "postgresql://u:p?w@h:1/d?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fa%20b/ca.crt",
                "postgresql://u:p?w@h:1/d?connect_timeout=3",
            ),
            ("postgres://h/d?sslrootcert=/a%20b/ca.crt&sslmode=verify-full", "postgres://h/d"),
            (
                r"host=h password = 'x sslmode=disable \' y' sslmode = verify-full sslrootcert='/a b/ca.crt' user=u",
                r"host=h password = 'x sslmode=disable \' y' user=u ",
            ),
            (r"sslrootcert=/a\ b/ca.crt sslmode='verify-full'", ""),
        ] {
            let expected = (rest.to_owned(), Some(Mode::VerifyFull), root.clone());
            assert_eq!(given(url), expected, "{url}");
        }
        let plain = "postgresql://u@h/d?application_name=x";
        assert_eq!(given(plain), (plain.to_owned(), None, None));
    }

    #[test]
    fn each_mode_trusts_as_libpq_does() {
        let file = || PathBuf::from("/ca.crt");
        let root = || Some("/ca.crt".to_owned());
        assert_eq!(trust(Some(Mode::Disable), root()).unwrap(), None);
        assert_eq!(trust(None, root()).unwrap(), Some(Trust::Any));
        assert_eq!(trust(Some(Mode::Require), root()).unwrap(), Some(Trust::Authority(file())));
        assert_eq!(trust(Some(Mode::VerifyCa), root()).unwrap(), Some(Trust::Authority(file())));
        let full = trust(Some(Mode::VerifyFull), root()).unwrap();
        assert_eq!(full, Some(Trust::AuthorityAndName(file())));
        let system = || Some(SYSTEM_ROOTS.to_owned());
        assert_eq!(trust(None, system()).unwrap(), Some(Trust::System));
        assert!(trust(Some(Mode::Require), system()).is_err());
    }

    #[test]
    fn what_can_not_be_honoured_is_refused_and_repeats_no_password() {
        for (url, why) in [
            ("postgresql://u:hidden@h/d?sslmode=allow", "sslmode must be"),
            (
                "postgresql://u:hidden@h/d?sslmode=verify-ca&sslrootcert=/nowhere.crt",
                "/nowhere.crt",
            ),
            ("postgresql://u:hidden@h/d?sslmode=require&sslrootcert=system", "verify-full"),
            ("postgresql://u:hidden@h/d?nonsense=hidden", "not a PostgreSQL connection string"),
            ("hidden", "not a PostgreSQL connection string"),
        ] {
            let refusal = refusal(url);
            assert!(refusal.contains(why), "{url}: {refusal}");
            assert!(!refusal.contains("hidden"), "{refusal}");
        }
    }
}
