//! What conditions mean together follows from what each means alone: a row that a condition keeps
//! is not kept by its opposite, and `or` and `and` unite and intersect.

use super::dice::Dice;
use super::kinds;
use crate::api::{Api, Who};
use std::collections::BTreeSet;

type Rows = BTreeSet<String>;

/// Rows that some conditions keep; none where they are refused.
async fn kept(api: &Api, parameters: &str) -> Option<Rows> {
    let target = format!("samples?select=name&{parameters}");
    let accept = [("accept", "application/x-ndjson")];
    let reply = api.send(Who::Acme, "GET", &target, &accept, "").await;
    assert!(reply.status < 500, "{target}: {}", reply.body);
    (reply.status == 200).then(|| reply.body.lines().map(str::to_owned).collect())
}

/// Two random conditions: what is wrong with their answers. None where one is refused.
pub(super) async fn faults(api: &Api, dice: &mut Dice) -> Option<Vec<String>> {
    let condition = |dice: &mut Dice| loop {
        let condition = kinds::condition(dice, ".");
        // The opposite of an opposite has no form of its own.
        if !condition.contains(".not.") {
            break condition;
        }
    };
    let (a, b) = (condition(dice), condition(dice));
    let opposite = |condition: &str| {
        let (column, predicate) = condition.split_once('.').unwrap_or_default();
        format!("{column}.not.{predicate}")
    };
    let (not_a, not_b) = (opposite(&a), opposite(&b));
    let [rows_a, rows_b] =
        [kept(api, &format!("and=({a})")).await?, kept(api, &format!("and=({b})")).await?];
    let none_a = kept(api, &format!("and=({not_a})")).await?;
    let none_b = kept(api, &format!("and=({not_b})")).await?;
    let united = |a: &Rows, b: &Rows| a.union(b).cloned().collect::<Rows>();
    let common = |a: &Rows, b: &Rows| a.intersection(b).cloned().collect::<Rows>();
    let mut faults = Vec::new();
    if !common(&rows_a, &none_a).is_empty() {
        faults.push(format!("{a} keeps what its opposite keeps: {rows_a:?} {none_a:?}"));
    }
    for (parameters, expected) in [
        (format!("or=({a},{b})"), united(&rows_a, &rows_b)),
        (format!("and=({a},{b})"), common(&rows_a, &rows_b)),
        (format!("not.or=({a},{b})"), common(&none_a, &none_b)),
        (format!("not.and=({a},{b})"), united(&none_a, &none_b)),
        (format!("or=({a},not.and({not_b},{b}))"), united(&rows_a, &united(&rows_b, &none_b))),
        (format!("and=(not.or({a},{b}),{not_b})"), common(&none_a, &none_b)),
    ] {
        let found = kept(api, &parameters).await?;
        if found != expected {
            faults.push(format!("{parameters}\n  {found:?}\n  {expected:?}"));
        }
    }
    Some(faults)
}
