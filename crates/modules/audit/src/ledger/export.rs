//! Exporting a log: its leaves and events, with what proves them.

use super::since::first_since;
use super::tables::{Tables, read, select};
use super::tiles::tile_set;
use super::verify::Progress;
use super::witnessed::Witnessed;
use crate::format::Format;
use jiff::Timestamp;
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::{Error, Result};
use mainstay_ledger::{
    EventFormat, ExportError, ExportWriter, HASH_LEN, Hash, InclusionFile, RangeFile, RangeProof,
    SignedNote, SignerKey, TILE_WIDTH, entries, range_tiles,
};
use mainstay_store::{Filter, Store};
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

/// What is exported: a log, from some time to its newest checkpoint, or the newest that witnesses
/// have seen.
pub struct Export<'a> {
    store: &'a Store,
    tables: Tables,
    organization: Uuid,
    origin: String,
    /// The checkpoint that the leaves are proved with, and its size.
    checkpoint: SignedNote,
    size: u64,
    anchor: Option<InclusionFile>,
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
    /// `since` are left out as far as whole runs of leaves are. `witnessed` ends it at the newest
    /// checkpoint that witnesses have seen.
    ///
    /// # Errors
    /// When no witness has seen a checkpoint and one should, and when the store does not answer.
    pub async fn begin(
        store: &'a Store,
        organization: Uuid,
        since: Option<Timestamp>,
        witnessed: bool,
    ) -> Result<Option<Self>> {
        let tables = Tables::new(store.catalog())?;
        let Some(head) = tables.head(store, organization).await? else {
            return Ok(None);
        };
        let begin = match since {
            Some(since) => first_since(store, &tables, organization, since).await?,
            None => Some(0),
        };
        let Witnessed { size, checkpoint, anchor } = if witnessed {
            let seen = Witnessed::of(store, &tables, organization).await?;
            seen.ok_or_else(|| Error::internal("no witness has seen this log yet"))?
        } else {
            let checkpoint = SignedNote::parse(&head.checkpoint).map_err(Error::internal)?;
            Witnessed { size: head.size.cast_unsigned(), checkpoint, anchor: None }
        };
        let begin = begin.unwrap_or(size).min(size);
        let origin = head.origin.to_string();
        Ok(Some(Self { store, tables, organization, origin, checkpoint, size, anchor, begin }))
    }

    /// The log's identity.
    pub fn origin(&self) -> &str {
        &self.origin
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
        let format = format.of_log(&self.origin);
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
        let format = format.of_log(&self.origin);
        let proof = self.proof().await?;
        let now = now.as_microsecond();
        let mut writer = ExportWriter::new(out, &self.origin, &proof, &format, now)?;
        if let Some(anchor) = &self.anchor {
            writer.anchor(anchor)?;
        }
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

    async fn proof(&self) -> Result<RangeFile> {
        let (begin, size) = (self.begin, self.size);
        let wanted = range_tiles(begin, size, size).map_err(Error::internal)?;
        let tiles = tile_set(self.store, &self.tables, self.organization, &wanted).await?;
        let proof = RangeProof::prove(&tiles, begin, size, size).map_err(Error::internal)?;
        Ok(RangeFile { proof, checkpoint: self.checkpoint.clone() })
    }

    /// Shows all leaves in their order; those without contents by the hash in their tile.
    async fn each_leaf(
        &self,
        mut each: impl FnMut(u64, Leaf<'_>) -> std::result::Result<(), ExportError>,
        on_progress: impl Fn(Progress),
    ) -> std::result::Result<(), ExportFailure> {
        let size = self.size;
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
