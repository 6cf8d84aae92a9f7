use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// Digits of the largest value, 2^256 - 1.
const U256_DIGITS: usize = 78;
const MAX: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

/// An unsigned 256-bit integer, kept as decimal digits without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct U256(String);

impl FromStr for U256 {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Error::invalid_value(format!(
                "expected an unsigned integer in decimal digits, got \"{text}\""
            )));
        }
        let digits = text.trim_start_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        if digits.len() > U256_DIGITS || (digits.len() == U256_DIGITS && digits > MAX) {
            return Err(Error::out_of_range("expected an integer below 2^256"));
        }
        Ok(Self(digits.to_owned()))
    }
}

impl fmt::Display for U256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
