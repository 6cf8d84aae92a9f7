//! Keys of signed notes, in the text forms of C2SP signed-note and Go's `sumdb/note`.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::note::NoteSignature;
use crate::text::{from_base64, to_base64};

/// The length of the secret that a signing key is made from, in bytes.
pub const SEED_LEN: usize = 32;

const SIGNER_PREFIX: &str = "PRIVATE+KEY+";

/// What a signature says, the type byte of signed-note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SignatureType {
    /// Ed25519 over the text.
    Ed25519 = 1,
    /// C2SP tlog-cosignature: Ed25519 over the time and the text.
    Cosignature = 4,
}

/// A public key with the name of its owner, `name+id+key` in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: SignatureType,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Who signs: for a log its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the hash of name and key, by which signatures refer to it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether it verifies cosignatures of a witness instead of signatures of a log.
    pub fn is_cosigner(&self) -> bool {
        self.kind == SignatureType::Cosignature
    }

    /// The same key under another name, as logs have it whose secret is one.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the name is empty or has spaces or a plus.
    pub fn renamed(&self, name: &str) -> Result<Self> {
        Self::new(name, self.kind, self.key)
    }

    fn new(name: &str, kind: SignatureType, key: VerifyingKey) -> Result<Self> {
        check_name(name)?;
        let id = key_id(name, kind, &key);
        Ok(Self { name: name.to_owned(), id, kind, key })
    }

    pub(crate) fn matches(&self, signature: &NoteSignature) -> bool {
        self.id == signature.key_id() && self.name == signature.name()
    }

    /// Verifies a signature that [`matches`](Self::matches) and gives its time in seconds since
    /// 1970, when it has one.
    pub(crate) fn verify(&self, text: &str, signature: &NoteSignature) -> Result<Option<u64>> {
        let verify = || match self.kind {
            SignatureType::Ed25519 => {
                let signature = Signature::from_slice(signature.bytes()).ok()?;
                self.key.verify_strict(text.as_bytes(), &signature).ok()?;
                Some(None)
            }
            SignatureType::Cosignature => {
                let (time, signature) = signature.bytes().split_first_chunk()?;
                let time = u64::from_be_bytes(*time);
                let signature = Signature::from_slice(signature).ok()?;
                let message = cosigned_message(text, i64::try_from(time).ok()? as u64);
                self.key.verify_strict(message.as_bytes(), &signature).ok()?;
                Some(Some(time))
            }
        };
        verify().ok_or_else(|| Kind::BadSignature { name: self.name.clone() }.into())
    }
}

/// `name+id+base64(type ‖ key)`, a *vkey*.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = typed(self.kind, self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, to_base64(&*key))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    /// # Errors
    /// [`Error::is_malformed`] for text that is not the vkey of an Ed25519 signer or cosigner.
    fn from_str(text: &str) -> Result<Self> {
        let error = |problem| Error::malformed("verifier key", problem);
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(error("it is not name+id+key"));
        };
        let (kind, key) = read_typed(key).ok_or_else(|| error("it is not an Ed25519 key"))?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| error("it is not an Ed25519 key"))?;
        let key = Self::new(name, kind, key)?;
        if format!("{:08x}", key.id) == id {
            Ok(key)
        } else {
            Err(error("its id is not the one of name and key"))
        }
    }
}

/// The secret key of a log; signs checkpoints, receipts and statements.
#[derive(Clone)]
pub struct SignerKey(Secret);

impl SignerKey {
    /// The key that 32 random bytes make; `name` is the log's origin.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the name is empty or has spaces or a plus.
    pub fn from_seed(name: &str, seed: &[u8; SEED_LEN]) -> Result<Self> {
        Secret::from_seed(name, SignatureType::Ed25519, seed).map(Self)
    }

    /// The key in `PRIVATE+KEY+name+id+key`, the text of Go's `note`.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for any other text; the error holds nothing of it.
    pub fn from_text(text: &str) -> Result<Self> {
        Secret::from_text(text, SignatureType::Ed25519).map(Self)
    }

    /// The secret as text; whoever has it can sign.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    /// Who signs.
    pub fn name(&self) -> &str {
        self.0.verifier.name()
    }

    /// The public key.
    pub fn verifier(&self) -> &VerifierKey {
        &self.0.verifier
    }

    pub(crate) fn sign(&self, text: &str) -> NoteSignature {
        let signature = self.0.key.sign(text.as_bytes()).to_bytes();
        NoteSignature::new(&self.0.verifier, signature.to_vec())
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({}+{:08x})", self.name(), self.0.verifier.id)
    }
}

