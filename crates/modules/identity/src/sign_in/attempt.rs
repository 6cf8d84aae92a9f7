//! An attempt to sign in: written down before it is looked at, of known and unknown people alike
//! (S2-B48), and over with what came of it.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{change, instant, text};
use crate::session::sessions::{AuthRequest, user_agent};
use crate::sign_in::lockout::place_columns;
use crate::sign_in::login_attempt::LoginAttempt;
use crate::sign_in::standing::{CHECKING, Standing, WAITING, WRONG};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::Value;
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::table;
use mainstay_kernel::{Context, NewRow, Result, Work};
use std::net::IpAddr;
use std::time::Duration;
use uuid::Uuid;

/// Longest address that is written down, in characters.
const EMAIL_MAX: usize = 320;
/// An attempt waits so long for others that are made at the same time.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);
/// It looks again after so long for each that it waits for: they take about as long.
const PAUSE: Duration = Duration::from_millis(15);
const PAUSES_MAX: u32 = 20;

/// Why an attempt failed that was refused.
const LOCKED: &str = "locked";
/// Why one failed that the server had no time for.
const UNTRIED: &str = "not looked at";

/// An attempt that was written down.
pub(crate) struct Attempt {
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) place: Option<IpAddr>,
}

impl Identity {
    /// Writes an attempt down and waits until it may be looked at. What came of it is said with
    /// [`Identity::end_attempt`], [`Identity::fail_attempt`] or [`Identity::withdraw_attempt`]; if
    /// nothing is said, it failed.
    ///
    /// # Errors
    /// [`AuthCode::OverRequestRateLimit`] when there were too many failures, or too many others at
    /// the same time for too long.
    pub(crate) async fn begin_attempt(
        &self,
        email: &str,
        method: &str,
        user: Option<&User>,
        request: &AuthRequest,
    ) -> Result<Attempt, AuthError> {
        let context = self.system_request(request, request.organization);
        let attempt = self.write_down(email, (method, CHECKING), user, &context).await?;
        let mut is_checking = true;
        loop {
            let now = self.kernel.clock().now();
            let standing = self.standing_of(&attempt, user, is_checking, &context).await?;
            match standing {
                Standing::Free if is_checking => return Ok(attempt),
                Standing::Refused(_) => {
                    self.say(&attempt, LOCKED).await?;
                    return Err(too_many());
                }
                _ if context.now + PATIENCE <= now => {
                    self.say(&attempt, UNTRIED).await?;
                    return Err(too_many());
                }
                Standing::Free => {
                    self.say(&attempt, CHECKING).await?;
                    is_checking = true;
                }
                Standing::Overtaken => {
                    self.say_latest(&attempt, now).await?;
                    is_checking = true;
                }
                Standing::Crowded(others) => {
                    if is_checking {
                        self.say(&attempt, WAITING).await?;
                        is_checking = false;
                    }
                    let pauses = u32::try_from(others).unwrap_or(PAUSES_MAX).clamp(1, PAUSES_MAX);
                    tokio::time::sleep(PAUSE * pauses).await;
                }
            }
        }
    }

    /// Writes an attempt down, with why it fails if nothing else is said of it.
    pub(crate) async fn write_down(
        &self,
        email: &str,
        (method, reason): (&str, &str),
        user: Option<&User>,
        context: &Context,
    ) -> Result<Attempt> {
        let origin = &context.origin;
        let attempt = Attempt {
            id: self.kernel.new_id(context),
            email: email.chars().filter(|c| *c != '\0').take(EMAIL_MAX).collect(),
            place: origin.ip_address,
        };
        let attempts = table::<LoginAttempt>(self.kernel.catalog())?;
        let mut row = NewRow::empty(&attempts);
        row.set(&attempts, "id", Value::Uuid(attempt.id))?;
        row.set(&attempts, "email", text(attempt.email.as_str()))?;
        row.set(&attempts, "login_method", text(method))?;
        row.set(&attempts, "success", Value::Bool(false))?;
        row.set(&attempts, "failure_reason", text(reason))?;
        if let Some(user) = user {
            row.set(&attempts, "user_id", Value::Uuid(user.id.uuid()))?;
        }
        for (name, value) in attempt.place.into_iter().flat_map(place_columns) {
            row.set(&attempts, name, value)?;
        }
        if let Some(agent) = user_agent(origin) {
            row.set(&attempts, "user_agent", text(agent))?;
        }
        self.kernel.create(context, &attempts, vec![row]).await?;
        Ok(attempt)
    }

    /// The attempt was a good one; earlier ones count no longer.
    pub(crate) async fn end_attempt(&self, work: &mut Work, attempt: &Attempt) -> Result<()> {
        let set = [("success", Value::Bool(true)), ("failure_reason", Value::Null)];
        set_columns(work, attempt, &set).await
    }

    /// The attempt failed.
    pub(crate) async fn fail_attempt(&self, work: &mut Work, attempt: &Attempt) -> Result<()> {
        set_columns(work, attempt, &[("failure_reason", text(WRONG))]).await
    }

    /// The attempt was not looked at, so it tells nothing.
    pub(crate) async fn withdraw_attempt(&self, attempt: &Attempt) -> Result<()> {
        self.say(attempt, UNTRIED).await
    }

    /// Says that an attempt is looked at, later than all that count. One that only waited keeps its
    /// place among those that wait.
    async fn say_latest(&self, attempt: &Attempt, now: Timestamp) -> Result<()> {
        let latest = self.latest_attempt(attempt).await?;
        let at = latest.map_or(now, |latest| now.max(latest + SignedDuration::from_micros(1)));
        self.set_attempt(
            attempt,
            &[("failure_reason", text(CHECKING)), ("attempted_at", instant(at))],
        )
        .await
    }

    async fn say(&self, attempt: &Attempt, reason: &str) -> Result<()> {
        self.set_attempt(attempt, &[("failure_reason", text(reason))]).await
    }

    async fn set_attempt(&self, attempt: &Attempt, set: &[(&str, Value)]) -> Result<()> {
        let now = self.kernel.clock().now();
        let mut work = self.kernel.begin(&Context::system("sign-in", None, now)).await?;
        set_columns(&mut work, attempt, set).await?;
        work.commit().await
    }
}

async fn set_columns(work: &mut Work, attempt: &Attempt, set: &[(&str, Value)]) -> Result<()> {
    change::<LoginAttempt>(work, set, &[("id", Value::Uuid(attempt.id))]).await?;
    Ok(())
}

fn too_many() -> AuthError {
    AuthError::new(AuthCode::OverRequestRateLimit, "Too many failed attempts; try again later")
}
