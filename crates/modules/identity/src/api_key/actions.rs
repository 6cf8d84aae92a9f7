//! What members do with API keys: making one, which is answered once, replacing one with an
//! overlap, and withdrawing one (S1-B41, S1-B42, S2-B45).

use crate::access::role_book::{RoleBooks, Source};
use crate::access::roles;
use crate::account::provision::add;
use crate::api_key::rules::network;
use crate::api_key::{self, entity::ApiKey};
use crate::organization::plan::{check_limit, plan_of};
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Entity, Id, Value};
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, TeamMember, TeamRole};
use mainstay_kernel::lookup::{self, equal, position};
use mainstay_kernel::permissions::ALL;
use mainstay_kernel::{Done, Error, Input, PermissionPair, Permissions, Result, Work};
use mainstay_store::{Narrow, Select};
use mainstay_vault::hash_token;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The limit of keys for which none is named (S1-B42).
const REQUESTS_PER_HOUR: i32 = 1_000;
/// The scope of keys for which none is named (S1-B42).
const DEFAULT_SCOPE: &str = "*:read";
const SCOPES_MAX: usize = 100;
const PLACES_MAX: usize = 100;
/// How long a replaced key works on, when nothing is said, and at most.
const OVERLAP_SECONDS: u32 = 24 * 3_600;
const OVERLAP_SECONDS_MAX: u32 = 30 * 24 * 3_600;
/// The code of a value that does not fit.
const WRONG_VALUE: &str = "22023";

/// A key to be made. It belongs to the caller, when neither a member nor a team is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    name: String,
    scopes: Option<Vec<String>>,
    user_id: Option<Uuid>,
    team_id: Option<Uuid>,
    expires_at: Option<String>,
    rate_limit_per_hour: Option<i32>,
    allowed_ips: Option<Vec<String>>,
    allowed_origins: Option<Vec<String>>,
}

/// A key to be replaced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rotation {
    id: Uuid,
    /// How long the old key works on.
    overlap_seconds: Option<u32>,
}

/// A key to be withdrawn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    id: Uuid,
    reason: Option<String>,
}

/// A new key, the only time that it is shown.
#[derive(Serialize)]
struct Made {
    id: Uuid,
    key: String,
    key_prefix: String,
    scopes: Vec<String>,
    rate_limit_per_hour: Option<i32>,
    expires_at: Option<String>,
}

/// `rpc/create_api_key`.
pub(crate) async fn create_api_key(mut work: Work, new: NewKey) -> Result<Done> {
    let context = work.context().clone();
    let expires_at = new.expires_at.as_deref().map(str::parse::<Timestamp>).transpose();
    let expires_at = expires_at
        .map_err(|_| Error::rule(WRONG_VALUE, "expires_at: expected an instant (RFC 3339)"))?;
    if expires_at.is_some_and(|end| end <= context.now) {
        return Err(Error::rule(WRONG_VALUE, "expires_at has passed"));
    }
    let scopes = new.scopes.unwrap_or_else(|| vec![DEFAULT_SCOPE.to_owned()]);
    check_places(new.allowed_ips.as_deref(), new.allowed_origins.as_deref())?;
    let user_id = match (new.user_id, new.team_id) {
        (Some(_), Some(_)) => {
            return Err(Error::rule(WRONG_VALUE, "a key belongs to a member or to a team"));
        }
        (None, None) => context.principal.user_id,
        (user, _) => user,
    };
    if user_id.is_none() && new.team_id.is_none() {
        return Err(Error::rule(WRONG_VALUE, "expected user_id or team_id: a key has an owner"));
    }
    let owner = Owner { user_id, team_id: new.team_id };
    check_owner(&mut work, &owner).await?;
    check_scopes(&work, &owner, &scopes).await?;
    let key = ApiKeyRow {
        owner,
        name: new.name,
        scopes,
        installation: false,
        rate_limit_per_hour: Some(new.rate_limit_per_hour.unwrap_or(REQUESTS_PER_HOUR)),
        allowed_ips: new.allowed_ips,
        allowed_origins: new.allowed_origins,
        expires_at,
    };
    work.act("api-keys");
    let made = insert(&mut work, key).await?;
    check_number(&mut work).await?;
    work.commit_with(&made).await
}

