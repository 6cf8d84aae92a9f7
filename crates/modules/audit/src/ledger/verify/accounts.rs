//! What was found, and what the log itself says of it: tombstones tell what retention removed,
//! re-anchors what damage made unprovable.

use super::finding::{Finding, Stop};
use mainstay_ledger::{Error, Hash, Leaf, LeafKind, LogVerifier, Reanchor};
use std::ops::Range;

/// Faults that are kept until all statements are read.
const FAULTS_MAX: usize = 1_000;

/// What a re-anchor must name to account for a fault.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    /// A leaf.
    Leaf(u64),
    /// Size and root of a checkpoint that the log does not continue.
    Checkpoint(u64, Hash),
    /// The leaves of a checkpoint that a witness knows and the log does not continue.
    Refusal(Option<u64>),
}

#[derive(Default)]
pub(super) struct Accounts {
    faults: Vec<(Reach, Finding)>,
    /// Runs of leaves without contents.
    missing: Vec<(u64, u64)>,
    tombstones: Vec<(u64, u64)>,
    reanchors: Vec<Reanchor>,
}

impl Accounts {
    /// Keeps a fault, which a statement further on may account for.
    pub(super) fn fault(&mut self, reach: Reach, finding: Finding) -> Result<(), Stop> {
        self.faults.push((reach, finding));
        if self.faults.len() < FAULTS_MAX {
            return Ok(());
        }
        Err(self.faults.swap_remove(0).1.into())
    }

    /// Leaves are not there.
    pub(super) fn missing(&mut self, leaves: Range<u64>) {
        match self.missing.last_mut() {
            Some((_, end)) if *end == leaves.start => *end = leaves.end,
            _ => self.missing.push((leaves.start, leaves.end)),
        }
    }

    /// Takes note of a statement.
    ///
    /// # Errors
    /// When it is not signed by the log.
    pub(super) fn note(&mut self, log: &LogVerifier, leaf: &Leaf<'_>) -> Result<(), Error> {
        match leaf.kind() {
            LeafKind::Tombstone => {
                let removed = log.tombstone(&leaf.note()?)?.removed;
                self.tombstones.push((removed.begin(), removed.end()));
            }
            LeafKind::Reanchor => self.reanchors.push(log.reanchor(&leaf.note()?)?),
            _ => {}
        }
        Ok(())
    }

    /// How many leaves have no contents.
    pub(super) fn removed(&self) -> u64 {
        self.missing.iter().map(|(begin, end)| end - begin).sum()
    }

    /// The first fault that no statement accounts for.
    pub(super) fn first_fault(&self) -> Option<Finding> {
        let missing = self.first_unaccounted().map(|index| Finding::LeafMissing { index });
        let fault = self.faults.iter().find(|(reach, _)| !self.is_accounted(*reach));
        match (missing, fault) {
            (Some(Finding::LeafMissing { index }), Some((Reach::Leaf(at), fault))) => {
                Some(if *at < index { fault.clone() } else { Finding::LeafMissing { index } })
            }
            (_, Some((_, fault))) => Some(fault.clone()),
            (missing, None) => missing,
        }
    }

    /// What the log says can't be proved.
    pub(super) fn reanchors(&self) -> &[Reanchor] {
        &self.reanchors
    }

    /// How many leaves without contents re-anchors tell of at most.
    pub(super) fn given_up(&self) -> u64 {
        let leaves: u64 = self.reanchors.iter().map(|told| told.end - told.begin).sum();
        leaves.min(self.removed())
    }

    fn is_accounted(&self, reach: Reach) -> bool {
        self.reanchors.iter().any(|reanchor| match reach {
            Reach::Leaf(index) => (reanchor.begin..reanchor.end).contains(&index),
            Reach::Checkpoint(size, root) => reanchor.abandoned == Some((size, root)),
            Reach::Refusal(size) => {
                reanchor.abandoned.is_some_and(|(abandoned, _)| size == Some(abandoned))
            }
        })
    }

    /// The first leaf without contents that no statement tells of.
    fn first_unaccounted(&self) -> Option<u64> {
        let reanchored = self.reanchors.iter().map(|reanchor| (reanchor.begin, reanchor.end));
        let mut told: Vec<(u64, u64)> = self.tombstones.iter().copied().chain(reanchored).collect();
        told.sort_unstable();
        let mut told = told.into_iter().peekable();
        // Up to where statements tell of everything since the beginning of the run at hand.
        let mut reach = 0;
        for (begin, end) in &self.missing {
            reach = reach.max(*begin);
            while let Some((_, to)) = told.next_if(|(from, _)| *from <= reach) {
                reach = reach.max(to);
            }
            if reach < *end {
                return Some(reach);
            }
        }
        None
    }
}
