//! Entry bundles: the leaves below one tile of level 0 (C2SP tlog-tiles).

use crate::error::{Error, Kind, Result};
use crate::leaf::MAX_LEAF_LEN;
use crate::tile::TILE_WIDTH;

/// Appends a leaf to the bytes of a bundle: its length as a big-endian u16, then its bytes.
///
/// # Errors
/// [`Error::is_too_long`] above [`MAX_LEAF_LEN`].
pub fn append_entry(bundle: &mut Vec<u8>, leaf: &[u8]) -> Result<()> {
    let len = u16::try_from(leaf.len())
        .map_err(|_| Kind::TooLong { len: leaf.len(), max: MAX_LEAF_LEN })?;
    bundle.extend_from_slice(&len.to_be_bytes());
    bundle.extend_from_slice(leaf);
    Ok(())
}

/// The leaves in the bytes of a bundle; an error is the last item.
///
/// # Errors
/// [`Error::is_malformed`] when a leaf is cut short, or after 256 leaves.
pub fn entries(bundle: &[u8]) -> impl Iterator<Item = Result<&[u8]>> {
    let mut rest = bundle;
    let mut count = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        count += 1;
        let entry = next_entry(rest).filter(|_| count <= TILE_WIDTH);
        rest = entry.map_or(&[], |(_, rest)| rest);
        Some(entry.map(|(leaf, _)| leaf).ok_or_else(|| {
            Error::malformed("entry bundle", "it is cut short or has more than 256 entries")
        }))
    })
}

fn next_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*len).into())
}
