//! The ledger from outside: against a naive Merkle tree, published vectors and hostile input.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod export;
mod hostile;
mod leaf;
mod naive;
mod notes;
mod proofs;
mod statements;
mod stream;
mod tiles;
mod tree;
mod witness;
