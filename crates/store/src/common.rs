//! Reads that several callers have in common: those who are told of the same change mostly ask for
//! the same rows, and the database is asked once for all of them.

use crate::access::{Access, Caller};
use crate::assemble::Answer;
use crate::error::Result;
use crate::query::{Filter, OrderBy, OutputValue, Read, Relation, Select};
use crate::store::Store;
use crate::stream::Body;
use mainstay_entity::{Record, Scope, Table};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What callers who ask at the same time are answered alike. Answers are as old as the first of
/// them: it is for one moment, and dropped after it.
#[derive(Debug, Default)]
pub struct CommonReads {
    /// Of an answer that comes in pieces there is nothing to share.
    answers: Asked<Read, Option<Answer>>,
    records: Asked<Select, Vec<Record>>,
}

/// What was asked, by whom, and what came of it.
type Asked<Q, A> = Mutex<Vec<(Q, Caller, Arc<OnceCell<A>>)>>;

impl Store {
    /// As [`Store::read`] without sealed columns, once for all who ask the same.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_in_common(
        &self,
        access: &Access,
        read: Read,
        common: &CommonReads,
    ) -> Result<Answer<Body>> {
        let Some(caller) = one_of_many(access, &read.select) else {
            return self.read(access, read, None).await;
        };
        let cell = cell(&common.answers, &read, caller);
        let mut streamed = None;
        let first = async || -> Result<_> {
            let answer = self.read(access, read.clone(), None).await?;
            let Answer { body, rows, total, last } = answer;
            Ok(match body {
                Body::Whole(body) => Some(Answer { body, rows, total, last }),
                Body::Chunks(_) => {
                    streamed = Some(Answer { body, rows, total, last });
                    None
                }
            })
        };
        match (cell.get_or_try_init(first).await?.clone(), streamed) {
            (Some(answer), _) => Ok(answer.into()),
            (None, Some(answer)) => Ok(answer),
            (None, None) => self.read(access, read, None).await,
        }
    }

    /// As [`Store::fetch`], once for all who ask the same.
    ///
    /// # Errors
    /// As [`Store::fetch`].
    pub async fn fetch_in_common(
        &self,
        access: &Access,
        select: &Select,
        common: &CommonReads,
    ) -> Result<Vec<Record>> {
        let Some(caller) = one_of_many(access, select) else {
            return self.fetch(access, select).await;
        };
        let cell = cell(&common.records, select, caller);
        cell.get_or_try_init(|| self.fetch(access, select)).await.cloned()
    }
}

/// What came of a question, or will.
fn cell<Q: PartialEq + Clone, A>(
    asked: &Asked<Q, A>,
    question: &Q,
    caller: Caller,
) -> Arc<OnceCell<A>> {
    let mut asked = asked.lock();
    let known = asked.iter().find(|(q, who, _)| *who == caller && q == question);
    if let Some((_, _, cell)) = known {
        return cell.clone();
    }
    let cell = Arc::new(OnceCell::new());
    asked.push((question.clone(), caller, cell.clone()));
    cell
}

/// Who asks, as far as the answer depends on it; none where nobody else gets the same: the server
/// itself reaches other rows, and views may ask for the time.
fn one_of_many(access: &Access, select: &Select) -> Option<Caller> {
    let mut caller = access.as_caller().filter(|_| !access.is_stale())?.clone();
    let mut tables = Vec::new();
    of_select(select, &mut tables);
    if tables.iter().any(|table| table.is_view()) {
        return None;
    }
    if !tables.iter().any(|table| matches!(table.meta.scope, Scope::Owner(_))) {
        caller.user = None;
    }
    Some(caller)
}

/// The tables that a select looks at.
fn of_select<'a>(select: &'a Select, tables: &mut Vec<&'a Table>) {
    tables.push(&select.table);
    of_filter(&select.filter, tables);
    for output in &select.output {
        if let OutputValue::Embed(embed) = &output.value {
            of_relation(&embed.relation, tables);
            of_select(&embed.select, tables);
        }
    }
    for order in &select.order {
        if let OrderBy::Related { relation, table, filter, .. } = &order.by {
            tables.push(table);
            of_relation(relation, tables);
            of_filter(filter, tables);
        }
    }
}

fn of_relation<'a>(relation: &'a Relation, tables: &mut Vec<&'a Table>) {
    if let Some(junction) = &relation.junction {
        tables.push(&junction.table);
        of_filter(&junction.filter, tables);
    }
    if let Some(take) = &relation.take {
        of_filter(&take.filter, tables);
    }
}

fn of_filter<'a>(filter: &'a Filter, tables: &mut Vec<&'a Table>) {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            for part in parts {
                of_filter(part, tables);
            }
        }
        Filter::Not(inner) => of_filter(inner, tables),
        Filter::Exists { relation, table, filter, .. } => {
            tables.push(table);
            of_relation(relation, tables);
            of_filter(filter, tables);
        }
        Filter::All
        | Filter::Compare { .. }
        | Filter::In { .. }
        | Filter::Is { .. }
        | Filter::Search { .. } => {}
    }
}
