//! Keys, envelope encryption and blind indexes, as pure code: nothing here knows a database.
//!
//! ```text
//! MasterKey ── wraps ──> DataKey of a tenant           ── seals ──> `secret` fields
//!           ── wraps ──> DataKey of a data subject     ── seals ──> `sealed` fields
//!           ── wraps ──> BlindIndexSecret of a tenant  ── derives ─> BlindIndexKey per column
//! ```
//!
//! The master key lives in a file or the environment. Everything it wraps is stored as opaque
//! bytes by the caller. Rotating the master re-wraps those bytes ([`wrapping_key_id`] tells which
//! are due) and touches neither envelopes nor blind indexes; destroying a subject's wrapped key
//! makes that subject's envelopes unreadable.
//!
//! All encryption is AES-256-GCM, all derivation HKDF-SHA256 (RFC 5869). Randomness is an argument
//! ([`Entropy`]).
//!
//! ```
//! use mainstay_vault::{Binding, DataKey, KeyOwner, MasterKey, SystemEntropy};
//! # use uuid::Uuid;
//! # let (organization, row) = (Uuid::from_u128(1), Uuid::from_u128(2));
//! let master = MasterKey::generate(&SystemEntropy);
//! let owner = KeyOwner::Tenant { organization };
//! let key = DataKey::generate(owner, &SystemEntropy);
//! let stored = key.wrap(&master, &SystemEntropy);
//!
//! let binding = Binding { organization, table: "mainstay.webhooks", column: "config", row };
//! let envelope = key.seal(&binding, b"s3cret", &SystemEntropy)?;
//!
//! let key = DataKey::unwrap(&master, owner, &stored)?;
//! assert_eq!(&key.open(&binding, &envelope)?[..], b"s3cret");
//! # Ok::<(), mainstay_vault::Error>(())
//! ```

mod blind_index;
mod cipher;
mod encoding;
mod entropy;
mod envelope;
mod error;
mod key;
mod mac;
mod master;
mod token;
mod wrap;

pub use blind_index::{BLIND_INDEX_LEN, BlindIndexKey, BlindIndexSecret};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use envelope::{Binding, DataKey, KeyOwner, envelope_key_id};
pub use error::{Error, Result};
pub use key::KeyId;
pub use mac::{MAC_LEN, MacKey};
pub use master::MasterKey;
pub use token::{constant_time_eq, hash_token};
pub use wrap::wrapping_key_id;
