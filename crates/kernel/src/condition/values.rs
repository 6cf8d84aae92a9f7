//! What conditions know of subject and request, and values of CEL as values of columns.

use crate::context::Context;
use crate::principal::{Principal, PrincipalKind};
use cel::common::ast::{Expr, LiteralValue};
use cel::objects::{Key, Map};
use cel::{Context as Scope, Env, ExecutionError, IdedExpr, Value};
use ipnet::IpNet;
use mainstay_entity::parse::parse_text;
use mainstay_entity::{self as entity, Kind};
use mainstay_store::Narrow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock};

/// Members of `subject`.
const SUBJECT: [&str; 7] =
    ["id", "kind", "organization_id", "session_id", "roles", "teams", "platform_admin"];
/// Members of `request`.
const REQUEST: [&str; 7] = ["resource", "action", "time", "hour", "weekday", "ip", "user_agent"];
/// Longest text that a row's column is compared with, in bytes.
const TEXT_MAX: usize = 4_000;

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What expressions are compiled for.
pub(super) fn environment() -> &'static Env {
    &ENVIRONMENT
}

/// The members of a variable.
pub(super) fn members(variable: &str) -> Option<&'static [&'static str]> {
    match variable {
        "subject" => Some(&SUBJECT),
        "request" => Some(&REQUEST),
        _ => None,
    }
}

/// Subject and request, as expressions see them.
pub(super) struct Known(Scope<'static, 'static>);

impl Known {
    /// Of a request for an action on a resource.
    pub(super) fn of(context: &Context, resource: &str, action: &str) -> Self {
        let mut scope = Scope::with_env(ENVIRONMENT.clone());
        // The standard library has no function of this name; without it a condition grants nothing.
        let _ = scope.add_function("inNetwork", |address: Arc<String>, network: Arc<String>| {
            in_network(&address, &network)
        });
        scope.add_variable_from_value("subject", subject(&context.principal));
        scope.add_variable_from_value("request", request(context, resource, action));
        Self(scope)
    }

    /// The value of an expression.
    pub(super) fn value(&self, expression: &IdedExpr) -> Result<Value, ExecutionError> {
        Value::resolve(expression, &self.0)
    }
}

fn in_network(address: &str, network: &str) -> bool {
    let network: Option<IpNet> =
        network.parse().ok().or_else(|| network.parse::<IpAddr>().ok().map(IpNet::from));
    let address: Option<IpAddr> = address.parse().ok();
    matches!((address, network), (Some(address), Some(network)) if network.contains(&address))
}

fn text(text: impl Into<String>) -> Value {
    Value::String(Arc::new(text.into()))
}

fn list<T: ToString>(items: &[T]) -> Value {
    Value::List(Arc::new(items.iter().map(|item| text(item.to_string())).collect()))
}

fn map(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let given = members.into_iter().filter_map(|(name, value)| Some((Key::from(name), value?)));
    Value::Map(Map { map: Arc::new(given.collect::<HashMap<_, _>>()) })
}

/// What is not there is absent, so that asking for it is an error and grants nothing.
fn subject(principal: &Principal) -> Value {
    let kind = match principal.kind {
        PrincipalKind::Anonymous => "anonymous",
        PrincipalKind::User => "user",
        PrincipalKind::ApiKey(_) => "api_key",
        PrincipalKind::System(_) => "system",
    };
    let teams = match &principal.teams {
        // The teams of those who reach all are not known one by one.
        Narrow::All => None,
        Narrow::None => Some(list::<String>(&[])),
        Narrow::Only(teams) => Some(list(teams)),
    };
    map([
        ("id", principal.user_id.map(|id| text(id.to_string()))),
        ("kind", Some(text(kind))),
        ("organization_id", principal.organization_id.map(|id| text(id.to_string()))),
        ("session_id", principal.session_id.map(|id| text(id.to_string()))),
        ("roles", Some(list(&principal.roles))),
        ("teams", teams),
        ("platform_admin", Some(Value::Bool(principal.platform_admin))),
    ])
}

fn request(context: &Context, resource: &str, action: &str) -> Value {
    let time = context.now.to_zoned(jiff::tz::TimeZone::UTC);
    let origin = &context.origin;
    map([
        ("resource", Some(text(resource))),
        ("action", Some(text(action))),
        ("time", Some(text(context.now.to_string()))),
        ("hour", Some(Value::Int(time.hour().into()))),
        // Monday is 1.
        ("weekday", Some(Value::Int(time.weekday().to_monday_one_offset().into()))),
        ("ip", origin.ip_address.map(|ip| text(ip.to_string()))),
        ("user_agent", origin.user_agent.as_deref().map(text)),
    ])
}

/// Refuses what no subject and request give a value: unknown names and functions.
pub(super) fn try_out(expression: &IdedExpr) -> Result<(), String> {
    let known = Known::of(&Context::system("trial", None, jiff::Timestamp::UNIX_EPOCH), "", "");
    match known.value(expression) {
        Err(ExecutionError::UndeclaredReference(name)) => Err(format!(
            "unknown name {name}; a condition sees subject, row, request and inNetwork(ip, network)"
        )),
        // Another request may have what this one lacks.
        _ => Ok(()),
    }
}

/// Whether an expression is the literal null.
pub(super) fn is_null(expression: &IdedExpr) -> bool {
    matches!(&expression.expr, Expr::Literal(LiteralValue::Null))
}

/// A value of CEL as one of a column's kind; none when it is of another type.
pub(super) fn to_column(kind: &Kind, value: &Value) -> Option<entity::Value> {
    let is_number =
        matches!(kind, Kind::SmallInt | Kind::Integer | Kind::BigInt | Kind::Decimal { .. });
    match (kind, value) {
        (Kind::Boolean, Value::Bool(flag)) => Some(entity::Value::Bool(*flag)),
        // Of no other type than the column's, and beyond its length there is nothing to find.
        (Kind::Text { .. } | Kind::Choice(_), Value::String(text)) => {
            let fits = text.len() <= TEXT_MAX && !text.contains('\0');
            fits.then(|| entity::Value::Text(text.as_ref().clone()))
        }
        (Kind::Uuid | Kind::Timestamp | Kind::Date | Kind::Inet, Value::String(text)) => {
            parse_text(kind, text).ok()
        }
        (Kind::Double, Value::Float(number)) => Some(entity::Value::Double(*number)),
        (Kind::Double, Value::Int(number)) => parse_text(kind, &number.to_string()).ok(),
        (_, Value::Int(number)) if is_number => parse_text(kind, &number.to_string()).ok(),
        (_, Value::UInt(number)) if is_number => parse_text(kind, &number.to_string()).ok(),
        (Kind::Decimal { .. }, Value::Float(number)) => parse_text(kind, &number.to_string()).ok(),
        _ => None,
    }
}
