//! What witnesses say of a log: which checkpoint they have seen, and whether they refuse it.

use super::super::witness::{Cosignatures, cosigned, most_cosigned};
use super::accounts::Reach;
use super::finding::Stop;
use super::{Finding, Verification};
use mainstay_kernel::entities::LedgerHead;
use mainstay_kernel::{PLATFORM_ORGANIZATION, Result};
use mainstay_ledger::{Checkpoint, LogVerifier, SignedNote, VerifierKey};

impl Verification<'_> {
    /// The log must begin with every checkpoint that a witness cosigned; enough of the demanded
    /// witnesses must have seen one, and none may refuse the log.
    pub(super) async fn witnesses(
        &mut self,
        log: &LogVerifier,
        head: &LedgerHead,
        present: &Checkpoint,
    ) -> Result<(), Stop> {
        if self.organization != PLATFORM_ORGANIZATION {
            return self.anchored();
        }
        let rows = Cosignatures::new(self.store.catalog())?;
        let rows = rows.of_log(self.store, self.organization).await?;
        for row in &rows {
            let name = row.witness.parse::<VerifierKey>();
            let name = name.map_or_else(|_| row.witness.to_string(), |key| key.name().to_owned());
            if let Some(why) = &row.refusal {
                let reach = Reach::Refusal(row.refused_size.map(i64::cast_unsigned));
                let why = why.to_string();
                self.accounts.fault(reach, Finding::Refused { witness: name, why })?;
            }
            let note = row.checkpoint.as_deref().and_then(|text| SignedNote::parse(text).ok());
            // One that the log has not signed says nothing of it.
            if let Some(Ok(seen)) = note.map(|note| log.checkpoint(&note)) {
                self.know(seen.checkpoint, present)?;
            }
        }
        if self.options.quorum == 0 {
            return Ok(());
        }
        let newest = cosigned(head, &rows)?;
        let most = most_cosigned(&rows).map(|(_, note)| note);
        let demands = log.clone().with_witnesses(self.options.witnesses.clone(), 0);
        let mut found = 0;
        for note in [Some(newest), most].into_iter().flatten() {
            let Ok(seen) = demands.checkpoint(&note) else { continue };
            found = found.max(seen.witnesses.len());
            if seen.witnesses.len() >= self.options.quorum {
                self.report.witnessed = Some(seen.checkpoint.size);
                return Ok(());
            }
        }
        self.unwitnessed(found)
    }

    /// An organisation's log is seen by witnesses through the platform's.
    fn anchored(&mut self) -> Result<(), Stop> {
        if self.options.quorum == 0 {
            return Ok(());
        }
        match self.options.anchors.iter().map(|anchored| anchored.size).max() {
            Some(size) => {
                self.report.witnessed = Some(size);
                Ok(())
            }
            None => self.unwitnessed(0),
        }
    }

    fn unwitnessed(&mut self, found: usize) -> Result<(), Stop> {
        let finding = Finding::Unwitnessed { needed: self.options.quorum, found };
        self.accounts.fault(Reach::Refusal(None), finding)
    }
}
