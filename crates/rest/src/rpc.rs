//! `/rpc/{action}`: actions, by `POST` with arguments as JSON or a form, and those that only read
//! by `GET` with arguments in the query string.

mod arguments;
mod overload;
mod own;

use crate::call::{not_singular, schema};
use crate::dialect::ast::SelectItem;
use crate::dialect::error::INVALID_BODY;
use crate::dialect::media::{body_type, negotiate};
use crate::dialect::prefer::TransactionEnd;
use crate::dialect::{
    BodyType, Limits, MediaType, QueryParams, pairs, parse_query, parse_rpc_query,
};
use crate::error::{Failure, Fault, Result};
use crate::nearest::nearest;
use crate::request::Request;
use crate::response::Reply;
use crate::service::Rest;
use crate::shared::Shared;
use arguments::Given;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mainstay_kernel::{Action, Arguments, Context, Error, Kernel, OwnAction, permissions};
use mainstay_store::Body;
use own::OwnCall;
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The code of an action that there is not, or that does not take the arguments.
pub(crate) const UNKNOWN: &str = "PGRST202";

/// Answers a call.
pub(crate) async fn call(
    rest: &Rest,
    context: &Context,
    request: &Request,
    name: &str,
    shared: Option<&Shared>,
) -> Result<Response<Body>> {
    let (kernel, settings) = (rest.kernel(), rest.settings());
    let schema = schema(kernel, settings, request)?;
    let overloads = kernel.own_actions_named(schema, name);
    if !overloads.is_empty() {
        let call = OwnCall { kernel, settings, context, request, schema, name };
        return call.answer(overloads, shared).await;
    }
    let Some(action) = kernel.actions().find(|action| action.name == name) else {
        return Err(unknown(kernel, schema, request, name).into());
    };
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    if reads && !is_read_only(action) {
        return Err(Fault::new(
            "25006",
            format!("cannot execute {name} in a read-only transaction"),
        )
        .hint("Call it with POST.")
        .into());
    }
    let media = media(request)?;
    let mut preferences = request.preferences(false)?;
    if preferences.transaction == Some(TransactionEnd::Rollback) {
        return Err(Fault::unsupported("tx=rollback of an action.").into());
    }
    preferences = crate::dialect::Preferences {
        handling: preferences.handling,
        ..crate::dialect::Preferences::default()
    };
    let sent = Sent::of(request, reads)?;
    let answer = called(kernel, context, name, sent.arguments(), shared).await?;
    let body = shaped(&media, answer)?;
    // An action that answers nothing.
    if body.as_ref() == b"null" {
        return Ok(Reply::new(StatusCode::NO_CONTENT).applied(&preferences).finish());
    }
    Ok(Reply::new(StatusCode::OK)
        .body(&media, body)
        .applied(&preferences)
        .profile(request.profile())
        .headless(request.is_head())
        .finish())
}

/// Calls an action, alone or as a step of a transaction.
async fn called(
    kernel: &Kernel,
    context: &Context,
    name: &str,
    arguments: Arguments<'_>,
    shared: Option<&Shared>,
) -> Result<Bytes, Error> {
    let Some(shared) = shared else {
        return kernel.call(context, name, arguments).await;
    };
    let (work, body) = kernel.call_within(shared.take()?, name, arguments).await?;
    shared.put(work);
    Ok(body)
}

/// Whether an action only reads, as its permission says.
pub(crate) fn is_read_only(action: &Action) -> bool {
    action.permission.action == permissions::READ
}

/// The arguments that a request brings.
enum Sent {
    Json(String),
    Texts(Vec<(String, String)>),
}

