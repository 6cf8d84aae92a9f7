//! Ranges, in the text form in which `PostgreSQL` prints them: `[1,5)`, `(,"2026-01-01 …")`,
//! `empty`.
//!
//! Both engines keep a range of whole numbers or dates with its lower bound included and its upper
//! one left out, so that equal ranges of these have one spelling. [`canonical`] makes the text;
//! [`compare`] and [`Relation::holds`] work on it as the operators of `rangetypes.c` do.

use crate::cell::Cell;
use crate::error::{Error, Result};
use crate::kind::RangeKind;
use crate::parse::{is_space, parse_text, shown};
use crate::types::Decimal;
use crate::value::Value;
use crate::zone::parse_instant;
use jiff::tz::TimeZone;
use std::cmp::Ordering;

/// How two ranges can stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `<<`: ends before the other begins.
    Before,
    /// `>>`: begins after the other ends.
    After,
    /// `&<`: does not reach beyond the other's end.
    NotAbove,
    /// `&>`: does not begin before the other.
    NotBelow,
    /// `-|-`: ends where the other begins, or the other way round.
    Adjacent,
    /// `@>`: has everything of the other.
    Contains,
    /// `<@`: has nothing that the other has not.
    ContainedBy,
    /// `&&`: has something in common with the other.
    Overlaps,
}

impl Relation {
    /// All of them, with the operators of `PostgreSQL`.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Before, "<<"),
        (Self::After, ">>"),
        (Self::NotAbove, "&<"),
        (Self::NotBelow, "&>"),
        (Self::Adjacent, "-|-"),
        (Self::Contains, "@>"),
        (Self::ContainedBy, "<@"),
        (Self::Overlaps, "&&"),
    ];

    /// Whether it holds between two ranges of one kind.
    ///
    /// # Errors
    /// When a text is no range of the kind.
    pub fn holds(self, kind: RangeKind, a: &str, b: &str) -> Result<bool> {
        let (a, b) = (Range::read(kind, a)?, Range::read(kind, b)?);
        Ok(match (self, &a, &b) {
            (Self::Contains, _, Range::Empty) | (Self::ContainedBy, Range::Empty, _) => true,
            (_, Range::Span(a), Range::Span(b)) => self.holds_between(a, b),
            _ => false,
        })
    }

    fn holds_between(self, a: &Span, b: &Span) -> bool {
        match self {
            Self::Before => a.upper.cmp(&b.lower).is_lt(),
            Self::After => a.lower.cmp(&b.upper).is_gt(),
            Self::NotAbove => a.upper.cmp(&b.upper).is_le(),
            Self::NotBelow => a.lower.cmp(&b.lower).is_ge(),
            Self::Adjacent => a.upper.meets(&b.lower) || b.upper.meets(&a.lower),
            Self::Contains => a.lower.cmp(&b.lower).is_le() && a.upper.cmp(&b.upper).is_ge(),
            Self::ContainedBy => Self::Contains.holds_between(b, a),
            Self::Overlaps => a.lower.cmp(&b.upper).is_le() && b.lower.cmp(&a.upper).is_le(),
        }
    }
}

/// Reads a range in any of the forms that `PostgreSQL` takes and gives it as it prints it.
///
/// # Errors
/// [`Error::is_invalid_value`] or [`Error::is_out_of_range`].
pub fn canonical(kind: RangeKind, text: &str) -> Result<String> {
    Ok(Range::read(kind, text)?.text(kind))
}

/// The same of a range of instants, of which those without an offset are read by a zone's clocks.
pub(crate) fn canonical_in_zone(text: &str, zone: &TimeZone) -> Result<String> {
    let kind = RangeKind::Timestamp;
    Ok(Range::read_with(kind, text, |text| parse_instant(text, zone))?.text(kind))
}

/// The range of one value.
///
/// # Errors
/// As [`canonical`].
pub fn of_element(kind: RangeKind, text: &str) -> Result<String> {
    of_point(kind, Point::read(kind, text)?)
}

