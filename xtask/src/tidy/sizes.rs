//! Files and functions short enough to be read in one go.

use super::Finding;
use super::rust_code::code_only;
use super::tree::Tree;

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// Rust files with more than 600 lines.
pub(super) fn check_files(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in written_by_hand(tree) {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            findings.push(Finding {
                subject: path.to_owned(),
                line: 0,
                rule: "file-length",
                message: format!("{lines} lines, more than {FILE_LINES_MAX}"),
            });
        }
    }
    findings
}

/// Functions with more than 70 lines, from the signature to the closing brace.
pub(super) fn check_functions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in written_by_hand(tree) {
        for function in functions(&code_only(text)) {
            if function.lines > FUNCTION_LINES_MAX {
                let message = format!(
                    "line {}: {} lines, more than {FUNCTION_LINES_MAX}",
                    function.start, function.lines
                );
                let subject = format!("{path}::{}", function.name);
                findings.push(Finding { subject, line: 0, rule: "function-length", message });
            }
        }
    }
    findings
}

fn written_by_hand(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    // In two parts: this file is written by hand.
    let marker = concat!("@gen", "erated");
    tree.texts_ending(".rs")
        .filter(move |(_, text)| !text.lines().take(5).any(|line| line.contains(marker)))
}

struct Function {
    name: String,
    /// Counted from one.
    start: usize,
    lines: usize,
}

/// Finds functions by indentation, which rustfmt guarantees.
fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = indent(line);
        let ends = |line: &str| {
            let line = line.trim();
            line.starts_with('}') || line.ends_with(';')
        };
        let lines_after_first = if line.trim_end().ends_with(['}', ';']) {
            Some(0)
        } else {
            lines[start + 1..]
                .iter()
                .position(|line| self::indent(line) == indent && ends(line))
                .map(|position| position + 1)
        };
        if let Some(after) = lines_after_first {
            functions.push(Function { name, start: start + 1, lines: after + 1 });
        }
    }
    functions
}

fn function_name(line: &str) -> Option<String> {
    let (qualifiers, rest) = line.split_once("fn ")?;
    let is_qualifier = |word: &str| {
        matches!(word, "pub" | "const" | "async" | "unsafe" | "extern" | "default" | "in")
            || word.starts_with("pub(")
            || word.ends_with(')')
    };
    if !qualifiers.split_whitespace().all(is_qualifier) {
        return None;
    }
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_signature_to_brace() {
        let body = "        step();\n".repeat(67);
        let source = format!(
            "trait T {{
    fn declared(
        &self,
    ) -> u8;
    fn short(&self) {{}}
    pub(in crate::a) async fn long_enough(
        &self,
    ) -> u8 {{
{body}    }}
    fn fits() {{
        let text = \"
}}\";
{body}    }}
}}
"
        );
        let found: Vec<_> = functions(&code_only(&source))
            .into_iter()
            .map(|f| (f.name, f.start, f.lines))
            .collect();
        let expected =
            [("declared", 2, 3), ("short", 5, 1), ("long_enough", 6, 71), ("fits", 77, 71)];
        assert_eq!(found, expected.map(|(name, start, lines)| (name.to_owned(), start, lines)));

        let tree = Tree::of(&[("a.rs", &source)]);
        let subjects: Vec<_> = check_functions(&tree).into_iter().map(|f| f.subject).collect();
        assert_eq!(subjects, ["a.rs::long_enough", "a.rs::fits"]);
    }

    #[test]
    fn long_files_are_found_unless_generated() {
        let (long, generated) = ("\n".repeat(601), format!("// {}{}", "@gener", "ated\n"));
        let files = [
            ("long.rs", long.clone()),
            ("fits.rs", "\n".repeat(600)),
            ("made.rs", generated + &long),
        ];
        let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
        let subjects: Vec<_> =
            check_files(&Tree::of(&files)).into_iter().map(|f| f.subject).collect();
        assert_eq!(subjects, ["long.rs"]);
    }
}
