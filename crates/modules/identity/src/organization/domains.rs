//! Verified domains: an organisation shows by a TXT record that a domain is its own, and may let
//! people with an address of the domain join by themselves. A domain is one organisation's.

use crate::access::delegation::{Wanted, role_to_give};
use crate::access::role_book::Source;
use crate::account::address;
use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::organization::domain::{DomainStatus, OrganizationDomain, VerifiedDomain};
use crate::organization::members::was_member;
use crate::records::{change, instant, key, lock, text};
use crate::regularly::regularly;
use crate::session::sessions::AuthRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use mainstay_entity::{Choice, Entity, Text, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{compare, equal, find, position, table};
use mainstay_kernel::permissions::{CREATE, DELETE, UPDATE};
use mainstay_kernel::{Context, Error, Principal, Result, Work};
use mainstay_store::{Access, Compare, Select, Update};
use serde::Serialize;
use std::sync::{Arc, Weak};
use std::time::Duration;
use uuid::Uuid;

const RESOURCE: &str = "organization_domains";
/// Below which name of a domain its record stands.
const RECORD: &str = "_mainstay-challenge";
const RECORD_VALUE: &str = "mainstay-verification=";
const CHALLENGE_BYTES: usize = 24;
/// A domain lapses when its record was not there so often in a row.
const MISSED_MAX: i32 = 3;
/// A server that looks for records has so long before another one does.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// How often a server looks for domains that are due.
const PERIOD: Duration = Duration::from_secs(5);
/// Domains that are looked up in one period.
const DUE_MAX: u64 = 50;

/// A domain that is to be an organisation's, and how people join by it.
#[derive(Clone, Debug, Default)]
pub struct DomainChange {
    /// The domain.
    pub domain: String,
    /// Whether people with an address of the domain may join by themselves.
    pub members_join: bool,
    /// The name of the role that they get then.
    pub member_role: Option<String>,
}

/// A domain as its organisation sees it.
#[derive(Debug, Serialize)]
pub struct DomainReply {
    /// Identifier.
    pub id: Uuid,
    /// The domain.
    pub domain: String,
    /// Where it stands.
    pub status: &'static str,
    /// The name of the TXT record that shows it to be the organisation's.
    pub record_name: String,
    /// What the record must say.
    pub record_value: String,
    /// Whether people with an address of the domain may join by themselves.
    pub members_join: bool,
    /// The name of the role that they get then.
    pub member_role: Option<String>,
    /// When it was shown to be the organisation's.
    pub verified_at: Option<String>,
}

/// How people join an organisation by a domain of it.
pub(crate) struct DomainEntry {
    /// The name of the role that they get.
    pub(crate) role: Option<String>,
}

/// What was found of a domain's record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Record,
    Nothing,
    /// Nobody answered.
    Unknown,
}

impl Identity {
    /// Adds a domain to the caller's organisation (permission `organization_domains:create`),
    /// which is to be verified.
    ///
    /// # Errors
    /// [`AuthCode::NotAdmin`], [`AuthCode::LimitReached`] (S2-B50), [`AuthCode::Conflict`] for one
    /// that was added already.
    pub async fn add_domain(
        &self,
        principal: &Arc<Principal>,
        new: &DomainChange,
        request: &AuthRequest,
    ) -> Result<DomainReply, AuthError> {
        let organization = self.may_act(principal, (RESOURCE, CREATE), request)?;
        let domain = address::normalize_domain(&new.domain)?;
        let mut work = self.begin_for(principal, request).await?;
        check_role(&mut work, organization, new.member_role.as_deref(), principal).await?;
        let mut challenge = [0; CHALLENGE_BYTES];
        self.kernel.entropy().fill(&mut challenge);
        let now = work.context().now;
        let mut row = vec![
            ("organization_id", Value::Uuid(organization)),
            ("domain", text(domain)),
            ("challenge", text(URL_SAFE_NO_PAD.encode(challenge))),
            ("members_join", Value::Bool(new.members_join)),
            ("check_at", instant(now + self.settings.domain_check)),
        ];
        row.extend(new.member_role.as_deref().map(|role| ("member_role", text(role))));
        let id = add::<OrganizationDomain>(&mut work, &row).await.map_err(added_already)?;
        work.commit().await.map_err(added_already)?;
        self.domain_reply(organization, id).await
    }

