//! What can go wrong, told without any byte of a key or a value.

use std::{io, path::PathBuf};

use crate::KeyId;

/// The result of a vault operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the vault refused. Neither its text nor its `Debug` contains key or value bytes.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Kind);

impl Error {
    /// Whether an envelope or wrapped key was altered, cut short, or moved to another place
    /// (organisation, table, column, row, purpose or subject).
    pub fn is_tampered(&self) -> bool {
        matches!(self.0, Kind::Tampered)
    }

    /// Whether another key than the one given is needed.
    pub fn is_wrong_key(&self) -> bool {
        matches!(self.0, Kind::WrongKey { .. } | Kind::ForeignOrganization)
    }

    /// Whether the bytes are of a format that this release does not know.
    pub fn is_unsupported_format(&self) -> bool {
        matches!(self.0, Kind::UnsupportedVersion(_) | Kind::UnsupportedAlgorithm(_) | Kind::Epoch)
    }

    /// Whether the file of the master key is missing, unsafe, damaged or could not be written.
    pub fn is_key_file(&self) -> bool {
        matches!(self.0, Kind::KeyFile { .. })
    }

    /// Whether there is no master key file at that path yet.
    pub fn is_key_file_missing(&self) -> bool {
        matches!(&self.0, Kind::KeyFile { problem: KeyFileProblem::Io(error), .. }
            if error.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the text given as master key is not 32 bytes in hexadecimal or base64.
    pub fn is_key_text(&self) -> bool {
        matches!(self.0, Kind::KeyText)
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Kind {
    #[error("the encrypted value was altered, cut short or moved from its place")]
    Tampered,
    #[error("the encrypted value needs key {needed}, not {given}")]
    WrongKey { needed: KeyId, given: KeyId },
    #[error("the key and the value belong to different organisations")]
    ForeignOrganization,
    #[error("format version {0} of encrypted values is not supported by this release")]
    UnsupportedVersion(u8),
    #[error("encryption algorithm {0} is not supported by this release")]
    UnsupportedAlgorithm(u8),
    #[error("keys wrapped by an epoch key are not supported by this release")]
    Epoch,
    #[error("the value is too long to encrypt")]
    TooLong,
    #[error("master key file {}: {problem}", path.display())]
    KeyFile { path: PathBuf, problem: KeyFileProblem },
    #[error("a master key is 32 bytes, as 64 hexadecimal digits or in base64")]
    KeyText,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileProblem {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("not a regular file")]
    NotAFile,
    #[error("mode {0:04o} lets others than its owner use it; set it to 0600")]
    Permissions(u32),
    #[error("does not hold 32 bytes as 64 hexadecimal digits or in base64")]
    Content,
}
