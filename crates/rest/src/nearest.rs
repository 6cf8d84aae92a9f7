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
    use super::nearest;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_none() {
        let names = ["users", "user_roles", "teams"];
        assert_eq!(nearest("user", names), Some("users"));
        assert_eq!(nearest("taems", names), Some("teams"));
        assert_eq!(nearest("deliveries", names), None);
        assert_eq!(nearest("", names), None);
    }
}
