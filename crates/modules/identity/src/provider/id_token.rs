//! ID tokens: who somebody is, signed by the provider (OpenID Connect Core 1.0 §3.1.3.7).

use crate::provider::arrival::SUBJECT_MAX;
use crate::provider::settings::GOOGLE;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use mainstay_vault::{constant_time_eq, hash_token};
use serde_json::{Map, Value};

/// Signatures that anybody can check. Not `none`, and no MAC: its key would be the client's secret,
/// or with a confused verifier the public key itself (RFC 8725 §2.1).
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];
/// Longest token that is looked at, in bytes.
const BYTES_MAX: usize = 16 * 1024;
/// Clocks may differ by so many seconds.
const LEEWAY: i64 = 60;
/// What Google also calls itself in its tokens.
const GOOGLE_ITSELF: &str = "accounts.google.com";

/// What a token must say.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    /// Our own identifiers there.
    pub(crate) client_ids: &'a [&'a str],
    pub(crate) nonce: Nonce<'a>,
    pub(crate) now: Timestamp,
}

/// What binds a token to the one who asked for it.
pub(crate) enum Nonce<'a> {
    /// The server asked with this one.
    Own(&'a str),
    /// A client asked with the SHA-256 of this one in hexadecimal, as Supabase's clients do; with
    /// none at all if it has none. Whoever finds the token does not know it.
    Hashed(Option<&'a str>),
}

/// Why a token does not hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// None of the known keys is the one that it names.
    UnknownKey,
    /// Something else.
    Wrong(&'static str),
}

/// The claims of a token that holds, with the person's identifier.
pub(crate) fn verify(
    token: &str,
    keys: &[Jwk],
    expected: &Expected<'_>,
) -> Result<(String, Map<String, Value>), Unfit> {
    if token.len() > BYTES_MAX {
        return Err(Unfit::Wrong("it is too long"));
    }
    let header = decode_header(token).map_err(|_| Unfit::Wrong("its header is not understood"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Unfit::Wrong("its signature is of a kind that is not taken"));
    }
    if header.crit.is_some() {
        return Err(Unfit::Wrong("its header asks for what is not known here"));
    }
    let key = key_for(&header, keys)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| Unfit::Wrong("its key is damaged"))?;
    let mut validation = Validation::new(header.alg);
    // What it says is checked below: time is an argument here.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<Map<String, Value>>(token, &key, &validation)
        .map_err(|_| Unfit::Wrong("its signature does not hold"))?
        .claims;
    let subject = check(&claims, expected).map_err(Unfit::Wrong)?.to_owned();
    Ok((subject, claims))
}

/// The key that a token says it is signed with; the only fitting one if it says none.
fn key_for<'a>(header: &Header, keys: &'a [Jwk]) -> Result<&'a Jwk, Unfit> {
    let mut fitting = keys.iter().filter(|key| fits(key, header.alg));
    if let Some(id) = &header.kid {
        let named = fitting.find(|key| key.common.key_id.as_ref() == Some(id));
        return named.ok_or(Unfit::UnknownKey);
    }
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Unfit::UnknownKey),
        _ => Err(Unfit::Wrong("it does not say which key signed it")),
    }
}

/// Whether a key is for signatures of this kind (RFC 8725 §3.1).
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, EdDSA};
    let is_kind = match &key.algorithm {
        AlgorithmParameters::RSA(_) => !matches!(algorithm, ES256 | ES384 | EdDSA),
        AlgorithmParameters::EllipticCurve(_) => matches!(algorithm, ES256 | ES384),
        AlgorithmParameters::OctetKeyPair(_) => algorithm == EdDSA,
        _ => false,
    };
    let signs = match &key.common.public_key_use {
        None | Some(PublicKeyUse::Signature) => true,
        Some(_) => false,
    };
    let named = key.common.key_algorithm.map(|named| named.to_string());
    let is_named = named.is_none_or(|named| named == format!("{algorithm:?}"));
    is_kind && signs && is_named
}

fn check<'a>(
    claims: &'a Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<&'a str, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let issuer = text("iss").unwrap_or_default();
    let is_google = expected.issuer == GOOGLE && issuer == GOOGLE_ITSELF;
    if issuer != expected.issuer && !is_google {
        return Err("it is of another issuer");
    }
    check_audience(claims, expected.client_ids)?;
    check_time(claims, expected.now.as_second())?;
    check_nonce(text("nonce"), &expected.nonce)?;
    let is_identifier = |subject: &&str| {
        !subject.is_empty() && subject.len() <= SUBJECT_MAX && !subject.contains('\0')
    };
    text("sub").filter(is_identifier).ok_or("it does not say who somebody is")
}

/// All audiences are ours, and so is the one who asked for it.
fn check_audience(claims: &Map<String, Value>, own: &[&str]) -> Result<(), &'static str> {
    let is_own = |value: &Value| value.as_str().is_some_and(|text| own.contains(&text));
    let is_for_us = match claims.get("aud") {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(is_own),
        Some(one) => is_own(one),
        None => false,
    };
    if !is_for_us || !claims.get("azp").is_none_or(is_own) {
        return Err("it is for another client");
    }
    Ok(())
}

fn check_time(claims: &Map<String, Value>, now: i64) -> Result<(), &'static str> {
    let second = |name: &str| {
        let value = claims.get(name)?;
        // A NumericDate may have a fraction (RFC 7519 §2).
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
    };
    let (Some(end), Some(begin)) = (second("exp"), second("iat")) else {
        return Err("it does not say for how long it holds");
    };
    if now >= end.saturating_add(LEEWAY) {
        return Err("its time has passed");
    }
    let is_early = |at: i64| at > now.saturating_add(LEEWAY);
    if is_early(begin) || second("nbf").is_some_and(is_early) {
        return Err("it is of the future");
    }
    Ok(())
}

fn check_nonce(given: Option<&str>, expected: &Nonce<'_>) -> Result<(), &'static str> {
    let hashed;
    let expected = match expected {
        Nonce::Own(nonce) => Some(*nonce),
        Nonce::Hashed(nonce) => {
            hashed = nonce.map(|nonce| HEXLOWER.encode(&hash_token(nonce)));
            hashed.as_deref()
        }
    };
    match (given, expected) {
        (None, None) => Ok(()),
        (Some(given), Some(expected))
            if constant_time_eq(given.as_bytes(), expected.as_bytes()) =>
        {
            Ok(())
        }
        _ => Err("its nonce is another one"),
    }
}

#[cfg(test)]
mod tests;