/// The secret key of a witness; signs that a checkpoint continues those it saw before
/// (C2SP tlog-cosignature, `cosignature/v1`).
#[derive(Clone)]
pub struct CosignerKey(Secret);

impl CosignerKey {
    /// The key that 32 random bytes make. A witness must not use them for anything else.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the name is empty or has spaces or a plus.
    pub fn from_seed(name: &str, seed: &[u8; SEED_LEN]) -> Result<Self> {
        Secret::from_seed(name, SignatureType::Cosignature, seed).map(Self)
    }

    /// The key in `PRIVATE+KEY+name+id+key`, the key material of type 0x04.
    ///
    /// # Errors
    /// [`Error::is_malformed`] for any other text; the error holds nothing of it.
    pub fn from_text(text: &str) -> Result<Self> {
        Secret::from_text(text, SignatureType::Cosignature).map(Self)
    }

    /// The secret as text; whoever has it can cosign.
    pub fn to_text(&self) -> Zeroizing<String> {
        self.0.to_text()
    }

    /// Who signs.
    pub fn name(&self) -> &str {
        self.0.verifier.name()
    }

    /// The public key.
    pub fn verifier(&self) -> &VerifierKey {
        &self.0.verifier
    }

    /// The cosignature of a checkpoint's text at a time in seconds since 1970.
    pub(crate) fn cosign(&self, text: &str, time: u64) -> NoteSignature {
        let signature = self.0.key.sign(cosigned_message(text, time).as_bytes()).to_bytes();
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend_from_slice(&signature);
        NoteSignature::new(&self.0.verifier, bytes)
    }
}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CosignerKey({}+{:08x})", self.name(), self.0.verifier.id)
    }
}

/// A signing key with its public half. The secret is overwritten when it is dropped.
#[derive(Clone)]
struct Secret {
    verifier: VerifierKey,
    key: SigningKey,
}

impl Secret {
    fn from_seed(name: &str, kind: SignatureType, seed: &[u8; SEED_LEN]) -> Result<Self> {
        let key = SigningKey::from_bytes(seed);
        Ok(Self { verifier: VerifierKey::new(name, kind, key.verifying_key())?, key })
    }

    fn from_text(text: &str, kind: SignatureType) -> Result<Self> {
        let error = |problem| Error::malformed("signer key", problem);
        let mut parts =
            text.strip_prefix(SIGNER_PREFIX).map(|rest| rest.splitn(3, '+')).into_iter().flatten();
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(error("it is not PRIVATE+KEY+name+id+key"));
        };
        let (found, seed) = read_typed(key).ok_or_else(|| error("it is not an Ed25519 key"))?;
        if found != kind {
            return Err(error("it is a key for other signatures"));
        }
        let secret = Self::from_seed(name, kind, &Zeroizing::new(seed))?;
        if format!("{:08x}", secret.verifier.id) == id {
            Ok(secret)
        } else {
            Err(error("its id is not the one of name and key"))
        }
    }

    fn to_text(&self) -> Zeroizing<String> {
        let VerifierKey { name, id, kind, .. } = &self.verifier;
        let key = typed(*kind, self.key.as_bytes());
        let key = Zeroizing::new(to_base64(&*key));
        Zeroizing::new(format!("{SIGNER_PREFIX}{name}+{id:08x}+{}", *key))
    }
}

/// What a cosignature signs.
fn cosigned_message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

fn key_id(name: &str, kind: SignatureType, key: &VerifyingKey) -> u32 {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update([b'\n', kind as u8]);
    hasher.update(key.as_bytes());
    let hash = hasher.finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

fn typed(kind: SignatureType, key: &[u8; 32]) -> Zeroizing<[u8; 33]> {
    let mut bytes = Zeroizing::new([kind as u8; 33]);
    bytes[1..].copy_from_slice(key);
    bytes
}

fn read_typed(text: &str) -> Option<(SignatureType, [u8; 32])> {
    let bytes = Zeroizing::new(from_base64(text)?);
    let (kind, key) = bytes.split_first()?;
    let kind = match kind {
        1 => SignatureType::Ed25519,
        4 => SignatureType::Cosignature,
        _ => return None,
    };
    Some((kind, key.try_into().ok()?))
}

/// A name is one word without a plus.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(is_bad) {
        return Err(Error::malformed("key name", "it is empty or has a space or a plus"));
    }
    Ok(())
}
