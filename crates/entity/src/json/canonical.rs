//! From any JSON text to its canonical form.

use super::escape::{escape_sequence, plain_len, read_escape, unescape};
use crate::error::{Error, Result};
use std::borrow::Cow;
use std::cmp::Ordering;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 100;

/// How many digits a number may have when it is written without an exponent.
pub const MAX_DIGITS: usize = 1000;

/// A JSON text as `PostgreSQL` prints it once it is `jsonb`: keys sorted by length, then bytes;
/// of duplicate keys the last; `": "` and `", "` between; numbers without exponent and with the
/// digits after the point that were given.
///
/// # Errors
/// [`Error::is_invalid_value`] when it is not JSON or nests deeper than [`MAX_DEPTH`],
/// [`Error::is_unsupported_text`] for U+0000, [`Error::is_out_of_range`] for a number of more than
/// [`MAX_DIGITS`] digits.
pub fn canonical(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    canonical_into(text, &mut out)?;
    Ok(out)
}

/// Appends what [`canonical`] gives; on an error nothing is appended.
///
/// # Errors
/// As [`canonical`].
pub fn canonical_into(text: &str, out: &mut String) -> Result<()> {
    let before = out.len();
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        out,
        members: Vec::new(),
        scratch: String::new(),
        depth: 0,
    };
    let read = reader.document();
    if read.is_err() {
        out.truncate(before);
    }
    read
}

/// Where one member of an object stands in the output.
#[derive(Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
    /// Whether the key's text differs from what stands between its quotes.
    key_is_escaped: bool,
}

/// Reads JSON and writes its canonical form in the same pass. Only an object whose keys come
/// unsorted is written again.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    out: &'a mut String,
    /// Members of the objects being read, the innermost object's last.
    members: Vec<Member>,
    scratch: String,
    depth: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<()> {
        self.skip_space();
        self.value()?;
        self.skip_space();
        if self.at < self.bytes.len() { Err(self.unexpected()) } else { Ok(()) }
    }

    fn value(&mut self) -> Result<()> {
        match self.bytes.get(self.at) {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => Err(self.unexpected()),
        }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Skips space, then takes `byte` if it is next.
    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self) -> Error {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => Error::invalid_value(format!(
                "invalid input syntax for type json: unexpected {character:?} at byte {}",
                self.at
            )),
            None => Error::invalid_value("invalid input syntax for type json: unexpected end"),
        }
    }

    fn word(&mut self, word: &str) -> Result<()> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.unexpected());
        }
        self.at += word.len();
        self.out.push_str(word);
        Ok(())
    }

    fn number(&mut self) -> Result<()> {
        let length = number_len(&self.bytes[self.at..]);
        let end = self.at + length.ok_or_else(|| self.unexpected())?;
        write_number(&self.text[self.at..end], self.out)?;
        self.at = end;
        Ok(())
    }

    /// Whether the string has escapes in its canonical form.
    fn string(&mut self) -> Result<bool> {
        let mut is_escaped = false;
        let start = self.at;
        self.at += 1;
        self.at += plain_len(&self.bytes[self.at..]);
        self.out.push_str(&self.text[start..self.at]);
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    let (character, after) = read_escape(self.bytes, self.at)?;
                    match character {
                        '"' | '\\' | '\0'..'\x20' => {
                            self.out.push_str(escape_sequence(character as u8));
                            is_escaped = true;
                        }
                        _ => self.out.push(character),
                    }
                    self.at = after;
                }
                // A raw control character, or the end.
                _ => return Err(self.unexpected()),
            }
            let plain = plain_len(&self.bytes[self.at..]);
            self.out.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
        }
        self.at += 1;
        self.out.push('"');
        Ok(is_escaped)
    }

    fn enter(&mut self, open: char) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::invalid_value(format!(
                "expected JSON of a depth of at most {MAX_DEPTH}"
            )));
        }
        self.at += 1;
        self.out.push(open);
        Ok(())
    }

    fn leave(&mut self, close: char) {
        self.depth -= 1;
        self.out.push(close);
    }

    fn array(&mut self) -> Result<()> {
        self.enter('[')?;
        if !self.take(b']') {
            loop {
                self.skip_space();
                self.value()?;
                if !self.take(b',') {
                    break;
                }
                self.out.push_str(", ");
            }
            if !self.take(b']') {
                return Err(self.unexpected());
            }
        }
        self.leave(']');
        Ok(())
    }

    fn object(&mut self) -> Result<()> {
        self.enter('{')?;
        if !self.take(b'}') {
            let first = self.members.len();
            let mut sorted = true;
            loop {
                let member = self.member()?;
                if self.members.len() > first {
                    let previous = self.members[self.members.len() - 1];
                    sorted &= key_order(self.out, previous, member) == Ordering::Less;
                }
                self.members.push(member);
                if !self.take(b',') {
                    break;
                }
                self.out.push_str(", ");
            }
            if !self.take(b'}') {
                return Err(self.unexpected());
            }
            if !sorted {
                self.sort_members(first);
            }
            self.members.truncate(first);
        }
        self.leave('}');
        Ok(())
    }

    fn member(&mut self) -> Result<Member> {
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected());
        }
        let start = self.out.len();
        let key_is_escaped = self.string()?;
        let key_end = self.out.len();
        if !self.take(b':') {
            return Err(self.unexpected());
        }
        self.out.push_str(": ");
        self.skip_space();
        self.value()?;
        Ok(Member { start, key_end, end: self.out.len(), key_is_escaped })
    }

    /// Writes the members from `first` on again in their order, of equal keys only the last.
    fn sort_members(&mut self, first: usize) {
        let members = &mut self.members[first..];
        let begin = members[0].start;
        self.scratch.clear();
        self.scratch.push_str(&self.out[begin..]);
        members.sort_by(|a, b| key_order(self.out, *a, *b));
        self.out.truncate(begin);
        let written = &self.scratch;
        let key = |member: &Member| &written[member.start - begin..member.key_end - begin];
        for (index, member) in members.iter().enumerate() {
            if members.get(index + 1).is_some_and(|next| key(next) == key(member)) {
                continue;
            }
            if self.out.len() > begin {
                self.out.push_str(", ");
            }
            self.out.push_str(&written[member.start - begin..member.end - begin]);
        }
    }
}

