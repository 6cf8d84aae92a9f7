//! OCSF 1.7.0: Account Change (3001) for changes of accounts, Authentication (3002) for coming and
//! going, API Activity (6003) for everything else. Fields that the schema has no place for are in
//! `unmapped`.

use super::Result;
use super::activity::{Activity, is_account, plain, resource, verb};
use super::ndjson::{self, Object};
use super::record::{EventRecord, Outcome};
use mainstay_ledger::Field;
use serde::Serialize;

const VERSION: &str = "1.7.0";
const PRODUCT: &str = "Mainstay";

/// Fields that have their own place in an event.
const MAPPED: [Field; 15] = [
    Field::ID,
    Field::ORGANIZATION_ID,
    Field::ACTOR_ID,
    Field::ACTION,
    Field::STATUS,
    Field::DESCRIPTION,
    Field::ERROR_MESSAGE,
    Field::IP_ADDRESS,
    Field::USER_AGENT,
    Field::SESSION_ID,
    Field::REQUEST_ID,
    Field::CORRELATION_ID,
    Field::EVENT_VERSION,
    Field::OCCURRED_AT,
    Field::CREATED_AT,
];

/// Kinds of what happened to an account, by words of the action.
const ACCOUNT_ACTIVITIES: [(u32, &str, &[&str]); 10] = [
    (2, "Enable", &["enable", "activate", "restore"]),
    (3, "Password Change", &["changepassword", "passwordchange", "updatepassword"]),
    (4, "Password Reset", &["resetpassword", "passwordreset", "recover"]),
    (5, "Disable", &["disable", "deactivate", "suspend", "revoke"]),
    (7, "Attach Policy", &["attach", "assign", "grant"]),
    (8, "Detach Policy", &["detach", "unassign"]),
    (9, "Lock", &["lock"]),
    (12, "Unlock", &["unlock"]),
    (10, "MFA Factor Enable", &["enablemfa", "enrollmfa", "addmfa"]),
    (11, "MFA Factor Disable", &["disablemfa", "removemfa"]),
];

#[derive(Serialize)]
pub(super) struct OcsfEvent<'a> {
    activity_id: u32,
    activity_name: &'a str,
    category_uid: u32,
    category_name: &'static str,
    class_uid: u32,
    class_name: &'static str,
    type_uid: u32,
    severity_id: u32,
    severity: &'static str,
    status_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    /// Milliseconds since 1970.
    time: i64,
    metadata: Metadata<'a>,
    actor: Actor<'a>,
    src_endpoint: Endpoint,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_request: Option<HttpRequest<'a>>,
    /// Whose account it is, in classes of identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<Api<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<[Resource<'a>; 1]>,
    unmapped: Unmapped,
}

#[derive(Serialize)]
struct Metadata<'a> {
    version: &'static str,
    product: Product,
    uid: String,
    event_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_uid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_version: Option<&'a str>,
    log_name: &'a str,
    logged_time: i64,
    sequence: u64,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
}

#[derive(Serialize)]
struct Actor<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoked_by: Option<&'static str>,
}

#[derive(Serialize)]
struct User<'a> {
    uid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Session<'a> {
    uid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Endpoint {
    Ip(String),
    Name(&'static str),
}

#[derive(Serialize)]
struct HttpRequest<'a> {
    user_agent: &'a str,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Api<'a> {
    operation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Named<'a>>,
}

#[derive(Serialize)]
struct Resource<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
}

/// What the schema has no place for, with the leaf's place in its log.
#[derive(Serialize)]
struct Unmapped {
    leaf_hash: String,
    #[serde(flatten)]
    fields: Object,
}

