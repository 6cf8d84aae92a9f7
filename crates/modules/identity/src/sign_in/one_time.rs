//! Codes and links that are sent to a person: each for one purpose, one use and a time.
//!
//! A link holds a token of 256 bits, of which the hash is kept. The code beside it is short enough
//! to be typed, so it holds for one person alone, for few attempts, and what is kept of it is a
//! MAC whose key the database does not hold.

use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::records::{change, change_all, instant, lock, text};
use crate::sign_in::verification::{UserVerification, VerificationPurpose, VerificationType};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Direction, Entity, Value};
use mainstay_kernel::lookup::{compare, equal, one_of, position, table};
use mainstay_kernel::{Context, Error, Result, Work};
use mainstay_store::{Compare, Expression, Filter, IsState, Order, OrderBy, Select};
use mainstay_vault::{constant_time_eq, hash_token};
use uuid::Uuid;

const TOKEN_BYTES: usize = 32;
/// A code has six digits.
const CODES: u64 = 1_000_000;
/// Wrong codes until none is accepted any more.
const ATTEMPTS_MAX: i32 = 5;
/// How long a code holds at most, however long the link beside it does (OWASP ASVS 5.0 §6.5.5).
pub(crate) const DIGITS: SignedDuration = SignedDuration::from_mins(10);
/// How long a client has to fetch its tokens after a link was opened.
const AUTHORIZATION_CODE: SignedDuration = SignedDuration::from_mins(5);
const MAC_PURPOSE: &str = "one-time code";

/// A code or link to be sent.
pub(crate) struct NewCode<'a> {
    pub(crate) user: Uuid,
    pub(crate) purpose: VerificationPurpose,
    /// The organisation that the person enters with it.
    pub(crate) organization: Option<Uuid>,
    /// The address that it goes to.
    pub(crate) email: &'a str,
    /// Where a browser goes on.
    pub(crate) redirect_to: Option<&'a str>,
    /// What whoever asked for it will prove to know.
    pub(crate) challenge: Option<String>,
}

/// What is sent, and kept nowhere.
pub(crate) struct Code {
    /// For the link.
    pub(crate) token: String,
    /// To be typed.
    pub(crate) digits: String,
}

impl Identity {
    /// Makes a code and its link; those that were made before for the same purpose end.
    pub(crate) async fn issue(&self, work: &mut Work, new: &NewCode<'_>) -> Result<Code> {
        let now = work.context().now;
        let code = self.new_code();
        let holds = match new.purpose {
            VerificationPurpose::AuthorizationCode => AUTHORIZATION_CODE,
            _ => self.settings.code,
        };
        end_older(work, new.user, new.purpose).await?;
        let kind = match new.purpose {
            VerificationPurpose::Recovery => VerificationType::PasswordReset,
            _ => VerificationType::Email,
        };
        let mut row = vec![
            ("user_id", Value::Uuid(new.user)),
            ("type", text(kind.as_str())),
            ("purpose", text(new.purpose.as_str())),
            ("email", text(new.email)),
            ("token_hash", Value::Bytes(hash_token(&code.token).to_vec())),
            ("code_hash", Value::Bytes(self.code_mac(new.user, &code.digits))),
            ("expires_at", instant(now + holds)),
        ];
        row.extend(new.organization.map(|id| ("organization_id", Value::Uuid(id))));
        row.extend(new.redirect_to.map(|to| ("redirect_to", text(to))));
        row.extend(new.challenge.clone().map(|challenge| ("code_challenge", text(challenge))));
        add::<UserVerification>(work, &row).await?;
        Ok(code)
    }

    /// Uses up the token of a link; none if it does not hold for any of the purposes.
    pub(crate) async fn redeem_token(
        &self,
        work: &mut Work,
        token: &str,
        purposes: &[VerificationPurpose],
    ) -> Result<Option<UserVerification>> {
        let own = [("token_hash", Value::Bytes(hash_token(token).to_vec()))];
        let found: Option<UserVerification> = lock(work, &own).await?;
        let now = work.context().now;
        let holds = |row: &UserVerification| is_open(row, now) && purposes.contains(&row.purpose);
        let Some(row) = found.filter(holds) else {
            return Ok(None);
        };
        use_up(work, &row).await?;
        Ok(Some(row))
    }