/// The range of one instant; one without an offset is read by a zone's clocks.
///
/// # Errors
/// As [`canonical`].
pub fn of_instant(text: &str, zone: &TimeZone) -> Result<String> {
    let kind = RangeKind::Timestamp;
    of_point(kind, Point::of(&parse_instant(text, zone)?)?)
}

fn of_point(kind: RangeKind, point: Point) -> Result<String> {
    let bound = |side| Bound { point: Some(point), inclusive: true, side };
    Ok(Range::of(kind, bound(Side::Lower), bound(Side::Upper))?.text(kind))
}

/// Whether a text is written like a range, and not like an element of one.
pub fn is_range(text: &str) -> bool {
    let trimmed = text.trim_matches(is_space);
    trimmed.starts_with(['[', '(']) || trimmed.eq_ignore_ascii_case(EMPTY)
}

/// The text of the range with no element.
pub const EMPTY: &str = "empty";

/// An end of a range, as it is printed.
#[derive(Clone, Debug, PartialEq)]
pub enum End<'a> {
    /// Without bound.
    Unbounded,
    /// An element.
    At {
        /// The element.
        element: Cell<'a>,
        /// Whether the range has it.
        included: bool,
    },
}

/// The text of a range that is not empty.
pub fn print(lower: &End<'_>, upper: &End<'_>) -> String {
    let is_included = |end: &End<'_>| matches!(end, End::At { included: true, .. });
    let mut text = vec![if is_included(lower) { b'[' } else { b'(' }];
    print_end(lower, &mut text);
    text.push(b',');
    print_end(upper, &mut text);
    text.push(if is_included(upper) { b']' } else { b')' });
    String::from_utf8(text).unwrap_or_default()
}

/// A range of instants with its bounds as a time zone's clocks show them.
pub(crate) fn in_zone(text: &str, zone: &TimeZone) -> String {
    let Ok(Range::Span(Span { lower, upper })) = Range::read(RangeKind::Timestamp, text) else {
        return text.to_owned();
    };
    let end = |bound: Bound| match bound.end(RangeKind::Timestamp) {
        End::Unbounded => End::Unbounded,
        End::At { element, included } => End::At { element: element.in_zone(zone), included },
    };
    print(&end(lower), &end(upper))
}

/// Elements with white space, as instants have, are quoted; none has other special characters.
fn print_end(end: &End<'_>, out: &mut Vec<u8>) {
    match end {
        End::Unbounded => {}
        End::At { element: cell @ (Cell::Timestamp(_) | Cell::Zoned { .. }), .. } => {
            out.push(b'"');
            cell.write_text(out);
            out.push(b'"');
        }
        End::At { element, .. } => element.write_text(out),
    }
}

/// The order of two ranges: the empty one first, then by the lower bound, then by the upper one.
/// Texts that are no range of the kind order as text.
pub fn compare(kind: RangeKind, a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (Range::read(kind, a), Range::read(kind, b)) {
        (Ok(Range::Empty), Ok(Range::Empty)) => Ordering::Equal,
        (Ok(Range::Empty), Ok(_)) => Ordering::Less,
        (Ok(_), Ok(Range::Empty)) => Ordering::Greater,
        (Ok(Range::Span(a)), Ok(Range::Span(b))) => {
            a.lower.cmp(&b.lower).then_with(|| a.upper.cmp(&b.upper))
        }
        _ => a.cmp(b),
    }
}

/// An element.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// A whole number, days or microseconds since 1970.
    Whole(i64),
    Number(Decimal),
}

impl Point {
    fn read(kind: RangeKind, text: &str) -> Result<Self> {
        Self::of(&parse_text(&kind.element(), text)?)
    }

