//! Second factors of people: found, shown to clients, managed by organisations.

use crate::account::admin_users::Administrator;
use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::entity::UserMfaFactor;
use crate::factor::reply::{FactorReply, shown};
use crate::mail::changed::By;
use crate::records::{lock, lock_row};
use crate::session::entity::{AssuranceLevel, Session};
use crate::session::sessions::{AuthRequest, session_org};
use mainstay_entity::{Entity, Record, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, find, one_of, position, table};
use mainstay_kernel::{Error, Input, Result, Work};
use std::collections::HashMap;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A factor and the session that asks, both locked.
pub(crate) struct Held {
    pub(crate) user: User,
    pub(crate) session: Session,
    pub(crate) factor: UserMfaFactor,
    row: Record,
}

impl Identity {
    /// The factors of a member of an organisation.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`].
    pub async fn factors_of(
        &self,
        admin: &Administrator,
        user: Uuid,
    ) -> Result<Vec<FactorReply>, AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        let factors = self.factors(vec![Value::Uuid(user.id.uuid())]).await?;
        Ok(factors.iter().map(shown).collect())
    }

    /// Takes a factor of a member of an organisation away, who has lost it.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::MfaFactorNotFound`] and what
    /// [`Identity::change_person`] refuses.
    pub async fn remove_factor(
        &self,
        admin: &Administrator,
        user: Uuid,
        factor: Uuid,
    ) -> Result<(), AuthError> {
        let (user, _) = self.own_person(admin, user).await?;
        self.check_own(admin, &user).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        let mut work = self.kernel.begin(&context).await?;
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(user.id.uuid()))];
        let factor = lock(&mut work, &own).await?.ok_or_else(factor_not_found)?;
        Ok(self.remove_and_tell(work, &user, &factor, By::Organization).await?)
    }

    /// People's factors as clients see them, by person.
    pub(crate) async fn factor_replies(
        &self,
        users: Vec<Value>,
    ) -> Result<HashMap<Uuid, Vec<FactorReply>>> {
        let mut replies: HashMap<Uuid, Vec<FactorReply>> = HashMap::new();
        for factor in self.factors(users).await? {
            replies.entry(factor.user_id.uuid()).or_default().push(shown(&factor));
        }
        Ok(replies)
    }

    /// Whether a person who changes what signs them in has shown a second factor, if they have one.
    ///
    /// # Errors
    /// [`AuthCode::InsufficientAal`].
    pub(crate) async fn check_second_factor(&self, person: SignedIn) -> Result<(), AuthError> {
        let message = "AAL2 session is required to update email or password when MFA is enabled.";
        self.demand_second_factor(person, message).await
    }

    /// Whether a person has shown a second factor in this session, if they have one.
    ///
    /// # Errors
    /// [`AuthCode::InsufficientAal`], with a message.
    pub(crate) async fn demand_second_factor(
        &self,
        person: SignedIn,
        message: &'static str,
    ) -> Result<(), AuthError> {
        let factors = self.factors(vec![Value::Uuid(person.user)]).await?;
        if !factors.iter().any(|factor| factor.is_enabled) {
            return Ok(());
        }
        demand_aal2(&self.session_of(person).await?, message)
    }

    /// The factors of people, the oldest first.
    pub(crate) async fn factors(&self, users: Vec<Value>) -> Result<Vec<UserMfaFactor>> {
        let mut found: Vec<UserMfaFactor> =
            find(&self.kernel, |table| one_of(table, "user_id", users)).await?;
        found.sort_by_key(|factor| factor.id);
        Ok(found)
    }

    /// A factor of a person.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`].
    pub(crate) async fn factor_of(
        &self,
        person: SignedIn,
        factor: Uuid,
    ) -> Result<UserMfaFactor, AuthError> {
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(person.user))];
        let found = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        found.ok_or_else(factor_not_found)
    }

    pub(crate) async fn session_of(&self, person: SignedIn) -> Result<Session, AuthError> {
        let own = [("id", Value::Uuid(person.session)), ("user_id", Value::Uuid(person.user))];
        let found = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        found.ok_or_else(session_not_found)
    }

    /// A unit of work that holds the session and the factor.
    ///
    /// # Errors
    /// [`AuthCode::SessionNotFound`], [`AuthCode::MfaFactorNotFound`].
    pub(crate) async fn begin_with(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<(Work, Held), AuthError> {
        let user = self.user(person.user).await?.ok_or_else(factor_not_found)?;
        let organization = session_org(&self.session_of(person).await?);
        let mut work = self.kernel.begin(&self.system_request(request, organization)).await?;
        let own = [("id", Value::Uuid(person.session)), ("user_id", Value::Uuid(person.user))];
        let session = lock(&mut work, &own).await?.ok_or_else(session_not_found)?;
        let own = [("id", Value::Uuid(factor)), ("user_id", Value::Uuid(person.user))];
        let row = lock_row::<UserMfaFactor>(&mut work, &own).await?.ok_or_else(factor_not_found)?;
        let factor = UserMfaFactor::from_record(row.clone()).map_err(Error::internal)?;
        Ok((work, Held { user, session, factor, row }))
    }

    pub(crate) async fn open_factor_column(
        &self,
        held: &Held,
        column: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let factors = table::<UserMfaFactor>(self.kernel.catalog())?;
        self.kernel.open_secret(&factors, &held.row, position(&factors, column)?).await
    }
}

/// Changes a factor.
pub(crate) async fn update(work: &mut Work, factor: Uuid, set: Vec<(&str, Input)>) -> Result<()> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let column = |(name, input): (&str, Input)| Ok((position(&factors, name)?, input));
    let set = set.into_iter().map(column).collect::<Result<_>>()?;
    work.update(&factors, set, equal(&factors, &[("id", Value::Uuid(factor))])?).await?;
    Ok(())
}

pub(crate) fn demand_aal2(session: &Session, message: &'static str) -> Result<(), AuthError> {
    match session.assurance_level {
        AssuranceLevel::Aal2 => Ok(()),
        AssuranceLevel::Aal1 => Err(AuthError::new(AuthCode::InsufficientAal, message)),
    }
}

pub(crate) fn factor_not_found() -> AuthError {
    AuthError::new(AuthCode::MfaFactorNotFound, "Factor not found")
}

fn session_not_found() -> AuthError {
    AuthError::new(AuthCode::SessionNotFound, "Session not found")
}
