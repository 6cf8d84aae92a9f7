//! Challenges: kept sealed until they are answered, and gone with the first attempt.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{instant, text};
use crate::webauthn::ceremony::Begun;
use crate::webauthn::entity::{Ceremony, WebAuthnChallenge};
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use mainstay_entity::{Choice, Entity, Value};
use mainstay_kernel::lookup::{compare, equal, position, table};
use mainstay_kernel::{Create, Error, Input, NewRow, Result, Tick, Work};
use mainstay_store::{Compare, Conflict, Filter, Select};
use uuid::Uuid;

/// How long a challenge can be answered, as browsers are told too.
const HOLDS: SignedDuration = SignedDuration::from_mins(5);
/// Sign-ins from one place that may wait for their answers.
const WAITING_MAX: usize = 100;

/// Whom a challenge is for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Addressee {
    pub(crate) user: Option<Uuid>,
    pub(crate) session: Option<Uuid>,
    pub(crate) factor: Option<Uuid>,
}

impl Addressee {
    fn columns(self) -> [(&'static str, Option<Uuid>); 3] {
        [("user_id", self.user), ("session_id", self.session), ("factor_id", self.factor)]
    }
}

/// A challenge that was given out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    pub(crate) id: Uuid,
    /// In seconds since 1970.
    pub(crate) expires_at: i64,
}

/// Keeps what the answer to a challenge is checked against.
pub(crate) async fn keep(
    work: &mut Work,
    ceremony: Ceremony,
    addressee: Addressee,
    begun: &Begun,
) -> Result<Given> {
    let challenges = table::<WebAuthnChallenge>(work.kernel().catalog())?;
    let id = work.kernel().new_id(work.context());
    let expires_at = work.context().now + HOLDS;
    let mut row = NewRow::empty(&challenges);
    row.set(&challenges, "id", Value::Uuid(id))?;
    row.set(&challenges, "ceremony", text(ceremony.as_str()))?;
    row.set(&challenges, "expires_at", instant(expires_at))?;
    for (column, id) in addressee.columns() {
        if let Some(id) = id {
            row.set(&challenges, column, Value::Uuid(id))?;
        }
    }
    if let Some(place) = work.context().origin.ip_address {
        row.set(&challenges, "ip_address", Value::Inet(place))?;
    }
    let state = Input::Plain(BASE64URL_NOPAD.encode(&begun.state));
    row.values[position(&challenges, "state")?] = Some(state);
    work.create(Create { table: challenges, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(Given { id, expires_at: expires_at.as_second() })
}

impl Identity {
    /// Takes a challenge away and gives what its answer is checked against. Whatever becomes of
    /// the answer, the work is to be committed: a challenge is for one attempt.
    ///
    /// # Errors
    /// [`AuthCode::WebAuthnChallengeNotFound`], [`AuthCode::WebAuthnChallengeExpired`].
    pub(crate) async fn take_challenge(
        &self,
        work: &mut Work,
        id: Uuid,
        ceremony: Ceremony,
        addressee: Addressee,
    ) -> Result<Vec<u8>, AuthError> {
        let challenges = table::<WebAuthnChallenge>(self.kernel.catalog())?;
        let own = equal(&challenges, &[("id", Value::Uuid(id))])?;
        let mut select = Select::all(challenges.clone()).filtered(own.clone());
        select.for_update = true;
        let row = work.fetch(&select).await?.into_iter().next().ok_or_else(not_found)?;
        let challenge = WebAuthnChallenge::from_record(row.clone()).map_err(Error::internal)?;
        let is_for = [
            challenge.user_id.map(mainstay_entity::Id::uuid),
            challenge.session_id.map(mainstay_entity::Id::uuid),
            challenge.factor_id.map(mainstay_entity::Id::uuid),
        ];
        if challenge.ceremony != ceremony || is_for != addressee.columns().map(|(_, id)| id) {
            return Err(not_found());
        }
        if challenge.expires_at <= work.context().now {
            let message = "The challenge has expired";
            return Err(AuthError::new(AuthCode::WebAuthnChallengeExpired, message));
        }
        let column = position(&challenges, "state")?;
        let state = self.kernel.open_secret(&challenges, &row, column).await?;
        work.delete(&challenges, own).await?;
        let state = state.ok_or_else(|| Error::internal("a challenge without a state"))?;
        Ok(BASE64URL_NOPAD.decode(&state).map_err(Error::internal)?)
    }
}

/// Nobody fills the table: from one place, only so many sign-ins wait for their answers.
///
/// # Errors
/// [`AuthCode::OverRequestRateLimit`].
pub(crate) async fn check_room(work: &mut Work) -> Result<(), AuthError> {
    let Some(place) = work.context().origin.ip_address else {
        return Ok(());
    };
    let challenges = table::<WebAuthnChallenge>(work.kernel().catalog())?;
    let mut waiting = Select::all(challenges.clone()).filtered(Filter::And(vec![
        equal(&challenges, &[("ip_address", Value::Inet(place))])?,
        compare(&challenges, "expires_at", Compare::Gt, instant(work.context().now))?,
    ]));
    waiting.limit = Some(WAITING_MAX as u64);
    if work.fetch(&waiting).await?.len() >= WAITING_MAX {
        let message = "Too many requests; try again later";
        return Err(AuthError::new(AuthCode::OverRequestRateLimit, message));
    }
    Ok(())
}

/// Removes challenges that nobody has answered in time.
pub(crate) async fn remove_expired(tick: Tick) -> Result<()> {
    let challenges = table::<WebAuthnChallenge>(tick.kernel().catalog())?;
    let over = compare(&challenges, "expires_at", Compare::Le, instant(tick.context().now))?;
    let mut work = tick.begin().await?;
    if work.delete(&challenges, over).await?.is_empty() {
        work.rollback().await;
        return Ok(());
    }
    work.commit().await
}

fn not_found() -> AuthError {
    AuthError::new(AuthCode::WebAuthnChallengeNotFound, "Challenge not found")
}
