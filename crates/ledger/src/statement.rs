//! What a log states under its signature beside checkpoints.
//!
//! A statement is a signed note by the log's key. Its first line names its form, so that no
//! checkpoint or other statement can be taken for it; then follow lines `name value` in fixed
//! order.

mod export;
mod reanchor;
mod receipt;
mod tombstone;

pub use export::ExportStatement;
pub use reanchor::Reanchor;
pub use receipt::Receipt;
pub use tombstone::Tombstone;

use crate::error::{Error, Result};
use crate::text::{Lines, is_line};

/// The longest reason or policy name in bytes.
pub const MAX_REASON_LEN: usize = 1000;

fn open<'a>(what: &'static str, header: &str, text: &'a str) -> Result<Lines<'a>> {
    let mut lines = Lines::new(what, text);
    if lines.next()? != header {
        return Err(lines.error("its first line is another"));
    }
    Ok(lines)
}

/// A time in microseconds since 1970.
fn read_time(lines: &mut Lines<'_>, label: &'static str) -> Result<i64> {
    let time = lines.labelled(label)?;
    let time = lines.decimal(time)?;
    time.try_into().map_err(|_| lines.error("a time is too large"))
}

fn check_time(what: &'static str, time_micros: i64) -> Result<()> {
    if time_micros < 0 { Err(Error::malformed(what, "a time is before 1970")) } else { Ok(()) }
}

fn check_line(what: &'static str, text: &str) -> Result<()> {
    if is_line(text) && text.len() <= MAX_REASON_LEN {
        Ok(())
    } else {
        Err(Error::malformed(what, "a text is empty, too long or has control characters"))
    }
}
