//! ID tokens that hold, and every way in which they don't.

use super::{Expected, Nonce, Unfit, verify};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://issuer.example";

struct Signer {
    key: EncodingKey,
    jwk: Jwk,
}

impl Signer {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EncodingKey::from_ec_der(pkcs8.as_ref());
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        jwk.common.key_id = Some(id.to_owned());
        Self { key, jwk }
    }

    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = self.jwk.common.key_id.clone();
        encode(&header, claims, &self.key).unwrap()
    }
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "ada", "aud": "us", "iat": NOW - 1, "exp": NOW + 300, "nonce": "n",
    })
}

/// The claims with some others; null takes one away.
fn with(changes: &Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn check(token: &str, keys: &[Jwk], nonce: Nonce<'_>) -> Result<String, Unfit> {
    let now = Timestamp::from_second(NOW).unwrap();
    let client_ids = ["us", "our-app"];
    let expected = Expected { issuer: ISSUER, client_ids: &client_ids, nonce, now };
    verify(token, keys, &expected).map(|(subject, _)| subject)
}

#[test]
fn a_token_says_who_somebody_is() {
    let signer = Signer::new("1");
    for changes in [
        json!({}),
        json!({ "aud": ["us"] }),
        json!({ "aud": ["us", "our-app"], "azp": "our-app" }),
        json!({ "aud": "our-app" }),
        // Clocks differ a little.
        json!({ "iat": NOW + 30, "nbf": NOW + 30 }),
        json!({ "exp": NOW - 30 }),
    ] {
        let token = signer.sign(&with(&changes));
        let keys = [Signer::new("2").jwk, signer.jwk.clone()];
        assert_eq!(check(&token, &keys, Nonce::Own("n")), Ok("ada".to_owned()), "{changes}");
    }
}

#[test]
fn a_token_that_says_something_else_does_not_hold() {
    let signer = Signer::new("1");
    for (changes, why) in [
        (json!({ "iss": "https://evil.example" }), "it is of another issuer"),
        (json!({ "iss": null }), "it is of another issuer"),
        (json!({ "aud": "them" }), "it is for another client"),
        (json!({ "aud": null }), "it is for another client"),
        (json!({ "aud": [] }), "it is for another client"),
        (json!({ "aud": ["us", "them"] }), "it is for another client"),
        (json!({ "azp": "them" }), "it is for another client"),
        (json!({ "exp": NOW - 60 }), "its time has passed"),
        (json!({ "exp": null }), "it does not say for how long it holds"),
        (json!({ "exp": "soon" }), "it does not say for how long it holds"),
        (json!({ "iat": null }), "it does not say for how long it holds"),
        (json!({ "iat": NOW + 61 }), "it is of the future"),
        (json!({ "nbf": NOW + 61 }), "it is of the future"),
        (json!({ "nonce": "m" }), "its nonce is another one"),
        (json!({ "nonce": null }), "its nonce is another one"),
        (json!({ "sub": null }), "it does not say who somebody is"),
        (json!({ "sub": "" }), "it does not say who somebody is"),
        (json!({ "sub": 7 }), "it does not say who somebody is"),
        (json!({ "sub": "a".repeat(256) }), "it does not say who somebody is"),
    ] {
        let token = signer.sign(&with(&changes));
        let keys = [signer.jwk.clone()];
        assert_eq!(check(&token, &keys, Nonce::Own("n")), Err(Unfit::Wrong(why)), "{changes}");
    }
}

#[test]
fn a_signature_of_another_key_or_kind_does_not_hold() {
    let signer = Signer::new("1");
    let keys = [signer.jwk.clone()];
    let own = |token: &str| check(token, &keys, Nonce::Own("n"));
    // Another key under the same name, and one that nobody knows.
    let stolen_name = Signer::new("1").sign(&claims());
    assert_eq!(own(&stolen_name), Err(Unfit::Wrong("its signature does not hold")));
    assert_eq!(own(&Signer::new("2").sign(&claims())), Err(Unfit::UnknownKey));
    // What was signed, changed.
    let token = signer.sign(&claims());
    let parts: Vec<&str> = token.split('.').collect();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let changed = part(&with(&json!({ "sub": "eve" })));
    let changed = format!("{}.{changed}.{}", parts[0], parts[2]);
    assert_eq!(own(&changed), Err(Unfit::Wrong("its signature does not hold")));
    // No signature, under every spelling.
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = part(&json!({ "alg": none, "kid": "1" }));
        let refused = own(&format!("{header}.{}.", parts[1]));
        assert_eq!(refused, Err(Unfit::Wrong("its header is not understood")), "{none}");
    }
    // A MAC whose key is what everybody knows.
    let public = serde_json::to_string(&signer.jwk).unwrap();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let mut header = Header::new(algorithm);
        header.kid = Some("1".to_owned());
        let key = EncodingKey::from_secret(public.as_bytes());
        let refused = own(&encode(&header, &claims(), &key).unwrap());
        let why = "its signature is of a kind that is not taken";
        assert_eq!(refused, Err(Unfit::Wrong(why)), "{algorithm:?}");
    }
    // A key that is not for signatures of this kind.
    for damage in [json!({ "use": "enc" }), json!({ "alg": "ES384" }), json!({ "alg": "HS256" })] {
        let mut jwk = serde_json::to_value(&signer.jwk).unwrap();
        for (name, value) in damage.as_object().unwrap() {
            jwk[name] = value.clone();
        }
        let other: Jwk = serde_json::from_value(jwk).unwrap();
        let refused = check(&token, &[other], Nonce::Own("n"));
        assert_eq!(refused, Err(Unfit::UnknownKey), "{damage}");
    }
    for nonsense in ["", ".", "..", "a.b.c", &"a".repeat(20_000)] {
        assert!(own(nonsense).is_err(), "{nonsense:.20}");
    }
}

#[test]
fn a_token_that_names_no_key_needs_the_only_one() {
    let signer = Signer::new("1");
    let header = Header::new(Algorithm::ES256);
    let token = encode(&header, &claims(), &signer.key).unwrap();
    assert_eq!(
        check(&token, std::slice::from_ref(&signer.jwk), Nonce::Own("n")),
        Ok("ada".to_owned())
    );
    let two = [signer.jwk, Signer::new("2").jwk];
    let why = "it does not say which key signed it";
    assert_eq!(check(&token, &two, Nonce::Own("n")), Err(Unfit::Wrong(why)));
}

/// As Supabase Auth does: the provider sees a hash, so that a stolen token is of no use.
#[test]
fn whoever_shows_a_token_knows_what_its_nonce_is_the_hash_of() {
    let signer = Signer::new("1");
    let keys = [signer.jwk.clone()];
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let hashed = signer.sign(&with(&json!({ "nonce": hash })));
    let without = signer.sign(&with(&json!({ "nonce": null })));
    assert!(check(&hashed, &keys, Nonce::Hashed(Some("test"))).is_ok());
    assert!(check(&without, &keys, Nonce::Hashed(None)).is_ok());
    for (token, nonce) in
        [(&hashed, Some("tes")), (&hashed, Some(hash)), (&hashed, None), (&without, Some("test"))]
    {
        let refused = check(token, &keys, Nonce::Hashed(nonce));
        assert_eq!(refused, Err(Unfit::Wrong("its nonce is another one")), "{nonce:?}");
    }
}