impl Sent {
    fn of(request: &Request, reads: bool) -> Result<Self> {
        let limits = Limits::default();
        if reads {
            let params = parse_rpc_query(&request.query, &limits)?;
            refuse_shaping(&params)?;
            return Self::texts(params.arguments);
        }
        refuse_shaping(&parse_query(&request.query, &limits)?)?;
        let body = std::str::from_utf8(&request.body)
            .map_err(|_| Fault::new(INVALID_BODY, "The body is not valid UTF-8"))?;
        match body_type(request.content_type(), true)? {
            BodyType::Json if body.trim_ascii().is_empty() => Ok(Self::Json("{}".to_owned())),
            BodyType::Json => {
                let raw: &RawValue = serde_json::from_str(body).map_err(|error| {
                    Fault::new(INVALID_BODY, "Empty or invalid json").details(error.to_string())
                })?;
                if !raw.get().starts_with('{') {
                    let message = "The arguments of an action must be a JSON object";
                    return Err(Fault::new(INVALID_BODY, message).into());
                }
                Ok(Self::Json(raw.get().to_owned()))
            }
            BodyType::Form => {
                let pairs = pairs::decode(body)
                    .map(|pair| pair.map(|p| (p.key.into_owned(), p.value.into_owned())));
                Self::texts(pairs.collect::<Result<_, _>>()?)
            }
            _ => Err(Fault::new(INVALID_BODY, "The arguments of an action must be JSON").into()),
        }
    }

    fn texts(pairs: Vec<(String, String)>) -> Result<Self> {
        let mut names = HashSet::new();
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !names.insert(name)) {
            let message = format!("The argument '{name}' is given twice");
            return Err(Fault::new(INVALID_BODY, message).into());
        }
        Ok(Self::Texts(pairs))
    }

    fn arguments(&self) -> Arguments<'_> {
        match self {
            Self::Json(object) => Arguments::Json(object),
            Self::Texts(pairs) => Arguments::Texts(pairs),
        }
    }
}

/// Results are answered whole.
fn refuse_shaping(params: &QueryParams) -> Result<()> {
    let whole = params.select == [SelectItem::Star]
        && params.filters.is_empty()
        && params.order.is_empty()
        && params.ranges.is_empty()
        && params.distinct.is_none()
        && params.group.is_none()
        && params.cursor.is_none();
    if whole {
        return Ok(());
    }
    Err(Fault::unsupported("Filters, order, limits and select on the result of an action.").into())
}

fn media(request: &Request) -> Result<MediaType> {
    let accepted = request.accepted();
    let offer = |media: &MediaType| match media {
        MediaType::Json | MediaType::Any => Some(MediaType::Json),
        MediaType::Object { strip_nulls: false } => Some(media.clone()),
        _ => None,
    };
    Ok(negotiate(&accepted, offer)?)
}

/// The one item of a list, where one object is wanted.
fn shaped(media: &MediaType, body: Bytes) -> Result<Bytes> {
    let wants_one = matches!(media, MediaType::Object { .. });
    if !wants_one || !body.starts_with(b"[") {
        return Ok(body);
    }
    let items: Vec<&RawValue> = serde_json::from_slice(&body)
        .map_err(|error| Failure::from(Error::internal(format!("answer of an action: {error}"))))?;
    match items.as_slice() {
        [one] => Ok(Bytes::copy_from_slice(one.get().as_bytes())),
        _ => Err(not_singular(items.len() as u64).into()),
    }
}

/// The answer to a call of an action that there is not.
fn unknown(kernel: &Kernel, schema: &str, request: &Request, name: &str) -> Fault {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let given = if reads {
        let params = parse_rpc_query(&request.query, &Limits::default()).unwrap_or_default();
        Ok(Given::of_pairs(params.arguments))
    } else {
        let body = body_type(request.content_type(), true).unwrap_or(BodyType::Json);
        Given::of_body(body, &request.body)
    };
    let given = given.unwrap_or_default();
    let body = (!reads).then(|| body_type(request.content_type(), true).unwrap_or(BodyType::Json));
    overload::Call { schema, name, given: &given, body }.unknown(kernel, &[])
}

/// The action whose name is nearest, with its schema.
fn nearest_of(kernel: &Kernel, schema: &str, name: &str) -> Option<String> {
    let own = kernel.own_actions().map(OwnAction::meta).filter(|meta| meta.schema == schema);
    let built_in = kernel.actions().map(|action| action.name.as_ref());
    let near = nearest(name, own.map(|meta| meta.name.as_str()).chain(built_in))?;
    Some(format!("{schema}.{near}"))
}
