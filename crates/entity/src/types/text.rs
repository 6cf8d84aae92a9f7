use crate::error::{Error, Result};
use std::fmt;
use std::ops::Deref;

/// Text of at most `MAX` code points and without NUL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: u32>(String);

impl<const MAX: u32> Text<MAX> {
    /// Checks and wraps a text.
    ///
    /// # Errors
    /// [`Error::is_too_long`] or [`Error::is_unsupported_text`].
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        check_text(&text, Some(MAX))?;
        Ok(Self(text))
    }

    /// The text itself.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: u32> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: u32> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Checks that both engines can hold a text and that it fits its column.
///
/// # Errors
/// [`Error::is_too_long`] or [`Error::is_unsupported_text`].
pub(crate) fn check_text(text: &str, max: Option<u32>) -> Result<()> {
    if text.contains('\0') {
        return Err(Error::unsupported_text("text can't hold the character U+0000"));
    }
    let Some(max) = max else { return Ok(()) };
    // Bytes bound code points from above, so short texts need no count.
    if text.len() > max as usize {
        let length = text.chars().count();
        if length > max as usize {
            return Err(Error::too_long(format!(
                "expected at most {max} characters, got {length}"
            )));
        }
    }
    Ok(())
}
