//! Guessing passwords: too many failures keep everybody away for a while (S3-B144).
//!
//! An address that has no account locks like one that has, so a lock tells nothing. Who signed in
//! from the same place before is not locked out by what others try elsewhere.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{change, instant, lock, text};
use crate::session::sessions::AuthRequest;
use crate::sign_in::attempt::Attempt;
use crate::sign_in::login_attempt::LoginAttempt;
use crate::sign_in::one_time::NewCode;
use crate::sign_in::standing::{Failures, Seen, Standing, WRONG, standing};
use crate::sign_in::verification::VerificationPurpose;
use crate::watch::{self, Kind};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{compare, equal, table};
use mainstay_kernel::{Context, Error, Result, Work};
use mainstay_store::{Access, Compare, Expression, Filter, Order, OrderBy, Select};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

/// Failures of an account in an hour that lock nothing yet (S3-B144).
const ACCOUNT_FAILURES: usize = 5;
/// Failures from one place in a minute that keep nobody away yet.
const PLACE_FAILURES: usize = 10;
/// Accounts tried from one place in an hour that are told of as brute force.
const PLACE_ACCOUNTS: usize = 10;
/// A lock holds so long, and twice as long with each further failure.
const LOCK: SignedDuration = SignedDuration::from_mins(1);
const LOCK_MAX: SignedDuration = SignedDuration::from_hours(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// A place is known for so long after a sign-in from there.
const KNOWN_PLACE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most attempts of an hour that are looked at.
const ATTEMPTS_MAX: u64 = 1_000;

/// Mails to one address that can be asked for in an hour.
pub(crate) const MAILS_TO_ADDRESS: usize = 10;
/// Mails and accounts that can be asked for from one place in an hour.
const ASKED_FROM_PLACE: usize = 100;

const ASKED: &str = "asked for";
/// Why an attempt is written down that is a mail to somebody.
pub(crate) const SENT: &str = "sent";

impl Identity {
    /// Counts a mail or an account that somebody asks for, whether there will be one or not.
    ///
    /// # Errors
    /// [`AuthCode::OverEmailSendRateLimit`], [`AuthCode::OverRequestRateLimit`].
    pub(crate) async fn count_asked(
        &self,
        email: &str,
        method: &str,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let context = self.system_request(request, None);
        let asked = self.write_down(email, (method, ASKED), None, &context).await?;
        let since = context.now - HOUR;
        if let Some(place) = asked.place {
            let from_there = self.attempts(&[("network", network(place))], since).await?;
            if from_there.iter().filter(|at| is_asked(at)).count() > ASKED_FROM_PLACE {
                let message = "Too many requests; try again later";
                return Err(AuthError::new(AuthCode::OverRequestRateLimit, message));
            }
        }
        self.check_mails_to(asked.email, since).await
    }

    /// Counts a mail that somebody who is known has sent to an address.
    ///
    /// # Errors
    /// [`AuthCode::OverEmailSendRateLimit`].
    pub(crate) async fn count_mail(
        &self,
        email: &str,
        method: &str,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let context = self.system_request(request, None);
        let asked = self.write_down(email, (method, SENT), None, &context).await?;
        self.check_mails_to(asked.email, context.now - HOUR).await
    }

    async fn check_mails_to(&self, email: String, since: Timestamp) -> Result<(), AuthError> {
        let to_address = self.attempts(&[("email", text(email))], since).await?;
        let is_mail =
            |at: &&LoginAttempt| is_asked(at) || at.failure_reason.as_deref() == Some(SENT);
        if to_address.iter().filter(is_mail).count() > MAILS_TO_ADDRESS {
            let message = "email rate limit exceeded";
            return Err(AuthError::new(AuthCode::OverEmailSendRateLimit, message));
        }
        Ok(())
    }

    /// Earlier failures of a person count no longer: they came in by other means, or an
    /// administrator says so.
    pub(crate) async fn forgive(&self, work: &mut Work, user: &User, method: &str) -> Result<()> {
        let mut row = vec![
            ("user_id", Value::Uuid(user.id.uuid())),
            ("email", text(&*user.email)),
            ("login_method", text(method)),
            ("success", Value::Bool(true)),
        ];
        row.extend(work.context().origin.ip_address.into_iter().flat_map(place_columns));
        crate::account::provision::add::<LoginAttempt>(work, &row).await?;
        if user.locked_until.is_some() {
            let set = [("locked_until", Value::Null), ("failed_login_attempts", Value::Int(0))];
            change::<User>(work, &set, &[("id", Value::Uuid(user.id.uuid()))]).await?;
        }
        Ok(())
    }

    /// What an attempt may do, by those of its account and of its place. A lock is told of.
    pub(crate) async fn standing_of(
        &self,
        attempt: &Attempt,
        user: Option<&User>,
        is_checking: bool,
        context: &Context,
    ) -> Result<Standing> {
        let now = self.kernel.clock().now();
        let of_place = match attempt.place {
            Some(place) => {
                let unfinished = [("network", network(place)), ("success", Value::Bool(false))];
                let recent = self.attempts(&unfinished, now - MINUTE).await?;
                let seen: Vec<Seen> = recent.iter().map(Seen::of).collect();
                let is_full = |failures: Failures| failures.count >= PLACE_FAILURES;
                standing(attempt.id, is_checking, &seen, now, is_full)
            }
            None => Standing::Free,
        };
        if let Standing::Refused(_) | Standing::Overtaken = of_place {
            return Ok(of_place);
        }
        let of_account = [("email", text(attempt.email.as_str()))];
        let recent = self.attempts(&of_account, now - HOUR).await?;
        let since_success = recent.iter().take_while(|attempt| !attempt.success);
        let seen: Vec<Seen> = since_success.map(Seen::of).collect();
        let is_full = |failures| lock_end(failures).is_some_and(|end| now < end);
        let of_account = standing(attempt.id, is_checking, &seen, now, is_full);
        let keeps_out = matches!(of_account, Standing::Refused(_) | Standing::Crowded(_));
        if keeps_out && self.is_known_place(attempt, now).await? {
            return Ok(of_place);
        }
        if let (Standing::Refused(failures), Some(user)) = (of_account, user)
            && let Some(end) = lock_end(failures)
            && user.locked_until.is_none_or(|until| until < end)
        {
            self.note_lock(user, failures.count, end, context).await?;
        }
        Ok(match (of_place, of_account) {
            (Standing::Crowded(there), Standing::Crowded(others)) => {
                Standing::Crowded(there.max(others))
            }
            (Standing::Crowded(there), Standing::Free) => Standing::Crowded(there),
            (_, of_account) => of_account,
        })
    }

    /// When the latest attempt at an account was that is known; none if there was none in an hour.
    pub(crate) async fn latest_attempt(&self, attempt: &Attempt) -> Result<Option<Timestamp>> {
        let since = self.kernel.clock().now() - HOUR;
        let of_account = [("email", text(attempt.email.as_str()))];
        Ok(self.attempts(&of_account, since).await?.first().map(|latest| latest.attempted_at))
    }

    /// The attempts of one account or place since a time, the latest first.
    async fn attempts(&self, own: &[(&str, Value)], since: Timestamp) -> Result<Vec<LoginAttempt>> {
        let attempts = table::<LoginAttempt>(self.kernel.catalog())?;
        let mut select = Select::all(attempts.clone()).filtered(Filter::And(vec![
            equal(&attempts, own)?,
            compare(&attempts, "attempted_at", Compare::Gt, instant(since))?,
        ]));
        select.order = ["attempted_at", "id"]
            .iter()
            .filter_map(|name| attempts.column_index(name))
            .map(|column| Order {
                by: OrderBy::Expression(Expression::column(column)),
                direction: mainstay_entity::Direction::Descending,
                nulls_first: false,
            })
            .collect();
        select.limit = Some(ATTEMPTS_MAX);
        let rows = self.kernel.store().fetch(&Access::system(), &select).await?;
        rows.into_iter()
            .map(|row| LoginAttempt::from_record(row).map_err(Error::internal))
            .collect()
    }

    /// Whether the person signed in from the same place before.
    async fn is_known_place(&self, attempt: &Attempt, now: Timestamp) -> Result<bool> {
        let Some(place) = attempt.place else { return Ok(false) };
        let of_account = [("email", text(attempt.email.as_str()))];
        let recent = self.attempts(&of_account, now - KNOWN_PLACE).await?;
        let by_password = |at: &LoginAttempt| at.login_method.as_deref() != Some("unlock");
        let is_there = |at: &LoginAttempt| at.ip_address.map(network_of) == Some(network_of(place));
        Ok(recent.iter().any(|at| at.success && by_password(at) && is_there(at)))
    }

    /// Tells of an account that locks: to its organisation, and on the account.
    async fn note_lock(
        &self,
        user: &User,
        failures: usize,
        end: Timestamp,
        context: &Context,
    ) -> Result<()> {
        let id = user.id.uuid();
        let own = self.memberships(id).await?;
        let entered = context.principal.organization_id.filter(|entered| own.contains(entered));
        let organization = entered.or(own.first().copied());
        let context = Context::system("sign-in", organization, context.now);
        let settings = self.organization_auth(organization).await?;
        let redirect_to = self.redirect_target(None, &settings);
        let mut work = self.kernel.begin(&context).await?;
        let Some(present) = lock::<User>(&mut work, &[("id", Value::Uuid(id))]).await? else {
            return Ok(());
        };
        if present.locked_until.is_some_and(|until| until >= end) {
            return Ok(());
        }
        let count = i64::try_from(failures).unwrap_or(i64::MAX).min(i64::from(i32::MAX));
        let set = [("locked_until", instant(end)), ("failed_login_attempts", Value::Int(count))];
        change::<User>(&mut work, &set, &[("id", Value::Uuid(id))]).await?;
        // A lock is told of once, however much longer it gets.
        if present.locked_until.is_some_and(|until| context.now < until) {
            return work.commit().await;
        }
        let description = format!("{failures} failed sign-ins within an hour lock the account");
        watch::raise(&mut work, Kind::AccountLocked, Some(id), None, &description).await?;
        let code = NewCode {
            user: id,
            purpose: VerificationPurpose::Unlock,
            organization,
            email: &user.email,
            redirect_to: Some(&redirect_to),
            challenge: None,
        };
        let letters = self.send_code(&mut work, user, &code).await?;
        self.commit_and_post(work, letters).await
    }

    /// Tells of many accounts that are tried from one place, once an hour: at the failure that
    /// makes them so many.
    pub(crate) async fn watch_place(&self, attempt: &Attempt, context: &Context) -> Result<()> {
        let Some(place) = attempt.place else { return Ok(()) };
        let unfinished = [("network", network(place)), ("success", Value::Bool(false))];
        let recent = self.attempts(&unfinished, context.now - HOUR).await?;
        let is_wrong = |at: &&LoginAttempt| at.failure_reason.as_deref() == Some(WRONG);
        let tried = || recent.iter().filter(is_wrong).filter_map(|at| at.email.as_deref());
        let accounts: BTreeSet<&str> = tried().collect();
        let is_new = tried().filter(|email| *email == attempt.email).count() == 1;
        if accounts.len() != PLACE_ACCOUNTS || !is_new {
            return Ok(());
        }
        let mut work = self.kernel.begin(context).await?;
        let description =
            format!("{PLACE_ACCOUNTS} accounts were tried from one address within an hour");
        watch::raise(&mut work, Kind::BruteForceDetected, None, Some(place), &description).await?;
        work.commit().await
    }
}

fn is_asked(attempt: &LoginAttempt) -> bool {
    attempt.failure_reason.as_deref() == Some(ASKED)
}

/// The place that an address stands for: of IPv6 the network of 64 bits, in which one subscriber
/// has as many addresses as they like (RFC 6177).
fn network_of(place: IpAddr) -> IpAddr {
    match place.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}

/// The same as rows hold it.
pub(crate) fn network(place: IpAddr) -> Value {
    Value::Inet(network_of(place))
}

/// What is written down of a place.
pub(crate) fn place_columns(place: IpAddr) -> [(&'static str, Value); 2] {
    [("ip_address", Value::Inet(place)), ("network", network(place))]
}

/// When a lock ends that some failures made; none for too few.
fn lock_end(failures: Failures) -> Option<Timestamp> {
    let beyond = failures.count.checked_sub(ACCOUNT_FAILURES + 1)?;
    let doublings = u32::try_from(beyond).unwrap_or(u32::MAX).min(10);
    let length = LOCK.checked_mul(1 << doublings).unwrap_or(LOCK_MAX).min(LOCK_MAX);
    failures.last?.checked_add(length).ok()
}

#[cfg(test)]
mod tests {
    use super::{Failures, lock_end, network_of};
    use jiff::Timestamp;

    #[test]
    fn locks_grow_with_further_failures() {
        let last = Some(Timestamp::UNIX_EPOCH);
        let minutes = |count| lock_end(Failures { count, last }).map(|end| end.as_second() / 60);
        let lengths: Vec<_> = (4..14).map(minutes).collect();
        let expected = [None, None, Some(1), Some(2), Some(4), Some(8), Some(16), Some(32)];
        assert_eq!(lengths[..8], expected);
        assert_eq!(lengths[8..], [Some(60), Some(60)]);
        assert_eq!(minutes(usize::MAX), Some(60));
    }

    #[test]
    fn a_place_is_an_address_or_a_network_of_64_bits() {
        for (address, place) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
            ("2001:db8:1:3::", "2001:db8:1:3::"),
        ] {
            let of = network_of(address.parse().unwrap());
            assert_eq!(of.to_string(), place, "{address}");
        }
    }
}
