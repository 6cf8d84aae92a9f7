//! Named steps with their durations, and a summary of them.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps run so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: String,
    duration: Duration,
    passed: bool,
}

impl Steps {
    /// Runs one step, prints its outcome and says whether it passed. A failure doesn't stop the
    /// caller: one run should tell all that is wrong.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n==> {name}");
        let start = Instant::now();
        let result = work();
        let duration = start.elapsed();
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        let step = Step { name: name.to_owned(), duration, passed: result.is_ok() };
        eprintln!("<== {}", step.line());
        self.done.push(step);
        result.is_ok()
    }

    /// Prints the summary; an error if a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        let total = self.done.iter().map(|step| step.duration).sum::<Duration>();
        eprintln!("\nSteps:");
        for step in &self.done {
            eprintln!("    {}", step.line());
        }
        let failed: Vec<&str> =
            self.done.iter().filter(|step| !step.passed).map(|step| step.name.as_str()).collect();
        if failed.is_empty() {
            eprintln!("All {} steps passed in {:.0} s.", self.done.len(), total.as_secs_f64());
            return Ok(());
        }
        bail!("failed after {:.0} s: {}", total.as_secs_f64(), failed.join(", "))
    }
}

impl Step {
    fn line(&self) -> String {
        let outcome = if self.passed { "ok" } else { "FAILED" };
        format!("{:<24} {outcome:<6} {:>7.1} s", self.name, self.duration.as_secs_f64())
    }
}
