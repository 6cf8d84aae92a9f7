//! What all requests that write have in common: their bodies, what they answer, how they end.

use crate::body::{Reading, Rows};
use crate::call::Call;
use crate::dialect::Preferences;
use crate::dialect::media::body_type;
use crate::dialect::prefer::{Handling, Missing, Representation as Asked, TransactionEnd};
use crate::error::{Fault, Result};
use crate::representation::Representation;
use http::Method;
use mainstay_kernel::Work;

/// What a write answers with.
pub(crate) enum Shown {
    /// Nothing.
    Minimal,
    /// The place of a new row.
    Location,
    /// The rows.
    Rows(Box<Representation>),
}

impl Shown {
    /// What the request prefers, resolved before anything is written.
    pub(crate) fn plan(call: &Call<'_>) -> Result<Self> {
        match call.preferences.representation {
            None | Some(Asked::Minimal) => Ok(Self::Minimal),
            Some(Asked::HeadersOnly) => Ok(Self::Location),
            Some(Asked::Full) => Ok(Self::Rows(Box::new(Representation::plan(call)?))),
        }
    }

    pub(crate) fn rows(&self) -> Option<&Representation> {
        if let Self::Rows(representation) = self { Some(representation) } else { None }
    }

    /// Whether the answer needs no read inside the transaction.
    pub(crate) fn is_in_hand(&self) -> bool {
        self.rows().is_none_or(Representation::is_plain)
    }
}

impl Call<'_> {
    /// The rows of the request's body.
    pub(crate) fn body_rows(&self) -> Result<Rows> {
        let body_type = body_type(self.request.content_type(), false)?;
        let reading = Reading {
            table: &self.table,
            columns: self.params.columns.as_deref(),
            missing_default: self.preferences.missing == Some(Missing::Default),
            zone: self.zone(),
        };
        reading.read(body_type, &self.request.body)
    }

    /// Whether the changes are to be undone after they were answered.
    pub(crate) fn rolls_back(&self) -> bool {
        self.preferences.transaction == Some(TransactionEnd::Rollback)
    }

    /// Begins the changes, or goes on with those of the steps before.
    pub(crate) async fn begin(&self) -> Result<Work> {
        match self.shared {
            Some(shared) => Ok(shared.take()?),
            None => Ok(self.kernel.begin(self.context).await?),
        }
    }

    /// Commits, unless the client wants the changes undone or further steps come.
    pub(crate) async fn end(&self, work: Work) -> Result<()> {
        if let Some(shared) = self.shared {
            shared.put(work);
        } else if self.rolls_back() {
            work.rollback().await;
        } else {
            work.commit().await?;
        }
        Ok(())
    }

    /// Refuses more changed rows than the client allows; binding with `handling=strict` alone.
    pub(crate) fn check_affected(&self, rows: u64) -> Result<()> {
        let strict = self.preferences.handling == Some(Handling::Strict);
        match self.preferences.max_affected {
            Some(most) if strict && rows > most => {
                let message = "Query result exceeds max-affected preference constraint";
                let details = format!("The query affects {rows} rows");
                Err(Fault::new("PGRST124", message).details(details).into())
            }
            _ => Ok(()),
        }
    }

    /// The number of rows for `Content-Range`, when the client asked to count.
    pub(crate) fn counted(&self, rows: u64) -> Option<u64> {
        self.preferences.count.map(|_| rows)
    }

    /// The preferences that a write of existing rows confirms.
    pub(crate) fn applied_to_change(&self) -> Preferences {
        let updates = self.request.method == Method::PATCH;
        let missing = self.preferences.missing.filter(|_| updates);
        Preferences { resolution: None, missing, ..self.preferences.clone() }
    }
}
