//! Asking for a link or a code: to sign in, to choose a new password, or once more.
//!
//! All of it is answered before it is looked up, so neither the answer nor its time tells whether
//! an address has an account. The work is done by tasks, as many as a server can bear.

use crate::account::address;
use crate::auth_error::AuthError;
use crate::authenticate::Identity;
use crate::mail::Letters;
use crate::records::{change, seek};
use crate::session::sessions::AuthRequest;
use crate::sign_in::challenge::Challenge;
use crate::sign_in::one_time::NewCode;
use crate::sign_in::sign_up::{create_user, draft, metadata};
use crate::sign_in::verification::VerificationPurpose;
use mainstay_entity::Value;
use mainstay_kernel::entities::{User, UserStatus};
use mainstay_kernel::{Error, Result, Work};
use mainstay_store::ErrorKind;
use serde_json::{Map, Value as JsonValue};
use std::sync::Arc;
use uuid::Uuid;

/// Requests that are worked on after their answer; more are refused.
pub(crate) const PENDING_MAX: usize = 256;

/// A link or a code that somebody asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The address.
    pub email: String,
    /// Where a browser goes on after the link.
    pub redirect_to: Option<String>,
    /// What whoever asks will prove to know.
    pub challenge: Challenge,
}

/// What is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resend {
    /// The link that finishes a sign-up.
    Signup,
    /// The links that change an address.
    EmailChange,
}

/// What is wanted of an address that was checked.
struct Wanted {
    email: String,
    redirect_to: Option<String>,
    challenge: Option<String>,
    request: AuthRequest,
}

/// What is done after the answer.
enum Task {
    Recover,
    /// With what a new person says of themselves; none when nobody new is wanted.
    MagicLink(Option<String>),
    Resend(Resend),
}

impl Identity {
    /// Sends a link to choose a new password with, if the address has an account.
    ///
    /// # Errors
    /// For what is no address, and when too much is asked for.
    pub async fn recover(
        self: &Arc<Self>,
        asked: &Asked,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        self.later(Task::Recover, Wanted::new(asked, request)?).await
    }

    /// Sends a link and a code to sign in with. An address without an account gets one where the
    /// organisation lets people in, if there is `data` for it.
    ///
    /// # Errors
    /// As [`Identity::recover`].
    pub async fn send_magic_link(
        self: &Arc<Self>,
        asked: &Asked,
        data: Option<&Map<String, JsonValue>>,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let metadata = data.map(metadata).transpose()?;
        self.later(Task::MagicLink(metadata), Wanted::new(asked, request)?).await
    }

    /// Sends once more what was sent before.
    ///
    /// # Errors
    /// As [`Identity::recover`].
    pub async fn resend(
        self: &Arc<Self>,
        what: Resend,
        asked: &Asked,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        self.later(Task::Resend(what), Wanted::new(asked, request)?).await
    }

    /// Waits until what was promised in answers is done.
    pub async fn settle(&self) {
        // The semaphore is never closed, so this waits for all of it.
        let all = u32::try_from(PENDING_MAX).unwrap_or(u32::MAX);
        drop(self.pending.acquire_many(all).await);
    }

    async fn later(self: &Arc<Self>, task: Task, wanted: Wanted) -> Result<(), AuthError> {
        let method = match task {
            Task::Recover => "recovery",
            Task::MagicLink(_) => "otp",
            Task::Resend(_) => "resend",
        };
        self.count_asked(&wanted.email, method, &wanted.request).await?;
        let place = self.pending.clone().try_acquire_owned();
        let place = place.map_err(|_| Error::Store(ErrorKind::Overloaded.into()))?;
        let identity = self.clone();
        tokio::spawn(async move {
            if let Err(error) = identity.work_off(task, wanted).await {
                tracing::error!(%error, "a link that was asked for could not be sent");
            }
            drop(place);
        });
        Ok(())
    }

    async fn work_off(&self, task: Task, wanted: Wanted) -> Result<(), AuthError> {
        let found = self.user_by_email(&wanted.email).await?;
        match (task, found) {
            (Task::MagicLink(_), Some(user)) => self.send_to_known(&user, wanted).await,
            (Task::MagicLink(Some(metadata)), None) => self.send_to_new(metadata, wanted).await,
            (Task::Recover, Some(user)) => {
                let is_in = matches!(user.status, UserStatus::Active | UserStatus::Locked);
                if is_in && self.is_at_home(&user, wanted.request.organization).await? {
                    self.send(&user, VerificationPurpose::Recovery, wanted).await?;
                }
                Ok(())
            }
            (Task::Resend(Resend::Signup), Some(user))
                if user.status == UserStatus::PendingVerification =>
            {
                self.send(&user, VerificationPurpose::Signup, wanted).await
            }
            (Task::Resend(Resend::EmailChange), Some(user))
                if user.status == UserStatus::Active =>
            {
                self.send_change(&user, wanted).await
            }
            _ => Ok(()),
        }
    }

