//! The moves of a life cycle: `pending -> sent | failed; sent -> read`.

/// The values that may follow each value, in the order of `values`. Every value is named as it
/// is stored; one without a rule is final.
pub(super) fn parse(text: &str, values: &[String]) -> Result<Vec<Vec<String>>, Vec<String>> {
    let mut next = vec![Vec::new(); values.len()];
    let mut mistakes = Vec::new();
    for rule in text.split(';').map(str::trim).filter(|rule| !rule.is_empty()) {
        let Some((from, to)) = rule.split_once("->") else {
            mistakes.push(format!("`{rule}` is no move: write `from -> to | to; from -> to`"));
            continue;
        };
        let from = from.trim();
        let targets: Vec<&str> = to.split('|').map(str::trim).collect();
        for name in targets.iter().chain([&from]) {
            if !values.iter().any(|value| value == name) {
                let known = values.join(", ");
                mistakes.push(format!("no value `{name}`: the values are {known}"));
            }
        }
        let Some(slot) = values.iter().position(|v| v == from).and_then(|i| next.get_mut(i)) else {
            continue;
        };
        for to in targets {
            if to == from {
                mistakes.push(format!("`{from} -> {to}`: staying is always allowed, leave it out"));
            } else if slot.iter().any(|known| known == to) {
                mistakes.push(format!("`{from} -> {to}` is given twice: keep one"));
            } else {
                slot.push(to.to_owned());
            }
        }
    }
    if mistakes.is_empty() && next.iter().all(Vec::is_empty) {
        mistakes.push("write moves, `from -> to | to; from -> to`".to_owned());
    }
    if mistakes.is_empty() { Ok(next) } else { Err(mistakes) }
}
