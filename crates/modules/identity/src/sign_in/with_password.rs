//! Signing in with a password.

use crate::account::address;
use crate::account::reply::PASSWORD;
use crate::account::user_account::UserAccount;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::{Identity, may_work};
use crate::organization::entering::{last_entered, not_a_member};
use crate::password::hashing::Checked;
use crate::records::{change, instant, text};
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::sign_in::attempt::Attempt;
use mainstay_entity::Value;
use mainstay_kernel::entities::{User, UserStatus};
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Context, Event, Principal, PrincipalKind, Result, Work};
use std::sync::Arc;
use uuid::Uuid;

impl Identity {
    /// Signs a person in. The request's organisation chooses one of several memberships.
    ///
    /// # Errors
    /// [`AuthCode::InvalidCredentials`] for an unknown address, a wrong password and an account
    /// that may not be used alike, after the same time. Who knows the password is told more:
    /// [`AuthCode::EmailNotConfirmed`], [`AuthCode::UserBanned`], [`AuthCode::NotAMember`].
    /// [`AuthCode::OverRequestRateLimit`] after too many failures.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let normalized = address::normalize(email);
        let user = match &normalized {
            Ok(email) => self.user_by_email(email).await?,
            Err(_) => None,
        };
        let named = normalized.as_deref().unwrap_or(email);
        let attempt = self.begin_attempt(named, PASSWORD, user.as_ref(), request).await?;
        let account = match &user {
            Some(user) => self.password_account(user.id.uuid()).await?,
            None => None,
        };
        let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
        let checked = self.check_attempt(&attempt, password, hash).await?;
        let Some(user) = user.filter(|user| checked.matches && !user.is_anonymous) else {
            return Err(self.wrong_credentials(&attempt, account.as_ref(), request).await?);
        };
        let organization = match self.entrance(&user, request).await {
            Ok(organization) => organization,
            Err(refusal) => {
                // The password was right all the same.
                let mut work = self.kernel.begin(&self.system_request(request, None)).await?;
                self.end_attempt(&mut work, &attempt).await?;
                work.commit().await?;
                return Err(refusal);
            }
        };
        let context = self.system_request(request, organization.0.or(organization.1));
        let rehashed = if checked.is_outdated {
            Some(self.passwords.hash(password, self.kernel.entropy().clone()).await?)
        } else {
            None
        };
        let mut work = self.kernel.begin(&context).await?;
        self.end_attempt(&mut work, &attempt).await?;
        if let Some(hash) = rehashed {
            set_password_hash(&mut work, user.id.uuid(), hash).await?;
        }
        let tokens = self.open_session(&mut work, &user, organization.0, PASSWORD).await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, user.id.uuid(), organization.0).await?)
    }

    /// Looks at the password of an attempt. Where there is no time for it the attempt counts for
    /// nothing.
    pub(crate) async fn check_attempt(
        &self,
        attempt: &Attempt,
        password: &str,
        hash: Option<&str>,
    ) -> Result<Checked> {
        match self.passwords.verify(password, hash).await {
            Ok(checked) => Ok(checked),
            Err(error) => {
                self.withdraw_attempt(attempt).await?;
                Err(error)
            }
        }
    }

    /// Where somebody who has proved who they are may come in.
    async fn entrance(
        &self,
        user: &User,
        request: &AuthRequest,
    ) -> Result<(Option<Uuid>, Option<Uuid>), AuthError> {
        self.check_usable(user)?;
        self.organization_of(user, request).await
    }

    /// Whether somebody who has proved who they are may come in.
    ///
    /// # Errors
    /// [`AuthCode::EmailNotConfirmed`], [`AuthCode::UserBanned`] and, for an account that may not
    /// be used at all, [`AuthCode::InvalidCredentials`].
    pub(crate) fn check_usable(&self, user: &User) -> Result<(), AuthError> {
        let now = self.kernel.clock().now();
        if user.status == UserStatus::PendingVerification {
            return Err(AuthError::new(AuthCode::EmailNotConfirmed, "Email not confirmed"));
        }
        if user.banned_until.is_some_and(|end| now < end) {
            return Err(AuthError::new(AuthCode::UserBanned, "User is banned"));
        }
        if may_work(user, now) { Ok(()) } else { Err(invalid_credentials()) }
    }

    pub(crate) async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let email = text(email);
        Ok(find(&self.kernel, |table| equal(table, &[("email", email)])).await?.pop())
    }

    /// The password of a person.
    pub(crate) async fn password_account(&self, user: Uuid) -> Result<Option<UserAccount>> {
        let own = [("user_id", Value::Uuid(user)), ("provider", text(PASSWORD))];
        Ok(find(&self.kernel, |table| equal(table, &own)).await?.pop())
    }

    /// The organisation that a person enters, and the one that learns of it if they enter none.
    /// Where a request names none, it is the one that they were in last.
    ///
    /// # Errors
    /// [`AuthCode::NotAMember`].
    pub(crate) async fn organization_of(
        &self,
        user: &User,
        request: &AuthRequest,
    ) -> Result<(Option<Uuid>, Option<Uuid>), AuthError> {
        let own = self.memberships(user.id.uuid()).await?;
        let first = own.first().copied();
        match request.organization {
            Some(id) if own.contains(&id) || user.is_platform_admin => Ok((Some(id), first)),
            Some(id) if self.join_by_domain(user, id, request).await? => Ok((Some(id), first)),
            Some(_) => {
                self.note_stranger(request, user, first);
                Err(not_a_member())
            }
            None => Ok((last_entered(&self.kernel, user.id.uuid(), &own).await?, first)),
        }
    }

    /// A failed sign-in leaves an event; of an unknown address nothing but that it happened.
    async fn wrong_credentials(
        &self,
        attempt: &Attempt,
        account: Option<&UserAccount>,
        request: &AuthRequest,
    ) -> Result<AuthError> {
        let organization = match account {
            Some(account) => self.memberships(account.user_id.uuid()).await?.first().copied(),
            None => None,
        };
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        self.fail_attempt(&mut work, attempt).await?;
        let mut event = Event::new("session", "sign_in");
        event.resource_id = account.map(|account| account.user_id.to_string());
        event.failure = Some("invalid credentials".to_owned());
        work.record(event);
        work.commit().await?;
        self.watch_place(attempt, &self.system_request(request, request.organization)).await?;
        Ok(invalid_credentials())
    }

    /// A person who asks for somebody else's organisation leaves an event in their own.
    pub(crate) fn note_stranger(
        &self,
        request: &AuthRequest,
        user: &User,
        organization: Option<Uuid>,
    ) {
        let principal = Principal {
            kind: PrincipalKind::User,
            organization_id: organization,
            user_id: Some(user.id.uuid()),
            ..Principal::anonymous()
        };
        let now = self.kernel.clock().now();
        let context = Context::new(Arc::new(principal), request.origin.clone(), now);
        let why = "not a member of this organisation";
        self.kernel.record_refusal(&context, "session", "sign_in", why);
    }
}

/// Replaces the hash of a password that stays the same, or takes its first.
pub(crate) async fn set_password_hash(work: &mut Work, user: Uuid, hash: String) -> Result<usize> {
    let own = [("user_id", Value::Uuid(user)), ("provider", text(PASSWORD))];
    let now = instant(work.context().now);
    change::<UserAccount>(work, &[("password_hash", text(hash)), ("updated_at", now)], &own).await
}

fn invalid_credentials() -> AuthError {
    AuthError::new(AuthCode::InvalidCredentials, "Invalid login credentials")
}
