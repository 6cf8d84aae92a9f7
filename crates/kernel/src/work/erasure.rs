//! Erasing people: whoever destroys the key has destroyed all that it sealed, wherever copies are.

use super::Work;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::principal::PLATFORM_ORGANIZATION;
use crate::sealing::NewKeys;
use crate::vaults::KeyName;
use crate::{Context, Kernel};
use std::collections::HashSet;
use uuid::Uuid;

impl Work {
    /// Destroys the key of a data subject in the organisation of this work. From the commit on
    /// nothing that it sealed can be read, on this server at once, on others within a second; reads
    /// show [`ERASED`](crate::ERASED) in its place. Nothing can be sealed for the subject any more.
    /// Events and their proofs stay as they are. Erasing a subject again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing was ever sealed for the subject.
    pub async fn forget_subject(&mut self, subject: Uuid) -> Result<()> {
        let organization = self.context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
        let name = KeyName::Subject(organization, subject);
        let kernel = self.kernel.clone();
        let vaults = kernel.vaults();
        let changes = self.transaction.update(vaults.destroy(name, self.context.now)?).await?;
        if changes.is_empty() {
            let known = self.transaction.fetch(&vaults.select(name)?).await?;
            return if known.is_empty() {
                Err(Error::NotFound("data subject".to_owned()))
            } else {
                Ok(())
            };
        }
        self.forgotten.push(name);
        // Other servers look for what changed.
        self.policy_changed = true;
        let mut event = Event::new("data_subjects", "erase");
        event.resource_id = Some(subject.to_string());
        self.events.push(event);
        Ok(())
    }
}

impl Kernel {
    /// Which of some data subjects of an organisation were erased.
    pub async fn erased_subjects(
        &self,
        organization: Uuid,
        subjects: &[Uuid],
    ) -> Result<HashSet<Uuid>> {
        if subjects.is_empty() {
            return Ok(HashSet::new());
        }
        let keys = self.vaults().find_subjects(organization, subjects).await?;
        Ok(keys.into_iter().filter(|(_, key)| key.is_destroyed()).map(|(id, _)| id).collect())
    }

    /// The identifier by which events name a person that another system knows by some text: an
    /// identifier itself, else a keyed hash of the text, which nobody can make or guess without the
    /// organisation's key.
    pub async fn pseudonym(&self, context: &Context, subject: &str) -> Result<Uuid> {
        if let Ok(id) = subject.parse() {
            return Ok(id);
        }
        let organization = context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
        let name = KeyName::BlindIndex(organization);
        let key = match self.vaults().find(name).await? {
            Some(key) => key,
            None => {
                let mut keys = NewKeys::default();
                let mut transaction = self.store().begin(&context.principal.access()).await?;
                let key = keys.get(self, context, &mut transaction, name).await?;
                transaction.commit().await?;
                keys.committed(self.vaults());
                key
            }
        };
        let key = key.blind_index()?.key("mainstay.data_subjects", "id");
        Ok(uuid::Builder::from_custom_bytes(key.blind_index(subject.as_bytes())).into_uuid())
    }
}