    /// Says how people join by a domain (permission `organization_domains:update`).
    ///
    /// # Errors
    /// [`AuthCode::NotAdmin`], also for a role that the caller does not have,
    /// [`AuthCode::DomainNotFound`].
    pub async fn change_domain(
        &self,
        principal: &Arc<Principal>,
        id: Uuid,
        wanted: &DomainChange,
        request: &AuthRequest,
    ) -> Result<DomainReply, AuthError> {
        let organization = self.may_act(principal, (RESOURCE, UPDATE), request)?;
        let mut work = self.begin_for(principal, request).await?;
        check_role(&mut work, organization, wanted.member_role.as_deref(), principal).await?;
        let role = wanted.member_role.as_deref().map_or(Value::Null, text);
        let set = [("members_join", Value::Bool(wanted.members_join)), ("member_role", role)];
        if change::<OrganizationDomain>(&mut work, &set, &key(organization, id)).await? == 0 {
            return Err(unknown());
        }
        work.commit().await?;
        self.domain_reply(organization, id).await
    }

    /// Takes a domain from the caller's organisation (permission `organization_domains:delete`).
    /// Who joined by it stays.
    ///
    /// # Errors
    /// [`AuthCode::NotAdmin`], [`AuthCode::DomainNotFound`].
    pub async fn remove_domain(
        &self,
        principal: &Arc<Principal>,
        id: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let organization = self.may_act(principal, (RESOURCE, DELETE), request)?;
        let mut work = self.begin_for(principal, request).await?;
        let row: Option<OrganizationDomain> = lock(&mut work, &key(organization, id)).await?;
        let row = row.ok_or_else(unknown)?;
        release(&mut work, &row).await?;
        let domains = table::<OrganizationDomain>(self.kernel.catalog())?;
        work.delete(&domains, equal(&domains, &key(organization, id))?).await?;
        Ok(work.commit().await?)
    }

    /// Looks for a domain's record now (permission `organization_domains:update`).
    ///
    /// # Errors
    /// [`AuthCode::DomainNotVerified`] when it is not there, [`AuthCode::Conflict`] when the
    /// domain is another organisation's, [`AuthCode::ServiceUnavailable`] when nobody answers.
    pub async fn verify_domain(
        &self,
        principal: &Arc<Principal>,
        id: Uuid,
        request: &AuthRequest,
    ) -> Result<DomainReply, AuthError> {
        let organization = self.may_act(principal, (RESOURCE, UPDATE), request)?;
        let found: Option<OrganizationDomain> =
            find(&self.kernel, |table| equal(table, &key(organization, id))).await?.pop();
        let row = found.ok_or_else(unknown)?;
        // Nothing is held while others are asked.
        let found = self.look_for(&row).await;
        let work = self.begin_for(principal, request).await?;
        self.note_found(work, organization, id, found).await?;
        match found {
            Found::Record => self.domain_reply(organization, id).await,
            Found::Nothing => {
                let reply = self.domain_reply(organization, id).await?;
                let (name, value) = (reply.record_name, reply.record_value);
                let message = format!("{name} has no TXT record that says {value}");
                Err(AuthError::new(AuthCode::DomainNotVerified, message))
            }
            Found::Unknown => {
                let message = "No server of domain names answers; try again later";
                Err(AuthError::new(AuthCode::ServiceUnavailable, message))
            }
        }
    }

