//! Where requests go, and where not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use mainstay_outbound::{Answer, Error, HeaderMap, Limits, Method, Outbound, StatusCode, Url};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A server on this machine that answers each connection with the same bytes.
async fn server(answer: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    port
}

fn outbound(allowed: &[&str], limits: &Limits) -> Outbound {
    let allowed: Vec<_> = allowed.iter().map(|net| net.parse().unwrap()).collect();
    Outbound::new(&allowed, limits).unwrap()
}

async fn get(outbound: &Outbound, url: &str) -> Result<Answer, Error> {
    let url = Url::parse(url).unwrap();
    outbound.send(Method::GET, url, HeaderMap::new(), "").await
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

#[tokio::test]
async fn a_private_network_is_asked_only_where_that_is_allowed() {
    let port = server(HELLO).await;
    let limits = Limits::default();
    // A name and every spelling of the address.
    for host in ["localhost", "127.0.0.1", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/secret");
            let error = get(&outbound(&[], &limits), &url).await.unwrap_err();
            assert!(error.is_refused(), "{url}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("http://{host}:{port}/");
        let answer = get(&outbound(&["127.0.0.0/8"], &limits), &url).await.unwrap();
        assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"hello"[..]));
        let error = get(&outbound(&["10.0.0.0/8"], &limits), &url).await.unwrap_err();
        assert!(error.is_refused(), "{error}");
    }
}

#[tokio::test]
async fn the_internet_is_asked_with_tls_alone() {
    let outbound = outbound(&[], &Limits::default());
    for url in ["http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd"] {
        let error = get(&outbound, url).await.unwrap_err();
        assert!(error.is_refused(), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let away = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let url = format!("http://127.0.0.1:{}/", server(away).await);
    let answer = get(&outbound(&["127.0.0.0/8"], &Limits::default()), &url).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND);
}

#[tokio::test]
async fn an_answer_is_bounded_in_size_and_time() {
    let limits = Limits { bytes_max: 4, ..Limits::default() };
    let url = format!("http://127.0.0.1:{}/", server(HELLO).await);
    let error = get(&outbound(&["127.0.0.0/8"], &limits), &url).await.unwrap_err();
    assert!(!error.is_timeout() && error.to_string().contains("4 bytes"), "{error}");

    let limits = Limits { total: Duration::from_millis(200), ..Limits::default() };
    let url = format!("http://127.0.0.1:{}/", server("HTTP/1.1 200 OK\r\n").await);
    let never = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
    let slow = format!("http://127.0.0.1:{}/", server(never).await);
    let outbound = outbound(&["127.0.0.0/8"], &limits);
    for url in [url, slow] {
        let error = get(&outbound, &url).await.unwrap_err();
        assert!(error.is_timeout() || error.to_string().contains("can't be asked"), "{error}");
    }
}
