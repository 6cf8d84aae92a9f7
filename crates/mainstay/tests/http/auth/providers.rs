//! Signing in through others: an issuer of OpenID Connect, and GitHub.

mod arrivals;
mod bad_input;
mod elsewhere;
mod linking;

use super::{Value, ask, public, set_auth, text, with_token};
use crate::server::{Caller, Reply, Server};
use elsewhere::{CLIENT, Elsewhere, SECRET};
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;

const SITE: &str = "https://app.example.com";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A server with a provider `okta` and a GitHub, both of which are `elsewhere`.
async fn with_providers(server: &mut Server) -> Arc<Elsewhere> {
    let elsewhere = Elsewhere::start().await;
    serve_with(server, &elsewhere, "outbound_networks = [\"127.0.0.0/8\"]");
    set_auth(server, json!({ "signup": true, "site_url": SITE })).await;
    elsewhere
}

fn serve_with(server: &mut Server, elsewhere: &Elsewhere, settings: &str) {
    let url = &elsewhere.url;
    let client = format!("client_id = {CLIENT:?}\nclient_secret = {SECRET:?}\n");
    let file = format!(
        "{settings}\n[providers.okta]\nissuer = {url:?}\n{client}client_ids = \"our-app\"\n\
         [providers.github]\nurl = {url:?}\n{client}"
    );
    let path = server.data.path().join("mainstay.toml");
    std::fs::write(&path, file).unwrap();
    server.restart_with(&["--config", path.to_str().unwrap()]);
}

/// What a provider says of Ada.
fn ada() -> Value {
    json!({ "sub": "ada-1", "email": "Ada@example.com", "email_verified": true, "name": "Ada" })
}

/// A browser, which follows no redirect by itself.
struct Browser<'a> {
    server: &'a Server,
    client: reqwest::Client,
    cookie: Option<String>,
}

/// A page that a browser shows, or where it goes on.
#[derive(Debug)]
struct Page {
    status: StatusCode,
    location: Option<String>,
    text: String,
}

impl Page {
    fn away(&self) -> &str {
        self.location.as_deref().unwrap_or_else(|| panic!("{self:?}"))
    }

    /// A parameter of the address that it goes on to, in query or fragment.
    fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.away().split(['?', '#', '&']);
        let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
        Some(value.replace("%20", " "))
    }
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self { server, client: client.build().unwrap(), cookie: None }
    }

    async fn open(&mut self, url: &str) -> Page {
        self.send(self.client.get(url)).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get(SET_COOKIE) {
            let line = set.to_str().unwrap();
            let attributes = "Path=/auth/v1/callback; Max-Age=600; HttpOnly; SameSite=Lax";
            assert!(line.ends_with(attributes), "{line}");
            self.cookie = Some(line.split(';').next().unwrap().to_owned());
        }
        let location = response.headers().get(LOCATION);
        let location = location.map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        Page { status, location, text: response.text().await.unwrap() }
    }

    /// Goes to a provider; gives where that sends it back to.
    async fn depart(&mut self, provider: &str, further: &str) -> String {
        let organization = self.server.organization_id(0);
        let address = format!(
            "{}/auth/v1/authorize?provider={provider}&organization_id={organization}{further}",
            self.server.url
        );
        self.visit(&address).await
    }

    async fn visit(&mut self, address: &str) -> String {
        let page = self.open(address).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
        self.open(page.away()).await.away().to_owned()
    }

    /// Goes to a provider and comes back.
    async fn go(&mut self, provider: &str, further: &str) -> Page {
        let back = self.depart(provider, further).await;
        self.open(&back).await
    }
}

/// The session of a browser that has come back.
fn session(page: &Page) -> Value {
    json!({
        "access_token": page.parameter("access_token").unwrap_or_else(|| panic!("{page:?}")),
        "refresh_token": page.parameter("refresh_token"),
    })
}

/// The person of a session.
async fn user(server: &Server, session: &Value) -> Value {
    let reply = ask(server, &with_token(server, session), Method::GET, "user", Value::Null).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    reply.json()
}

async fn with_id_token(server: &Server, caller: &Caller, body: Value) -> Reply {
    ask(server, caller, Method::POST, "token?grant_type=id_token", body).await
}

async fn exchange(server: &Server, code: &str, verifier: &str) -> Reply {
    let body = json!({ "auth_code": code, "code_verifier": verifier });
    ask(server, &public(server), Method::POST, "token?grant_type=pkce", body).await
}

/// The names of the providers of a person's identities.
fn providers(user: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        user["identities"].as_array().unwrap().iter().map(|own| text(&own["provider"])).collect();
    names.sort_unstable();
    names
}
