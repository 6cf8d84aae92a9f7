//! People as an organisation's own programs manage them, in Supabase Auth's shape.
//!
//! An organisation sees its members and nobody else. It may change the account of somebody who
//! belongs to it alone; of a person who belongs to others too, only how they belong to it. And
//! nobody gets into an account that may do more than they may themselves.

use crate::account::address;
use crate::account::change::{merged, taken};
use crate::account::reply::{UserReply, object};
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::Letters;
use crate::mail::changed::{By, Changed, Reader};
use crate::password::hashing::is_acceptable;
use crate::records::{change, instant, text};
use crate::session::sessions::{AuthRequest, end_all};
use crate::sign_in::sign_up::{create_user, draft, metadata};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Direction, Entity, Value};
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User, UserRole, UserStatus};
use mainstay_kernel::lookup::{compare, equal, find, position, table};
use mainstay_kernel::{Error, Permissions, Principal, PrincipalKind, Result, Work};
use mainstay_store::{Access, Compare, Expression, Filter, Order, OrderBy, Select};
use serde::Serialize;
use serde_json::{Map, Value as JsonValue};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Most people on a page.
const PAGE_MAX: u64 = 1_000;
const RESOURCE: &str = "users";
/// Stands for every resource and every action.
const ANY: &str = "*";

/// A program that may manage an organisation's people.
#[derive(Clone, Debug)]
pub struct Administrator {
    pub(crate) organization: Uuid,
    permissions: Arc<Permissions>,
    pub(crate) request: AuthRequest,
}

/// What a person is to be. What is not said stays as it is.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    /// The address.
    pub email: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// Its hash, of Argon2 or bcrypt, instead (S1-B36).
    pub password_hash: Option<String>,
    /// Whether the address needs no further proof.
    pub email_confirm: Option<bool>,
    /// What the person says of themselves.
    pub user_metadata: Option<Map<String, JsonValue>>,
    /// What the organisation keeps of the person.
    pub app_metadata: Option<Map<String, JsonValue>>,
    /// How long the person is barred, as `24h`, or `none`.
    pub ban_duration: Option<String>,
    /// Whether failed sign-ins count no longer.
    pub unlock: bool,
    /// Whether the person must choose a new password before anything else.
    pub must_change_password: Option<bool>,
}

/// A page of people.
#[derive(Debug, Serialize)]
pub struct PeoplePage {
    /// The people, the newest first.
    pub users: Vec<UserReply>,
    /// Always `authenticated`.
    pub aud: &'static str,
    /// People on all pages.
    #[serde(skip)]
    pub total: u64,
}

impl Identity {
    /// The program that asks, if it may do an action (`read`, `create`, …) with people.
    ///
    /// # Errors
    /// [`AuthCode::NoAuthorization`], [`AuthCode::NotAdmin`].
    pub fn administrator(
        &self,
        principal: &Principal,
        action: &str,
        request: &AuthRequest,
    ) -> Result<Administrator, AuthError> {
        if principal.is_anonymous() {
            let message = "This endpoint requires a valid Bearer token";
            return Err(AuthError::new(AuthCode::NoAuthorization, message));
        }
        let is_program = matches!(principal.kind, PrincipalKind::ApiKey(_));
        let allowed = is_program && principal.permissions.allow(RESOURCE, action);
        match principal.organization_id.filter(|_| allowed) {
            Some(organization) => Ok(Administrator {
                organization,
                permissions: principal.permissions.clone(),
                request: AuthRequest { organization: Some(organization), ..request.clone() },
            }),
            None => Err(AuthError::new(AuthCode::NotAdmin, "User not allowed")),
        }
    }

