//! Telephone numbers.

use crate::auth_error::AuthError;

/// Digits of a number with its country's code (ITU-T E.164 §6).
const DIGITS: std::ops::RangeInclusive<usize> = 2..=15;

/// A number as rows hold it: `+` and digits.
///
/// # Errors
/// [`AuthCode::ValidationFailed`](crate::AuthCode::ValidationFailed) for what is no number with its
/// country's code.
pub fn normalize_phone(text: &str) -> Result<String, AuthError> {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = DIGITS.contains(&digits.len())
        && digits.bytes().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0');
    if is_number {
        Ok(format!("+{digits}"))
    } else {
        Err(AuthError::invalid("Invalid phone number format (E.164 required)"))
    }
}

#[cfg(test)]
mod tests {
    use super::normalize_phone;

    #[test]
    fn numbers_have_a_country_and_digits_alone() {
        assert_eq!(normalize_phone(" 4915112345678 ").ok().as_deref(), Some("+4915112345678"));
        assert_eq!(normalize_phone("+14155550100").ok().as_deref(), Some("+14155550100"));
        for wrong in
            ["", "+", "+1", "+0123", "015112345678", "++49151", "+49 151", "+1234567890123456"]
        {
            assert!(normalize_phone(wrong).is_err(), "{wrong}");
        }
    }
}
