//! An authenticator in software: what WebAuthn §6 asks of one, as far as a server sees it.

use super::text;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One credential, and what its holder does with it.
pub(super) struct Authenticator {
    pub(super) origin: &'static str,
    pub(super) rp_id: &'static str,
    /// Whether it makes sure who uses it.
    pub(super) verifies: bool,
    /// Signatures so far.
    pub(super) count: u32,
    id: Vec<u8>,
    key: EcdsaKeyPair,
    handle: Option<String>,
}

impl Authenticator {
    /// For a site at an origin, whose domain is the site's.
    pub(super) fn new(origin: &'static str) -> Self {
        let host = origin.split("://").nth(1).unwrap();
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self {
            origin,
            rp_id: host.split(':').next().unwrap(),
            verifies: true,
            count: 0,
            id: digest(&SHA256, key.public_key().as_ref()).as_ref().to_vec(),
            key,
            handle: None,
        }
    }

    /// Answers `navigator.credentials.create`, in JSON.
    pub(super) fn create(&mut self, options: &Value) -> Value {
        self.handle = Some(text(&options["user"]["id"]).to_owned());
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        self.credential(&json!({
            "attestationObject": BASE64URL_NOPAD.encode(&attestation),
            "clientDataJSON": BASE64URL_NOPAD.encode(&self.client("webauthn.create", options)),
            "transports": ["usb"],
        }))
    }

    /// Answers `navigator.credentials.get`, in JSON.
    pub(super) fn get(&mut self, options: &Value) -> Value {
        self.count += 1;
        let data = self.data(0);
        let client = self.client("webauthn.get", options);
        let signed = [&data, digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.credential(&json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&data),
            "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "signature": BASE64URL_NOPAD.encode(signature.as_ref()),
            "userHandle": self.handle,
        }))
    }

    fn credential(&self, response: &Value) -> Value {
        let id = BASE64URL_NOPAD.encode(&self.id);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "cross-platform",
        })
    }

    /// Authenticator data (WebAuthn §6.1).
    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags | USER_PRESENT | verified);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// The public key (RFC 9053 §7.1.1): EC2, ES256, P-256, x, y.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".to_vec();
        key.extend(&point[1..33]);
        key.extend(b"\x22\x58\x20");
        key.extend(&point[33..65]);
        key
    }

    /// What the browser adds (WebAuthn §5.8.1).
    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let client = json!({
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": false,
        });
        client.to_string().into_bytes()
    }
}
