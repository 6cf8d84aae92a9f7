//! Where a browser may go on to: nobody can have a link of ours lead anywhere else.

use crate::settings::OrganizationAuth;
use http::Uri;

/// Longest address that is looked at, in bytes.
const BYTES_MAX: usize = 2_000;
/// Schemes that run or show what the address itself says.
const UNSAFE_SCHEMES: [&str; 6] = ["javascript", "data", "vbscript", "file", "blob", "about"];

/// Where a browser goes: where it is asked to, if the organisation allows that; else to the
/// organisation's site, else to the server's.
pub(crate) fn target(asked: Option<&str>, organization: &OrganizationAuth, site: &str) -> String {
    let home = organization.site_url.as_deref().filter(|url| is_sane(url)).unwrap_or(site);
    match asked {
        Some(asked) if is_allowed(asked, home, &organization.redirect_urls) => asked.to_owned(),
        _ => home.to_owned(),
    }
}

fn is_allowed(asked: &str, home: &str, patterns: &[String]) -> bool {
    is_sane(asked)
        && (is_below(asked, home) || patterns.iter().any(|pattern| matches(pattern, asked)))
}

/// An address that every browser reads as we do: no user information, no backslash, no control
/// character, no fragment, no path that climbs.
pub(crate) fn is_sane(url: &str) -> bool {
    let is_plain = |c: u8| c.is_ascii_graphic() && !b"\\#<>\"^`{|}".contains(&c);
    if url.len() > BYTES_MAX || !url.bytes().all(is_plain) || url.contains("/../") {
        return false;
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let is_scheme = |c: u8| c.is_ascii_alphanumeric() || b"+-.".contains(&c);
    if scheme.is_empty()
        || !scheme.bytes().all(is_scheme)
        || UNSAFE_SCHEMES.iter().any(|name| name.eq_ignore_ascii_case(scheme))
    {
        return false;
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    !authority.is_empty() && !authority.contains('@') && url.parse::<Uri>().is_ok()
}

/// Whether an address is on a site, at or below its path.
fn is_below(asked: &str, home: &str) -> bool {
    let home = home.trim_end_matches('/');
    let rest = asked.strip_prefix(home);
    !home.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// Whether an address has a form: `**` stands for anything, `*` for anything without `.` and `/`,
/// `?` for one such character, as in Supabase Auth.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    glob(pattern.as_bytes(), text.as_bytes())
}

/// Each star is tried from the shortest on; only the last one is ever taken back, so the time is
/// bounded by the product of the lengths for each kind of star.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let is_open = |c: u8| c != b'.' && c != b'/';
    // reached[i]: whether the pattern read so far matches the first i bytes of the text.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    let mut rest = pattern;
    while let Some((&first, after)) = rest.split_first() {
        let mut next = vec![false; text.len() + 1];
        if let (b'*', Some((b'*', after_both))) = (first, after.split_first()) {
            let mut is_reached = false;
            for (slot, was) in next.iter_mut().zip(&reached) {
                is_reached |= was;
                *slot = is_reached;
            }
            rest = after_both;
        } else if first == b'*' {
            let mut is_reached = false;
            for index in 0..=text.len() {
                is_reached &= index == 0 || is_open(text[index - 1]);
                is_reached |= reached[index];
                next[index] = is_reached;
            }
            rest = after;
        } else {
            for index in 0..text.len() {
                let c = text[index];
                let fits = if first == b'?' { is_open(c) } else { first == c };
                next[index + 1] = reached[index] && fits;
            }
            rest = after;
        }
        reached = next;
    }
    reached[text.len()]
}

/// An address with parameters in its fragment, which no server and no log sees.
pub(crate) fn with_fragment(url: &str, parameters: &[(&str, &str)]) -> String {
    format!("{url}#{}", encoded(parameters))
}

/// An address with more parameters in its query.
pub(crate) fn with_query(url: &str, parameters: &[(&str, &str)]) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{}", encoded(parameters))
}

pub(crate) fn encoded(parameters: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", escape(value));
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Everything but unreserved characters (RFC 3986 §2.3) as percent signs.
pub(crate) fn escape(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)].into());
            out.push(HEX[usize::from(byte & 15)].into());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{matches, target};
    use crate::settings::OrganizationAuth;

    fn goes_to(asked: &str) -> String {
        let organization = OrganizationAuth {
            site_url: Some("https://app.example.com/start".to_owned()),
            redirect_urls: vec![
                "https://*.example.com/welcome".to_owned(),
                "https://docs.example.com/**".to_owned(),
                "com.example.app://callback".to_owned(),
            ],
            ..OrganizationAuth::default()
        };
        target(Some(asked), &organization, "https://mainstay.example.com")
    }

    #[test]
    fn a_browser_goes_where_the_organization_allows() {
        for asked in [
            "https://app.example.com/start",
            "https://app.example.com/start/here?x=1",
            "https://beta.example.com/welcome",
            "https://docs.example.com/a/b.html?c=d",
            "com.example.app://callback",
        ] {
            assert_eq!(goes_to(asked), asked);
        }
    }

    #[test]
    fn a_browser_goes_nowhere_else() {
        for asked in [
            "",
            "https://evil.example",
            "https://app.example.com/elsewhere",
            "https://app.example.com/starting",
            "https://app.example.com.evil.example/start",
            "https://app.example.com@evil.example/start",
            "https://evil.example/.example.com/welcome",
            "https://evil.example?.example.com/welcome",
            "https://a.b.example.com/welcome",
            "https://docs.example.com/\\evil.example",
            "https://docs.example.com/../x",
            "https://docs.example.com/a\r\nSet-Cookie: x",
            "https://docs.example.com/#access_token=x",
            "//evil.example",
            "/relative",
            "javascript://app.example.com/%0aalert(1)",
            "data://app.example.com/start",
        ] {
            assert_eq!(goes_to(asked), "https://app.example.com/start", "{asked:?}");
        }
    }

    #[test]
    fn stars_take_no_more_than_they_may() {
        assert!(matches("https://*.example.com/**", "https://a.example.com/b/c"));
        assert!(matches("http://localhost:????/", "http://localhost:3000/"));
        assert!(!matches("https://*.example.com", "https://a/b.example.com"));
        let (stars, text) = ("**a".repeat(50), "a".repeat(2_000) + "b");
        assert!(!matches(&stars, &text));
    }
}
