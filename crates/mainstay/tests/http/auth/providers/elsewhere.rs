//! A provider on this machine: an issuer of OpenID Connect that says what a test wants, and the
//! parts of GitHub that tell who somebody is, as its documentation has them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::extract::{Form, Query, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use mainstay_kernel::{Clock, SystemClock};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub(super) const CLIENT: &str = "mainstay here";
pub(super) const SECRET: &str = "s3cret:with/signs";

type Shared = State<Arc<Elsewhere>>;
type Parameters = HashMap<String, String>;

/// The provider.
pub(super) struct Elsewhere {
    pub(super) url: String,
    inner: Mutex<Inner>,
}

struct Inner {
    key: EcdsaKeyPair,
    key_id: usize,
    /// What is said of the next one who comes.
    person: Value,
    /// What they were sent with, by the codes that they got.
    codes: HashMap<String, Parameters>,
    requests: usize,
}

impl Elsewhere {
    pub(super) async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            key: new_key(),
            key_id: 1,
            person: Value::Null,
            codes: HashMap::new(),
            requests: 0,
        };
        let elsewhere = Arc::new(Self { url, inner: Mutex::new(inner) });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/login/oauth/authorize", get(authorize))
            .route("/login/oauth/access_token", post(github_token))
            .route("/api/v3/user", get(github_user))
            .route("/api/v3/user/emails", get(github_emails))
            .with_state(elsewhere.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        elsewhere
    }

    /// Says this of the next one who comes: the claims of their ID token.
    pub(super) fn expect(&self, person: Value) {
        self.inner.lock().unwrap().person = person;
    }

    /// Signs with another key from now on.
    pub(super) fn rotate(&self) {
        let mut inner = self.inner.lock().unwrap();
        inner.key = new_key();
        inner.key_id += 1;
    }

    /// Questions that it was asked.
    pub(super) fn requests(&self) -> usize {
        self.inner.lock().unwrap().requests
    }

    /// An ID token with the claims that it has, but for some.
    pub(super) fn id_token(&self, changes: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": self.key_id() });
        let now = SystemClock.now().as_second();
        let mut claims = json!({
            "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.sign(&header, &claims)
    }

    /// Anything, signed.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let inner = self.inner.lock().unwrap();
        let signature = inner.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn key_id(&self) -> String {
        self.inner.lock().unwrap().key_id.to_string()
    }

    /// What somebody was sent with who shows a code, which is good once, with what proves that the
    /// same server asks (RFC 7636 §4.6).
    fn redeem(&self, given: &Parameters) -> Option<Parameters> {
        let mut inner = self.inner.lock().unwrap();
        inner.requests += 1;
        let sent = inner.codes.remove(given.get("code")?)?;
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            given.get("code_verifier")?.as_bytes(),
        );
        let challenge = URL_SAFE_NO_PAD.encode(digest.as_ref());
        let fits = sent.get("code_challenge") == Some(&challenge)
            && sent.get("redirect_uri") == given.get("redirect_uri");
        fits.then_some(sent)
    }

    fn person(&self) -> Value {
        self.inner.lock().unwrap().person.clone()
    }
}

fn new_key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

async fn discovery(State(own): Shared) -> Json<Value> {
    own.inner.lock().unwrap().requests += 1;
    let url = &own.url;
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize?kept=1"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "jwks_uri": format!("{url}/keys"),
    }))
}

async fn keys(State(own): Shared) -> Json<Value> {
    let inner = own.inner.lock().unwrap();
    let point = inner.key.public_key().as_ref();
    Json(json!({ "keys": [
        { "kty": "new", "kid": "of a kind that nobody knows" },
        {
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": inner.key_id.to_string(),
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
        },
    ]}))
}

/// Whoever comes here agrees.
async fn authorize(State(own): Shared, Query(sent): Query<Parameters>) -> Redirect {
    let mut inner = own.inner.lock().unwrap();
    let code = format!("code-{}", inner.codes.len() + inner.requests);
    let back = format!("{}?code={code}&state={}", sent["redirect_uri"], sent["state"]);
    inner.requests += 1;
    inner.codes.insert(code, sent);
    Redirect::to(&back)
}

async fn token(
    State(own): Shared,
    headers: HeaderMap,
    Form(given): Form<Parameters>,
) -> Result<Json<Value>, StatusCode> {
    // Both parts are written as in a form (RFC 6749 §2.3.1).
    let basic = STANDARD.encode("mainstay%20here:s3cret%3Awith%2Fsigns");
    if headers.get("authorization").and_then(|v| v.to_str().ok()) != Some(&format!("Basic {basic}"))
    {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let sent = own.redeem(&given).ok_or(StatusCode::BAD_REQUEST)?;
    let mut claims = own.person();
    if claims["nonce"].is_null() {
        claims["nonce"] = json!(sent["nonce"]);
    }
    // What stands at userinfo alone.
    claims.as_object_mut().unwrap().remove("userinfo");
    let id_token = own.id_token(&claims);
    Ok(Json(json!({ "id_token": id_token, "access_token": "at", "token_type": "Bearer" })))
}

async fn userinfo(State(own): Shared, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    if headers.get("authorization").is_none_or(|value| value != "Bearer at") {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let person = own.person();
    let said = &person["userinfo"];
    Ok(Json(if said.is_null() { json!({ "sub": person["sub"] }) } else { said.clone() }))
}

/// `POST /login/oauth/access_token`: a code that does not hold is answered with 200 too.
async fn github_token(State(own): Shared, Form(given): Form<Parameters>) -> Json<Value> {
    let is_us = given["client_id"] == CLIENT && given["client_secret"] == SECRET;
    match own.redeem(&given).filter(|_| is_us) {
        Some(_) => Json(json!({
            "access_token": "gho_16C7", "token_type": "bearer", "scope": "read:user,user:email",
        })),
        None => Json(json!({ "error": "bad_verification_code" })),
    }
}

fn is_github_token(headers: &HeaderMap) -> bool {
    // GitHub refuses requests that don't say which program asks.
    headers.contains_key("user-agent")
        && headers.get("authorization").is_some_and(|value| value == "Bearer gho_16C7")
}

async fn github_user(State(own): Shared, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    if !is_github_token(&headers) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    // The address here is the one that a person likes to show, verified or not.
    let mut user = json!({
        "login": "octocat", "id": 583_231, "name": "The Octocat", "email": "shown@example.com",
        "avatar_url": "https://example.com/octocat.png", "type": "User",
    });
    user["id"] = own.person()["id"].clone();
    Ok(Json(user))
}

async fn github_emails(State(own): Shared, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    if !is_github_token(&headers) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(Json(own.person()["emails"].clone()))
}
