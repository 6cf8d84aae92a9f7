//! Rust source without what only looks like code.

/// The source with every comment and every literal's characters replaced by spaces. Lines stay
/// where they are.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    let mut in_word = false;
    while let Some(first) = rest.chars().next() {
        let length = opaque_length(rest, in_word);
        if length == 0 {
            code.push(first);
            in_word = first.is_alphanumeric() || first == '_';
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            in_word = false;
            rest = &rest[length..];
        }
    }
    code
}

/// The length in bytes of the comment or literal that `source` starts with; 0 if it starts with
/// neither. `in_word`: the character before belongs to an identifier.
fn opaque_length(source: &str, in_word: bool) -> usize {
    if source.starts_with("//") {
        return source.find('\n').unwrap_or(source.len());
    }
    if source.starts_with("/*") {
        return block_comment_length(source);
    }
    if source.starts_with('"') {
        return string_length(source);
    }
    if source.starts_with('\'') {
        return char_length(source);
    }
    if in_word { 0 } else { raw_string_length(source) }
}

/// Block comments nest.
fn block_comment_length(source: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < source.len() {
        let rest = &source.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    source.len()
}

fn string_length(source: &str) -> usize {
    let mut is_escaped = false;
    for (at, character) in source.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    source.len()
}

/// A character literal's length; 0 for a lifetime.
fn char_length(source: &str) -> usize {
    let mut characters = source.char_indices().skip(1);
    match (characters.next(), characters.next()) {
        // The escaped character itself may be a quote.
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = at + escaped.len_utf8();
            source[after..].find('\'').map_or(source.len(), |end| after + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

fn raw_string_length(source: &str) -> usize {
    let Some(rest) = ["r", "br", "cr"].iter().find_map(|prefix| source.strip_prefix(prefix)) else {
        return 0;
    };
    let text = rest.trim_start_matches('#');
    let hashes = rest.len() - text.len();
    let Some(text) = text.strip_prefix('"') else {
        return 0;
    };
    let end = format!("\"{}", "#".repeat(hashes));
    let start = source.len() - text.len();
    text.find(&end).map_or(source.len(), |at| start + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn comments_and_literals_are_blanked_and_code_is_kept() {
        for (source, code) in [
            ("a // b\nc", "a     \nc"),
            ("a /* b /* c */ d */ e", "a                   e"),
            (r#"f("a\"b", 'x')"#, "f(      ,    )"),
            (r##"f(r#"a"b"#, br"\", x)"##, "f(        ,      , x)"),
            ("'a: 'b' '\\'' '\\u{1F}' r#fn", "'a:                   r#fn"),
            ("\"a\nb\" c", "  \n   c"),
        ] {
            assert_eq!(code_only(source), code, "{source}");
        }
    }
}
