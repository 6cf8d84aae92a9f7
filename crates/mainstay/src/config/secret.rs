//! Secrets in the configuration: given themselves, or by a file that holds them.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// A text that no message shows. It is serialised only to be merged with other sources.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret that is given itself or by the file that holds it.
pub(super) fn secret(
    name: &str,
    given: Option<Secret>,
    file: Option<&Path>,
) -> Result<Option<Secret>> {
    match (given, file) {
        (Some(_), Some(_)) => bail!("both {name} and {name}_file are set; set one of them"),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("{name}_file: can't read {}", file.display()))?;
            Ok(Some(Secret(text.trim().to_owned())))
        }
        (given, None) => Ok(given),
    }
}
