//! The organisation that a session is in: which ones its person may enter, and going to another.
//!
//! A session is in one organisation at a time. Its tokens from before name the one that it left,
//! so they open nothing from then on, on any server.

use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{change, lock};
use crate::session::entity::Session;
use crate::session::sessions::{AuthRequest, TokenReply};
use mainstay_entity::{Direction, Entity, Id, Value};
use mainstay_kernel::lookup::{equal, one_of, position, table};
use mainstay_kernel::{Error, Event, Kernel, Result, Work};
use mainstay_store::{Access, Expression, Filter, Order, OrderBy, Select};
use serde::Serialize;
use uuid::Uuid;

/// An organisation that a person may enter.
#[derive(Clone, Debug, Serialize)]
pub struct EnterableOrganization {
    /// Identifier.
    pub id: Uuid,
    /// The short name in addresses.
    pub slug: String,
    /// The name.
    pub name: String,
    /// Whether the session that asks is in it.
    pub is_current: bool,
}

impl Identity {
    /// The organisations that a person may enter, by their names.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn enterable_organizations(
        &self,
        user: Uuid,
        current: Option<Uuid>,
    ) -> Result<Vec<EnterableOrganization>> {
        let own = self.shown_organizations_of(user).await?;
        let enterable = own.into_iter().map(|organization| EnterableOrganization {
            is_current: current == Some(organization.id),
            id: organization.id,
            slug: organization.slug,
            name: organization.name,
        });
        Ok(enterable.collect())
    }

    /// Takes a session to another organisation of its person; gives its next tokens.
    ///
    /// # Errors
    /// [`AuthCode::NotAMember`] for an organisation where the person may not work, known or not,
    /// [`AuthCode::SessionNotFound`].
    pub async fn enter_organization(
        &self,
        person: &SignedIn,
        organization: Uuid,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let missing = || AuthError::new(AuthCode::SessionNotFound, "There is no such session");
        let user = self.user(person.user).await?.ok_or_else(missing)?;
        self.check_usable(&user)?;
        let own = self.shown_organizations_of(person.user).await?;
        if !own.iter().any(|own| own.id == organization) {
            self.note_stranger(request, &user, request.organization);
            return Err(not_a_member());
        }
        let mut work = self.kernel.begin(&self.system_request(request, Some(organization))).await?;
        let id = [("id", Value::Uuid(person.session)), ("user_id", Value::Uuid(person.user))];
        let session: Option<Session> = lock(&mut work, &id).await?;
        let mut session = session.filter(|session| session.is_active).ok_or_else(missing)?;
        let mut event = Event::new("session", "enter_organization");
        event.resource_id = Some(session.id.to_string());
        work.record(event);
        session.organization_id = Some(Id::new(organization));
        let set = [("organization_id", Value::Uuid(organization))];
        change::<Session>(&mut work, &set, &id).await?;
        let tokens = self.next_tokens(&mut work, &user, &session).await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, person.user, Some(organization)).await?)
    }
}

/// The one of some organisations that a person was in last; the only one, when there is one.
pub(crate) async fn last_entered(
    kernel: &Kernel,
    user: Uuid,
    own: &[Uuid],
) -> Result<Option<Uuid>> {
    if let [] | [_] = own {
        return Ok(own.first().copied());
    }
    let select = last_session(kernel, user, own)?;
    let rows = kernel.store().fetch(&Access::system(), &select).await?;
    organization_of(rows.into_iter().next())
}

/// The same as a unit of work sees it.
pub(crate) async fn last_entered_within(
    work: &mut Work,
    user: Uuid,
    own: &[Uuid],
) -> Result<Option<Uuid>> {
    if let [] | [_] = own {
        return Ok(own.first().copied());
    }
    let select = last_session(&work.kernel().clone(), user, own)?;
    let rows = work.fetch(&select).await?;
    organization_of(rows.into_iter().next())
}

fn organization_of(session: Option<mainstay_entity::Record>) -> Result<Option<Uuid>> {
    let session = session.map(Session::from_record).transpose().map_err(Error::internal)?;
    Ok(session.and_then(|session| session.organization_id).map(Id::uuid))
}

/// The session of a person that was used last in one of some organisations.
fn last_session(kernel: &Kernel, user: Uuid, own: &[Uuid]) -> Result<Select> {
    let sessions = table::<Session>(kernel.catalog())?;
    let own = own.iter().copied().map(Value::Uuid).collect();
    let mut select = Select::all(sessions.clone()).filtered(Filter::And(vec![
        equal(&sessions, &[("user_id", Value::Uuid(user))])?,
        one_of(&sessions, "organization_id", own)?,
    ]));
    for name in ["last_activity_at", "id"] {
        let by = OrderBy::Expression(Expression::column(position(&sessions, name)?));
        select.order.push(Order { by, direction: Direction::Descending, nulls_first: false });
    }
    select.limit = Some(1);
    Ok(select)
}

pub(crate) fn not_a_member() -> AuthError {
    AuthError::new(AuthCode::NotAMember, "not a member of this organisation")
}
