//! Where a request comes from.

use crate::app::App;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use mainstay_kernel::Origin;
use std::net::IpAddr;
use std::sync::Arc;

/// Names a request, in both directions.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");
/// Longest identifier that a client may give a request.
const ID_LENGTH_MAX: usize = 128;
/// Proxies of a chain that are looked at.
const PROXIES_MAX: usize = 32;

/// The origin of the request that a handler works on.
#[derive(Clone)]
pub(crate) struct RequestOrigin(pub(crate) Arc<Origin>);

/// Describes a request; it keeps the identifier that a client or proxy gave it, if that is sane.
pub(crate) fn describe(app: &App, headers: &HeaderMap, peer: IpAddr) -> Origin {
    let request_id = identifier(headers, &REQUEST_ID)
        .unwrap_or_else(|| app.request_ids.next(app.clock.now()).to_string());
    Origin {
        request_id: Some(request_id),
        ip_address: Some(client_address(headers, peer, &app.settings.trusted_proxies)),
        user_agent: headers
            .get(http::header::USER_AGENT)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        correlation_id: identifier(headers, &CORRELATION_ID),
    }
}

/// An identifier in a header: letters, digits and `-_.:/+=`, which no log or page misreads.
fn identifier(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    let is_sane = |c: u8| c.is_ascii_alphanumeric() || b"-_.:/+=".contains(&c);
    let fits = !text.is_empty() && text.len() <= ID_LENGTH_MAX && text.bytes().all(is_sane);
    fits.then(|| text.to_owned())
}

/// The address of the client: the peer, or behind trusted proxies the last address in
/// `X-Forwarded-For` that is none of them. What stands before it is the client's own claim.
fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut client = peer.to_canonical();
    if trusted.is_empty() || !is_trusted(&client) {
        return client;
    }
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for text in forwarded.iter().rev().take(PROXIES_MAX) {
        let Ok(address) = text.trim().parse::<IpAddr>() else {
            break;
        };
        client = address.to_canonical();
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        client_address(&headers, peer.parse().unwrap(), &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_say_who_the_client_is() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["198.51.100.7, nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("::ffff:192.0.2.1", &[]), "192.0.2.1");
    }

    #[test]
    fn identifiers_hold_nothing_that_a_log_misreads() {
        for (given, kept) in
            [("abc-1.2_3", true), ("", false), ("a b", false), ("a\"b", false), ("<x>", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert("x-request-id", HeaderValue::from_str(given).unwrap());
            assert_eq!(identifier(&headers, &REQUEST_ID).is_some(), kept, "{given:?}");
        }
        let mut headers = HeaderMap::new();
        let long = "a".repeat(ID_LENGTH_MAX + 1);
        headers.insert("x-request-id", HeaderValue::from_str(&long).unwrap());
        assert_eq!(identifier(&headers, &REQUEST_ID), None);
    }
}
