//! E-mail addresses that may name an account.

use crate::auth_error::AuthError;

/// Longest local part, in bytes (RFC 5321 §4.5.3.1.1).
const LOCAL_BYTES_MAX: usize = 64;
/// Longest address, in bytes (RFC 5321 §4.5.3.1.3, without the angle brackets).
const BYTES_MAX: usize = 254;
/// Longest label of a domain, in bytes (RFC 1035 §2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// The domain of those who gave no address; it never has a mailbox (RFC 2606 §2).
pub(crate) const ANONYMOUS_DOMAIN: &str = "anonymous.invalid";

/// The one form of an address: trimmed and in lower case.
///
/// Addresses are ASCII: letters that look alike, or that lower-casing makes alike, would let two
/// people have what looks like one address.
///
/// # Errors
/// For a text that is no address.
pub(crate) fn normalize(given: &str) -> Result<String, AuthError> {
    let given = given.trim();
    if is_address(given) {
        Ok(given.to_ascii_lowercase())
    } else {
        Err(AuthError::invalid("Unable to validate email address: invalid format"))
    }
}

/// The one form of a domain of addresses: in lower case, without a dot at its end.
///
/// # Errors
/// For a text that is no domain.
pub(crate) fn normalize_domain(given: &str) -> Result<String, AuthError> {
    let given = given.trim().trim_end_matches('.');
    if given.len() < BYTES_MAX && is_domain(given) {
        Ok(given.to_ascii_lowercase())
    } else {
        Err(AuthError::invalid("domain: expected a domain such as example.com"))
    }
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    text.len() <= BYTES_MAX && is_local_part(local) && is_domain(domain)
}

/// A dot-string (RFC 5321 §4.1.2); quoted ones are not accepted.
fn is_local_part(local: &str) -> bool {
    let is_atext = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    local.len() <= LOCAL_BYTES_MAX
        && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= LABEL_BYTES_MAX
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.')
        && domain.split('.').all(is_label)
        && !domain.eq_ignore_ascii_case(ANONYMOUS_DOMAIN)
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn an_address_has_one_form() {
        for given in ["ada@example.com", " Ada@Example.COM ", "ADA@EXAMPLE.com"] {
            assert_eq!(normalize(given).ok().as_deref(), Some("ada@example.com"), "{given}");
        }
    }

    #[test]
    fn what_is_no_address_or_looks_like_another_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for given in [
            "",
            "a",
            "@example.com",
            "a@",
            "a@b",
            "xx:;x@x.x",
            "a..b@example.com",
            "a b@example.com",
            "a@exa_mple.com",
            "a@-example.com",
            "a@example.com\0",
            "a@b@example.com",
            "\u{212a}@example.com",
            "\u{ff41}da@example.com",
            "ada@ex\u{430}mple.com",
            "x@anonymous.invalid",
            &long,
        ] {
            assert!(normalize(given).is_err(), "{given:?}");
        }
    }
}
