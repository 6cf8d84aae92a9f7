//! What it costs to keep tenants apart in one large table, in process.
//!
//! Both sides give the same answer over the rows of one tenant. One side asks as that tenant:
//! policy, scope and, on `PostgreSQL`, row-level security keep the others out. The other side is
//! trusted: it filters by organisation itself and nothing checks that it does.

mod file;
mod server;

use super::Stage;
use crate::Options;
use crate::report::{Comparison, Goal, Round};
use anyhow::Result;
use std::time::Duration;

pub(super) const NAMES: &[&str] = &[
    "sqlite/isolation/count",
    "sqlite/isolation/aggregate",
    "sqlite/isolation/list",
    "postgres/isolation/count",
    "postgres/isolation/aggregate",
    "postgres/isolation/list",
];

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// How many rows have a status.
    Count,
    /// Per action: how many, their sum and maximum of a number.
    Aggregate,
    /// The newest 50 with a status.
    List,
}

impl Question {
    fn of(name: &str) -> Self {
        match name.rsplit('/').next() {
            Some("count") => Self::Count,
            Some("aggregate") => Self::Aggregate,
            _ => Self::List,
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Count => "count of one tenant's rows / the same without isolation",
            Self::Aggregate => "sums of one tenant's rows / the same without isolation",
            Self::List => "list of 50 / the same without isolation",
        }
    }

    fn goal(self) -> Goal {
        Goal::AtMost(if self == Self::List { 1.35 } else { 1.15 })
    }

    /// How often it is asked in a round; both sides in turn.
    fn repetitions(self) -> u32 {
        if self == Self::List { 1_000 } else { 100 }
    }
}

/// Two ways to the same answer.
enum Sides {
    File(file::Sides),
    Server(Box<server::Sides>),
}

pub(super) async fn measure(options: &Options, stage: &Stage) -> Result<Vec<Comparison>> {
    let engine = stage.place.engine();
    let names = NAMES.iter().filter(|name| name.starts_with(engine) && options.wants(name));
    let names: Vec<_> = names.collect();
    let mut found = Vec::new();
    if names.is_empty() {
        return Ok(found);
    }
    let mut sides = match &stage.place.database {
        None => Sides::File(file::Sides::open(stage).await?),
        Some(database) => Sides::Server(Box::new(server::Sides::open(database).await?)),
    };
    for name in names {
        let question = Question::of(name);
        let mut comparison = Comparison::new(name, question.about(), "µs", question.goal());
        // The first round warms up.
        for round in 0..=options.rounds {
            let times = sides.round(stage, question, round).await?;
            if round > 0 {
                comparison.rounds.push(times);
            }
        }
        comparison.print();
        found.push(comparison);
    }
    if let Sides::File(sides) = &sides {
        sides.close().await;
    }
    Ok(found)
}

impl Sides {
    /// Mean times of one question on both sides, in microseconds.
    async fn round(&mut self, stage: &Stage, question: Question, round: usize) -> Result<Round> {
        let (mut ours, mut other) = (Duration::ZERO, Duration::ZERO);
        for number in 0..question.repetitions() {
            let tenant = &stage.tenants[(number as usize + round) % stage.tenants.len()];
            // The second to ask finds the pages warm; who that is alternates.
            for isolated in [number % 2 == 0, number % 2 == 1] {
                let took = match self {
                    Self::File(sides) => sides.ask(tenant.id, question, isolated).await?,
                    Self::Server(sides) => sides.ask(tenant.id, question, isolated).await?,
                };
                *(if isolated { &mut ours } else { &mut other }) += took;
            }
        }
        let mean = |total: Duration| total.as_secs_f64() * 1e6 / f64::from(question.repetitions());
        Ok(Round { ours: mean(ours), other: mean(other) })
    }
}
