//! The name that a misspelt one may have meant.

/// The candidate that differs least from `name`, if it differs little.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let most = 1 + name.len() / 4;
    if name.len() > 128 {
        return None;
    }
    let measured = candidates.into_iter().map(|candidate| (distance(name, candidate), candidate));
    let (least, candidate) = measured.min()?;
    (least <= most).then_some(candidate)
}

/// The columns that `PostgreSQL` takes for what a misspelt name may have meant: one, or two that
/// are as near; none where more are (`updateFuzzyAttrMatchState` in `parse_relation.c`).
pub(crate) fn nearest_columns<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut least = FARTHEST + 1;
    for candidate in candidates {
        let distance = distance(name, candidate);
        if distance > least || distance > name.len() / 2 {
            continue;
        }
        if distance < least {
            found.clear();
            least = distance;
        } else if found.len() == 2 {
            found.clear();
            least = distance.saturating_sub(1);
            continue;
        }
        if distance <= FARTHEST {
            found.push(candidate);
        }
    }
    found
}

/// `MAX_FUZZY_DISTANCE`.
const FARTHEST: usize = 3;

/// Levenshtein's distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_columns};

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_none() {
        let names = ["users", "user_roles", "teams"];
        assert_eq!(nearest("user", names), Some("users"));
        assert_eq!(nearest("taems", names), Some("teams"));
        assert_eq!(nearest("deliveries", names), None);
        assert_eq!(nearest("", names), None);
    }

    #[test]
    fn a_misspelt_column_may_have_meant_two_and_of_more_none_is_named() {
        let columns = ["code", "name", "notes", "visits"];
        for (name, meant) in [
            ("vists", &["visits"][..]),
            ("nam", &["name"]),
            ("nope", &[]),
            ("noe", &[]),
            ("cote", &["code"]),
            ("weights", &[]),
        ] {
            assert_eq!(nearest_columns(name, columns), meant, "{name}");
        }
        assert_eq!(nearest_columns("cod", ["code", "cold"]), ["code", "cold"]);
    }
}
