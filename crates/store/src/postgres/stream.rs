//! Large answers: each has a connection of its own while it lasts, with a cursor over its rows.

use super::error::statement_error;
use super::pool::{Checkout, Driven};
use super::row::PostgresRow;
use super::session::Session;
use crate::assemble::{Flow, Step};
use crate::error::Result;
use crate::statement::Statement;
use crate::stream::Outlet;
use mainstay_entity::Catalog;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A large answer being read.
pub(super) struct Reading {
    pub(super) checkout: Checkout,
    pub(super) catalog: Arc<Catalog>,
    pub(super) session: Session,
    pub(super) flow: Flow,
    pub(super) outlet: Outlet,
}

impl Reading {
    /// Reads until the answer is complete or in vain.
    pub(super) async fn run(self) {
        let Self { checkout, catalog, session, mut flow, mut outlet } = self;
        let signal = outlet.signal();
        let mut source = Source { checkout, catalog };
        let result = tokio::select! {
            biased;
            result = source.fill(&session, &mut flow, &mut outlet) => result,
            () = signal.over() => Err(crate::error::ErrorKind::Timeout.into()),
        };
        // Whoever waits for the place finds a free connection.
        drop(source);
        drop(signal);
        outlet.end(result).await;
    }
}

struct Source {
    checkout: Checkout,
    catalog: Arc<Catalog>,
}

impl Source {
    async fn fill(
        &mut self,
        session: &Session,
        flow: &mut Flow,
        outlet: &mut Outlet,
    ) -> Result<()> {
        let begun = self.checkout.begin_cursor(session, &flow.root()).await;
        self.known(begun)?;
        loop {
            match flow.next()? {
                Step::Root(wanted) => {
                    let rows = self.checkout.fetch(wanted).await;
                    let rows = self.known(rows)?;
                    let root_ended = rows.len() < wanted;
                    for row in rows {
                        // What was fetched is taken, however large.
                        let _ = flow.root_row(&PostgresRow::from(row))?;
                    }
                    flow.batch_ended(root_ended);
                }
                Step::Query(statement) => self.query(&statement, flow).await?,
                Step::Begin(head) => outlet.begin(head),
                Step::Keys(unseal, subjects) => unseal.load(&subjects).await?,
                Step::Send(bytes) => outlet.send(bytes).await?,
                Step::Answer(answer) => outlet.answer(answer),
                Step::End => {
                    let ended = self.checkout.commit().await;
                    return self.known(ended);
                }
            }
        }
    }

    async fn query(&mut self, statement: &Statement, flow: &mut Flow) -> Result<()> {
        let mut taken = Ok(());
        let each = |row| match flow.row(&PostgresRow::from(row)) {
            Ok(next) => next,
            Err(error) => {
                taken = Err(error);
                ControlFlow::Break(())
            }
        };
        let done = self.checkout.query_each(statement, each).await;
        self.known(done)?;
        taken
    }

    fn known<T>(&self, result: Driven<T>) -> Result<T> {
        result.map_err(|error| statement_error(&self.catalog, &error))
    }
}