    /// A page of the organisation's people; pages count from 1.
    pub async fn people(
        &self,
        admin: &Administrator,
        page: u64,
        per_page: u64,
    ) -> Result<PeoplePage, AuthError> {
        let per_page = per_page.clamp(1, PAGE_MAX);
        let members = table::<OrganizationMember>(self.kernel.catalog())?;
        let mut select =
            Select::all(members.clone()).filtered(present(admin.organization, &members)?);
        let id = position(&members, "user_id")?;
        let all = self.kernel.store().fetch_columns(&Access::system(), &select, &[id]).await;
        let all = all.map_err(Error::Store)?;
        let by = OrderBy::Expression(Expression::column(position(&members, "joined_at")?));
        select.order = vec![Order { by, direction: Direction::Descending, nulls_first: false }];
        select.limit = Some(per_page);
        select.offset = page.saturating_sub(1).saturating_mul(per_page);
        let rows = self.kernel.store().fetch(&Access::system(), &select).await;
        let rows = rows.map_err(Error::Store)?;
        let ids: Vec<Uuid> = rows
            .into_iter()
            .map(|row| {
                Ok(OrganizationMember::from_record(row).map_err(Error::internal)?.user_id.uuid())
            })
            .collect::<Result<_>>()?;
        let users = self.users(ids.iter().map(|id| Value::Uuid(*id)).collect()).await?;
        let mut by_id: HashMap<Uuid, User> =
            users.into_iter().map(|user| (user.id.uuid(), user)).collect();
        let users: Vec<User> = ids.iter().filter_map(|id| by_id.remove(id)).collect();
        let users = self.replies(&users, Some(admin.organization)).await?;
        Ok(PeoplePage { users, aud: crate::session::signing::AUDIENCE, total: all.len() as u64 })
    }

    /// One of the organisation's people.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], for somebody of another organisation too.
    pub async fn person(&self, admin: &Administrator, id: Uuid) -> Result<UserReply, AuthError> {
        let (user, _) = self.own_person(admin, id).await?;
        Ok(self.reply(&user, Some(admin.organization)).await?)
    }

    /// Makes an account for somebody, who belongs to the organisation. Nothing is sent.
    ///
    /// # Errors
    /// [`AuthCode::EmailExists`], [`AuthError::WeakPassword`].
    pub async fn create_person(
        &self,
        admin: &Administrator,
        person: &PersonChange,
    ) -> Result<UserReply, AuthError> {
        let given = person.email.as_deref().unwrap_or_default();
        if given.is_empty() {
            let message = "Cannot create a user without either an email or phone";
            return Err(AuthError::invalid(message));
        }
        let email = address::normalize(given)?;
        let hash = self.hash_of(person, &email).await?;
        let said = person.user_metadata.clone().unwrap_or_default();
        let context = self.system_request(&admin.request, Some(admin.organization));
        let id = self.kernel.new_id(&context);
        let is_usable = person.email_confirm.unwrap_or(false);
        let mut user = draft(id, &email, metadata(&said)?, is_usable, context.now)?;
        user.banned_until = Ban::read(person.ban_duration.as_deref(), context.now)?.end();
        let mut work = self.kernel.begin(&context).await?;
        create_user(&mut work, &user, hash.as_deref()).await.map_err(taken)?;
        self.add_to(&mut work, &user, admin.organization, "active").await?;
        if let Some(kept) = &person.app_metadata {
            self.keep(&mut work, admin, id, Map::new(), kept).await?;
        }
        work.commit().await.map_err(taken)?;
        self.person(admin, id).await
    }

    /// Changes one of the organisation's people. A new password or a ban ends all sessions.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::Conflict`] for the account of somebody who belongs
    /// to others too, [`AuthCode::NotAdmin`] for that of somebody who may do more.
    pub async fn change_person(
        &self,
        admin: &Administrator,
        id: Uuid,
        wanted: &PersonChange,
    ) -> Result<UserReply, AuthError> {
        let (user, member) = self.own_person(admin, id).await?;
        let is_of_account = wanted.email.is_some()
            || wanted.password.is_some()
            || wanted.password_hash.is_some()
            || wanted.email_confirm.is_some()
            || wanted.user_metadata.is_some()
            || wanted.ban_duration.is_some()
            || wanted.must_change_password.is_some();
        if is_of_account {
            self.check_own(admin, &user).await?;
        }
        let email = wanted.email.as_deref().map(address::normalize).transpose()?;
        let hash = self.hash_of(wanted, email.as_deref().unwrap_or(&user.email)).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        let ban = Ban::read(wanted.ban_duration.as_deref(), context.now)?;
        let mut set = Vec::new();
        let email = email.filter(|email| **email != *user.email);
        if let Some(email) = &email {
            set.push(("email", text(email.as_str())));
            set.push(("email_verified", Value::Bool(false)));
            set.push(("email_verified_at", Value::Null));
        }
        if wanted.email_confirm == Some(true) && user.status == UserStatus::PendingVerification {
            set.push(("status", text("active")));
        }
        if let Some(said) = &wanted.user_metadata {
            let said = merged(object(user.metadata.as_str()), said);
            set.push(("metadata", Value::Json(metadata(&said)?)));
        }
        if let Some(must) = wanted.must_change_password {
            set.push(("must_change_password", Value::Bool(must)));
        }
        if !matches!(ban, Ban::Kept) {
            set.push(("banned_until", ban.end().map_or(Value::Null, instant)));
        }
        let account = self.password_account(id).await?;
        let mut work = self.kernel.begin(&context).await?;
        if !set.is_empty() {
            let own = [("id", Value::Uuid(id))];
            change::<User>(&mut work, &set, &own).await.map_err(taken)?;
        }
        let changes = (email.as_deref(), hash.is_some());
        let letters = self.tell_of_administration(&mut work, &user, changes).await?;
        if wanted.unlock {
            self.forgive(&mut work, &user, "unlock").await?;
        }
        if let Some(hash) = hash {
            let former = account.and_then(|account| account.password_hash);
            let former = former.map(mainstay_entity::Text::into_string);
            self.replace_password(&mut work, &user, hash, former, None).await?;
        } else if ban.end().is_some() {
            end_all(&mut work, id, None, "the account was barred").await?;
        }
        if let Some(kept) = &wanted.app_metadata {
            self.keep(&mut work, admin, id, object(member.app_metadata.as_str()), kept).await?;
        }
        self.commit_and_post(work, letters).await.map_err(taken)?;
        self.person(admin, id).await
    }