/// `rpc/rotate_api_key`: a new key like the old one, which works on for a while.
pub(crate) async fn rotate_api_key(mut work: Work, rotation: Rotation) -> Result<Done> {
    let now = work.context().now;
    let seconds = rotation.overlap_seconds.unwrap_or(OVERLAP_SECONDS);
    if seconds > OVERLAP_SECONDS_MAX {
        let message = format!("overlap_seconds is at most {OVERLAP_SECONDS_MAX}");
        return Err(Error::rule(WRONG_VALUE, message));
    }
    let old = usable(&mut work, rotation.id).await?;
    check_installation(&work, &old)?;
    let user_id = old.user_id.map(Id::uuid);
    let owner = Owner { user_id, team_id: old.team_id.map(Id::uuid) };
    check_owner(&mut work, &owner).await?;
    check_scopes(&work, &owner, &old.scopes).await?;
    let end = now + SignedDuration::from_secs(seconds.into());
    let end = old.expires_at.map_or(end, |expires| expires.min(end));
    work.act("api-keys");
    change(&mut work, rotation.id, &[("expires_at", instant(end))]).await?;
    let key = ApiKeyRow {
        owner,
        name: old.name.into_string(),
        scopes: old.scopes,
        installation: old.installation,
        rate_limit_per_hour: old.rate_limit_per_hour,
        allowed_ips: old.allowed_ips,
        allowed_origins: old.allowed_origins,
        expires_at: old.expires_at,
    };
    let made = insert(&mut work, key).await?;
    work.commit_with(&made).await
}

/// `rpc/revoke_api_key`: the key works no more, on any server, within a second.
pub(crate) async fn revoke_api_key(mut work: Work, withdrawal: Withdrawal) -> Result<Done> {
    usable(&mut work, withdrawal.id).await?;
    let now = instant(work.context().now);
    work.act("api-keys");
    let set = [
        ("is_active", Value::Bool(false)),
        ("revoked_at", now),
        ("revoked_reason", withdrawal.reason.map_or(Value::Null, Value::Text)),
    ];
    change(&mut work, withdrawal.id, &set).await?;
    work.commit_with(&serde_json::Value::Null).await
}

/// Whose a key is.
#[derive(Clone, Copy)]
struct Owner {
    user_id: Option<Uuid>,
    team_id: Option<Uuid>,
}

struct ApiKeyRow {
    owner: Owner,
    name: String,
    scopes: Vec<String>,
    installation: bool,
    rate_limit_per_hour: Option<i32>,
    allowed_ips: Option<Vec<String>>,
    allowed_origins: Option<Vec<String>>,
    expires_at: Option<Timestamp>,
}

fn instant(at: Timestamp) -> Value {
    Value::Timestamp(at.as_microsecond())
}

fn list(texts: &[String]) -> Value {
    Value::List(texts.iter().cloned().map(Value::Text).collect())
}

