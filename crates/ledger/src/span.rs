//! Proofs as spans of leaves whose hashes they list.

use crate::error::Result;
use crate::hash::Hash;
use crate::node::{fold, nodes_of};
use crate::reader::{TileReader, read_node};
use crate::tile::TileId;

/// The leaves `begin..end`, which are one subtree of RFC 6962: their hash is MTH(D\[begin:end\]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) begin: u64,
    pub(crate) end: u64,
}

impl Span {
    pub(crate) fn len(self) -> u64 {
        self.end - self.begin
    }

    /// Its left part, the largest perfect subtree smaller than it, and the rest.
    pub(crate) fn split(self) -> (Self, Self) {
        let middle = self.begin + crate::node::split(self.len());
        (Self { end: middle, ..self }, Self { begin: middle, ..self })
    }
}

/// The hash of each span, in the tree of `size` leaves.
pub(crate) fn read_spans(reader: &impl TileReader, spans: &[Span], size: u64) -> Result<Vec<Hash>> {
    let read_span = |span: &Span| {
        let hashes: Result<Vec<_>> =
            nodes_of(span.begin, span.end).map(|node| read_node(reader, node, size)).collect();
        hashes.map(|hashes| fold(&hashes))
    };
    spans.iter().map(read_span).collect()
}

/// The tiles that [`read_spans`] reads, each once, sorted.
pub(crate) fn tiles_of(spans: impl IntoIterator<Item = Span>, size: u64) -> Vec<TileId> {
    let mut tiles: Vec<_> = spans
        .into_iter()
        .flat_map(|span| nodes_of(span.begin, span.end))
        .filter_map(|node| TileId::of_node(node, size))
        .collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}
