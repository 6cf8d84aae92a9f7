//! Lists, as JSON arrays and as `PostgreSQL`'s array literals.

use super::Cell;
use crate::json::{Items, unescape};

/// Appends `[1,2,null]`.
pub(super) fn write_json(items: &[Cell<'_>], out: &mut Vec<u8>) {
    separated(out, *b"[]", items.iter(), |out, item| item.write_json(out));
}

/// Appends `{1,2,NULL}`.
pub(super) fn write_literal(items: &[Cell<'_>], out: &mut Vec<u8>) {
    separated(out, *b"{}", items.iter(), |out, item| {
        if item == &Cell::Null {
            out.extend_from_slice(b"NULL");
        } else {
            let start = out.len();
            item.write_text(out);
            quote_item(out, start);
        }
    });
}

/// Appends `{1,2,NULL}`, given the items as JSON.
pub(super) fn write_literal_of_json(list: &str, out: &mut Vec<u8>) {
    separated(out, *b"{}", Items::of(list), |out, item| match item {
        "null" => out.extend_from_slice(b"NULL"),
        "true" => out.push(b't'),
        "false" => out.push(b'f'),
        _ if item.starts_with('"') => {
            let start = out.len();
            out.extend_from_slice(unescape(item).unwrap_or_default().as_bytes());
            quote_item(out, start);
        }
        _ => out.extend_from_slice(item.as_bytes()),
    });
}

fn separated<T>(
    out: &mut Vec<u8>,
    brackets: [u8; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(brackets[0]);
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(brackets[1]);
}

/// Puts the item that begins at `start` into quotes where an array literal needs them.
fn quote_item(out: &mut Vec<u8>, start: usize) {
    let item = &out[start..];
    let needs_quotes =
        |byte: &u8| matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',' | b' ' | b'\t'..=b'\r');
    if !item.is_empty() && !item.eq_ignore_ascii_case(b"NULL") && !item.iter().any(needs_quotes) {
        return;
    }
    let plain = out.split_off(start);
    out.push(b'"');
    for byte in plain {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}