    /// Tells a person of another address, and of another password.
    async fn tell_of_administration(
        &self,
        work: &mut Work,
        user: &User,
        (email, has_password): (Option<&str>, bool),
    ) -> Result<Letters> {
        let mut reader = Reader::of(user);
        let mut letters = Letters::default();
        if let Some(email) = email {
            (reader.email, reader.is_verified) = (email, false);
            let changed = Changed::address(user);
            letters = self.tell_of_change(work, reader, changed, By::Organization).await?;
        }
        if has_password {
            let changed = Changed::Password;
            let more = self.tell_of_change(work, reader, changed, By::Organization).await?;
            letters = letters.and(more);
        }
        Ok(letters)
    }

    /// Removes one of the organisation's people: their account, or their membership if they belong
    /// to others too. Their sessions end.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::NotAdmin`] for somebody who may do more.
    pub async fn remove_person(&self, admin: &Administrator, id: Uuid) -> Result<(), AuthError> {
        let (user, _) = self.own_person(admin, id).await?;
        self.check_power(admin, &user).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        let is_alone = self.belongs_here_alone(admin, &user).await?;
        let mut work = self.kernel.begin(&context).await?;
        let own =
            [("organization_id", Value::Uuid(admin.organization)), ("user_id", Value::Uuid(id))];
        let left = [("status", text("left")), ("left_at", instant(context.now))];
        change::<OrganizationMember>(&mut work, &left, &own).await?;
        if is_alone {
            let users = table::<User>(self.kernel.catalog())?;
            work.delete(&users, equal(&users, &[("id", Value::Uuid(id))])?).await?;
        }
        end_all(&mut work, id, None, "the account was removed").await?;
        Ok(work.commit().await?)
    }

    /// Somebody who belongs to the administrator's organisation.
    pub(crate) async fn own_person(
        &self,
        admin: &Administrator,
        id: Uuid,
    ) -> Result<(User, OrganizationMember), AuthError> {
        let missing = || AuthError::new(AuthCode::UserNotFound, "User not found");
        let own =
            [("organization_id", Value::Uuid(admin.organization)), ("user_id", Value::Uuid(id))];
        let member: Option<OrganizationMember> =
            find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let member = member.filter(|member| member.status != MemberStatus::Left);
        let member = member.ok_or_else(missing)?;
        let user = self.user(id).await?.ok_or_else(missing)?;
        Ok((user, member))
    }

    /// Whether the organisation may change an account, or get into it.
    ///
    /// # Errors
    /// [`AuthCode::Conflict`], [`AuthCode::NotAdmin`].
    pub(crate) async fn check_own(
        &self,
        admin: &Administrator,
        user: &User,
    ) -> Result<(), AuthError> {
        self.check_power(admin, user).await?;
        if self.belongs_here_alone(admin, user).await? {
            return Ok(());
        }
        let message = "The person belongs to other organizations too, so the account is theirs \
                       alone to change";
        Err(AuthError::new(AuthCode::Conflict, message))
    }

