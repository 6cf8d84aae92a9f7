//! Signed notes: a text and who signed it (C2SP signed-note).

use std::fmt;

use crate::error::{Error, Kind, Result};
use crate::key::{CosignerKey, SignerKey, VerifierKey, check_name};
use crate::text::{from_base64, to_base64};

/// The longest note in bytes, as in Go's `note`.
pub const MAX_NOTE_LEN: usize = 1_000_000;

/// The most signatures of a note, as in Go's `note`.
pub const MAX_SIGNATURES: usize = 100;

/// A text with signatures, verified or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature that a key in the verifier's hands has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSignature<'k> {
    /// Whose key it is.
    pub key: &'k VerifierKey,
    /// When a cosigner signed, in seconds since 1970; none for a log's own signature.
    pub time: Option<u64>,
}

impl SignedNote {
    /// The text, signed by a log. Signatures of others can be [added](Self::cosign).
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the text doesn't end in a newline, has other control
    /// characters or is too long.
    pub fn sign(text: String, key: &SignerKey) -> Result<Self> {
        if !is_text(&text) || text.len() > MAX_NOTE_LEN / 2 {
            return Err(error("its text has control characters, no newline at its end or no end"));
        }
        let signature = key.sign(&text);
        Ok(Self { text, signatures: vec![signature] })
    }

    /// Reads a note; its signatures are not yet verified.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when it is not a note, is longer than [`MAX_NOTE_LEN`], or has
    /// none or more than [`MAX_SIGNATURES`] signatures.
    pub fn parse(note: &str) -> Result<Self> {
        if note.len() > MAX_NOTE_LEN {
            return Err(error("it is too long"));
        }
        let end = note.rfind("\n\n").ok_or_else(|| error("it has no signatures"))?;
        let (text, signatures) = (&note[..=end], &note[end + 2..]);
        if !is_text(text) || !is_text(signatures) {
            return Err(error("it has control characters or is cut short"));
        }
        let signatures: Vec<_> =
            signatures.lines().map(NoteSignature::parse).collect::<Result<_>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(error("it has too many signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, with its last newline. Believe it only once the note is verified.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, verified or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Verifies the signatures by known keys and gives them; others are ignored.
    ///
    /// # Errors
    /// [`Error::is_untrusted`] when a signature by one of the keys is wrong, or none is by one.
    pub fn verify<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Result<Vec<VerifiedSignature<'k>>> {
        let mut verified = Vec::new();
        for key in keys {
            for signature in self.signatures.iter().filter(|signature| key.matches(signature)) {
                let time = key.verify(&self.text, signature)?;
                verified.push(VerifiedSignature { key, time });
            }
        }
        if verified.is_empty() { Err(Kind::Unsigned.into()) } else { Ok(verified) }
    }

    /// The signature of another key of the log, as when keys change.
    pub fn add_signature(&mut self, key: &SignerKey) {
        let signature = key.sign(&self.text);
        self.replace(signature);
    }

    /// The cosignature of a witness at `time`, in seconds since 1970, also given back.
    pub fn cosign(&mut self, key: &CosignerKey, time: u64) -> NoteSignature {
        let signature = key.cosign(&self.text, time);
        self.replace(signature.clone());
        signature
    }

    /// Adds signatures that others made of this text, such as the answer of a witness: those by
    /// one of `keys` that verify. Gives how many.
    ///
    /// # Errors
    /// [`Error::is_malformed`] when the text is not signature lines; [`Error::is_untrusted`] when
    /// a signature by one of the keys is wrong.
    pub fn add_signatures(&mut self, lines: &str, keys: &[VerifierKey]) -> Result<usize> {
        if lines.len() > MAX_NOTE_LEN || !is_text(lines) {
            return Err(error("its signatures are cut short or too long"));
        }
        let mut added = 0;
        for line in lines.lines().take(MAX_SIGNATURES) {
            let signature = NoteSignature::parse(line)?;
            if let Some(key) = keys.iter().find(|key| key.matches(&signature)) {
                key.verify(&self.text, &signature)?;
                self.replace(signature);
                added += 1;
            }
        }
        Ok(added)
    }

    /// Adds a signature; an older one by the same key gives way.
    fn replace(&mut self, signature: NoteSignature) {
        self.signatures.retain(|old| old.name != signature.name || old.key_id != signature.key_id);
        self.signatures.push(signature);
    }
}

/// The note as it is stored, served and parsed.
impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    key_id: u32,
    bytes: Vec<u8>,
}

impl NoteSignature {
    pub(crate) fn new(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), key_id: key.id(), bytes }
    }

    /// Who claims to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key.
    pub fn key_id(&self) -> u32 {
        self.key_id
    }

    /// The signature without the key's id.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn parse(line: &str) -> Result<Self> {
        let error = || error("a signature line is not \"— name base64\"");
        let (name, signature) =
            line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(error)?;
        check_name(name)?;
        let signature = from_base64(signature).ok_or_else(error)?;
        let (key_id, bytes) = signature.split_first_chunk().ok_or_else(error)?;
        if bytes.is_empty() {
            return Err(error());
        }
        Ok(Self {
            name: name.to_owned(),
            key_id: u32::from_be_bytes(*key_id),
            bytes: bytes.to_vec(),
        })
    }
}

/// The line without its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "— {} {}", self.name, to_base64(&bytes))
    }
}

/// Whether text ends in a newline and has no other control character.
fn is_text(text: &str) -> bool {
    text.ends_with('\n') && text.bytes().all(|byte| byte >= b' ' || byte == b'\n')
}

fn error(problem: &'static str) -> Error {
    Error::malformed("signed note", problem)
}