/// The order of `jsonb` keys: by length in bytes, then bytes.
fn key_order(out: &str, a: Member, b: Member) -> Ordering {
    let (a_token, b_token) = (&out[a.start..a.key_end], &out[b.start..b.key_end]);
    let by_length = |a: &str, b: &str| a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    if !a.key_is_escaped && !b.key_is_escaped {
        return by_length(a_token, b_token);
    }
    let text = |token| unescape(token).unwrap_or(Cow::Borrowed(""));
    by_length(&text(a_token), &text(b_token))
}

/// How many bytes the JSON number at the start takes; `None` when there is none.
fn number_len(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let run = bytes.get(from..).unwrap_or_default();
        let count = run.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let mut end = digits(sign)?;
    if bytes[sign] == b'0' && end > sign + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        end = digits(end + 1 + signed)?;
    }
    // "1a" and "01" are not a number followed by something.
    match bytes.get(end) {
        Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+') => None,
        _ => Some(end),
    }
}

/// Appends a JSON number as `PostgreSQL`'s numeric prints it.
///
/// # Errors
/// [`Error::is_out_of_range`] when that takes more than [`MAX_DIGITS`] digits.
pub(crate) fn write_number(token: &str, out: &mut String) -> Result<()> {
    let (mantissa, exponent) = match token.find(['e', 'E']) {
        Some(at) => (&token[..at], read_exponent(&token[at + 1..])),
        None => (token, 0),
    };
    let (negative, unsigned) = match mantissa.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, mantissa),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_zero = unsigned.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if negative && !is_zero {
        out.push('-');
    }
    // Where the point comes to stand in the digits, and how many digits follow it.
    let point = if is_zero { 1 } else { whole.len() as i64 + exponent };
    let scale = (fraction.len() as i64 - exponent).max(0);
    if point.max(1) + scale > MAX_DIGITS as i64 {
        return Err(Error::out_of_range(format!(
            "expected a number of at most {MAX_DIGITS} digits"
        )));
    }
    if exponent == 0 {
        out.push_str(unsigned);
        return Ok(());
    }
    write_shifted(whole, fraction, point, scale as usize, out);
    Ok(())
}

/// Saturates, since anything beyond [`MAX_DIGITS`] is refused alike.
fn read_exponent(text: &str) -> i64 {
    let limit = i64::from(i32::MAX);
    let digits = text.trim_start_matches(['+', '-']);
    let value = digits
        .bytes()
        .fold(0, |value: i64, digit| (value * 10 + i64::from(digit.wrapping_sub(b'0'))).min(limit));
    if text.starts_with('-') { -value } else { value }
}

fn write_shifted(whole: &str, fraction: &str, point: i64, scale: usize, out: &mut String) {
    let digit = |index: i64| {
        let index = usize::try_from(index).ok();
        let digits = whole.as_bytes().iter().chain(fraction.as_bytes());
        index.and_then(|index| digits.clone().nth(index)).map_or('0', |&byte| char::from(byte))
    };
    let mut leading = true;
    for index in 0..point {
        let character = digit(index);
        leading &= character == '0';
        if !leading {
            out.push(character);
        }
    }
    if leading {
        out.push('0');
    }
    if scale > 0 {
        out.push('.');
        out.extend((0..scale as i64).map(|offset| digit(point + offset)));
    }
}