    /// Nobody gets hold of an account that may do what they may not: only a key that may do
    /// everything gets hold of one with a role.
    async fn check_power(&self, admin: &Administrator, user: &User) -> Result<(), AuthError> {
        let own = [
            ("organization_id", Value::Uuid(admin.organization)),
            ("user_id", Value::Uuid(user.id.uuid())),
        ];
        let roles: Vec<UserRole> = find(&self.kernel, |table| equal(table, &own)).await?;
        let may_all = admin.permissions.allow(ANY, ANY);
        if !user.is_platform_admin && (may_all || roles.is_empty()) {
            return Ok(());
        }
        let message = "The person may do more than the key that asks";
        Err(AuthError::new(AuthCode::NotAdmin, message))
    }

    async fn belongs_here_alone(&self, admin: &Administrator, user: &User) -> Result<bool> {
        let own = [("user_id", Value::Uuid(user.id.uuid()))];
        let members: Vec<OrganizationMember> =
            find(&self.kernel, |table| equal(table, &own)).await?;
        let is_elsewhere = |member: &OrganizationMember| {
            member.status != MemberStatus::Left
                && member.organization_id.uuid() != admin.organization
        };
        Ok(!members.iter().any(is_elsewhere))
    }

    /// The hash of a new password, or one that somebody else made; none where none is given.
    async fn hash_of(
        &self,
        person: &PersonChange,
        email: &str,
    ) -> Result<Option<String>, AuthError> {
        match (&person.password, &person.password_hash) {
            (Some(_), Some(_)) => {
                Err(AuthError::invalid("Only a password or a password hash should be provided"))
            }
            (Some(password), None) => {
                self.check_password(password, email).await?;
                let entropy = self.kernel.entropy().clone();
                Ok(Some(self.passwords.hash(password, entropy).await?))
            }
            (None, Some(hash)) if is_acceptable(hash) => Ok(Some(hash.clone())),
            (None, Some(_)) => Err(AuthError::invalid(
                "password_hash is no hash of Argon2 or bcrypt at a fair cost",
            )),
            (None, None) => Ok(None),
        }
    }

    /// Keeps what the organisation says of a person.
    async fn keep(
        &self,
        work: &mut Work,
        admin: &Administrator,
        id: Uuid,
        present: Map<String, JsonValue>,
        kept: &Map<String, JsonValue>,
    ) -> Result<(), AuthError> {
        let own =
            [("organization_id", Value::Uuid(admin.organization)), ("user_id", Value::Uuid(id))];
        let document = metadata(&merged(present, kept))?;
        let set = [("app_metadata", Value::Json(document))];
        change::<OrganizationMember>(work, &set, &own).await?;
        Ok(())
    }
}

/// The members of an organisation who have not left it.
fn present(organization: Uuid, members: &mainstay_entity::Table) -> Result<Filter> {
    Ok(Filter::And(vec![
        equal(members, &[("organization_id", Value::Uuid(organization))])?,
        compare(members, "status", Compare::Ne, text("left"))?,
    ]))
}

/// What becomes of a ban.
#[derive(Clone, Copy)]
enum Ban {
    /// It stays as it is.
    Kept,
    /// There is none any more.
    Lifted,
    /// It ends then.
    Until(Timestamp),
}

impl Ban {
    fn read(given: Option<&str>, now: Timestamp) -> Result<Self, AuthError> {
        match given {
            None => Ok(Self::Kept),
            Some("none") => Ok(Self::Lifted),
            Some(text) => {
                let message = "invalid format for ban duration: expected 24h or none";
                let length = duration(text).ok_or_else(|| AuthError::invalid(message))?;
                Ok(Self::Until(now.checked_add(length).unwrap_or(Timestamp::MAX)))
            }
        }
    }

    fn end(self) -> Option<Timestamp> {
        if let Self::Until(end) = self { Some(end) } else { None }
    }
}

/// A length of time as Go writes it: `24h`, `1h30m`, `90s`.
fn duration(text: &str) -> Option<SignedDuration> {
    let (mut seconds, mut digits) = (0_i64, String::new());
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match c {
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let count: i64 = std::mem::take(&mut digits).parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
    }
    (digits.is_empty() && seconds > 0).then(|| SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn lengths_of_time_are_read_as_go_writes_them() {
        let seconds = |text| duration(text).map(|length| length.as_secs());
        assert_eq!(seconds("24h"), Some(86_400));
        assert_eq!(seconds("1h30m5s"), Some(5_405));
        for wrong in ["", "0s", "24", "h", "1d", "-1h", "99999999999999999999h"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
