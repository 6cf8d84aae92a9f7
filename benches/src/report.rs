//! Results: rounds, their ratios, and whether a goal was met.

use crate::load::{Requests, Shot};
use anyhow::Result;
use serde_json::{Value, json};
use std::path::Path;

/// What a ratio should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// It is told for scale.
    None,
}

/// One round: our side, the other side.
#[derive(Clone, Copy)]
pub(crate) struct Round {
    pub(crate) ours: f64,
    pub(crate) other: f64,
}

/// A comparison and its rounds.
pub(crate) struct Comparison {
    pub(crate) name: String,
    /// Both sides in words: `ours / other`.
    pub(crate) about: String,
    /// What the sides are measured in.
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
    pub(crate) rounds: Vec<Round>,
    /// Latencies of our side, round by round.
    pub(crate) shots: Vec<Shot>,
    /// What the 99th percentile should not exceed.
    pub(crate) p99_max_ms: Option<f64>,
    /// Latencies of the other side, round by round.
    other_shots: Vec<Shot>,
    /// By how much our 99th percentile may exceed the other side's.
    pub(crate) p99_added_max_ms: Option<f64>,
}

impl Comparison {
    /// A comparison without rounds.
    pub(crate) fn new(name: &str, about: &str, unit: &'static str, goal: Goal) -> Self {
        Self {
            name: name.to_owned(),
            about: about.to_owned(),
            unit,
            goal,
            rounds: Vec::new(),
            shots: Vec::new(),
            p99_max_ms: None,
            other_shots: Vec::new(),
            p99_added_max_ms: None,
        }
    }

    /// Loads both sides in turn, after a second of warming up each; which comes first alternates.
    pub(crate) fn run(
        mut self,
        ours: &Requests,
        other: &Requests,
        rounds: usize,
        seconds: u64,
    ) -> Result<Self> {
        ours.send(1)?;
        other.send(1)?;
        for round in 0..rounds {
            let (shot, against) = if round % 2 == 0 {
                let shot = ours.send(seconds)?;
                (shot, other.send(seconds)?)
            } else {
                let against = other.send(seconds)?;
                (ours.send(seconds)?, against)
            };
            self.rounds.push(Round { ours: shot.rate, other: against.rate });
            self.shots.push(shot);
            self.other_shots.push(against);
        }
        Ok(self)
    }

    fn ratio(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.ours / round.other))
    }

    fn p99_ms(&self) -> f64 {
        median(self.shots.iter().map(|shot| shot.p99_ms))
    }

    fn p99_added_ms(&self) -> f64 {
        let rounds = self.shots.iter().zip(&self.other_shots);
        median(rounds.map(|(ours, other)| ours.p99_ms - other.p99_ms))
    }

    fn passes(&self) -> bool {
        let met = match self.goal {
            Goal::AtLeast(least) => self.ratio() >= least,
            Goal::AtMost(most) => self.ratio() <= most,
            Goal::None => true,
        };
        met && self.p99_max_ms.is_none_or(|most| self.p99_ms() <= most)
            && self.p99_added_max_ms.is_none_or(|most| self.p99_added_ms() <= most)
    }

    /// Prints rounds and verdict.
    pub(crate) fn print(&self) {
        println!("{}: {}", self.name, self.about);
        for Round { ours, other } in &self.rounds {
            let ratio = ours / other;
            println!("  {ratio:6.2}   {} / {} {}", number(*ours), number(*other), self.unit);
        }
        let verdict = if self.passes() { "PASS" } else { "MISS" };
        let goal = match self.goal {
            Goal::AtLeast(least) => format!("goal at least {least}: {verdict}"),
            Goal::AtMost(most) => format!("goal at most {most}: {verdict}"),
            Goal::None => "no goal".to_owned(),
        };
        let latency = if self.shots.is_empty() {
            String::new()
        } else {
            let p50 = median(self.shots.iter().map(|shot| shot.p50_ms));
            let limit = self.p99_max_ms.map_or(String::new(), |most| format!(" (at most {most})"));
            let added = self.p99_added_max_ms.map_or(String::new(), |most| {
                format!(", {:.2} ms more than the other side (at most {most})", self.p99_added_ms())
            });
            format!("; p50 {p50:.2} ms, p99 {:.2} ms{limit}{added}", self.p99_ms())
        };
        println!("  median {:.2}, {goal}{latency}\n", self.ratio());
    }

    fn json(&self) -> Value {
        let goal = match self.goal {
            Goal::AtLeast(least) => json!({ "at_least": least }),
            Goal::AtMost(most) => json!({ "at_most": most }),
            Goal::None => Value::Null,
        };
        json!({
            "name": self.name,
            "about": self.about,
            "unit": self.unit,
            "rounds": self.rounds.iter().map(|r| [r.ours, r.other]).collect::<Vec<_>>(),
            "ratio": self.ratio(),
            "goal": goal,
            "p50_ms": self.shots.iter().map(|s| s.p50_ms).collect::<Vec<_>>(),
            "p99_ms": self.shots.iter().map(|s| s.p99_ms).collect::<Vec<_>>(),
            "p99_max_ms": self.p99_max_ms,
            "other_p99_ms": self.other_shots.iter().map(|s| s.p99_ms).collect::<Vec<_>>(),
            "p99_added_max_ms": self.p99_added_max_ms,
            "pass": self.passes(),
        })
    }
}

/// Writes all results to a file.
pub(crate) fn write(path: &Path, comparisons: &[Comparison]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let all: Vec<Value> = comparisons.iter().map(Comparison::json).collect();
    std::fs::write(path, serde_json::to_vec_pretty(&all)?)?;
    let missed = comparisons.iter().filter(|comparison| !comparison.passes()).count();
    println!("{} comparisons, {missed} missed; {}", comparisons.len(), path.display());
    Ok(())
}

/// The middle of some numbers; of an even count the mean of the two in the middle.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[length / 2],
        length => f64::midpoint(sorted[length / 2 - 1], sorted[length / 2]),
    }
}

/// A number with three or more digits that count.
fn number(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
