//! The cookies that a request has.

use http::HeaderMap;
use http::header::COOKIE;

/// The value of a cookie, by its whole name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(given, _)| given.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::cookie;
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("x=1; mainstay-flow-12=a"));
        headers.append(COOKIE, HeaderValue::from_static("mainstay-flow-1=b=c"));
        assert_eq!(cookie(&headers, "mainstay-flow-1"), Some("b=c"));
        assert_eq!(cookie(&headers, "mainstay-flow-12"), Some("a"));
        assert_eq!(cookie(&headers, "mainstay-flow"), None);
    }
}