    /// Uses up a code that a person typed.
    ///
    /// # Errors
    /// [`AuthCode::OtpExpired`] when it does not hold; a wrong code counts.
    pub(crate) async fn redeem_code(
        &self,
        context: &Context,
        (user, email): (Uuid, &str),
        digits: &str,
        purposes: &[VerificationPurpose],
    ) -> Result<(Work, UserVerification), AuthError> {
        let mut work = self.kernel.begin(context).await?;
        let rows = table::<UserVerification>(self.kernel.catalog())?;
        let of_purpose = purposes.iter().map(|purpose| text(purpose.as_str())).collect();
        let own = [("user_id", Value::Uuid(user)), ("email", text(email))];
        let filter = Filter::And(vec![
            equal(&rows, &own)?,
            one_of(&rows, "purpose", of_purpose)?,
            unused(&rows)?,
        ]);
        let found = newest(&mut work, filter).await?;
        let holds = |row: &UserVerification| {
            is_open(row, context.now)
                && context.now < row.created_at + DIGITS
                && row.attempts < ATTEMPTS_MAX
        };
        let found = found.filter(holds);
        let Some(row) = found else {
            return Err(expired());
        };
        let fits = row
            .code_hash
            .as_deref()
            .is_some_and(|hash| constant_time_eq(hash, &self.code_mac(user, digits)));
        if !fits {
            let set = [("attempts", Value::Int((row.attempts + 1).into()))];
            change::<UserVerification>(&mut work, &set, &[("id", Value::Uuid(row.id.uuid()))])
                .await?;
            work.commit().await?;
            return Err(expired());
        }
        use_up(&mut work, &row).await?;
        Ok((work, row))
    }

    /// The newest code of a person for a purpose, used or not, locked.
    pub(crate) async fn newest_of(
        &self,
        work: &mut Work,
        user: Uuid,
        purpose: VerificationPurpose,
    ) -> Result<Option<UserVerification>> {
        let rows = table::<UserVerification>(work.kernel().catalog())?;
        let own = [("user_id", Value::Uuid(user)), ("purpose", text(purpose.as_str()))];
        let own = equal(&rows, &own)?;
        newest(work, own).await
    }

    fn new_code(&self) -> Code {
        let entropy = self.kernel.entropy();
        let mut token = [0; TOKEN_BYTES];
        entropy.fill(&mut token);
        let mut number = [0; 8];
        entropy.fill(&mut number);
        // Of 2^64 numbers, six digits favour none by more than one in 10^13.
        let digits = format!("{:06}", u64::from_be_bytes(number) % CODES);
        Code { token: URL_SAFE_NO_PAD.encode(token), digits }
    }

    fn code_mac(&self, user: Uuid, digits: &str) -> Vec<u8> {
        self.signing.mac(MAC_PURPOSE, &[user.as_bytes(), digits.as_bytes()]).to_vec()
    }
}

/// The refusal of a code or link that does not hold.
pub(crate) fn expired() -> AuthError {
    AuthError::new(AuthCode::OtpExpired, "Token has expired or is invalid")
}

fn is_open(row: &UserVerification, now: Timestamp) -> bool {
    row.verified_at.is_none() && now < row.expires_at
}

async fn use_up(work: &mut Work, row: &UserVerification) -> Result<()> {
    let now = instant(work.context().now);
    let own = [("id", Value::Uuid(row.id.uuid()))];
    change::<UserVerification>(work, &[("verified_at", now)], &own).await?;
    Ok(())
}

async fn end_older(work: &mut Work, user: Uuid, purpose: VerificationPurpose) -> Result<()> {
    let now = instant(work.context().now);
    let rows = table::<UserVerification>(work.kernel().catalog())?;
    let own = [("user_id", Value::Uuid(user)), ("purpose", text(purpose.as_str()))];
    let filter = Filter::And(vec![
        equal(&rows, &own)?,
        unused(&rows)?,
        compare(&rows, "expires_at", Compare::Gt, now.clone())?,
    ]);
    change_all::<UserVerification>(work, &[("expires_at", now)], filter).await?;
    Ok(())
}

/// The newest row that meets a condition, locked.
async fn newest(work: &mut Work, filter: Filter) -> Result<Option<UserVerification>> {
    let rows = table::<UserVerification>(work.kernel().catalog())?;
    let mut select = Select::all(rows.clone()).filtered(filter);
    let by = OrderBy::Expression(Expression::column(position(&rows, "created_at")?));
    select.order = vec![Order { by, direction: Direction::Descending, nulls_first: false }];
    select.limit = Some(1);
    select.for_update = true;
    let row = work.fetch(&select).await?.into_iter().next();
    row.map(|row| UserVerification::from_record(row).map_err(Error::internal)).transpose()
}

fn unused(rows: &mainstay_entity::Table) -> Result<Filter> {
    let left = Expression::column(position(rows, "verified_at")?);
    Ok(Filter::Is { left, state: IsState::Null })
}