async fn insert(work: &mut Work, new: ApiKeyRow) -> Result<Made> {
    let organization = work.context().principal.organization_id.ok_or(Error::NoOrganization)?;
    let key = api_key::generate(organization, &**work.kernel().entropy());
    let key_prefix = api_key::prefix(&key).to_owned();
    let optional = |value: Option<Value>| value.unwrap_or(Value::Null);
    let row = [
        ("name", Value::Text(new.name)),
        ("user_id", optional(new.owner.user_id.map(Value::Uuid))),
        ("team_id", optional(new.owner.team_id.map(Value::Uuid))),
        ("key_hash", Value::Bytes(hash_token(&key).to_vec())),
        ("key_prefix", Value::Text(key_prefix.clone())),
        ("scopes", list(&new.scopes)),
        ("installation", Value::Bool(new.installation)),
        ("rate_limit_per_hour", optional(new.rate_limit_per_hour.map(|n| Value::Int(n.into())))),
        ("allowed_ips", optional(new.allowed_ips.as_deref().map(list))),
        ("allowed_origins", optional(new.allowed_origins.as_deref().map(list))),
        ("expires_at", optional(new.expires_at.map(instant))),
    ];
    let id = add::<ApiKey>(work, &row).await?;
    Ok(Made {
        id,
        key,
        key_prefix,
        scopes: new.scopes,
        rate_limit_per_hour: new.rate_limit_per_hour,
        expires_at: new.expires_at.map(|end| end.to_string()),
    })
}

/// A key of the organisation that may be used.
async fn usable(work: &mut Work, id: Uuid) -> Result<ApiKey> {
    let keys = lookup::table::<ApiKey>(work.kernel().catalog())?;
    let mut select = Select::all(keys.clone()).filtered(equal(&keys, &[("id", Value::Uuid(id))])?);
    select.for_update = true;
    let row = work.fetch(&select).await?.pop();
    let row = row.map(ApiKey::from_record).transpose().map_err(Error::internal)?;
    let now = work.context().now;
    let works = |key: &ApiKey| key.is_active && key.expires_at.is_none_or(|end| now < end);
    row.filter(works).ok_or_else(|| Error::NotFound(format!("API key {id}")))
}

async fn change(work: &mut Work, id: Uuid, set: &[(&str, Value)]) -> Result<()> {
    let keys = lookup::table::<ApiKey>(work.kernel().catalog())?;
    let organization = work.context().principal.organization_id.ok_or(Error::NoOrganization)?;
    let own =
        equal(&keys, &[("organization_id", Value::Uuid(organization)), ("id", Value::Uuid(id))])?;
    let column =
        |(name, value): &(&str, Value)| Ok((position(&keys, name)?, Input::Value(value.clone())));
    let set = set.iter().map(column).collect::<Result<_>>()?;
    work.update(&keys, set, own).await?;
    Ok(())
}

/// Checks that a key of the installation is replaced by one, or by an administrator of the
/// installation: who gets its successor may do what it may, and no organisation can give that.
fn check_installation(work: &Work, old: &ApiKey) -> Result<()> {
    let principal = &work.context().principal;
    if !old.installation || principal.installation || principal.platform_admin {
        return Ok(());
    }
    Err(Error::denied("a key of the installation is replaced by itself or by its administrators"))
}

/// Checks that the organisation's plan has room for its keys that work.
async fn check_number(work: &mut Work) -> Result<()> {
    let organization = work.context().principal.organization_id.ok_or(Error::NoOrganization)?;
    let plan = plan_of(work, organization).await?.and_then(|plan| plan.max_api_keys);
    if plan.is_none() {
        return Ok(());
    }
    // Others who make keys wait here until this work has ended.
    work.serialize_policy(organization).await?;
    let own = [("organization_id", Value::Uuid(organization)), ("is_active", Value::Bool(true))];
    let keys: Vec<ApiKey> = Source::Open(work).rows(|table| equal(table, &own)).await?;
    let now = work.context().now;
    let working = keys.iter().filter(|key| key.expires_at.is_none_or(|end| now < end)).count();
    check_limit(working, plan, "API keys")
}