/// A class with the kind of activity in it.
struct Class<'a> {
    uid: u32,
    name: &'static str,
    category: (u32, &'static str),
    activity: (u32, &'a str),
}

impl<'a> Class<'a> {
    fn of(record: &EventRecord<'a>) -> Self {
        let iam = (3, "Identity & Access Management");
        match Activity::of(record) {
            Activity::SignIn => Self::new(3002, "Authentication", iam, (1, "Logon")),
            Activity::SignOut => Self::new(3002, "Authentication", iam, (2, "Logoff")),
            activity if activity != Activity::Read && is_account(record) => {
                Self::new(3001, "Account Change", iam, account_activity(record, activity))
            }
            activity => {
                let activity = match activity {
                    Activity::Create => (1, "Create"),
                    Activity::Read => (2, "Read"),
                    Activity::Update => (3, "Update"),
                    Activity::Delete => (4, "Delete"),
                    _ => (99, record.action()),
                };
                Self::new(6003, "API Activity", (6, "Application Activity"), activity)
            }
        }
    }

    fn new(
        uid: u32,
        name: &'static str,
        category: (u32, &'static str),
        activity: (u32, &'a str),
    ) -> Self {
        Self { uid, name, category, activity }
    }
}

fn account_activity<'a>(record: &EventRecord<'a>, activity: Activity) -> (u32, &'a str) {
    let words = plain(verb(record.action()));
    let roles = resource(record).is_some_and(|kind| kind.eq_ignore_ascii_case("user_roles"));
    let is =
        |(_, _, names): &&(u32, &'static str, &[&str])| names.iter().any(|name| words == *name);
    if let Some((id, name, _)) = ACCOUNT_ACTIVITIES.iter().find(is) {
        return (*id, name);
    }
    match activity {
        Activity::Create if roles => (7, "Attach Policy"),
        Activity::Delete if roles => (8, "Detach Policy"),
        Activity::Create => (1, "Create"),
        Activity::Delete => (6, "Delete"),
        _ => (99, record.action()),
    }
}

pub(super) fn event<'a>(record: &EventRecord<'a>) -> Result<OcsfEvent<'a>> {
    let class = Class::of(record);
    let text = |field| record.text(field).filter(|text| !text.is_empty());
    let is_api = class.uid == 6003;
    let is_authentication = class.uid == 3002;
    let session = || text(Field::SESSION_ID).map(|uid| Session { uid });
    let (status_id, status, severity_id, severity) = match record.outcome() {
        Outcome::Success => (1, "Success", 1, "Informational"),
        Outcome::Failure => (2, "Failure", 2, "Low"),
        Outcome::Error => (2, "Failure", 3, "Medium"),
    };
    let kind = resource(record);
    Ok(OcsfEvent {
        activity_id: class.activity.0,
        activity_name: class.activity.1,
        category_uid: class.category.0,
        category_name: class.category.1,
        class_uid: class.uid,
        class_name: class.name,
        type_uid: class.uid * 100 + class.activity.0,
        severity_id,
        severity,
        status_id,
        status,
        status_detail: text(Field::ERROR_MESSAGE),
        message: text(Field::DESCRIPTION),
        time: record.occurred_at().as_millisecond(),
        metadata: metadata(record),
        actor: actor(record),
        src_endpoint: endpoint(record),
        http_request: text(Field::USER_AGENT).map(|user_agent| HttpRequest { user_agent }),
        user: (!is_api).then(|| subject(record, is_authentication)),
        service: is_authentication.then_some(Named { name: PRODUCT }),
        session: if is_authentication { session() } else { None },
        api: is_api.then(|| Api {
            operation: record.action(),
            request: text(Field::REQUEST_ID).map(|uid| Session { uid }),
            service: kind.map(|name| Named { name }),
        }),
        resources: (is_api && (kind.is_some() || text(Field::RESOURCE_ID).is_some())).then(|| {
            let (uid, name) = (text(Field::RESOURCE_ID), text(Field::RESOURCE_NAME));
            [Resource { uid, name, kind }]
        }),
        unmapped: Unmapped {
            leaf_hash: record.hash.to_string(),
            fields: ndjson::fields(record, |field| !MAPPED.contains(&field))?,
        },
    })
}

fn metadata<'a>(record: &EventRecord<'a>) -> Metadata<'a> {
    let text = |field| record.text(field).filter(|text: &&str| !text.is_empty());
    Metadata {
        version: VERSION,
        product: Product { name: PRODUCT, vendor_name: PRODUCT },
        uid: record.id(),
        event_code: record.action(),
        correlation_uid: text(Field::CORRELATION_ID),
        tenant_uid: record.uuid(Field::ORGANIZATION_ID).map(|id| id.to_string()),
        log_version: text(Field::EVENT_VERSION),
        log_name: "audit_events",
        logged_time: record.created_at().as_millisecond(),
        sequence: record.index,
    }
}

fn actor<'a>(record: &EventRecord<'a>) -> Actor<'a> {
    let session = record.text(Field::SESSION_ID).filter(|uid| !uid.is_empty());
    let uid = record.text(Field::ACTOR_ID).filter(|uid| !uid.is_empty());
    Actor {
        user: uid.map(user),
        session: session.map(|uid| Session { uid }),
        invoked_by: uid.is_none().then_some("unknown"),
    }
}

/// A caller, as its name tells what it is.
fn user(uid: &str) -> User<'_> {
    let (type_id, kind) = if uid.starts_with("system:") {
        (3, "System")
    } else if uid.starts_with("key:") {
        (99, "API Key")
    } else if uid.parse::<uuid::Uuid>().is_ok() {
        (1, "User")
    } else {
        (0, "Unknown")
    };
    User { uid, name: None, type_id, kind }
}

/// Whose account it is about: who came or went, or the account that was changed.
fn subject<'a>(record: &EventRecord<'a>, is_authentication: bool) -> User<'a> {
    let [actor, account] = [Field::ACTOR_ID, Field::RESOURCE_ID].map(|f| record.text(f));
    let uid = if is_authentication { actor.or(account) } else { account.or(actor) };
    let uid = uid.filter(|uid| !uid.is_empty()).unwrap_or("unknown");
    let name = record.text(Field::RESOURCE_NAME).filter(|name| !name.is_empty());
    User { name: name.filter(|_| !is_authentication), ..user(uid) }
}

fn endpoint(record: &EventRecord<'_>) -> Endpoint {
    match record.ip_address() {
        Some(ip) => Endpoint::Ip(ip.to_string()),
        None => Endpoint::Name("unknown"),
    }
}
