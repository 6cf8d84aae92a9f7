//! Calls of own actions: what they answer is shaped like any other read.

use super::arguments::Given;
use super::overload::{Call as Wanted, Chosen};
use crate::call::{Call, not_singular};
use crate::dialect::ast::{Column, Field, SelectItem};
use crate::dialect::media::{body_type, negotiate};
use crate::dialect::prefer::{Handling, TransactionEnd};
use crate::dialect::range::Completeness;
use crate::dialect::{
    ContentRange, Limits, MediaType, Preferences, QueryParams, parse_query, parse_rpc_query,
};
use crate::error::{Fault, Result};
use crate::read;
use crate::request::{Request, Settings};
use crate::response::Reply;
use crate::shared::Shared;
use crate::zone;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mainstay_entity::{Table, Value};
use mainstay_kernel::{Context, Kernel, OwnAction, Reply as Answered, ReplyRows, Work};
use mainstay_store::{Answer, Body, Expression, Filter, Format, OrderBy, OutputValue, Select};

/// A call of an own action.
pub(super) struct OwnCall<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) settings: &'a Settings,
    pub(super) context: &'a Context,
    pub(super) request: &'a Request,
    pub(super) schema: &'a str,
    pub(super) name: &'a str,
}

impl OwnCall<'_> {
    /// Answers a call of one of the actions of the name.
    pub(super) async fn answer(
        &self,
        overloads: &[OwnAction],
        shared: Option<&Shared>,
    ) -> Result<Response<Body>> {
        let (params, given, body) = self.read()?;
        let wanted = Wanted { schema: self.schema, name: self.name, given: &given, body };
        let chosen = wanted.choose(self.kernel, overloads)?;
        let action = chosen.action();
        if is_get(self.request) && !action.is_read_only() {
            let message = format!("cannot execute {} in a read-only transaction", self.name);
            return Err(Fault::new("25006", message).hint("Call it with POST.").into());
        }
        let preferences = self.preferences()?;
        let is_strict = preferences.handling == Some(Handling::Strict);
        if is_strict && preferences.max_affected.is_some() && !answers_rows(action) {
            let message = "Function must return SETOF or TABLE when max-affected preference is \
                           used with handling=strict";
            return Err(Fault::new("PGRST128", message).into());
        }
        // What can't be answered is refused before anything is done.
        let plan = self.plan(action, params, &preferences)?;
        let zone = zone::preferred(&preferences);
        let arguments = match chosen {
            Chosen::Named(action) => given.for_action(action, zone.as_ref())?,
            Chosen::Whole(action) => given.for_unnamed(action, zone.as_ref())?,
        };
        let work = shared.map(Shared::take).transpose()?;
        let performed = self.kernel.perform(self.context, action, arguments, work).await?;
        let mut work = performed.work;
        let reply = match (performed.reply, plan) {
            (Answered::Nothing, _) => Reply::new(StatusCode::NO_CONTENT),
            (Answered::Value(value), Plan::Value(media)) => {
                value_reply(&value, &media, &preferences)
            }
            (Answered::Rows(rows), Plan::Rows(call)) => rows_reply(&call, *rows, &mut work).await?,
            _ => return Err(mainstay_kernel::Error::internal("an answer of another shape").into()),
        };
        if let Some(work) = work {
            match shared {
                Some(shared) => shared.put(work),
                None if preferences.transaction == Some(TransactionEnd::Rollback) => {
                    work.rollback().await;
                }
                None => work.commit().await?,
            }
        }
        let is_head = self.request.is_head();
        let reply = reply.applied(&preferences).profile(self.request.profile());
        Ok(reply.headless(is_head).finish())
    }

    /// The query string, the arguments, and the type of the body.
    fn read(&self) -> Result<(QueryParams, Given, Option<crate::dialect::BodyType>)> {
        let limits = Limits::default();
        if is_get(self.request) {
            let mut params = parse_rpc_query(&self.request.query, &limits)?;
            let given = Given::of_pairs(std::mem::take(&mut params.arguments));
            return Ok((params, given, None));
        }
        let mut params = parse_query(&self.request.query, &limits)?;
        let body = body_type(self.request.content_type(), true)?;
        let mut given = Given::of_body(body, &self.request.body)?;
        if let Some(names) = params.columns.take() {
            given.keep(&names);
        }
        Ok((params, given, Some(body)))
    }

    /// What the client prefers of a call.
    fn preferences(&self) -> Result<Preferences> {
        let mut preferences = self.request.zoned_preferences(false)?;
        preferences.resolution = None;
        preferences.missing = None;
        preferences.representation = None;
        Ok(preferences)
    }

    fn plan(
        &self,
        action: &OwnAction,
        mut params: QueryParams,
        preferences: &Preferences,
    ) -> Result<Plan<'_>> {
        let Some(table) = action.returns_table() else {
            super::refuse_shaping(&params)?;
            return Ok(Plan::Value(self.value_media()?));
        };
        if params.cursor.is_some() {
            return Err(Fault::unsupported("Cursors over the rows of an action.").into());
        }
        if let Some(columns) = action.shown_columns() {
            show_columns(table, columns, &mut params);
        }
        Ok(Plan::Rows(Box::new(Call::of_rows(
            (self.kernel, self.settings, self.context, self.request),
            table.clone(),
            params,
            preferences.clone(),
        )?)))
    }

    fn value_media(&self) -> Result<MediaType> {
        let offer = |media: &MediaType| match media {
            MediaType::Json | MediaType::Any => Some(MediaType::Json),
            MediaType::Object { strip_nulls: false } | MediaType::Text => Some(media.clone()),
            _ => None,
        };
        Ok(negotiate(&self.request.accepted(), offer)?)
    }
}

