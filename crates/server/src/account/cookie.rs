//! The cookies of pages: who is signed in, and what forms before that are bound to.

use crate::cookies::cookie;
use http::{HeaderMap, HeaderValue};

/// A cookie of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// A value without a meaning, for forms of those who are not signed in.
    Visitor,
}

impl Cookie {
    /// The name. The prefix has browsers refuse one that another host or plain text would set
    /// (RFC 6265bis §4.1.3.2).
    fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Session, true) => "__Host-mainstay-session",
            (Self::Session, false) => "mainstay-session",
            (Self::Visitor, true) => "__Host-mainstay-visitor",
            (Self::Visitor, false) => "mainstay-visitor",
        }
    }

    /// The value that a request has.
    pub(crate) fn read(self, headers: &HeaderMap, is_secure: bool) -> Option<&str> {
        cookie(headers, self.name(is_secure)).filter(|value| !value.is_empty())
    }

    /// The header that sets it, until the browser closes.
    pub(crate) fn set(self, value: &str, is_secure: bool) -> Option<HeaderValue> {
        let (name, secure) = (self.name(is_secure), if is_secure { "; Secure" } else { "" });
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&line).ok()
    }

    /// The header that removes it.
    pub(crate) fn remove(self, is_secure: bool) -> Option<HeaderValue> {
        let (name, secure) = (self.name(is_secure), if is_secure { "; Secure" } else { "" });
        let line = format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("x=1; not-mainstay-session=2"));
        headers.append(COOKIE, HeaderValue::from_static("mainstay-session=3; mainstay-visitor="));
        assert_eq!(Cookie::Session.read(&headers, false), Some("3"));
        assert_eq!(Cookie::Session.read(&headers, true), None);
        assert_eq!(Cookie::Visitor.read(&headers, false), None);
    }

    #[test]
    fn a_cookie_is_for_this_host_and_no_script() {
        let line = Cookie::Session.set("v", true).unwrap();
        let expected = "__Host-mainstay-session=v; Path=/; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(line, expected);
        assert!(Cookie::Session.set("a\r\nb", true).is_none());
    }
}
