//! Checkpoints: the size and root of a log at one moment (C2SP tlog-checkpoint).

use std::fmt;

use crate::error::{Error, Result};
use crate::hash::Hash;
use crate::key::{SignerKey, check_name};
use crate::node::MAX_SIZE;
use crate::note::SignedNote;
use crate::text::{Lines, is_line};

/// The state of a log. Displays as the text of its note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The identity of the log, which is also the name of its key.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root of the tree of that size.
    pub root: Hash,
    /// Further lines; Mainstay writes none.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extensions.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the origin is empty or has spaces or a plus, or the size is
    /// above `MAX_SIZE`.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self> {
        check_name(origin)?;
        if size > MAX_SIZE {
            return Err(Error::malformed("checkpoint", "its size is too large"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Reads the text of a checkpoint's note.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for any other text.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut lines = Lines::new("checkpoint", text);
        let origin = lines.next()?.to_owned();
        let size = lines.next()?;
        let size = lines.decimal(size)?;
        let root = Hash::from_base64(lines.next()?)?;
        let mut extensions = Vec::new();
        while !lines.rest().is_empty() {
            extensions.push(lines.next()?.to_owned());
        }
        if size > MAX_SIZE || !is_line(&origin) || !extensions.iter().all(|line| is_line(line)) {
            return Err(lines.error("a line is empty or the size too large"));
        }
        Ok(Self { origin, size, root, extensions })
    }

    /// The checkpoint, signed by its log.
    ///
    /// # Errors
    /// [`Error::is_untrusted`] when the key is another log's; [`Error::is_malformed`] when a line
    /// can't stand in a note.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedNote> {
        check_origin(&self.origin, key.name())?;
        let text = self.to_string();
        Self::from_text(&text)?;
        SignedNote::sign(text, key)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

pub(crate) fn check_origin(found: &str, expected: &str) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let (expected, found) = (expected.to_owned(), found.to_owned());
    Err(crate::error::Kind::Origin { expected, found }.into())
}
