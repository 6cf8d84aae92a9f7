//! Exporting a log: its leaves and events, with what proves them.

use super::tables::{Tables, compare, equal, read, select};
use super::verify::Progress;
use crate::format::Format;
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::entities::{LedgerEntry, LedgerHead};
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{
    EventFormat, ExportError, ExportWriter, HASH_LEN, Hash, RangeFile, RangeProof, SignedNote,
    SignerKey, TILE_WIDTH, TileId, TileSet, entries, range_tiles,
};
use mainstay_store::{Compare, Filter, Store};
use std::io::Write;
use std::ops::Range;
use uuid::Uuid;

/// Leaves that are read together, whole bundles.
const PAGE: u64 = 4 * TILE_WIDTH as u64;

/// The logs that there are: organisations, or the nil identifier for the platform's, and origins.
pub async fn logs(store: &Store) -> Result<Vec<(Uuid, String)>> {
    let tables = Tables::new(store.catalog())?;
    let select = select(&tables.heads, Filter::All, Some("organization_id"))?;
    let heads: Vec<LedgerHead> = read(store, &select).await?;
    Ok(heads
        .into_iter()
        .map(|head| (head.organization_id.uuid(), head.origin.to_string()))
        .collect())
}

/// What is exported: a log, from some time to its newest checkpoint.
pub struct Export<'a> {
    store: &'a Store,
    tables: Tables,
    organization: Uuid,
    head: LedgerHead,
    begin: u64,
}

/// Why an export was not completed.
#[derive(Debug)]
pub enum ExportFailure {
    /// The store did not answer.
    Store(Error),
    /// Writing failed, or a leaf can't be told in the format.
    Export(ExportError),
}

impl<'a> Export<'a> {
    /// The export of an organisation's log; none when it has none. Events that were recorded before
    /// `since` are left out as far as whole runs of leaves are.
    pub async fn begin(
        store: &'a Store,
        organization: Uuid,
        since: Option<Timestamp>,
    ) -> Result<Option<Self>> {
        let tables = Tables::new(store.catalog())?;
        let Some(head) = tables.head(store, organization).await? else {
            return Ok(None);
        };
        let begin = match since {
            Some(since) => first_since(store, &tables, organization, since).await?,
            None => Some(0),
        };
        let begin = begin.unwrap_or(head.size.cast_unsigned());
        Ok(Some(Self { store, tables, organization, head, begin }))
    }

    /// The log's identity.
    pub fn origin(&self) -> &str {
        &self.head.origin
    }