    /// Lets somebody join who has a verified address of a domain of the organisation and never
    /// belonged to it: who left or was suspended comes back by others alone.
    pub(crate) async fn join_by_domain(
        &self,
        user: &User,
        organization: Uuid,
        request: &AuthRequest,
    ) -> Result<bool, AuthError> {
        if !user.email_verified || user.is_anonymous {
            return Ok(false);
        }
        let mut committed = Source::Committed(&self.kernel);
        let Some(entry) = domain_entry(&mut committed, organization, &user.email).await? else {
            return Ok(false);
        };
        let mut work = self.kernel.begin(&self.system_request(request, Some(organization))).await?;
        if was_member(&mut work, organization, user.id.uuid()).await? {
            return Ok(false);
        }
        self.join(&mut work, user, organization, entry.role.as_deref()).await?;
        work.commit().await?;
        Ok(true)
    }

    async fn look_for(&self, row: &OrganizationDomain) -> Found {
        match self.text_records(&record_name(row)).await {
            Ok(texts) if texts.iter().any(|text| *text == record_value(row)) => Found::Record,
            Ok(_) => Found::Nothing,
            Err(_) => Found::Unknown,
        }
    }

    /// Writes down what was found of a domain.
    async fn note_found(
        &self,
        mut work: Work,
        organization: Uuid,
        id: Uuid,
        found: Found,
    ) -> Result<(), AuthError> {
        let own = key(organization, id);
        let Some(row) = lock::<OrganizationDomain>(&mut work, &own).await? else {
            return Ok(());
        };
        let now = work.context().now;
        let mut set = vec![("check_at", instant(now + self.settings.domain_check))];
        if found != Found::Unknown {
            set.push(("checked_at", instant(now)));
        }
        match (found, row.status) {
            (Found::Record, DomainStatus::Verified) => set.push(("missed", Value::Int(0))),
            (Found::Record, _) => {
                let whose = [
                    ("domain", text(&*row.domain)),
                    ("organization_id", Value::Uuid(organization)),
                ];
                add::<VerifiedDomain>(&mut work, &whose).await.map_err(anothers)?;
                set.push(("status", text(DomainStatus::Verified.as_str())));
                set.push(("verified_at", instant(now)));
                set.push(("missed", Value::Int(0)));
            }
            (Found::Nothing, DomainStatus::Verified) => {
                set.push(("missed", Value::Int((row.missed + 1).into())));
                if row.missed + 1 >= MISSED_MAX {
                    release(&mut work, &row).await?;
                    set.push(("status", text(DomainStatus::Lapsed.as_str())));
                }
            }
            (Found::Nothing | Found::Unknown, _) => {}
        }
        change::<OrganizationDomain>(&mut work, &set, &own).await?;
        work.commit().await.map_err(anothers)
    }

