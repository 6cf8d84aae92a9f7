//! A tamper-evident log as pure code: nothing here reads a file, a clock or a database, starts a
//! thread or draws a random number, so that the same code runs in a server, a command and a
//! browser.
//!
//! A log is the Merkle tree of RFC 6962 over its leaves. Its texts and bytes are those of C2SP
//! (signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-cosignature, tlog-witness), which
//! other tools read. `docs/ledger.md` describes all formats for outsiders.
//!
//! # Writing
//!
//! ```text
//! event ── encode_leaf ──> leaf ── Hash::leaf ──> TreeWriter ── take_tiles ──> tiles
//!                                                            └─ root ──> Checkpoint::sign
//! ```
//!
//! | step | function |
//! |---|---|
//! | a leaf from fields | [`encode_leaf`]`(LeafKind::Event, &[(Field::ACTION, Value::Text("x")), ..]) -> Vec<u8>` |
//! | personal data in it | [`SealedValue::new`]`(field, &Salt, plain, envelope)` as [`Value::Sealed`] |
//! | a signed promise | [`Receipt::sign`] |
//! | grow the tree | [`TreeWriter::resume`]`(&tiles, size, &root)`, [`append`](TreeWriter::append)`(Hash::leaf(&leaf)) -> index`, [`take_tiles`](TreeWriter::take_tiles)`() -> Vec<(TileId, Vec<u8>)>`, [`root`](TreeWriter::root)`()` |
//! | the tiles that resuming reads | [`edge_tiles`]`(size)` |
//! | a checkpoint | [`Checkpoint::new`]`(origin, size, root)?.`[`sign`](Checkpoint::sign)`(&SignerKey) -> SignedNote` |
//! | an entry bundle | [`append_entry`], [`entries`] |
//! | a statement in the log | [`Tombstone::sign`], [`Reanchor::sign`], [`encode_note_leaf`] |
//!
//! # Proving
//!
//! Proofs are made from tiles behind [`TileReader`]. When tiles come from a database, ask
//! [`inclusion_tiles`], [`consistency_tiles`] or [`range_tiles`] which are needed, fetch them into
//! a [`TileSet`], and prove from that: [`prove_inclusion`], [`prove_consistency`],
//! [`RangeProof::prove`]. [`InclusionFile`] and [`RangeFile`] are proofs as texts.
//!
//! # Verifying
//!
//! [`LogVerifier`] knows a log's identity and keys and verifies checkpoints, proofs, receipts and
//! statements. [`LeafStream`] hashes leaves on their way and compares them with checkpoints;
//! ranges hashed in parallel join by [`CompactRange::append_range`]. [`Leaf::difference`] names
//! the first field in which a row differs from its leaf.
//!
//! # Exporting
//!
//! [`ExportWriter`] writes leaves, the events they hold in some [`EventFormat`] and their proof as
//! one archive; [`ExportVerifier`] verifies it with nothing but the log's key. Both take what they
//! write to and read from as an argument, and hold at most 256 leaves.
//!
//! # The leaf
//!
//! ```text
//! leaf   = version kind field*
//! version = 0x01
//! kind   = u8                       LeafKind
//! field  = number type value        in ascending order of numbers, each number at most once
//! number = u8                       Field; a field without a value is left out
//! type   = u8
//! value  =                          by type:
//!   0x01   text      u16 length, UTF-8
//!   0x02   json      u16 length, UTF-8: the document as PostgreSQL prints its jsonb
//!   0x03   uuid      16 bytes
//!   0x04   instant   i64, microseconds since 1970-01-01T00:00:00Z
//!   0x05   integer   i64
//!   0x06   boolean   0x00 or 0x01
//!   0x07   bytes     u16 length, bytes
//!   0x08   sealed    32 bytes commitment, 32 bytes SHA-256 of the envelope
//! ```
//!
//! Numbers are big-endian. There is one encoding for a list of fields, and a leaf has at most
//! [`MAX_LEAF_LEN`] bytes. A leaf is stored, served and hashed as these bytes; nothing ever
//! encodes it again.
//!
//! A row's columns map to [`Field`]s by name ([`Field::from_name`]). `hash` and `hash_algorithm`
//! have none, as they are made from the leaf.

mod bundle;
mod checkpoint;
mod compact;
mod consistency;
mod error;
mod export;
mod hash;
mod inclusion;
mod key;
mod leaf;
mod node;
mod note;
mod proof_file;
mod range;
mod reader;
mod span;
mod statement;
mod stream;
mod text;
mod tile;
mod verifier;
mod witness;
mod writer;

pub use bundle::{append_entry, entries};
pub use checkpoint::Checkpoint;
pub use compact::CompactRange;
pub use consistency::{consistency_tiles, prove_consistency, verify_consistency};
pub use error::{Error, Result};
pub use export::{
    EventFormat, ExportError, ExportReport, ExportVerifier, ExportWriter, MAX_EXPORT_TIME_MICROS,
};
pub use hash::{HASH_LEN, Hash};
pub use inclusion::{inclusion_tiles, prove_inclusion, verify_inclusion};
pub use key::{CosignerKey, SEED_LEN, SignerKey, VerifierKey};
pub use leaf::{
    Difference, Field, LEAF_VERSION, Leaf, LeafKind, MAX_LEAF_LEN, SALT_LEN, Salt, SealedValue,
    Value, encode_leaf, encode_note_leaf,
};
pub use node::{MAX_SIZE, Node, nodes_of};
pub use note::{MAX_NOTE_LEN, MAX_SIGNATURES, NoteSignature, SignedNote, VerifiedSignature};
pub use proof_file::{InclusionFile, RangeFile};
pub use range::{RangeProof, range_hashes, range_tiles};
pub use reader::{TileReader, TileSet, tile_hashes};
pub use statement::{ExportStatement, MAX_REASON_LEN, Reanchor, Receipt, Tombstone};
pub use stream::LeafStream;
pub use tile::{TILE_HEIGHT, TILE_WIDTH, TileId, TilePath, edge_tiles, grown_tiles};
pub use verifier::{LogVerifier, VerifiedCheckpoint};
pub use witness::{AddCheckpoint, Refusal};
pub use writer::TreeWriter;
