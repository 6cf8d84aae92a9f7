//! Why a request got no answer.

/// A request that got no answer. It names the host at most: the rest of an address may hold what no
/// log should.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    kind: Kind,
}

#[derive(Debug, thiserror::Error)]
enum Kind {
    #[error("{0} is in a network that the operator does not allow requests to")]
    Private(String),
    #[error("{0}: expected https")]
    Plain(String),
    #[error("the answer of {host} is longer than {bytes_max} bytes")]
    TooLong { host: String, bytes_max: usize },
    #[error("{host} did not answer in time")]
    Timeout { host: String },
    #[error("{host} can't be asked: {cause}")]
    Failed { host: String, cause: String },
    #[error("the HTTP client can't be made: {0}")]
    Client(String),
}

impl Error {
    /// Whether it was not even tried, as the address is none that may be asked.
    pub fn is_refused(&self) -> bool {
        matches!(self.kind, Kind::Private(_) | Kind::Plain(_))
    }

    /// Whether the answer took too long.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, Kind::Timeout { .. })
    }

    pub(crate) fn private(host: &str) -> Self {
        Kind::Private(host.to_owned()).into()
    }

    pub(crate) fn plain(host: &str) -> Self {
        Kind::Plain(host.to_owned()).into()
    }

    pub(crate) fn too_long(host: &str, bytes_max: usize) -> Self {
        Kind::TooLong { host: host.to_owned(), bytes_max }.into()
    }

    /// The client itself could not be made.
    pub(crate) fn client(error: &reqwest::Error) -> Self {
        Kind::Client(root(error)).into()
    }

    pub(crate) fn of(error: &reqwest::Error, host: &str) -> Self {
        let host = host.to_owned();
        if error.is_timeout() {
            return Kind::Timeout { host }.into();
        }
        let refused = causes(error).any(<dyn std::error::Error>::is::<Private>);
        if refused {
            Self::private(&host)
        } else {
            Kind::Failed { host, cause: root(error) }.into()
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind }
    }
}

/// A name has no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("no address of the name may be asked")]
pub(crate) struct Private;

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
}

/// The last cause says most: whether the name, the address or the port is wrong.
fn root(error: &reqwest::Error) -> String {
    // reqwest's own text would repeat the address.
    causes(error).last().map_or_else(|| "the request failed".to_owned(), ToString::to_string)
}