/// An answer that is one value.
fn value_reply(value: &Value, media: &MediaType, preferences: &Preferences) -> Reply {
    let total = preferences.count.map(|_| 1);
    let reply = Reply::new(StatusCode::OK).range(ContentRange { first: 0, returned: 1, total });
    let zone = zone::preferred(preferences);
    let mut cell = value.as_cell();
    if let Some(zone) = &zone {
        cell = cell.in_zone(zone);
    }
    let mut out = Vec::new();
    match media {
        MediaType::Text => cell.write_text(&mut out),
        _ => cell.write_json(&mut out),
    }
    reply.body(media, Bytes::from(out))
}

/// How a call is answered.
enum Plan<'a> {
    Value(MediaType),
    Rows(Box<Call<'a>>),
}

fn is_get(request: &Request) -> bool {
    matches!(request.method, Method::GET | Method::HEAD)
}

/// Whether an action answers with any number of rows.
fn answers_rows(action: &OwnAction) -> bool {
    use mainstay_entity::action::Returns;
    matches!(action.meta().returns, Returns::Rows { one: false, .. })
}

/// `*` of a result with some columns means those.
fn show_columns(table: &Table, columns: &[usize], params: &mut QueryParams) {
    let shown = |column: &usize| {
        SelectItem::Column(Column {
            alias: None,
            field: Field::column(table.column_name(*column)),
            cast: None,
            aggregate: None,
        })
    };
    let asked = std::mem::take(&mut params.select);
    for item in asked {
        match item {
            SelectItem::Star => params.select.extend(columns.iter().map(shown)),
            other => params.select.push(other),
        }
    }
}

