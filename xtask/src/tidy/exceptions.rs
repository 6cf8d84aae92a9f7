//! Accepted findings. Their list may only shrink: an entry that accepts nothing is a finding.

use super::Finding;
use super::tree::Tree;

const LIST: &str = "xtask/tidy-exceptions.tsv";

/// Removes the accepted findings and adds those about the list itself.
pub(super) fn apply(mut findings: Vec<Finding>, tree: &Tree) -> Vec<Finding> {
    let mut about_list = Vec::new();
    for (index, line) in tree.text(LIST).unwrap_or_default().lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let problem = match *line.split('\t').collect::<Vec<_>>() {
            [rule, subject, reason] if !reason.trim().is_empty() => {
                let before = findings.len();
                findings.retain(|finding| finding.rule != rule || finding.subject != subject);
                (findings.len() == before).then_some("accepts nothing any more: remove it")
            }
            _ => Some("wants a rule, a subject and a reason, separated by tabs"),
        };
        about_list.extend(problem.map(|message| Finding {
            subject: LIST.to_owned(),
            line: index + 1,
            rule: "exception",
            message: message.to_owned(),
        }));
    }
    findings.append(&mut about_list);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_accept_one_finding_and_fail_when_stale_or_unreasoned() {
        let list = "# comment\nlength\ta.rs\tgenerated\nlength\tgone.rs\told\nlength\tb.rs\t \n";
        let finding = |subject: &str| Finding {
            subject: subject.to_owned(),
            line: 0,
            rule: "length",
            message: String::new(),
        };
        let left = apply(vec![finding("a.rs"), finding("b.rs")], &Tree::of(&[(LIST, list)]));
        let left: Vec<_> = left.iter().map(|f| (f.rule, f.subject.as_str(), f.line)).collect();
        assert_eq!(left, [("length", "b.rs", 0), ("exception", LIST, 3), ("exception", LIST, 4)]);
    }
}