fn check_places(networks: Option<&[String]>, origins: Option<&[String]>) -> Result<()> {
    let (networks, origins) = (networks.unwrap_or_default(), origins.unwrap_or_default());
    if networks.len() > PLACES_MAX || origins.len() > PLACES_MAX {
        return Err(Error::rule(WRONG_VALUE, format!("a list has at most {PLACES_MAX} entries")));
    }
    if let Some(wrong) = networks.iter().find(|text| network(text).is_none()) {
        let message = format!("allowed_ips: expected an address or a network, got {wrong}");
        return Err(Error::rule(WRONG_VALUE, message));
    }
    // RFC 6454 §6.2: scheme, host and port, no path.
    let is_origin = |text: &String| {
        let uri: Option<http::Uri> = text.parse().ok();
        uri.is_some_and(|uri| uri.scheme().is_some() && uri.host().is_some())
            && text.matches('/').count() == 2
    };
    match origins.iter().find(|text| !is_origin(text)) {
        Some(wrong) => {
            let message = format!("allowed_origins: expected https://host or so, got {wrong}");
            Err(Error::rule(WRONG_VALUE, message))
        }
        None => Ok(()),
    }
}

/// Checks that the owner is there: an active member, or a team that the caller decides for.
async fn check_owner(work: &mut Work, owner: &Owner) -> Result<()> {
    if let Some(user) = owner.user_id {
        let members = lookup::table::<OrganizationMember>(work.kernel().catalog())?;
        let status = Value::Text(MemberStatus::Active.as_str().to_owned());
        let own = equal(&members, &[("user_id", Value::Uuid(user)), ("status", status)])?;
        if work.fetch(&Select::all(members).filtered(own)).await?.is_empty() {
            return Err(Error::NotFound(format!("member {user}")));
        }
    }
    let Some(team) = owner.team_id else {
        return Ok(());
    };
    let principal = work.context().principal.clone();
    // Without a person behind the caller its reach decides.
    let reaches = match &principal.teams {
        Narrow::All => true,
        Narrow::None => false,
        Narrow::Only(teams) => teams.contains(&team),
    };
    let decides = match principal.user_id {
        None => reaches,
        Some(_) if principal.permissions.allow(roles::TEAMS, ALL) => true,
        Some(user) => {
            let members = lookup::table::<TeamMember>(work.kernel().catalog())?;
            let own = [("user_id", Value::Uuid(user)), ("team_id", Value::Uuid(team))];
            let own = equal(&members, &own)?;
            let row = work.fetch(&Select::all(members).filtered(own)).await?.pop();
            let row = row.map(TeamMember::from_record).transpose().map_err(Error::internal)?;
            row.is_some_and(|member| member.role != TeamRole::Member)
        }
    };
    if decides {
        return Ok(());
    }
    Err(Error::denied("a team's keys are made by its owners and maintainers"))
}

/// Checks that a key may do nothing that its maker or its owner may not.
async fn check_scopes(work: &Work, owner: &Owner, scopes: &[String]) -> Result<()> {
    if scopes.len() > SCOPES_MAX {
        return Err(Error::rule(WRONG_VALUE, format!("a key has at most {SCOPES_MAX} scopes")));
    }
    let mut pairs = Vec::with_capacity(scopes.len());
    for scope in scopes {
        pairs.push(PermissionPair::parse(scope).ok_or_else(|| {
            let message = format!("expected a scope like resource:action, got {scope}");
            Error::rule(WRONG_VALUE, message)
        })?);
    }
    let principal = &work.context().principal;
    if !principal.platform_admin {
        check_covered(&principal.permissions, &pairs)?;
    }
    let Some(user) = owner.user_id.filter(|user| Some(*user) != principal.user_id) else {
        return Ok(());
    };
    let organization = principal.organization_id.ok_or(Error::NoOrganization)?;
    let now = work.context().now;
    let books = RoleBooks::default();
    let held = roles::held_by(work.kernel(), &books, (organization, user), now).await?;
    check_covered(&held.permissions, &pairs)
}

fn check_covered(permissions: &Permissions, pairs: &[PermissionPair]) -> Result<()> {
    match pairs.iter().find(|pair| !permissions.covers(pair)) {
        None => Ok(()),
        Some(pair) => {
            Err(Error::denied(format!("{pair} can't be a scope of a key whose owner lacks it")))
        }
    }
}
