//! Links between the documents of the repository.

use super::Finding;
use super::tree::{Tree, folder, join};

/// Relative links in Markdown files to what does not exist.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts_ending(".md") {
        for (line, target) in links(text) {
            let file = target.split(['#', '?']).next().unwrap_or_default();
            let is_relative = !file.is_empty() && !file.contains(':') && !file.starts_with("//");
            let exists = || join(folder(path), file).is_some_and(|file| tree.exists(&file));
            if is_relative && !exists() {
                findings.push(Finding {
                    subject: path.to_owned(),
                    line,
                    rule: "broken-link",
                    message: format!("`{target}` does not exist"),
                });
            }
        }
    }
    findings
}

/// The targets of inline links and of link definitions, with their lines; code has no links.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    let mut fence = None;
    for (index, line) in text.lines().enumerate() {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(_)) => fence = mark,
            (Some(_), _) if fence == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => links.extend(links_of_line(line).map(|target| (index + 1, target))),
        }
    }
    links
}

fn links_of_line(line: &str) -> impl Iterator<Item = &str> {
    // Between backticks is every second piece.
    let prose = line.split('`').step_by(2);
    let inline = prose.flat_map(|piece| {
        let after = piece.match_indices("](").map(|(at, _)| &piece[at + 2..]);
        after.filter_map(|target| target.split([')', ' ']).next())
    });
    let definition = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    inline.chain(definition.and_then(|(_, target)| target.split_whitespace().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_links_are_found_outside_code() {
        let text = "[a](../b/c.md#part) [b](../b) [c](https://x.test/y) [d](#here)
[e](gone.md \"title\") `[f](gone.md)`
[g `x`](../gone.md)
```
[h](gone.md)
```
[i]: gone.md
[j](../../outside.md)
";
        let tree = Tree::of(&[("docs/a.md", text), ("b/c.md", "")]);
        let found: Vec<_> = check(&tree).into_iter().map(|finding| finding.line).collect();
        assert_eq!(found, [2, 3, 7, 8]);
    }
}
