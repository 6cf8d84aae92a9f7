//! The elements of a JSON array, one at a time. Only the structure is looked at: quotes and brackets.

use std::io::{BufRead, Cursor};

use anyhow::bail;

use super::{Next, RECORD_BYTES_MAX, ReadRecord, too_long};

/// The elements of one array, or of the arrays that objects one after the other hold at a member.
pub(super) struct Elements<R> {
    scanner: Scanner<R>,
    member: Option<String>,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    /// Before an array or object at the top, or at the end.
    Top,
    /// In the array, before the first element.
    First,
    /// In the array, after an element.
    After,
    /// In the object, after a member.
    Object,
}

/// Whether `head`, the beginning of a source, is an object with an array at `member`.
pub(super) fn begins_with_array_at(head: &[u8], member: &str) -> bool {
    let mut scanner = Scanner::new(Cursor::new(head));
    scanner.token().is_ok_and(|token| token == Some(b'{')) && {
        scanner.advance(1);
        // A head that ends before the member is found is an error here, and then it isn't one.
        scanner.enter(member, true).unwrap_or(false)
    }
}

impl<R: BufRead> Elements<R> {
    /// The elements of the array that the source is.
    pub(super) fn of_array(source: R) -> Self {
        Self { scanner: Scanner::new(source), member: None, place: Place::Top }
    }

    /// The elements of the arrays at `member` of the objects that the source has.
    pub(super) fn of_objects(source: R, member: &str) -> Self {
        Self { scanner: Scanner::new(source), member: Some(member.to_owned()), place: Place::Top }
    }

    /// Goes to where the next element begins; `None` at the end of the source.
    fn seek(&mut self) -> anyhow::Result<Option<u64>> {
        loop {
            let token = self.scanner.token()?;
            let line = self.scanner.line;
            self.place = match (self.place, token, &self.member) {
                (Place::Top, None, _) => return Ok(None),
                (Place::Top, Some(b'['), None) => {
                    self.scanner.advance(1);
                    Place::First
                }
                (Place::Top, Some(b'{'), Some(member)) => {
                    self.scanner.advance(1);
                    if self.scanner.enter(member, true)? { Place::First } else { Place::Top }
                }
                (Place::Object, _, Some(member)) => {
                    if self.scanner.enter(member, false)? {
                        Place::First
                    } else {
                        Place::Top
                    }
                }
                (Place::First | Place::After, Some(b']'), member) => {
                    self.scanner.advance(1);
                    if member.is_some() { Place::Object } else { Place::Top }
                }
                (Place::After, Some(b','), _) => {
                    self.scanner.advance(1);
                    self.scanner.token()?;
                    return Ok(Some(self.scanner.line));
                }
                (Place::First, Some(_), _) => return Ok(Some(line)),
                (Place::After, Some(_), _) => bail!("line {line}: expected `,` or `]`"),
                (_, None, _) => bail!("line {line}: the file ends inside the array"),
                (_, Some(byte), _) => bail!("line {line}: unexpected {:?}", char::from(byte)),
            };
        }
    }
}

impl<R: BufRead> ReadRecord for Elements<R> {
    fn read_record(&mut self, record: &mut Vec<u8>) -> anyhow::Result<Next> {
        let Some(line) = self.seek()? else {
            return Ok(Next::End);
        };
        self.place = Place::After;
        record.clear();
        Ok(if self.scanner.value(record)? { Next::Record { line } } else { too_long(line) })
    }
}

/// Walks over JSON text by its structure.
struct Scanner<R> {
    source: R,
    /// The current line; the first is 1.
    line: u64,
}

impl<R: BufRead> Scanner<R> {
    fn new(source: R) -> Self {
        Self { source, line: 1 }
    }

    /// The first byte after white space, which stays to be read.
    fn token(&mut self) -> anyhow::Result<Option<u8>> {
        loop {
            let chunk = self.source.fill_buf()?;
            let blank = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let token = chunk.get(blank).copied();
            let at_end = chunk.is_empty();
            self.advance(blank);
            if token.is_some() || at_end {
                return Ok(token);
            }
        }
    }

    /// Goes over so many bytes of what is buffered.
    fn advance(&mut self, bytes: usize) {
        if let Ok(chunk) = self.source.fill_buf() {
            self.line += chunk.iter().take(bytes).filter(|&&byte| byte == b'\n').count() as u64;
            self.source.consume(bytes);
        }
    }

    /// Inside an object, goes on to the array at `member` and into it; false if the object ends.
    fn enter(&mut self, member: &str, mut first: bool) -> anyhow::Result<bool> {
        let mut name = Vec::new();
        loop {
            match self.token()? {
                Some(b'}') => {
                    self.advance(1);
                    return Ok(false);
                }
                Some(b',') if !first => {
                    self.advance(1);
                    self.token()?;
                }
                Some(_) if first => {}
                Some(_) => bail!("line {}: expected `,` or `}}`", self.line),
                None => bail!("line {}: the file ends inside the object", self.line),
            }
            first = false;
            name.clear();
            self.value(&mut name)?;
            let found = serde_json::from_slice::<String>(&name).is_ok_and(|name| name == member);
            if self.token()? != Some(b':') {
                bail!("line {}: expected `:` after a name", self.line);
            }
            self.advance(1);
            if self.token()? == Some(b'[') && found {
                self.advance(1);
                return Ok(true);
            }
            name.clear();
            self.value(&mut name)?;
        }
    }

    /// Appends a value's text to `out`; false, with a part of it only, if it is too long.
    fn value(&mut self, out: &mut Vec<u8>) -> anyhow::Result<bool> {
        let line = self.line;
        let mut end = ValueEnd::default();
        let mut fits = true;
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                bail!("line {line}: the file ends inside the value that begins here");
            }
            let (length, ended) = end.find(chunk);
            fits &= out.len() + length <= RECORD_BYTES_MAX;
            if fits {
                out.extend_from_slice(&chunk[..length]);
            }
            self.advance(length);
            if ended {
                return Ok(fits);
            }
        }
    }
}

/// Where a value ends that is given in chunks.
#[derive(Default)]
struct ValueEnd {
    depth: u64,
    in_string: bool,
    escaped: bool,
}

impl ValueEnd {
    /// How many bytes of the chunk belong to the value, and whether it ends with them.
    fn find(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (index, &byte) in chunk.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => continue,
                }
                if !self.in_string && self.depth == 0 {
                    return (index + 1, true);
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (index + 1, true);
                    }
                }
                // What follows a number or a name.
                b'}' | b']' => return (index, true),
                b',' | b':' if self.depth == 0 => return (index, true),
                _ if self.depth == 0 && byte.is_ascii_whitespace() => return (index, true),
                _ => {}
            }
        }
        (chunk.len(), false)
    }
}
