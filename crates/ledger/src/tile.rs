//! Tiles: 256 hashes each, of the tree at every eighth level (C2SP tlog-tiles).

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Kind, Result, Subject};
use crate::hash::HASH_LEN;
use crate::node::{MAX_SIZE, Node};
use crate::text::decimal;

/// The levels of the tree that one tile spans.
pub const TILE_HEIGHT: u8 = 8;

/// The hashes of a full tile, and the entries of a full bundle.
pub const TILE_WIDTH: u16 = 1 << TILE_HEIGHT;

/// The levels of tiles that the largest tree has.
pub(crate) const TILE_LEVELS: u8 = 8;

/// A tile: `width` consecutive hashes of the nodes at level `8 * level` of the tree, the first of
/// them `256 * index`. A tile of fewer than 256 hashes is partial and belongs to a size of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// The tile of `width` hashes.
    ///
    /// # Errors
    /// [`Error::is_out_of_bounds`] when the width is not 1 to 256 or no tree has such a tile.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self> {
        let error = || Kind::OutOfBounds { what: Subject::Tile, index, size: MAX_SIZE }.into();
        if level >= TILE_LEVELS || width == 0 || width > TILE_WIDTH {
            return Err(error());
        }
        let hashes = MAX_SIZE >> (TILE_HEIGHT * level);
        match index.checked_mul(TILE_WIDTH.into()).and_then(|first| first.checked_add(width.into()))
        {
            Some(end) if end <= hashes => Ok(Self { level, index, width }),
            _ => Err(error()),
        }
    }

    /// The full tile at this place, which the caller knows to exist.
    pub(crate) const fn full(level: u8, index: u64) -> Self {
        Self { level, index, width: TILE_WIDTH }
    }

    /// The tile at this place of a tree of `size` leaves, with the width that it has there.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<Self> {
        if level >= TILE_LEVELS || size > MAX_SIZE {
            return None;
        }
        let hashes = size >> (TILE_HEIGHT * level);
        let width = hashes.checked_sub(index.checked_mul(TILE_WIDTH.into())?)?;
        let width = width.min(TILE_WIDTH.into()) as u16;
        (width > 0).then_some(Self { level, index, width })
    }

    /// The level of tiles; 0 holds the hashes of leaves.
    pub const fn level(self) -> u8 {
        self.level
    }

    /// The position among the tiles of its level, from the left.
    pub const fn index(self) -> u64 {
        self.index
    }

    /// How many hashes it has, 1 to 256.
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Whether it has fewer than 256 hashes.
    pub const fn is_partial(self) -> bool {
        self.width < TILE_WIDTH
    }

    /// The length of its bytes.
    pub const fn byte_len(self) -> usize {
        self.width as usize * HASH_LEN
    }

    /// The full tile at the same place.
    pub const fn to_full(self) -> Self {
        Self { width: TILE_WIDTH, ..self }
    }

    /// The tile that the hash of `node` is computed from, in a tree of `size` leaves; none when
    /// the node is not in the tree.
    pub fn of_node(node: Node, size: u64) -> Option<Self> {
        let end = (node.index.checked_add(1)?).checked_mul(1u64.checked_shl(node.level.into())?)?;
        if end > size {
            return None;
        }
        Self::in_tree(node.level / TILE_HEIGHT, node.index >> (8 - node.level % 8), size)
    }
}

/// `tile/{L}/{N}[.p/{W}]`, as in its URL.
impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        write_place(f, self.index, self.width)
    }
}

/// What a log serves below its prefix beside the checkpoint.
///
/// ```
/// use mainstay_ledger::{TileId, TilePath};
///
/// let path: TilePath = "tile/0/x001/x234/067.p/8".parse()?;
/// assert_eq!(path, TilePath::Hashes(TileId::new(0, 1_234_067, 8)?));
/// assert_eq!(path.to_string(), "tile/0/x001/x234/067.p/8");
/// # Ok::<(), mainstay_ledger::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    /// `tile/{L}/{N}[.p/{W}]`: hashes.
    Hashes(TileId),
    /// `tile/entries/{N}[.p/{W}]`: leaves; the tile is the one of level 0 that holds their hashes.
    Entries(TileId),
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hashes(tile) => tile.fmt(f),
            Self::Entries(tile) => {
                f.write_str("tile/entries/")?;
                write_place(f, tile.index, tile.width)
            }
        }
    }
}

impl FromStr for TilePath {
    type Err = Error;

    /// # Errors
    /// [`Error::is_malformed`] for text that is not the one spelling of a path,
    /// [`Error::is_out_of_bounds`] for a tile that no tree has.
    fn from_str(text: &str) -> Result<Self> {
        let error = || Error::malformed("tile path", "it is not tile/{L}/{N}[.p/{W}]");
        let (level, place) =
            text.strip_prefix("tile/").and_then(|rest| rest.split_once('/')).ok_or_else(error)?;
        let (index, width) = match place.split_once(".p/") {
            None => (place, TILE_WIDTH),
            Some((index, width)) => {
                let width = decimal(width).filter(|width| *width < TILE_WIDTH.into());
                (index, width.ok_or_else(error)? as u16)
            }
        };
        let index = read_index(index).ok_or_else(error)?;
        if level == "entries" {
            return TileId::new(0, index, width).map(Self::Entries);
        }
        let level = decimal(level).and_then(|level| level.try_into().ok()).ok_or_else(error)?;
        TileId::new(level, index, width).map(Self::Hashes)
    }
}

/// The partial tiles of a tree of `size` leaves, from level 0 up: with them the tree can grow.
pub fn edge_tiles(size: u64) -> impl Iterator<Item = TileId> {
    (0..TILE_LEVELS).filter_map(move |level| {
        let index = size.min(MAX_SIZE) >> (TILE_HEIGHT * level) >> TILE_HEIGHT;
        TileId::in_tree(level, index, size)
    })
}

/// The tiles that a tree of `new` leaves has and one of `old` leaves has not, or has less wide:
/// those that growing from `old` to `new` writes. From level 0 up, left to right.
pub fn grown_tiles(old: u64, new: u64) -> impl Iterator<Item = TileId> {
    (0..TILE_LEVELS).flat_map(move |level| {
        let count = |size: u64| size.min(MAX_SIZE) >> (TILE_HEIGHT * level);
        let (old, new) = (count(old), count(new));
        let width = u64::from(TILE_WIDTH);
        let indexes = if old < new { old / width..new.div_ceil(width) } else { 0..0 };
        indexes.map(move |index| TileId {
            level,
            index,
            width: (new - index * width).min(width) as u16,
        })
    })
}

/// The index in elements of three digits, all but the last with an `x` before them.
fn write_place(f: &mut fmt::Formatter<'_>, index: u64, width: u16) -> fmt::Result {
    let mut divisor = 1;
    while index / divisor >= 1000 {
        divisor *= 1000;
    }
    while divisor > 1 {
        write!(f, "x{:03}/", index / divisor % 1000)?;
        divisor /= 1000;
    }
    write!(f, "{:03}", index % 1000)?;
    if width < TILE_WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
}

fn read_index(text: &str) -> Option<u64> {
    let mut index: u64 = 0;
    let mut elements = text.split('/').peekable();
    let mut is_first = true;
    while let Some(element) = elements.next() {
        let digits = if elements.peek().is_some() { element.strip_prefix('x')? } else { element };
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Leading elements of zeroes would be a second spelling.
        if is_first && digits == "000" && elements.peek().is_some() {
            return None;
        }
        is_first = false;
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}
