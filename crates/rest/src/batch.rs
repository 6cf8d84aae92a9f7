//! `POST /batch`: operations on tables and actions in one transaction.
//!
//! Each operation is authorised, checked and audited as if it were alone; any that fails undoes
//! all. Later ones may refer to what earlier ones have answered.

mod answers;
mod document;
mod operation;
mod reference;

use crate::change::Shown;
use crate::dialect::media::body_type;
use crate::dialect::prefer::TransactionEnd;
use crate::dialect::{BodyType, Preferences};
use crate::error::{Failure, Fault, Result};
use crate::insert;
use crate::request::{Request, Target};
use crate::response::Reply;
use crate::service::Rest;
use crate::shared::Shared;
pub(crate) use reference::Members;

use answers::Answers;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mainstay_kernel::Context;
use mainstay_store::Body;
use operation::Operation;

/// The name under which batches are served, where no table has it.
pub(crate) const NAME: &str = "batch";
/// Most operations of one batch.
pub(crate) const OPERATIONS: usize = 1_000;

/// Answers a batch.
pub(crate) async fn run(
    rest: &Rest,
    context: &Context,
    request: &Request,
    shared: Option<&Shared>,
) -> Result<Response<Body>> {
    let preferences = request.preferences(false)?;
    if !matches!(body_type(request.content_type(), false)?, BodyType::Json) {
        return Err(operation::malformed("The body must be a JSON array of operations").into());
    }
    let operations = operation::read(request, &rest.settings().base_path)?;
    let rolls_back = preferences.transaction == Some(TransactionEnd::Rollback);
    let answers = match shared {
        Some(shared) => together_or_apart(rest, context, &operations, shared).await?,
        None => alone(rest, context, &operations, rolls_back).await?,
    };
    let applied = Preferences { transaction: preferences.transaction, ..Preferences::default() };
    Ok(Reply::new(StatusCode::OK)
        .body(&crate::dialect::MediaType::Json, answers.finish())
        .applied(&applied)
        .finish())
}

/// Performs a batch in a transaction of its own.
async fn alone(
    rest: &Rest,
    context: &Context,
    operations: &[Operation],
    rolls_back: bool,
) -> Result<Answers> {
    let shared = Shared::begin(rest.kernel(), context).await?;
    let answers = together_or_apart(rest, context, operations, &shared).await?;
    let work = shared.take()?;
    if rolls_back {
        work.rollback().await;
    } else {
        work.commit().await?;
    }
    Ok(answers)
}

/// Performs all operations; anew and one by one when rows that were written together were refused.
async fn together_or_apart(
    rest: &Rest,
    context: &Context,
    operations: &[Operation],
    shared: &Shared,
) -> Result<Answers> {
    match perform(rest, context, operations, shared, true).await {
        // Which of the rows it was shows when they are written one by one.
        Err(Failed::Together) => {}
        Err(Failed::Operation(failure)) => return Err(failure),
        Ok(answers) => return Ok(answers),
    }
    if !shared.begin_again(rest.kernel(), context).await? {
        return Err(refused_together().into());
    }
    let answers = perform(rest, context, operations, shared, false).await;
    answers.map_err(|failed| match failed {
        Failed::Together => refused_together().into(),
        Failed::Operation(failure) => failure,
    })
}

/// Why a batch ended.
enum Failed {
    /// Rows that were written together were refused.
    Together,
    /// An operation was refused.
    Operation(Failure),
}

/// Who sends the batch again has it done, or answered as somebody else had it done.
fn refused_together() -> Fault {
    Fault::new("40001", "Rows that were written together were refused")
}

/// Performs all operations, those that add rows in the same way together where that is wanted.
async fn perform(
    rest: &Rest,
    context: &Context,
    operations: &[Operation],
    shared: &Shared,
    together: bool,
) -> Result<Answers, Failed> {
    let mut answers = Answers::new(operations);
    let mut next = 0;
    while let Some(first) = operations.get(next) {
        let alike = operations[next..].iter().take_while(|other| first.is_alike(other)).count();
        let run = &operations[next..next + alike.max(1)];
        if together && run.len() > 1 && insert_run(rest, context, run, shared, &mut answers).await?
        {
            next += run.len();
            continue;
        }
        for operation in run {
            let done = single(rest, context, operation, shared, &mut answers).await;
            done.map_err(|failure| Failed::Operation(operation.told(failure, context)))?;
        }
        next += run.len();
    }
    Ok(answers)
}

async fn single(
    rest: &Rest,
    context: &Context,
    operation: &Operation,
    shared: &Shared,
    answers: &mut Answers,
) -> Result<()> {
    let request = operation.request(answers)?;
    let response = rest.dispatch(context, &request, Some(shared)).await?;
    answers.add(operation, response).await
}

/// Adds the rows of several operations by one statement; false when they are better added one by
/// one.
async fn insert_run(
    rest: &Rest,
    context: &Context,
    run: &[Operation],
    shared: &Shared,
    answers: &mut Answers,
) -> Result<bool, Failed> {
    let Some(request) = together(run) else {
        return Ok(false);
    };
    let Target::Table(name) = &request.target else {
        return Ok(false);
    };
    let Ok(call) = rest.call(context, &request, name, Some(shared)) else {
        return Ok(false);
    };
    let Ok(shown) = Shown::plan(&call) else {
        return Ok(false);
    };
    if !shown.is_in_hand() || call.preferences.resolution.is_some() {
        return Ok(false);
    }
    let Ok(rows) = call.body_rows() else {
        return Ok(false);
    };
    if call.refuse_bounds().is_err() || rows.rows.len() != run.len() {
        return Ok(false);
    }
    let responses = insert::insert_each(&call, rows.rows, &shown).await;
    let responses = responses.map_err(|_| Failed::Together)?;
    for (operation, response) in run.iter().zip(responses) {
        answers.add(operation, response).await.map_err(Failed::Operation)?;
    }
    Ok(true)
}

/// A request with the rows of all operations of a run.
fn together(run: &[Operation]) -> Option<Request> {
    let mut request = run.first()?.plain_request()?;
    let mut body = vec![b'['];
    for (position, operation) in run.iter().enumerate() {
        if position > 0 {
            body.push(b',');
        }
        body.extend_from_slice(operation.body()?.as_bytes());
    }
    body.push(b']');
    request.body = Bytes::from(body);
    Some(request)
}

/// Whether a request is a batch.
pub(crate) fn is_asked(request: &Request, name: &str) -> bool {
    name == NAME && request.method == Method::POST
}