/// Reads the rows of a result as the request shapes them, inside of the action's transaction when
/// it has one.
async fn rows_reply(call: &Call<'_>, rows: ReplyRows, work: &mut Option<Work>) -> Result<Reply> {
    let (mut read, range) = read::plan(call)?;
    if let Some(columns) = &rows.columns {
        check_columns(&call.table, columns, &read.select)?;
    }
    narrow(call, rows.select, &mut read.select, work).await?;
    if rows.one {
        read.select.limit = Some(read.select.limit.map_or(1, |limit| limit.min(1)));
        if read.format == Format::JsonArray {
            read.format = Format::JsonObject;
        }
    }
    let is_object = read.format == Format::JsonObject;
    let answer: Answer<Body> = match work {
        Some(work) => work.read(read).await?.into(),
        None => call.kernel.read(call.context, read).await?,
    };
    call.check_affected(answer.rows)?;
    if call.is_singular() && answer.rows != 1 {
        return Err(not_singular(answer.rows).into());
    }
    let status = match range.completeness(answer.rows, answer.total)? {
        Completeness::Partial if !rows.one => StatusCode::PARTIAL_CONTENT,
        _ => StatusCode::OK,
    };
    let body = if rows.one && is_object && answer.rows == 0 {
        Body::Whole(Bytes::from_static(b"null"))
    } else {
        answer.body
    };
    Ok(Reply::new(status)
        .body(&call.media, body)
        .range(range.content_range(answer.rows, answer.total)))
}

/// Keeps the rows of a result, in its order where the request has none.
async fn narrow(
    call: &Call<'_>,
    result: Select,
    select: &mut Select,
    work: &mut Option<Work>,
) -> Result<()> {
    let is_grouped = select.output.iter().any(|o| matches!(o.value, OutputValue::Aggregate { .. }))
        || select.group.is_some()
        || !select.first_of.is_empty();
    let mut filter = result.filter.clone();
    if let Some(most) = result.limit {
        // The request chooses among the first rows, not the first among those that it chooses.
        let asks = is_grouped
            || select.offset > 0
            || !select.order.is_empty()
            || !matches!(select.filter, Filter::All);
        match call.kernel.first_rows(call.context, work.as_mut(), &result).await? {
            Some(keyed) => filter = keyed,
            None if asks => {
                let what = "Filters, order and offset on rows of an action that are limited and \
                            have no key.";
                return Err(Fault::unsupported(what).into());
            }
            None => select.limit = Some(select.limit.map_or(most, |limit| limit.min(most))),
        }
    }
    if select.order.is_empty() && !is_grouped {
        select.order = result.order;
    }
    let asked = std::mem::replace(&mut select.filter, Filter::All);
    select.filter = match (filter, asked) {
        (Filter::All, one) | (one, Filter::All) => one,
        (own, asked) => Filter::And(vec![own, asked]),
    };
    Ok(())
}

/// Refuses what is no column of a result with some columns.
fn check_columns(table: &Table, columns: &[usize], select: &Select) -> Result<()> {
    let known = |expression: &Expression| {
        if columns.contains(&expression.column) {
            return Ok(());
        }
        let name = table.column_name(expression.column);
        let message = format!("column {}.{name} does not exist", table.meta.table);
        Err(Fault::new("42703", message).into())
    };
    for output in &select.output {
        match &output.value {
            OutputValue::Expression(expression)
            | OutputValue::Aggregate { argument: Some(expression), .. } => known(expression)?,
            OutputValue::Embed(_) => return Err(no_relations(table)),
            _ => {}
        }
    }
    for order in &select.order {
        match &order.by {
            OrderBy::Expression(expression) => known(expression)?,
            OrderBy::Related { .. } => return Err(no_relations(table)),
        }
    }
    select.group.iter().flatten().chain(&select.first_of).try_for_each(known)?;
    check_filter(&select.filter, table, &known)
}

fn no_relations(table: &Table) -> crate::error::Failure {
    let what =
        format!("Related records of an action that answers some columns of {}.", table.meta.table);
    Fault::unsupported(what).into()
}

fn check_filter(
    filter: &Filter,
    table: &Table,
    known: &impl Fn(&Expression) -> Result<()>,
) -> Result<()> {
    match filter {
        Filter::All => Ok(()),
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().try_for_each(|part| check_filter(part, table, known))
        }
        Filter::Not(inner) => check_filter(inner, table, known),
        Filter::Compare { left, .. } | Filter::In { left, .. } | Filter::Is { left, .. } => {
            known(left)
        }
        Filter::Search { column, .. } => known(&Expression::column(*column)),
        Filter::Exists { .. } => Err(no_relations(table)),
    }
}
