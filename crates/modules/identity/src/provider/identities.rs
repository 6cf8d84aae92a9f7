//! The ways in of a person: adding and removing them.

use crate::account::change::SignedIn;
use crate::account::reply::PASSWORD;
use crate::account::user_account::UserAccount;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::Letters;
use crate::mail::changed::{By, Changed, Reader};
use crate::records::{lock, seek};
use crate::session::sessions::AuthRequest;
use mainstay_entity::{Value, json};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, table};
use mainstay_kernel::{Error, Event};
use serde_json::json as object;
use uuid::Uuid;

impl Identity {
    /// Takes a way in away from a person who has another one.
    ///
    /// # Errors
    /// [`AuthCode::IdentityNotFound`], [`AuthCode::SingleIdentityNotDeletable`],
    /// [`AuthCode::ManualLinkingDisabled`] where there are no providers.
    pub async fn unlink(
        &self,
        person: SignedIn,
        identity: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        self.check_linking(request).await?;
        self.check_second_factor(person).await?;
        let context = self.system_request(request, request.organization);
        let mut work = self.kernel.begin(&context).await?;
        // Two at a time could take both away.
        let user = lock::<User>(&mut work, &[("id", Value::Uuid(person.user))]).await?;
        let own = [("user_id", Value::Uuid(person.user))];
        let accounts: Vec<UserAccount> = seek(&mut work, &own).await?;
        let Some(account) = accounts.iter().find(|account| account.id.uuid() == identity) else {
            let message = "Identity doesn't exist";
            return Err(AuthError::new(AuthCode::IdentityNotFound, message));
        };
        let leads_in = |other: &&UserAccount| {
            other.id != account.id
                && (&*other.provider == PASSWORD || self.providers.knows(&other.provider))
        };
        if accounts.iter().find(leads_in).is_none() {
            let message = "User must have at least 1 identity after unlinking";
            return Err(AuthError::new(AuthCode::SingleIdentityNotDeletable, message));
        }
        let rows = table::<UserAccount>(self.kernel.catalog())?;
        let this = equal(&rows, &[("id", Value::Uuid(identity))])?;
        work.delete(&rows, this).await?;
        let mut event = Event::new("user", "unlink_identity");
        event.resource_id = Some(person.user.to_string());
        let details = object!({ "provider": &*account.provider }).to_string();
        event.details = Some(json::canonical(&details).map_err(Error::internal)?);
        work.record(event);
        let letters = match &user {
            Some(user) => {
                let (reader, changed) =
                    (Reader::of(user), Changed::ProviderRemoved(&account.provider));
                self.tell_of_change(&mut work, reader, changed, By::Person).await?
            }
            None => Letters::default(),
        };
        Ok(self.commit_and_post(work, letters).await?)
    }

    /// Whether people can add and remove ways in where a request is for.
    ///
    /// # Errors
    /// [`AuthCode::ManualLinkingDisabled`].
    pub(crate) async fn check_linking(&self, request: &AuthRequest) -> Result<(), AuthError> {
        let auth = self.organization_auth(request.organization).await?;
        if self.providers.names(&auth).next().is_some() {
            return Ok(());
        }
        let message = "Manual linking is disabled";
        Err(AuthError::new(AuthCode::ManualLinkingDisabled, message))
    }

    /// The names of the providers that people can come to an organisation by.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn provider_names(
        &self,
        organization: Option<Uuid>,
    ) -> mainstay_kernel::Result<Vec<String>> {
        let auth = self.organization_auth(organization).await?;
        Ok(self.providers.names(&auth).map(str::to_owned).collect())
    }
}
