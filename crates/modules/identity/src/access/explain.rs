//! `rpc/explain_access`: why a request is allowed or refused, step by step.

use crate::access::principal::{self, Acting};
use crate::access::role_book::RoleBooks;
use crate::api_key::entity::ApiKey;
use crate::authenticate::may_work;
use crate::factor::demand;
use crate::factor::entity::UserMfaFactor;
use crate::webauthn::entity::WebAuthnCredential;
use mainstay_entity::action::{ActionMeta, Callers};
use mainstay_entity::{Choice, OwnerKey, Scope, Table, Value};
use mainstay_kernel::entities::{MemberStatus, OrganizationMember, User};
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::permissions::{CREATE, DELETE, READ, UPDATE};
use mainstay_kernel::policy::{self, Visibility};
use mainstay_kernel::{
    Context, Decision, Done, Error, Kernel, Need, OwnAction, PermissionPair, Principal, Result,
    Work,
};
use mainstay_store::{Compare, Expression, Filter, Select};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// The code of arguments that don't go together.
const WRONG_ARGUMENTS: &str = "22023";

/// What an action without a permission of its own is called to do.
const CALL: &str = "call";

/// What is to be explained. The subject is the caller, when nobody is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    /// A member of the organisation.
    user_id: Option<Uuid>,
    /// An API key of the organisation.
    api_key_id: Option<Uuid>,
    /// An HTTP method, or the action of a permission (`read`, `unmask`).
    method: String,
    /// A table.
    table: Option<String>,
    /// An action, as in `rpc/{action}`; one of a product by schema and name (`public.ship_order`),
    /// or by its name where nothing else has it.
    action: Option<String>,
    /// A row of the table, by its identifier.
    row: Option<Uuid>,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Explanation {
    allowed: bool,
    resource: String,
    action: String,
    /// In the order in which a request goes through them; the first that fails decides.
    steps: Vec<Step>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Step {
    #[serde(rename = "step")]
    name: &'static str,
    /// Whether the request may go on; nothing when the step is for information alone.
    passed: Option<bool>,
    why: String,
}

/// The steps so far.
#[derive(Default)]
struct Steps(Vec<Step>);

impl Steps {
    fn check(&mut self, name: &'static str, passed: bool, why: impl Into<String>) -> bool {
        self.0.push(Step { name, passed: Some(passed), why: why.into() });
        passed
    }

    fn note(&mut self, name: &'static str, why: impl Into<String>) {
        self.0.push(Step { name, passed: None, why: why.into() });
    }
}

/// What a request is about.
enum Target {
    Table(Arc<Table>, String),
    Action(PermissionPair),
    /// The own actions of one name, and whether they are called by a method that changes nothing.
    Own(Vec<OwnAction>, bool),
}

impl Target {
    /// What it is a permission on, and to do what.
    fn names(self) -> (String, String) {
        match self {
            Self::Table(table, action) => (policy::resource_name(&table).into_owned(), action),
            Self::Action(pair) => (pair.resource, pair.action),
            Self::Own(overloads, _) => match overloads.first().map(OwnAction::meta) {
                Some(ActionMeta { callers: Callers::Permitted(resource, action), .. }) => {
                    (resource.clone(), action.clone())
                }
                Some(meta) => (meta.qualified_name(), CALL.to_owned()),
                None => Default::default(),
            },
        }
    }
}

/// The action.
pub(crate) async fn explain_access(work: Work, arguments: Arguments) -> Result<Done> {
    let kernel = work.kernel().clone();
    let caller = work.context().clone();
    let target = target(&kernel, &arguments)?;
    let mut steps = Steps::default();
    let subject = subject(&kernel, &caller, &arguments, &mut steps).await?;
    let allowed = match subject {
        Some(principal) => {
            let context = Context { principal: Arc::new(principal), ..caller };
            decide(&kernel, &context, &target, arguments.row, &mut steps).await?
        }
        None => false,
    };
    let (resource, action) = target.names();
    work.commit_with(&Explanation { allowed, resource, action, steps: steps.0 }).await
}

fn target(kernel: &Kernel, arguments: &Arguments) -> Result<Target> {
    let wrong = |message: &str| Error::rule(WRONG_ARGUMENTS, message);
    match (&arguments.table, &arguments.action) {
        (Some(name), None) => {
            let mut tables = kernel.catalog().tables().iter();
            let table = tables.find(|table| policy::resource_name(table) == **name);
            let table = table.ok_or_else(|| Error::NotFound(format!("table {name}")))?;
            let action = match &*arguments.method.to_ascii_uppercase() {
                "GET" | "HEAD" => READ,
                "POST" => CREATE,
                "PATCH" | "PUT" => UPDATE,
                "DELETE" => DELETE,
                _ => &arguments.method,
            };
            Ok(Target::Table(table.clone(), action.to_owned()))
        }
        (None, Some(name)) => {
            if let Some(action) = kernel.actions().find(|action| action.name == **name) {
                return Ok(Target::Action(action.permission.clone()));
            }
            let own = own_actions(kernel, name)?;
            let reads = ["GET", "HEAD"].contains(&&*arguments.method.to_ascii_uppercase());
            Ok(Target::Own(own, reads))
        }
        _ => Err(wrong("expected either table or action")),
    }
}

/// The own actions that somebody calls by a name.
fn own_actions(kernel: &Kernel, name: &str) -> Result<Vec<OwnAction>> {
    let all = || kernel.own_actions();
    let mut own: Vec<OwnAction> =
        all().filter(|action| action.meta().qualified_name() == name).cloned().collect();
    if own.is_empty() {
        own = all().filter(|action| action.meta().name == name).cloned().collect();
    }
    let Some(first) = own.first() else {
        return Err(Error::NotFound(format!("action {name}")));
    };
    if own.iter().any(|action| action.meta().schema != first.meta().schema) {
        let message = format!("several schemas have an action {name}; name it schema.{name}");
        return Err(Error::rule(WRONG_ARGUMENTS, message));
    }
    Ok(own)
}

/// Who asks, if it may work at all.
async fn subject(
    kernel: &Kernel,
    caller: &Context,
    arguments: &Arguments,
    steps: &mut Steps,
) -> Result<Option<Principal>> {
    let organization = caller.principal.organization_id.ok_or(Error::NoOrganization)?;
    match (arguments.user_id, arguments.api_key_id) {
        (None, None) => {
            steps.note("subject", format!("the caller, {}", caller.principal.actor()));
            Ok(Some((*caller.principal).clone()))
        }
        (Some(user), None) => member(kernel, caller, (organization, user), steps).await,
        (None, Some(key)) => api_key(kernel, caller, (organization, key), steps).await,
        _ => Err(Error::rule(WRONG_ARGUMENTS, "expected either user_id or api_key_id")),
    }
}

async fn member(
    kernel: &Kernel,
    caller: &Context,
    (organization, user): (Uuid, Uuid),
    steps: &mut Steps,
) -> Result<Option<Principal>> {
    let member: Option<OrganizationMember> = find(kernel, |table| {
        let organization = Value::Uuid(organization);
        equal(table, &[("organization_id", organization), ("user_id", Value::Uuid(user))])
    })
    .await?
    .pop();
    let account: Option<User> =
        find(kernel, |table| equal(table, &[("id", Value::Uuid(user))])).await?.pop();
    let (Some(member), Some(account)) = (member, account) else {
        return Err(Error::NotFound(format!("member {user}")));
    };
    let is_active = member.status == MemberStatus::Active;
    let why = format!("the membership is {}", member.status.as_str());
    if !steps.check("membership", is_active, why) {
        return Ok(None);
    }
    let works = may_work(&account, caller.now);
    let why = if works { "the account may be used" } else { "the account is barred or has ended" };
    if !steps.check("account", works, why) {
        return Ok(None);
    }
    if !second_factor(kernel, (organization, user), steps).await? {
        return Ok(None);
    }
    let books = RoleBooks::default();
    let Acting { principal, until } =
        principal::of_user(kernel, &books, &account, Some(organization), caller.now).await?;
    let why = match (principal.roles.as_slice(), until) {
        ([], _) => "no role".to_owned(),
        (names, None) => names.join(", "),
        (names, Some(until)) => format!("{}; the first ends at {until}", names.join(", ")),
    };
    steps.note("roles", why);
    Ok(Some(principal))
}

/// Whether a member can do what the organisation demands of sessions.
async fn second_factor(
    kernel: &Kernel,
    (organization, user): (Uuid, Uuid),
    steps: &mut Steps,
) -> Result<bool> {
    if !demand::is_demanded(kernel, Some(organization)).await? {
        return Ok(true);
    }
    let own = |table: &Table| equal(table, &[("user_id", Value::Uuid(user))]);
    let factors: Vec<UserMfaFactor> = find(kernel, own).await?;
    let credentials: Vec<WebAuthnCredential> = find(kernel, own).await?;
    let has_one = factors.iter().any(|factor| factor.is_enabled)
        || credentials.iter().any(|credential| credential.factor_id.is_none());
    let why = if has_one {
        "the organization demands a second factor: in sessions that have shown one"
    } else {
        "the organization demands a second factor, and the member has none: their sessions can do \
         nothing but enroll one"
    };
    Ok(steps.check("second_factor", has_one, why))
}

async fn api_key(
    kernel: &Kernel,
    caller: &Context,
    (organization, key): (Uuid, Uuid),
    steps: &mut Steps,
) -> Result<Option<Principal>> {
    let found: Option<ApiKey> = find(kernel, |table| {
        let organization = Value::Uuid(organization);
        equal(table, &[("organization_id", organization), ("id", Value::Uuid(key))])
    })
    .await?
    .pop();
    let row = found.ok_or_else(|| Error::NotFound(format!("API key {key}")))?;
    let key = principal::of_key(kernel, &RoleBooks::default(), &row, caller.now).await?;
    let works = key.is_valid && key.has_owner;
    let why = match (key.is_valid, key.has_owner) {
        (false, _) => "the key is withdrawn or has ended",
        (true, false) => "the member that the key belongs to may not work",
        (true, true) => "the key may be used",
    };
    if !steps.check("api_key", works, why) {
        return Ok(None);
    }
    steps.note("scopes", row.scopes.join(", "));
    Ok(Some(key.acting.principal))
}

async fn decide(
    kernel: &Kernel,
    context: &Context,
    target: &Target,
    row: Option<Uuid>,
    steps: &mut Steps,
) -> Result<bool> {
    let (table, action) = match target {
        Target::Table(table, action) => (table, action),
        Target::Action(pair) => {
            note_grants(context, &pair.resource, &pair.action, steps);
            let allowed = policy::may(context, pair);
            return Ok(steps.check("permission", allowed, format!("{pair} for this request")));
        }
        Target::Own(overloads, reads) => {
            return Ok(decide_call(context, overloads, *reads, steps));
        }
    };
    let resource = policy::resource_name(table);
    note_grants(context, &resource, action, steps);
    steps.note("scope", scope(table));
    let rows = match policy::grant(context, table, action) {
        Ok(rows) => rows,
        Err(error) => return Ok(steps.check("permission", false, error.to_string())),
    };
    let is_conditional = !matches!(rows, Filter::All);
    let why = if is_conditional {
        "for the rows that a condition keeps"
    } else {
        "for every row within reach"
    };
    steps.check("permission", true, why);
    if action != READ && table.meta.read_only {
        return Ok(steps.check("writable", false, "the table is written by the system alone"));
    }
    if table.meta.append_only && [UPDATE, DELETE].contains(&&**action) {
        return Ok(steps.check("writable", false, "rows are never changed or removed"));
    }
    if action == READ {
        note_columns(context, table, steps);
    }
    let Some(row) = row else {
        return Ok(true);
    };
    let Some(id) = table.column_index("id") else {
        return Err(Error::rule(WRONG_ARGUMENTS, "rows of this table have no identifier"));
    };
    let own =
        Filter::Compare { left: Expression::column(id), op: Compare::Eq, right: Value::Uuid(row) };
    let finds = async |filter: Filter| {
        let select = Select::all(table.clone()).filtered(filter);
        Ok::<_, Error>(!kernel.store().fetch(&context.access(), &select).await?.is_empty())
    };
    let is_reached = finds(own.clone()).await?;
    // Another organisation's row and none at all look alike.
    let why = if is_reached { "the row is within reach" } else { "no such row is within reach" };
    if !steps.check("reach", is_reached, why) {
        return Ok(false);
    }
    if !is_conditional {
        return Ok(true);
    }
    let holds = finds(Filter::And(vec![own, rows])).await?;
    let why =
        if holds { "a condition holds for the row" } else { "no condition holds for the row" };
    Ok(steps.check("condition", holds, why))
}

/// Whether one of the own actions of a name could be called, and what each of them needs.
fn decide_call(context: &Context, overloads: &[OwnAction], reads: bool, steps: &mut Steps) -> bool {
    let mut allowed = false;
    for action in overloads {
        if overloads.len() > 1 {
            let arguments: Vec<String> =
                action.signature().iter().map(|(name, of)| format!("{name} {of}")).collect();
            steps.note("arguments", arguments.join(", "));
        }
        if let Callers::Permitted(resource, action) = &action.meta().callers {
            note_grants(context, resource, action, steps);
        }
        let mut passes = true;
        for Need { is_met, is_certain, why } in action.needs(context, reads) {
            if is_met || is_certain {
                passes &= steps.check("permission", is_met, why);
            } else {
                steps.note("permission", format!("not in every call: {why}"));
            }
        }
        allowed |= passes;
    }
    allowed
}

/// Says which role or key decides, by which pair.
fn note_grants(context: &Context, resource: &str, action: &str, steps: &mut Steps) {
    if context.principal.platform_admin {
        steps.note("grant", "administrators of the installation may do everything");
    }
    for set in context.principal.permissions.sets() {
        let by = if set.name().is_empty() {
            "the key".to_owned()
        } else {
            format!("role {}", set.name())
        };
        let why = match set.decide(resource, action) {
            None | Some((_, Decision::Never)) => format!("{by} does not allow {resource}:{action}"),
            Some((pair, Decision::Always)) => format!("{by} allows it by {pair}, always"),
            Some((pair, Decision::When(any))) => {
                let any: Vec<&str> = any.iter().map(|condition| condition.source()).collect();
                format!("{by} allows it by {pair}, when {}", any.join(" or "))
            }
        };
        steps.note("grant", why);
    }
}

fn scope(table: &Table) -> &'static str {
    match &table.meta.scope {
        Scope::Tenant => "rows of the organization",
        Scope::Team => "rows of the subject's teams",
        Scope::Venue => "rows of the subject's venues",
        Scope::Owner(OwnerKey::User(_)) => "the subject's own rows",
        Scope::Owner(OwnerKey::Organization(_)) => "the organization's own row",
        Scope::Platform => "rows of the installation",
        Scope::Public => "rows that everybody reads",
    }
}

fn note_columns(context: &Context, table: &Table, steps: &mut Steps) {
    for (how, wanted) in [("masked", Visibility::Masked), ("hidden", Visibility::Hidden)] {
        let names: Vec<&str> = (0..table.readable_names().count())
            .filter(|column| policy::visibility(context, table, *column) == wanted)
            .map(|column| table.column_name(column))
            .collect();
        if !names.is_empty() {
            steps.note("columns", format!("{how}: {}", names.join(", ")));
        }
    }
}
