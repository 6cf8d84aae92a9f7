//! Sets of characters.

use crate::like::fold;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The characters of a class, or all but these.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    /// In no order, and overlapping.
    pub(super) ranges: Vec<RangeInclusive<char>>,
    pub(super) negated: bool,
}

/// The characters of a POSIX class under the collation `C`.
pub(super) fn named(name: &str) -> Option<&'static [RangeInclusive<char>]> {
    Some(match name {
        "alpha" => &['A'..='Z', 'a'..='z'],
        "digit" => &['0'..='9'],
        "alnum" => &['0'..='9', 'A'..='Z', 'a'..='z'],
        "word" => &['0'..='9', 'A'..='Z', 'a'..='z', '_'..='_'],
        "upper" => &['A'..='Z'],
        "lower" => &['a'..='z'],
        "space" => &['\t'..='\r', ' '..=' '],
        "blank" => &['\t'..='\t', ' '..=' '],
        "punct" => &['!'..='/', ':'..='@', '['..='`', '{'..='~'],
        "cntrl" => &['\u{1}'..='\u{1f}', '\u{7f}'..='\u{7f}'],
        "graph" => &['!'..='~'],
        "print" => &[' '..='~'],
        "xdigit" => &['0'..='9', 'A'..='F', 'a'..='f'],
        _ => return None,
    })
}

/// The characters that folding replaces by one other, in order, with that.
static FOLDED: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut buffer = [0; 4];
    ('A'..=char::MAX)
        .filter_map(|character| {
            let folded = fold(character.encode_utf8(&mut buffer)).into_owned();
            let mut characters = folded.chars();
            let other = characters.next().filter(|other| *other != character)?;
            characters.next().is_none().then_some((character, other))
        })
        .collect()
});

impl Set {
    /// Adds what folding makes of the members. Members that text which is folded has no more are
    /// left: nothing meets them.
    pub(super) fn fold(&mut self) {
        let mut folded = Vec::new();
        for range in &self.ranges {
            let first = FOLDED.partition_point(|(character, _)| character < range.start());
            let others = FOLDED[first..].iter().take_while(|(c, _)| c <= range.end());
            folded.extend(others.map(|(_, other)| *other..=*other));
        }
        folded.sort_by_key(|range| *range.start());
        folded.dedup();
        self.ranges.extend(folded);
    }
}