    /// Writes the events alone; gives how many leaves they are.
    ///
    /// # Errors
    /// As [`ExportFailure`] tells.
    pub async fn write_events(
        &self,
        format: Format,
        out: &mut impl Write,
        on_progress: impl Fn(Progress),
    ) -> std::result::Result<u64, ExportFailure> {
        let format = format.of_log(&self.head.origin);
        let mut bytes = format.header().as_bytes().to_vec();
        let mut count = 0;
        let each = |index, leaf: Leaf<'_>| {
            if let Leaf::Whole(leaf) = leaf {
                let told = format.append(index, leaf, &mut bytes);
                told.map_err(|source| ExportError::Format { index, source })?;
                out.write_all(&bytes)?;
                bytes.clear();
                count += 1;
            }
            Ok(())
        };
        self.each_leaf(each, on_progress).await?;
        out.write_all(&bytes).and_then(|()| out.flush()).map_err(ExportError::from)?;
        Ok(count)
    }

    /// Writes an archive with events, leaves and proofs, signed by the log.
    ///
    /// # Errors
    /// As [`ExportFailure`] tells.
    pub async fn write_bundle(
        &self,
        format: Format,
        key: &SignerKey,
        now: Timestamp,
        out: &mut impl Write,
        on_progress: impl Fn(Progress),
    ) -> std::result::Result<u64, ExportFailure> {
        let format = format.of_log(&self.head.origin);
        let proof = self.proof().await?;
        let now = now.as_microsecond();
        let mut writer = ExportWriter::new(out, &self.head.origin, &proof, &format, now)?;
        let mut count = 0;
        let each = |_, leaf: Leaf<'_>| match leaf {
            Leaf::Whole(leaf) => {
                count += 1;
                writer.push(leaf)
            }
            Leaf::Removed(hash) => writer.push_removed(&hash),
        };
        self.each_leaf(each, on_progress).await?;
        writer.finish(key)?;
        Ok(count)
    }

    fn size(&self) -> u64 {
        self.head.size.cast_unsigned()
    }

    async fn proof(&self) -> Result<RangeFile> {
        let (begin, size) = (self.begin, self.size());
        let wanted = range_tiles(begin, size, size).map_err(Error::internal)?;
        let tiles = self.tiles(&wanted).await?;
        let proof = RangeProof::prove(&tiles, begin, size, size).map_err(Error::internal)?;
        let checkpoint = SignedNote::parse(&self.head.checkpoint).map_err(Error::internal)?;
        Ok(RangeFile { proof, checkpoint })
    }

    async fn tiles(&self, wanted: &[TileId]) -> Result<TileSet> {
        let places = wanted.iter().map(|tile| (tile.level(), tile.index()));
        let rows = self.tables.hashes(self.store, self.organization, places).await?;
        let mut tiles = TileSet::new();
        for row in rows {
            let place = (i64::from(row.level), row.number.cast_unsigned());
            let tile = wanted.iter().find(|tile| (i64::from(tile.level()), tile.index()) == place);
            let Some(tile) = tile else { continue };
            // The log may have grown since its head was read; a wider tile begins with the same.
            let bytes = row.bytes.get(..tile.byte_len()).unwrap_or_default().to_vec();
            tiles.insert(*tile, bytes).map_err(Error::internal)?;
        }
        Ok(tiles)
    }

    /// Shows all leaves in their order; those without contents by the hash in their tile.
    async fn each_leaf(
        &self,
        mut each: impl FnMut(u64, Leaf<'_>) -> std::result::Result<(), ExportError>,
        on_progress: impl Fn(Progress),
    ) -> std::result::Result<(), ExportFailure> {
        let size = self.size();
        // Runs never cross a bundle, so that a page of whole bundles has whole runs.
        let mut first = self.begin - self.begin % u64::from(TILE_WIDTH);
        while first < size {
            let page = first..(first + PAGE).min(size);
            let runs = self.tables.leaves(self.store, self.organization, page.clone()).await?;
            let mut next = page.start;
            for run in runs {
                let start = run.number.cast_unsigned();
                self.removed(next.max(self.begin)..start, &mut each).await?;
                next = next.max(start);
                for leaf in entries(&run.bytes) {
                    let leaf = leaf.map_err(ExportError::from)?;
                    if (self.begin..size).contains(&next) {
                        each(next, Leaf::Whole(leaf))?;
                    }
                    next += 1;
                }
            }
            self.removed(next.max(self.begin)..page.end, &mut each).await?;
            first = page.end;
            on_progress(Progress {
                leaves: first.saturating_sub(self.begin),
                size: size - self.begin,
            });
        }
        Ok(())
    }

    async fn removed(
        &self,
        range: Range<u64>,
        each: &mut impl FnMut(u64, Leaf<'_>) -> std::result::Result<(), ExportError>,
    ) -> std::result::Result<(), ExportFailure> {
        let width = u64::from(TILE_WIDTH);
        let mut next = range.start;
        while next < range.end {
            let place = [(0, next / width)];
            let tile = self.tables.hashes(self.store, self.organization, place).await?.pop();
            let end = range.end.min((next / width + 1) * width);
            for index in next..end {
                let at = (index % width) as usize * HASH_LEN;
                let hash = tile.as_ref().and_then(|tile| tile.bytes.get(at..at + HASH_LEN));
                let missing = || Error::internal(format!("leaf {index} and its hash are missing"));
                let hash = Hash::from_slice(hash.ok_or_else(missing)?).map_err(Error::internal)?;
                each(index, Leaf::Removed(hash))?;
            }
            next = end;
        }
        Ok(())
    }
}

/// A leaf as it is kept.
enum Leaf<'a> {
    Whole(&'a [u8]),
    /// Retention removed its contents.
    Removed(Hash),
}

/// The first leaf of the first run with an event that was recorded at a time or later.
async fn first_since(
    store: &Store,
    tables: &Tables,
    organization: Uuid,
    since: Timestamp,
) -> Result<Option<u64>> {
    // Identifiers begin with the milliseconds of their making.
    let millis = u128::from(since.as_millisecond().max(0).cast_unsigned());
    let least = Value::Uuid(Uuid::from_u128(millis << 80));
    let filter = Filter::And(vec![
        equal(&tables.entries, "organization_id", Value::Uuid(organization))?,
        compare(&tables.entries, "last_id", Compare::Ge, least)?,
    ]);
    let mut select = select(&tables.entries, filter, Some("first_index"))?;
    select.limit = Some(1);
    let entry: Option<LedgerEntry> = read(store, &select).await?.pop();
    Ok(entry.map(|entry| entry.first_index.cast_unsigned()))
}

impl From<Error> for ExportFailure {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl From<ExportError> for ExportFailure {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}

impl std::fmt::Display for ExportFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Export(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ExportFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => error.source(),
            Self::Export(error) => error.source(),
        }
    }
}
