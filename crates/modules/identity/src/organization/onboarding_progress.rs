//! What is refused of a person's onboarding: steps are done in their order, with what they ask
//! for (S3-B151).

use crate::access::delegation::typed;
use crate::access::role_book::Source;
use crate::organization::onboarding::{OnboardingState, OnboardingStep};
use jsonschema::PatternOptions;
use mainstay_entity::Value;
use mainstay_kernel::lookup::one_of;
use mainstay_kernel::{Error, GuardFuture, Result, RowChange, Work};
use mainstay_store::Filter;
use serde_json::Value as Json;

/// The code of a state that breaks a rule of its step.
const BREAKS_RULE: &str = "23514";

/// The guard of steps: their rules can be kept.
pub(crate) fn steps(_: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        for (_, new) in typed::<OnboardingStep>(changes)? {
            if let Some(step) = new {
                rules(&step)?;
            }
        }
        Ok(())
    })
}

/// The guard of states.
pub(crate) fn states(work: &mut Work, changes: Vec<RowChange>) -> GuardFuture<'_> {
    Box::pin(async move {
        let done = |(old, new): (Option<OnboardingState>, Option<OnboardingState>)| {
            new.filter(|new| new.completed && !old.is_some_and(|old| old.completed))
        };
        let done: Vec<OnboardingState> =
            typed::<OnboardingState>(changes)?.into_iter().filter_map(done).collect();
        if done.is_empty() {
            return Ok(());
        }
        let steps: Vec<OnboardingStep> = Source::Open(work).rows(|_| Ok(Filter::All)).await?;
        let people = done.iter().map(|state| Value::Uuid(state.user_id.uuid())).collect();
        let states: Vec<OnboardingState> =
            Source::Open(work).rows(|table| one_of(table, "user_id", people)).await?;
        done.iter().try_for_each(|state| check(state, &steps, &states))
    })
}

fn check(
    state: &OnboardingState,
    steps: &[OnboardingStep],
    states: &[OnboardingState],
) -> Result<()> {
    let Some(step) = steps.iter().find(|step| step.name == state.step) else {
        return Ok(());
    };
    let is_done = |step: &OnboardingStep| {
        let own = |of: &&OnboardingState| of.user_id == state.user_id && of.step == step.name;
        states.iter().find(own).is_some_and(|state| state.completed)
    };
    let earlier = |other: &&OnboardingStep| other.required && other.order < step.order;
    if let Some(missing) = steps.iter().filter(earlier).find(|step| !is_done(step)) {
        let message = format!("step {} comes first", &*missing.name);
        return Err(Error::rule(BREAKS_RULE, message));
    }
    let data: Json = serde_json::from_str(state.data.as_str()).map_err(Error::internal)?;
    match rules(step)?.validate(&data) {
        Ok(()) => Ok(()),
        // The fault's own words repeat what the person entered.
        Err(fault) => {
            let place = fault.instance_path().to_string();
            let message =
                format!("the data of step {} don't fit its rules at \"{place}\"", &*step.name);
            Err(Error::rule(BREAKS_RULE, message))
        }
    }
}

/// The rules of a step, as JSON Schema.
fn rules(step: &OnboardingStep) -> Result<jsonschema::Validator> {
    let schema: Json =
        serde_json::from_str(step.validation_rules.as_str()).map_err(Error::internal)?;
    // Regular expressions without backtracking, so that no data takes long.
    let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
    options.build(&schema).map_err(|fault| {
        Error::rule(BREAKS_RULE, format!("validation_rules: no JSON Schema: {fault}"))
    })
}