    fn of(value: &Value) -> Result<Self> {
        Ok(match value.as_cell() {
            Cell::Int(value) | Cell::Timestamp(value) => Self::Whole(value),
            Cell::Date(days) => Self::Whole(i64::from(days)),
            _ => match value {
                Value::Decimal(number) => Self::Number(*number),
                _ => return Err(Error::invalid_value("expected an element of a range")),
            },
        })
    }

    fn cell(self, kind: RangeKind) -> Cell<'static> {
        match (self, kind) {
            (Self::Number(number), _) => Cell::from(number),
            (Self::Whole(days), RangeKind::Date) => Cell::Date(days as i32),
            (Self::Whole(micros), RangeKind::Timestamp) => Cell::Timestamp(micros),
            (Self::Whole(value), _) => Cell::Int(value),
        }
    }

    fn cmp(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (Self::Number(a), Self::Number(b)) => a.compare(b),
            // Elements of one kind are alike.
            _ => Ordering::Equal,
        }
    }

    /// The next element of a kind that has one.
    fn next(self, kind: RangeKind) -> Result<Self> {
        let Self::Whole(value) = self else { return Ok(self) };
        match (kind, value.checked_add(1)) {
            (RangeKind::Integer, Some(next)) if i32::try_from(next).is_err() => {
                Err(Error::out_of_range("integer out of range"))
            }
            (RangeKind::Date, Some(next)) if next > i64::from(LAST_DAY) => {
                Err(Error::datetime_out_of_range("date out of range"))
            }
            (_, Some(next)) => Ok(Self::Whole(next)),
            (_, None) => Err(Error::out_of_range("bigint out of range")),
        }
    }
}

/// 9999-12-31 in days since 1970.
const LAST_DAY: i32 = 2_932_896;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Lower,
    Upper,
}

/// An end of a range.
#[derive(Clone, Copy, Debug)]
struct Bound {
    /// None is without bound.
    point: Option<Point>,
    inclusive: bool,
    side: Side,
}

impl Bound {
    /// The order of bounds on a line: a lower one that is left out stands behind its point, an
    /// upper one before it.
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp_with(other.place())
    }

    fn place(&self) -> Place {
        match (self.point, self.side) {
            (None, Side::Lower) => Place::Start,
            (None, Side::Upper) => Place::End,
            (Some(point), _) if self.inclusive => Place::At(point, 0),
            (Some(point), Side::Lower) => Place::At(point, 1),
            (Some(point), Side::Upper) => Place::At(point, -1),
        }
    }

    fn end(self, kind: RangeKind) -> End<'static> {
        let Self { point, inclusive, .. } = self;
        point.map_or(End::Unbounded, |point| End::At {
            element: point.cell(kind),
            included: inclusive,
        })
    }

    /// Whether nothing lies between this upper bound and a lower one, and nothing in both.
    fn meets(&self, lower: &Self) -> bool {
        match (self.point, lower.point) {
            (Some(a), Some(b)) => a.cmp(b).is_eq() && self.inclusive != lower.inclusive,
            _ => false,
        }
    }
}

/// Where a bound stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Start,
    /// A point, or the gap beside it.
    At(Point, i8),
    End,
}