    /// Looks for the records of domains that are due.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn check_domains(&self) -> Result<()> {
        let now = self.kernel.clock().now();
        let domains = table::<OrganizationDomain>(self.kernel.catalog())?;
        let due = compare(&domains, "check_at", Compare::Le, instant(now))?;
        let mut select = Select::all(domains).filtered(due);
        select.limit = Some(DUE_MAX);
        for row in self.kernel.store().fetch(&Access::system(), &select).await? {
            let row = OrganizationDomain::from_record(row).map_err(Error::internal)?;
            if !self.claim_domain(&row).await? {
                continue;
            }
            let (organization, id) = (row.organization_id.uuid(), row.id.uuid());
            let found = self.look_for(&row).await;
            let context = Context::system("domains", Some(organization), self.kernel.clock().now());
            let work = self.kernel.begin(&context).await?;
            match self.note_found(work, organization, id, found).await {
                // Another organisation has it; whoever asks is told so.
                Ok(()) | Err(AuthError::Refused { .. } | AuthError::WeakPassword { .. }) => {}
                Err(AuthError::Kernel(error)) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes a domain that is due, so that no other server looks for it; false when one has it.
    async fn claim_domain(&self, row: &OrganizationDomain) -> Result<bool> {
        let domains = table::<OrganizationDomain>(self.kernel.catalog())?;
        let mut own = key(row.organization_id.uuid(), row.id.uuid()).to_vec();
        own.push(("check_at", instant(row.check_at)));
        let column = position(&domains, "check_at")?;
        let until = self.kernel.clock().now() + CLAIM;
        let update = Update {
            set: vec![(column, instant(until))],
            filter: equal(&domains, &own)?,
            table: domains,
        };
        let mut transaction = self.kernel.store().begin(&Access::system()).await?;
        let taken = transaction.update(update).await?.len();
        transaction.commit().await?;
        Ok(taken > 0)
    }

    async fn domain_reply(&self, organization: Uuid, id: Uuid) -> Result<DomainReply, AuthError> {
        let found: Option<OrganizationDomain> =
            find(&self.kernel, |table| equal(table, &key(organization, id))).await?.pop();
        let row = found.ok_or_else(unknown)?;
        Ok(DomainReply {
            id,
            record_name: record_name(&row),
            record_value: record_value(&row),
            domain: row.domain.into_string(),
            status: row.status.as_str(),
            members_join: row.members_join,
            member_role: row.member_role.map(Text::into_string),
            verified_at: row.verified_at.map(|at| at.to_string()),
        })
    }
}

/// Looks for the records of domains that are due, as long as the identities are in use.
pub async fn check_domains_regularly(identity: Weak<Identity>) {
    let check = |identity: Arc<Identity>| async move { identity.check_domains().await };
    regularly(identity, PERIOD, "domains can't be checked yet", check).await;
}

/// How people with a verified address join an organisation by its domain; none when they don't.
pub(crate) async fn domain_entry(
    source: &mut Source<'_>,
    organization: Uuid,
    email: &str,
) -> Result<Option<DomainEntry>> {
    let Some((_, domain)) = email.rsplit_once('@') else {
        return Ok(None);
    };
    let of = [("organization_id", Value::Uuid(organization)), ("domain", text(domain))];
    let is_own: Vec<VerifiedDomain> = source.rows(|table| equal(table, &of)).await?;
    if is_own.is_empty() {
        return Ok(None);
    }
    let rows: Vec<OrganizationDomain> = source.rows(|table| equal(table, &of)).await?;
    let row = rows.into_iter().find(|row| row.members_join);
    Ok(row.map(|row| DomainEntry { role: row.member_role.map(Text::into_string) }))
}

fn record_name(row: &OrganizationDomain) -> String {
    format!("{RECORD}.{}", &*row.domain)
}

fn record_value(row: &OrganizationDomain) -> String {
    format!("{RECORD_VALUE}{}", &*row.challenge)
}

/// The domain may be another organisation's from now on.
async fn release(work: &mut Work, row: &OrganizationDomain) -> Result<()> {
    let verified = table::<VerifiedDomain>(work.kernel().catalog())?;
    let own = [
        ("domain", text(&*row.domain)),
        ("organization_id", Value::Uuid(row.organization_id.uuid())),
    ];
    work.delete(&verified, equal(&verified, &own)?).await?;
    Ok(())
}

/// Checks that there is a role and the caller may give it.
async fn check_role(
    work: &mut Work,
    organization: Uuid,
    name: Option<&str>,
    principal: &Principal,
) -> Result<(), AuthError> {
    let Some(name) = name else {
        return Ok(());
    };
    match role_to_give(work, organization, name, principal).await? {
        Wanted::Granted(_) => Ok(()),
        Wanted::Refused(why) => Err(AuthError::new(AuthCode::NotAdmin, why)),
        Wanted::Unknown => Err(AuthError::invalid("member_role: there is no such role")),
    }
}

fn unknown() -> AuthError {
    AuthError::new(AuthCode::DomainNotFound, "There is no such domain")
}

fn added_already(error: Error) -> AuthError {
    if AuthError::is_taken(&error) {
        return AuthError::new(AuthCode::Conflict, "The domain was added already");
    }
    error.into()
}

fn anothers(error: Error) -> AuthError {
    if AuthError::is_taken(&error) {
        let message = "The domain is verified by another organization";
        return AuthError::new(AuthCode::Conflict, message);
    }
    error.into()
}