    /// Somebody who belongs where they ask to enter, or may come to belong there.
    async fn send_to_known(&self, user: &User, wanted: Wanted) -> Result<(), AuthError> {
        let organization = wanted.request.organization;
        let is_open = self.open_organization(&wanted.request, &user.email).await.is_ok();
        if self.is_at_home(user, organization).await? || (is_open && !user.is_anonymous) {
            self.send(user, VerificationPurpose::MagicLink, wanted).await?;
        }
        Ok(())
    }

    async fn send_to_new(&self, metadata: String, wanted: Wanted) -> Result<(), AuthError> {
        let Ok((organization, _)) = self.open_organization(&wanted.request, &wanted.email).await
        else {
            return Ok(());
        };
        let context = self.system_request(&wanted.request, Some(organization));
        let id = self.kernel.new_id(&context);
        let user = draft(id, &wanted.email, metadata, false, context.now)?;
        let mut work = self.kernel.begin(&context).await?;
        create_user(&mut work, &user, None).await?;
        work.commit().await?;
        self.send(&user, VerificationPurpose::Signup, wanted).await
    }

    /// Whether a person belongs where they ask to enter.
    async fn is_at_home(&self, user: &User, organization: Option<Uuid>) -> Result<bool> {
        if user.is_anonymous {
            return Ok(false);
        }
        match organization {
            None => Ok(true),
            Some(_) if user.is_platform_admin => Ok(true),
            Some(id) => Ok(self.memberships(user.id.uuid()).await?.contains(&id)),
        }
    }

    async fn send(
        &self,
        user: &User,
        purpose: VerificationPurpose,
        wanted: Wanted,
    ) -> Result<(), AuthError> {
        let settings = self.organization_auth(wanted.request.organization).await?;
        let redirect_to = self.redirect_target(wanted.redirect_to.as_deref(), &settings);
        let own = self.memberships(user.id.uuid()).await?;
        let sender = wanted.request.organization.or(own.first().copied());
        let mut work = self.kernel.begin(&self.system_request(&wanted.request, sender)).await?;
        let code = NewCode {
            user: user.id.uuid(),
            purpose,
            organization: wanted.request.organization,
            email: &wanted.email,
            redirect_to: Some(&redirect_to),
            challenge: wanted.challenge,
        };
        let letters = self.send_code(&mut work, user, &code).await?;
        Ok(self.commit_and_post(work, letters).await?)
    }

    async fn send_change(&self, user: &User, wanted: Wanted) -> Result<(), AuthError> {
        let Some(new_email) = &user.new_email else {
            return Ok(());
        };
        let own = self.memberships(user.id.uuid()).await?;
        let sender = wanted.request.organization.or(own.first().copied());
        let settings = self.organization_auth(wanted.request.organization).await?;
        let redirect_to = self.redirect_target(wanted.redirect_to.as_deref(), &settings);
        let mut work = self.kernel.begin(&self.system_request(&wanted.request, sender)).await?;
        let places = (wanted.request.organization, redirect_to.as_str());
        let challenge = wanted.challenge.as_ref();
        let letters = self.send_change_codes(&mut work, user, new_email, places, challenge).await?;
        Ok(self.commit_and_post(work, letters).await?)
    }

    /// Sends the links that change an address: to the new one, and to the present one.
    pub(crate) async fn send_change_codes(
        &self,
        work: &mut Work,
        user: &User,
        new_email: &str,
        (organization, redirect_to): (Option<Uuid>, &str),
        challenge: Option<&String>,
    ) -> Result<Letters> {
        let mut places = vec![(VerificationPurpose::EmailChange, new_email)];
        if !user.is_anonymous {
            places.push((VerificationPurpose::EmailChangeCurrent, &*user.email));
        }
        // An address that has an account gets no link; nobody is told.
        let own = [("email", Value::Text(new_email.to_owned()))];
        let is_taken = !seek::<User>(work, &own).await?.is_empty();
        let mut letters = Letters::default();
        for (purpose, email) in places {
            if purpose == VerificationPurpose::EmailChange && is_taken {
                continue;
            }
            let code = NewCode {
                user: user.id.uuid(),
                purpose,
                organization,
                email,
                redirect_to: Some(redirect_to),
                challenge: challenge.cloned(),
            };
            letters = letters.and(self.send_code(work, user, &code).await?);
        }
        let set = [("new_email", Value::Text(new_email.to_owned()))];
        change::<User>(work, &set, &[("id", Value::Uuid(user.id.uuid()))]).await?;
        Ok(letters)
    }
}

impl Wanted {
    fn new(asked: &Asked, request: &AuthRequest) -> Result<Self, AuthError> {
        Ok(Self {
            email: address::normalize(&asked.email)?,
            redirect_to: asked.redirect_to.clone(),
            challenge: asked.challenge.stored()?,
            request: request.clone(),
        })
    }
}
