//! The parsing machine: a position in a text, and the combinators that the grammar is written in.
//!
//! The combinators follow Parsec, in which PostgREST's grammar is written: an alternative is tried
//! only if the one before it consumed nothing, [`Cursor::attempt`] makes a failure consume
//! nothing, and [`Cursor::labelled`] names a rule in errors. A text is parsed once without
//! recording anything; only a text that fails is parsed again to explain why.

use std::mem;

use super::error::{ParseError, SYNTAX};
use super::trace::{Expected, Note, Trace};

/// Why a rule gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text does not have the rule's form; another alternative may fit.
    Mismatch,
    /// The text is refused for a reason that the cursor keeps; nothing else is tried.
    Refused,
}

/// The outcome of a rule.
pub(super) type Parsed<T> = Result<T, Stop>;

/// A rule as an element of a list.
pub(super) type Rule<'r, 'a, T> = &'r dyn Fn(&mut Cursor<'a>) -> Parsed<T>;

/// Longest echo of a value in an error message, in bytes.
const ECHO_MAX_BYTES: usize = 1000;

/// Parses the whole of `text` by `rule`; `subject` names the text in errors, and the column
/// numbers there are `shift` higher, for a prefix that PostgREST's own parser would have seen.
pub(super) fn parse<'a, T>(
    subject: &str,
    text: &'a str,
    shift: usize,
    max_depth: usize,
    rule: impl Fn(&mut Cursor<'a>) -> Parsed<T>,
) -> Result<T, ParseError> {
    let mut cursor = Cursor::new(text, max_depth, false);
    let outcome = cursor.whole(&rule);
    outcome.map_err(|_| {
        cursor.refusal.take().unwrap_or_else(|| {
            let mut cursor = Cursor::new(text, max_depth, true);
            let _ = cursor.whole(&rule);
            let position = cursor.trace.position(text, shift);
            let message = format!("\"failed to parse {subject} ({})\" {position}", echo(text));
            ParseError::new(SYNTAX, message, cursor.trace.explain())
        })
    })
}

/// Parses the whole of `text` by `rule`, if it has that form.
pub(super) fn parse_if_fits<'a, T>(
    text: &'a str,
    max_depth: usize,
    rule: impl Fn(&mut Cursor<'a>) -> Parsed<T>,
) -> Option<T> {
    Cursor::new(text, max_depth, false).whole(&rule).ok()
}

fn echo(text: &str) -> String {
    if text.len() <= ECHO_MAX_BYTES {
        return text.to_owned();
    }
    let end = (0..=ECHO_MAX_BYTES).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    format!("{}...", &text[..end])
}

/// How many bytes from the beginning hold only accepted characters.
fn prefix_length(text: &str, accept: impl Fn(char) -> bool) -> usize {
    let refused = |&(_, b): &(usize, u8)| !b.is_ascii() || !accept(char::from(b));
    match text.bytes().enumerate().find(refused) {
        Some((index, b)) if b.is_ascii() => index,
        Some((index, _)) => {
            index + text[index..].find(|c| !accept(c)).unwrap_or(text.len() - index)
        }
        None => text.len(),
    }
}

