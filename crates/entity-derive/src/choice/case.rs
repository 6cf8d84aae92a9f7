//! How the names of variants become stored text.

/// A way of writing names.
#[derive(Clone, Copy)]
pub(super) enum Case {
    Lower,
    Upper,
    Snake,
    Kebab,
    ScreamingSnake,
}

impl Case {
    pub(super) const WORDS: &str =
        "\"lowercase\", \"UPPERCASE\", \"snake_case\", \"kebab-case\" or \"SCREAMING_SNAKE_CASE\"";

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "snake_case" => Self::Snake,
            "kebab-case" => Self::Kebab,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            _ => return None,
        })
    }

    /// Writes the name of a variant, `InProgress`, in this way.
    pub(super) fn write(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Snake => words(name).join("_"),
            Self::Kebab => words(name).join("-"),
            Self::ScreamingSnake => words(name).join("_").to_uppercase(),
        }
    }
}

/// The words of a name, in small letters. A run of capitals is one word: `HTTPError` is
/// `http`, `error`, and digits belong to the word before them.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|i| letters.get(i));
        let after_capital = before.is_some_and(|c| c.is_uppercase());
        let before_small = letters.get(index + 1).is_some_and(|c| c.is_lowercase());
        let starts = letter.is_uppercase() && (!after_capital || before_small);
        let small = letter.to_lowercase();
        match words.last_mut() {
            Some(word) if !starts => word.extend(small),
            _ => words.push(small.collect()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn names_become_text_in_each_case() {
        let cases = [Case::Lower, Case::Upper, Case::Snake, Case::Kebab, Case::ScreamingSnake];
        let check = |name: &str, expected: [&str; 5]| {
            assert_eq!(cases.map(|case| case.write(name)), expected);
        };
        check("Open", ["open", "OPEN", "open", "open", "OPEN"]);
        check(
            "InProgress",
            ["inprogress", "INPROGRESS", "in_progress", "in-progress", "IN_PROGRESS"],
        );
        check("HTTPError", ["httperror", "HTTPERROR", "http_error", "http-error", "HTTP_ERROR"]);
        check("Sha256Sum", ["sha256sum", "SHA256SUM", "sha256_sum", "sha256-sum", "SHA256_SUM"]);
    }
}
