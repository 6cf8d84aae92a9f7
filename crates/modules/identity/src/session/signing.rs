//! Access tokens: ES256 JSON Web Tokens whose public key is published.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use mainstay_kernel::{Error, Result};
use mainstay_vault::hash_token;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use uuid::Uuid;

/// The audience of tokens, as Supabase's clients expect it.
pub(crate) const AUDIENCE: &str = "authenticated";
/// Keeps the key for codes and refresh tokens apart from what else is made of the signing key.
const MAC_PURPOSE: &[u8] = b"mainstay refresh tokens and one-time codes";
/// Clocks may differ by so many seconds.
const LEEWAY_SECONDS: i64 = 5;

/// The key that signs access tokens.
pub struct SigningKey {
    key_id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    jwks: String,
    /// Authenticates what the database keeps as a hash alone.
    mac: hmac::Key,
}

/// What an access token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user.
    pub(crate) sub: Uuid,
    pub(crate) aud: String,
    pub(crate) iss: String,
    /// Seconds since 1970.
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) session_id: Uuid,
    /// The organisation that the person chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) org_id: Option<Uuid>,
    /// Always `authenticated`: what Supabase's clients call a role.
    pub(crate) role: String,
    /// Empty for somebody who gave none.
    pub(crate) email: String,
    /// Always empty: no account is named by a telephone number.
    #[serde(default)]
    pub(crate) phone: String,
    /// Assurance level: how strongly the person proved who they are.
    pub(crate) aal: String,
    /// By which methods the person did (RFC 8176), as Supabase Auth tells it.
    #[serde(default)]
    pub(crate) amr: Vec<Method>,
    /// Whether the person has not said who they are.
    #[serde(default)]
    pub(crate) is_anonymous: bool,
}

/// A method by which a person has proved who they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Method {
    /// `password`, `otp`, `anonymous`, …
    pub(crate) method: String,
    /// When, in seconds since 1970.
    pub(crate) timestamp: i64,
}

impl SigningKey {
    /// Reads the key from a file, or makes one there (mode 0600) when there is none.
    ///
    /// # Errors
    /// When the file can be read by others, or can't be read or written at all.
    pub fn open(path: &Path) -> Result<Self> {
        let io =
            |e: std::io::Error| Error::internal(format!("signing key {}: {e}", path.display()));
        if !path.exists() {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &SystemRandom::new(),
            )
            .map_err(|_| Error::internal("signing key: no randomness"))?;
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
                .map_err(io)?;
            file.write_all(STANDARD.encode(pkcs8.as_ref()).as_bytes()).map_err(io)?;
            file.sync_all().map_err(io)?;
        }
        let mode = std::fs::metadata(path).map_err(io)?.permissions().mode();
        if mode & 0o077 != 0 {
            let what = "can be read by others; give it mode 0600";
            return Err(Error::internal(format!("signing key {} {what}", path.display())));
        }
        let text = std::fs::read_to_string(path).map_err(io)?;
        let pkcs8 = STANDARD
            .decode(text.trim())
            .map_err(|_| Error::internal(format!("signing key {} is damaged", path.display())))?;
        Self::from_pkcs8(&pkcs8)
    }

    fn from_pkcs8(pkcs8: &[u8]) -> Result<Self> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .map_err(|_| Error::internal("signing key is damaged"))?;
        // An uncompressed point: 0x04, x, y.
        let point = pair.public_key().as_ref();
        let (Some(x), Some(y)) = (point.get(1..33), point.get(33..65)) else {
            return Err(Error::internal("signing key is damaged"));
        };
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let key_id = URL_SAFE_NO_PAD.encode(&hash_token(&format!("{x}.{y}"))[..12]);
        let jwks = serde_json::json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "key_ops": ["verify"],
            "kid": key_id, "x": x, "y": y,
        }]});
        let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, pkcs8), MAC_PURPOSE);
        Ok(Self {
            encoding: EncodingKey::from_ec_der(pkcs8),
            decoding: DecodingKey::from_ec_components(&x, &y).map_err(Error::internal)?,
            jwks: jwks.to_string(),
            mac: hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()),
            key_id,
        })
    }

    /// A MAC over parts for a purpose, which nobody without the key can make.
    pub(crate) fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.mac);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            // The length before each part keeps parts apart.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let mut mac = [0; 32];
        mac.copy_from_slice(context.sign().as_ref());
        mac
    }

    /// The public keys as a JSON Web Key Set (RFC 7517 §5).
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    pub(crate) fn sign(&self, claims: &Claims) -> Result<String> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.key_id.clone());
        encode(&header, claims, &self.encoding).map_err(Error::internal)
    }

    /// What a token says, if its signature, audience, issuer and time hold.
    pub(crate) fn verify(&self, token: &str, issuer: &str, now: Timestamp) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer]);
        // Time is an argument here, so it is checked below.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let claims = decode::<Claims>(token, &self.decoding, &validation).ok()?.claims;
        let now = now.as_second();
        (now < claims.exp + LEEWAY_SECONDS && claims.iat <= now + LEEWAY_SECONDS).then_some(claims)
    }
}