/// A position in a text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    max_depth: usize,
    recording: bool,
    trace: Trace,
    refusal: Option<ParseError>,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str, max_depth: usize, recording: bool) -> Self {
        let trace = Trace::default();
        Self { text, at: 0, depth: 0, max_depth, recording, trace, refusal: None }
    }

    fn whole<T>(&mut self, rule: &impl Fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let value = rule(self)?;
        self.end()?;
        Ok(value)
    }

    /// Gives up altogether.
    pub(super) fn refuse(&mut self, error: ParseError) -> Stop {
        self.refusal = Some(error);
        Stop::Refused
    }

    /// The text from here on.
    #[inline]
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether this run only explains a failure.
    pub(super) fn is_explaining(&self) -> bool {
        self.recording
    }

    /// The next character.
    #[inline]
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    #[inline]
    fn note(&mut self, at: usize, notes: &[Note]) {
        if self.recording {
            self.trace.add(at, notes);
        }
    }

    /// Passes a number of bytes that the caller looked at.
    #[inline]
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.trace.clear();
    }

    fn mismatch<T>(&mut self, expected: Option<Expected>) -> Parsed<T> {
        if self.recording {
            let stopped = Note::Stopped(self.peek());
            self.trace.add(self.at, &[stopped]);
            if let Some(expected) = expected {
                self.trace.add(self.at, &[Note::Expected(expected)]);
            }
        }
        Err(Stop::Mismatch)
    }

    /// Exactly this character.
    #[inline]
    pub(super) fn char(&mut self, wanted: char) -> Parsed<()> {
        if self.rest().starts_with(wanted) {
            self.advance(wanted.len_utf8());
            return Ok(());
        }
        self.mismatch(Some(Expected::Char(wanted)))
    }

    /// Exactly this word. Failing in the middle of it consumes, as in Parsec.
    #[inline]
    pub(super) fn word(&mut self, word: &'static str) -> Parsed<()> {
        let (start, rest) = (self.at, self.rest());
        if rest.starts_with(word) {
            self.advance(word.len());
            return Ok(());
        }
        let matched = word.bytes().zip(rest.bytes()).take_while(|(a, b)| a == b).count();
        if matched > 0 {
            self.advance(matched);
        }
        let stopped = Note::Stopped(self.peek());
        self.note(start, &[stopped, Note::Expected(Expected::Literal(word))]);
        Err(Stop::Mismatch)
    }

    /// This lower-case word, in either case.
    pub(super) fn word_ignoring_case(&mut self, word: &'static str) -> Parsed<()> {
        for wanted in word.chars() {
            if self.peek().is_some_and(|c| c.to_ascii_lowercase() == wanted) {
                self.advance(wanted.len_utf8());
            } else {
                let _ = self.mismatch::<()>(Some(Expected::Char(wanted)));
                return self.mismatch(Some(Expected::Char(wanted.to_ascii_uppercase())));
            }
        }
        Ok(())
    }

    /// The first of these words that the text goes on with; failing consumes nothing.
    pub(super) fn one_of_words<T: Copy>(&mut self, words: &[(&'static str, T)]) -> Parsed<T> {
        let rest = self.rest();
        for &(word, value) in words {
            if rest.starts_with(word) {
                self.advance(word.len());
                return Ok(value);
            }
            if self.recording {
                let _ = self.attempt(|c| c.word(word));
            }
        }
        Err(Stop::Mismatch)
    }

    /// All characters from here on that satisfy `accept`, maybe none; `labels` describe them.
    pub(super) fn take_while(
        &mut self,
        labels: &[&'static str],
        accept: impl Fn(char) -> bool,
    ) -> &'a str {
        let rest = self.rest();
        let length = prefix_length(rest, accept);
        if length > 0 {
            self.advance(length);
        }
        if self.recording {
            self.trace.add(self.at, &[Note::Stopped(self.peek())]);
            for &label in labels {
                self.trace.add(self.at, &[Note::Expected(Expected::Label(label))]);
            }
        }
        &rest[..length]
    }

    /// As [`take_while`](Self::take_while), at least one.
    pub(super) fn take_while1(
        &mut self,
        labels: &[&'static str],
        accept: impl Fn(char) -> bool,
    ) -> Parsed<&'a str> {
        let taken = self.take_while(labels, accept);
        if taken.is_empty() { Err(Stop::Mismatch) } else { Ok(taken) }
    }

    /// One character that satisfies `accept`.
    pub(super) fn satisfy(&mut self, accept: impl Fn(char) -> bool) -> Parsed<char> {
        match self.peek() {
            Some(c) if accept(c) => {
                self.advance(c.len_utf8());
                Ok(c)
            }
            _ => self.mismatch(None),
        }
    }

    /// Nothing, provided this character does not follow.
    pub(super) fn not_before(&mut self, forbidden: char) -> Parsed<()> {
        self.note(self.at, &[Note::Expected(Expected::Char(forbidden))]);
        self.not_before_any(|c| c == forbidden)
    }

    /// Nothing, provided no character that satisfies `forbidden` follows.
    pub(super) fn not_before_any(&mut self, forbidden: impl Fn(char) -> bool) -> Parsed<()> {
        match self.peek() {
            Some(c) if forbidden(c) => {
                // Parsec reports this behind the character.
                self.note(self.at + c.len_utf8(), &[Note::Forbidden(c)]);
                Err(Stop::Mismatch)
            }
            next => {
                self.note(self.at, &[Note::Stopped(next)]);
                Ok(())
            }
        }
    }

    /// The end of the text.
    #[inline]
    pub(super) fn end(&mut self) -> Parsed<()> {
        let next = self.peek();
        let met = next.map_or(Note::Stopped(None), Note::Forbidden);
        self.note(self.at, &[met, Note::Expected(Expected::Label("end of input"))]);
        if next.is_none() { Ok(()) } else { Err(Stop::Mismatch) }
    }

    /// The place before one of these words, or the end of the text.
    pub(super) fn before_any(&mut self, words: &[&'static str]) -> Parsed<()> {
        for &word in words {
            if self.attempt(|c| c.look_ahead(|c| c.word(word))).is_ok() {
                return Ok(());
            }
        }
        self.attempt(Self::end)
    }

    /// Spaces and tabs, maybe none.
    #[inline]
    pub(super) fn spaces(&mut self) {
        self.take_while(&[], |c| c == ' ' || c == '\t');
    }

    /// The rule with spaces around it.
    pub(super) fn lexeme<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.spaces();
        let value = rule(self)?;
        self.spaces();
        Ok(value)
    }

    /// The rule, consuming nothing if it fails.
    pub(super) fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let start = self.at;
        let before = self.suspend_trace();
        let outcome = rule(self);
        if matches!(outcome, Err(Stop::Mismatch)) {
            self.at = start;
        }
        self.resume_trace(start, before);
        outcome
    }

    /// The rule, consuming nothing if it fits.
    pub(super) fn look_ahead<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let start = self.at;
        let before = self.suspend_trace();
        let outcome = rule(self);
        if outcome.is_ok() {
            self.at = start;
            self.trace.clear();
        }
        self.resume_trace(start, before);
        outcome
    }

    /// The rule, named `label` in errors unless it fails after its first character.
    pub(super) fn labelled<T>(
        &mut self,
        label: &'static str,
        rule: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let start = self.at;
        let before = self.suspend_trace();
        let outcome = rule(self);
        if self.recording && self.at == start && (outcome.is_err() || !self.trace.is_empty()) {
            self.trace.relabel(start, label);
        }
        self.resume_trace(start, before);
        outcome
    }

    #[inline]
    fn suspend_trace(&mut self) -> Option<Trace> {
        self.recording.then(|| mem::take(&mut self.trace))
    }

    /// What was tried before a rule still matters as long as the rule consumed nothing.
    #[inline]
    fn resume_trace(&mut self, start: usize, before: Option<Trace>) {
        if let Some(mut before) = before
            && self.at == start
        {
            before.merge(&self.trace);
            self.trace = before;
        }
    }

    /// The first rule, or else the second if the first consumed nothing.
    pub(super) fn either<T>(
        &mut self,
        first: impl FnOnce(&mut Self) -> Parsed<T>,
        second: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let start = self.at;
        match first(self) {
            Err(Stop::Mismatch) if self.at == start => second(self),
            outcome => outcome,
        }
    }

    /// The first of these rules that fits, as long as those before it consumed nothing.
    pub(super) fn choice<T>(&mut self, rules: &[Rule<'_, 'a, T>]) -> Parsed<T> {
        let start = self.at;
        for rule in rules {
            match rule(self) {
                Err(Stop::Mismatch) if self.at == start => {}
                outcome => return outcome,
            }
        }
        Err(Stop::Mismatch)
    }

    /// The rule, or nothing if it fails without consuming.
    pub(super) fn optional<T>(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        self.either(|c| rule(c).map(Some), |_| Ok(None))
    }

    /// The rule as often as it fits.
    pub(super) fn many<T>(
        &mut self,
        mut rule: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        self.repeat(false, |c| rule(c).map(|item| items.push(item)))?;
        Ok(items)
    }

    /// The rule once or more, with `separator` between.
    pub(super) fn separated<T>(
        &mut self,
        mut rule: impl FnMut(&mut Self) -> Parsed<T>,
        mut separator: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<Vec<T>> {
        let mut items = vec![rule(self)?];
        self.repeat(true, |c| {
            separator(c)?;
            items.push(rule(c)?);
            Ok(())
        })?;
        Ok(items)
    }

    /// The step as often as it fits. With `forget`, as Parsec does in lists, an error behind a
    /// step does not tell how the step could have gone on.
    pub(super) fn repeat(
        &mut self,
        forget: bool,
        mut step: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        loop {
            let start = self.at;
            match step(self) {
                Ok(()) | Err(Stop::Mismatch) if self.at == start => return Ok(()),
                outcome => outcome?,
            }
            if forget {
                self.trace.clear();
            }
        }
    }

    /// The rule one level deeper; refused past the limit, so that recursion is bounded.
    pub(super) fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == self.max_depth {
            return Err(self.refuse(ParseError::too_deep(self.max_depth)));
        }
        self.depth += 1;
        let outcome = rule(self);
        self.depth -= 1;
        outcome
    }
}
