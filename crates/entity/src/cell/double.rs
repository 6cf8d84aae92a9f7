//! Doubles and singles as `PostgreSQL`'s `float8out` and `float4out` print them.

use std::io::Write;

/// From here on a double is an even integer or none, and its neighbours' midpoints are integers.
const MIDPOINTS_ARE_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// Appends the shortest text that reads back as `value`.
pub(super) fn write(value: f64, out: &mut Vec<u8>) {
    if !value.is_finite() {
        let text = if value.is_nan() {
            "NaN"
        } else if value < 0.0 {
            "-Infinity"
        } else {
            "Infinity"
        };
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let magnitude = value.abs();
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    // Where `%.15g` prints no exponent; `ryu` prints none there either.
    if magnitude == 0.0 || (1e-4..1e15).contains(&magnitude) {
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
        return;
    }
    if value < 0.0 {
        out.push(b'-');
    }
    let (mut digits, mut exponent) = Digits::read(text.trim_start_matches('-'));
    if magnitude >= MIDPOINTS_ARE_INTEGERS && digits.is_midpoint(exponent, magnitude) {
        (digits, exponent) = between_midpoints(magnitude);
    }
    digits.write_scientific(exponent, out);
}

/// Appends the shortest text that reads back as the single `value`.
pub(super) fn write_single(value: f32, out: &mut Vec<u8>) {
    if !value.is_finite() {
        return write(f64::from(value), out);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(value);
    let (mut digits, mut exponent) = Digits::read(text.trim_start_matches('-'));
    if value.is_sign_negative() {
        out.push(b'-');
    }
    if value == 0.0 {
        return out.push(b'0');
    }
    if let Some(other) = single_between_midpoints(value.abs(), &digits, exponent) {
        (digits, exponent) = other;
    }
    // Where `%.6g` prints no exponent.
    if (-4..6).contains(&exponent) {
        digits.write_plain(exponent, out);
    } else {
        digits.write_scientific(exponent, out);
    }
}

/// From here on a single is an even integer, and its neighbours' midpoints are integers.
const SINGLE_MIDPOINTS_ARE_INTEGERS: f32 = 16_777_216.0;

/// Other digits, where the shortest lie exactly between `value` and a neighbour: such a text is
/// read as `value` only by readers that round half to even, so `PostgreSQL` does not print it.
fn single_between_midpoints(value: f32, digits: &Digits, exponent: i32) -> Option<(Digits, i32)> {
    if value < SINGLE_MIDPOINTS_ARE_INTEGERS {
        return None;
    }
    // Twice as wide a type holds the midpoints as they are.
    let is_midpoint = |digits: &Digits, exponent: i32| {
        let middle = |a: f32, b: f32| f64::midpoint(f64::from(a), f64::from(b));
        let read: Option<f64> = digits.text(exponent).parse().ok();
        read.is_some_and(|read| {
            [value.next_up(), value.next_down()]
                .iter()
                .any(|other| middle(value, *other).to_bits() == read.to_bits())
        })
    };
    if !is_midpoint(digits, exponent) {
        return None;
    }
    (0..9).find_map(|precision| {
        let text = format!("{value:.precision$e}");
        let (digits, exponent) = Digits::read(&text);
        let fits = text.parse() == Ok(value) && !is_midpoint(&digits, exponent);
        fits.then_some((digits, exponent))
    })
}

/// Significant decimal digits, without zeros at either end.
struct Digits {
    digits: [u8; 17],
    count: usize,
}

impl Digits {
    /// Reads `12.5`, `0.00001` or `1.25e30`; gives the digits and the exponent of the first.
    fn read(text: &str) -> (Self, i32) {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let mut exponent = exponent.parse::<i32>().unwrap_or_default();
        let whole = mantissa.split('.').next().unwrap_or_default();
        exponent += whole.len() as i32 - 1;
        let mut read = Self { digits: [b'0'; 17], count: 0 };
        for byte in mantissa.bytes().filter(|&byte| byte != b'.') {
            if read.count == 0 && byte == b'0' {
                exponent -= 1;
            } else if let Some(slot) = read.digits.get_mut(read.count) {
                *slot = byte;
                read.count += 1;
            }
        }
        while read.count > 1 && read.digits[read.count - 1] == b'0' {
            read.count -= 1;
        }
        (read, exponent)
    }

    /// `1.25e30`, to be read again.
    fn text(&self, exponent: i32) -> String {
        let mut text = Vec::with_capacity(24);
        self.write_scientific(exponent, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }

    /// Appends `1250` or `0.00125`, given an exponent of -4 to 5.
    fn write_plain(&self, exponent: i32, out: &mut Vec<u8>) {
        let digits = &self.digits[..self.count];
        let Ok(last) = usize::try_from(exponent) else {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + exponent.unsigned_abs() as usize - 1, b'0');
            return out.extend_from_slice(digits);
        };
        let (whole, fraction) = digits.split_at(digits.len().min(last + 1));
        out.extend_from_slice(whole);
        out.resize(out.len() + last + 1 - whole.len(), b'0');
        if !fraction.is_empty() {
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
    }

    /// Appends `1.25e+30`.
    fn write_scientific(&self, exponent: i32, out: &mut Vec<u8>) {
        out.push(self.digits[0]);
        if self.count > 1 {
            out.push(b'.');
            out.extend_from_slice(&self.digits[1..self.count]);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        // Writing to a `Vec` does not fail.
        let _ = write!(out, "e{sign}{:02}", exponent.unsigned_abs());
    }

    /// Whether these digits lie exactly between `value`, at least 2^53, and a neighbour.
    ///
    /// Such a text is read as `value` only by readers that round half to even, so `PostgreSQL`
    /// does not print it.
    fn is_midpoint(&self, exponent: i32, value: f64) -> bool {
        let integer = self.digits[..self.count]
            .iter()
            .fold(0_u128, |integer, digit| integer * 10 + u128::from(digit - b'0'));
        // The number is integer * 10^power = (integer * 5^power) * 2^power.
        let power = exponent - (self.count as i32 - 1);
        let Some(fives) = u32::try_from(power).ok().and_then(|power| 5_u128.checked_pow(power))
        else {
            return false;
        };
        let Some(product) = integer.checked_mul(fives) else {
            return false;
        };
        let odd = product >> product.trailing_zeros();
        let twos = product.trailing_zeros() as i32 + power;
        let bits = value.to_bits();
        let mantissa = u128::from(bits & ((1 << 52) - 1) | (1 << 52));
        let scale = (bits >> 52) as i32 - 1075;
        let upper = odd == 2 * mantissa + 1 && twos == scale - 1;
        let lower = odd == 2 * mantissa - 1 && twos == scale - 1;
        // Below a power of two the neighbours are half as far apart.
        let closer = mantissa == 1 << 52 && odd == 4 * mantissa - 1 && twos == scale - 2;
        upper || lower || closer
    }
}

/// The shortest digits that are nearer to `value` than to its neighbours, not just as near.
#[cold]
fn between_midpoints(value: f64) -> (Digits, i32) {
    for precision in 0..16 {
        let text = format!("{value:.precision$e}");
        let (digits, exponent) = Digits::read(&text);
        if text.parse() == Ok(value) && !digits.is_midpoint(exponent, value) {
            return (digits, exponent);
        }
    }
    Digits::read(&format!("{value:.16e}"))
}
