//! Words that should not be in a committed file.

use super::Finding;
use super::tree::Tree;

/// Marks of work left to do, written in two parts so that this file has none.
const LOOSE_ENDS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Top-level folders in which people and machines keep their checkouts.
const MACHINE_FOLDERS: [&str; 3] = ["home", "Users", "work"];

/// Work left to do without the number of the issue that will do it.
pub(super) fn check_loose_ends(tree: &Tree) -> Vec<Finding> {
    let is_loose = |line: &str| {
        LOOSE_ENDS.iter().any(|word| {
            line.match_indices(word).any(|(at, _)| {
                let after = &line[at + word.len()..];
                let is_word = !line[..at].ends_with(is_word_character)
                    && !after.starts_with(is_word_character);
                is_word && !names_issue(after)
            })
        })
    };
    find(tree, "loose-end", "name the issue that will do it, as in (#12)", is_loose)
}

/// Absolute paths of somebody's machine.
pub(super) fn check_machine_paths(tree: &Tree) -> Vec<Finding> {
    let is_absolute = |line: &str, at: usize| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(is_word_character(c) || matches!(c, '.' | '-' | '}' | ')' | '*')))
    };
    let has_path = |line: &str| {
        MACHINE_FOLDERS.iter().any(|folder| {
            let path = format!("/{folder}/");
            line.match_indices(&path).any(|(at, _)| is_absolute(line, at))
        })
    };
    find(tree, "machine-path", "a path of one machine", has_path)
}

fn find(
    tree: &Tree,
    rule: &'static str,
    message: &str,
    is_wrong: impl Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| !is_lock_file(path)) {
        for (index, _) in text.lines().enumerate().filter(|(_, line)| is_wrong(line)) {
            let (subject, line) = (path.to_owned(), index + 1);
            findings.push(Finding { subject, line, rule, message: message.to_owned() });
        }
    }
    findings
}

/// Lock files hold checksums, in which anything may occur.
fn is_lock_file(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.ends_with("package-lock.json")
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn names_issue(after: &str) -> bool {
    let number = after.trim_start_matches([' ', '(', ':']).strip_prefix('#');
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: Vec<Finding>) -> Vec<usize> {
        findings.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn loose_ends_need_an_issue() {
        let [todo, fixme] = LOOSE_ENDS;
        let text = format!("// {todo} later\n# {fixme}(#7): x\n{todo}S\n{todo}: #x\nmy_{todo}\n");
        assert_eq!(lines(check_loose_ends(&Tree::of(&[("a.toml", &text)]))), [1, 4]);
    }

    #[test]
    fn machine_paths_are_absolute() {
        let text = MACHINE_FOLDERS
            .map(|folder| {
                format!("in /{folder}/x\n\"/{folder}/y\"\n../{folder}/z a.b/{folder}/c\n")
            })
            .concat();
        let found = lines(check_machine_paths(&Tree::of(&[("a.md", &text)])));
        assert_eq!(found, [1, 2, 4, 5, 7, 8]);
    }
}
