//! Refresh tokens: which session they are of, and which of its tokens.
//!
//! A token is the session's identifier, the number of earlier tokens and a MAC over both. So a
//! token that was replaced is recognised without a list of all that ever were, and nobody can end
//! a session with one that was never given out. The session keeps the hash of the one that holds.

use crate::session::signing::SigningKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mainstay_vault::constant_time_eq;
use uuid::Uuid;

const PURPOSE: &str = "refresh token";
const UUID_BYTES: usize = 16;
const GENERATION_BYTES: usize = 4;
const MAC_BYTES: usize = 32;
const TOKEN_BYTES: usize = UUID_BYTES + GENERATION_BYTES + MAC_BYTES;

/// What a refresh token that was given out says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefreshToken {
    /// The session.
    pub(crate) session: Uuid,
    /// How many the session had before.
    pub(crate) generation: i32,
}

impl RefreshToken {
    /// The token as clients keep it.
    pub(crate) fn encode(self, key: &SigningKey) -> String {
        self.encode_for(PURPOSE, key)
    }

    /// Reads a token; none if it was never given out.
    pub(crate) fn decode(text: &str, key: &SigningKey) -> Option<Self> {
        Self::decode_for(PURPOSE, text, key)
    }

    /// What stands in for the token where it is of use for one purpose alone.
    pub(crate) fn encode_for(self, purpose: &str, key: &SigningKey) -> String {
        let generation = self.generation.to_be_bytes();
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.extend_from_slice(self.session.as_bytes());
        bytes.extend_from_slice(&generation);
        bytes.extend_from_slice(&key.mac(purpose, &[self.session.as_bytes(), &generation]));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads what stands in for a token; none if it was never given out for this purpose.
    pub(crate) fn decode_for(purpose: &str, text: &str, key: &SigningKey) -> Option<Self> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (named, mac) = bytes.split_at(UUID_BYTES + GENERATION_BYTES);
        let (session, generation) = named.split_at(UUID_BYTES);
        if !constant_time_eq(&key.mac(purpose, &[session, generation]), mac) {
            return None;
        }
        let generation = i32::from_be_bytes(generation.try_into().ok()?);
        Some(Self { session: Uuid::from_slice(session).ok()?, generation })
    }
}