impl Place {
    fn cmp_with(self, other: Self) -> Ordering {
        let rank = |place| match place {
            Self::Start => 0,
            Self::At(..) => 1,
            Self::End => 2,
        };
        match (self, other) {
            (Self::At(a, beside_a), Self::At(b, beside_b)) => {
                a.cmp(b).then(beside_a.cmp(&beside_b))
            }
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// A range with elements.
#[derive(Clone, Copy, Debug)]
struct Span {
    lower: Bound,
    upper: Bound,
}

#[derive(Clone, Copy, Debug)]
enum Range {
    Empty,
    Span(Span),
}

impl Range {
    fn text(self, kind: RangeKind) -> String {
        match self {
            Self::Empty => EMPTY.to_owned(),
            Self::Span(Span { lower, upper }) => print(&lower.end(kind), &upper.end(kind)),
        }
    }

    /// The range between two bounds; of whole numbers and dates in its canonical form.
    fn of(kind: RangeKind, mut lower: Bound, mut upper: Bound) -> Result<Self> {
        if let (Some(a), Some(b)) = (lower.point, upper.point) {
            match a.cmp(b) {
                Ordering::Greater => {
                    return Err(Error::range_bounds(
                        "range lower bound must be less than or equal to range upper bound",
                    ));
                }
                Ordering::Equal if !(lower.inclusive && upper.inclusive) => {
                    return Ok(Self::Empty);
                }
                _ => {}
            }
        }
        if kind.is_discrete() {
            if let Some(point) = lower.point.filter(|_| !lower.inclusive) {
                lower = Bound { point: Some(point.next(kind)?), inclusive: true, ..lower };
            }
            if let Some(point) = upper.point.filter(|_| upper.inclusive) {
                upper = Bound { point: Some(point.next(kind)?), inclusive: false, ..upper };
            }
            // `(1,2)` has no whole number.
            if let (Some(a), Some(b)) = (lower.point, upper.point)
                && a.cmp(b).is_ge()
            {
                return Ok(Self::Empty);
            }
        }
        Ok(Self::Span(Span { lower, upper }))
    }

    /// Reads what `range_in` reads.
    fn read(kind: RangeKind, text: &str) -> Result<Self> {
        let element = kind.element();
        Self::read_with(kind, text, |text| parse_text(&element, text))
    }

    /// The same with elements that are read in a way of their own.
    fn read_with(
        kind: RangeKind,
        text: &str,
        element: impl Fn(&str) -> Result<Value>,
    ) -> Result<Self> {
        let malformed =
            || Error::invalid_value(format!("malformed range literal: \"{}\"", shown(text)));
        let trimmed = text.trim_matches(is_space);
        if trimmed.eq_ignore_ascii_case(EMPTY) {
            return Ok(Self::Empty);
        }
        let mut rest = trimmed.char_indices().peekable();
        let lower_inclusive = match rest.next() {
            Some((_, '[')) => true,
            Some((_, '(')) => false,
            _ => return Err(malformed()),
        };
        let lower = bound_text(&mut rest).map_err(|Malformed| malformed())?;
        if rest.next().is_none_or(|(_, c)| c != ',') {
            return Err(malformed());
        }
        let upper = bound_text(&mut rest).map_err(|Malformed| malformed())?;
        let upper_inclusive = match rest.next() {
            Some((_, ']')) => true,
            Some((_, ')')) => false,
            _ => return Err(malformed()),
        };
        if rest.next().is_some() {
            return Err(malformed());
        }
        let bound = |text: Option<String>, inclusive, side| -> Result<Bound> {
            let point = text.map(|text| Point::of(&element(&text)?)).transpose()?;
            Ok(Bound { point, inclusive: inclusive && point.is_some(), side })
        };
        Self::of(
            kind,
            bound(lower, lower_inclusive, Side::Lower)?,
            bound(upper, upper_inclusive, Side::Upper)?,
        )
    }
}

type Characters<'a> = std::iter::Peekable<std::str::CharIndices<'a>>;

/// Text that is no range.
struct Malformed;

/// The text of a bound, unquoted, up to what ends it; none is without bound.
fn bound_text(rest: &mut Characters<'_>) -> Result<Option<String>, Malformed> {
    let mut text = String::new();
    let (mut any, mut quoted) = (false, false);
    loop {
        match rest.peek().ok_or(Malformed)?.1 {
            ',' | ')' | ']' if !quoted => return Ok(any.then_some(text)),
            '"' => {
                rest.next();
                if quoted && rest.next_if(|(_, c)| *c == '"').is_some() {
                    text.push('"');
                } else {
                    quoted = !quoted;
                }
            }
            '\\' => {
                rest.next();
                text.push(rest.next().ok_or(Malformed)?.1);
            }
            character => {
                rest.next();
                text.push(character);
            }
        }
        any = true;
    }
}
