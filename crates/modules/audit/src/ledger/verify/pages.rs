//! Pages in their order, while those after them are being read.

use super::page::{Page, PageReader};
use mainstay_kernel::{Error, Result};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Leaves of a page, whole bundles. Those that are being read together are all that is in memory.
const PAGE: u64 = 512;

pub(super) struct Pages {
    reader: Arc<PageReader>,
    range: Range<u64>,
    /// Sizes at which hashes are cut, the next one last.
    cuts: Vec<u64>,
    window: usize,
    reading: VecDeque<JoinHandle<Result<Page>>>,
}

impl Pages {
    /// The pages of a range, of which `window` are read at a time; `cuts` are in ascending order.
    pub(super) fn new(
        reader: PageReader,
        range: Range<u64>,
        mut cuts: Vec<u64>,
        window: usize,
    ) -> Self {
        cuts.reverse();
        let (reader, reading) = (Arc::new(reader), VecDeque::with_capacity(window));
        Self { reader, range, cuts, window, reading }
    }

    /// The next page; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Page>> {
        while self.reading.len() < self.window && !self.range.is_empty() {
            let start = self.range.start;
            let end = self.range.end.min((start / PAGE + 1) * PAGE);
            self.range.start = end;
            let mut cuts = Vec::new();
            while let Some(cut) = self.cuts.pop_if(|cut| *cut <= end) {
                cuts.push(cut);
            }
            self.reading.push_back(tokio::spawn(self.reader.clone().read(start..end, cuts)));
        }
        // It stays in the queue until it is read, so that whoever drops this ends it.
        let Some(first) = self.reading.front_mut() else { return Ok(None) };
        let page = first.await;
        self.reading.pop_front();
        page.map_err(Error::internal)?.map(Some)
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.reading.iter().for_each(JoinHandle::abort);
    }
}
