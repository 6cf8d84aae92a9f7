//! What the check of declarations refuses is withdrawn, where the rest can stand without it.

use super::table::Declaration;
use super::yaml;
use mainstay_declarations::{Declarations, Error};
use mainstay_entity::EntityMeta;
use std::collections::BTreeMap;

/// Withdraws what is refused; gives the faults that are left.
pub(super) fn settle(
    files: &mut BTreeMap<String, Declaration>,
    known: &[EntityMeta],
) -> Vec<Error> {
    loop {
        let texts = files.iter().map(|(file, declared)| (file.clone(), declared.text.clone()));
        let texts: Vec<(String, String)> = texts.collect();
        let Err(errors) = Declarations::parse(&texts, known) else {
            return Vec::new();
        };
        let mut is_less = false;
        for error in &errors {
            let declared = files.get_mut(&error.file);
            is_less |= declared.is_some_and(|declared| withdraw(declared, error));
        }
        if !is_less {
            return errors;
        }
    }
}

/// Makes a comment of a line that stands for itself, or takes a reference out of its column.
fn withdraw(declared: &mut Declaration, error: &Error) -> bool {
    let mut lines: Vec<String> = declared.text.lines().map(str::to_owned).collect();
    let index = usize::try_from(error.line).ok().and_then(|line| line.checked_sub(1));
    let Some(line) = index.and_then(|index| lines.get_mut(index)) else {
        return false;
    };
    let stands_alone = line.starts_with("  - ")
        || error.key.starts_with("checks.") && line.starts_with("  ") && !line.starts_with("  #");
    let withdrawn = if stands_alone {
        let whole = std::mem::take(line);
        *line = format!("  {}", yaml::comment(&whole));
        whole.trim().trim_start_matches("- ").to_owned()
    } else if error.key.starts_with("columns.") && error.key.contains(".references") {
        let Some((before, rest)) = line.split_once(", references: {") else {
            return false;
        };
        let Some((reference, after)) = rest.split_once('}') else {
            return false;
        };
        let reference = format!("references {reference}");
        *line = format!("{before}{after}");
        reference
    } else {
        return false;
    };
    declared.text = lines.join("\n") + "\n";
    declared.notes.push(format!("{withdrawn} is not carried over: {}", error.message));
    true
}
