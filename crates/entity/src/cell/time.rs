//! Instants and dates.

use crate::calendar::{DAY, SECOND, date_from_days, days_from_date};
use jiff::civil::Date;

/// `00` to `99`.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

fn pair(number: i64) -> [u8; 2] {
    PAIRS[number.unsigned_abs() as usize % 100]
}

/// Appends `2026-01-31T12:00:00.12+00:00`.
pub(super) fn write_iso(micros: i64, out: &mut Vec<u8>) {
    write_instant(micros, b'T', out);
    out.extend_from_slice(b"+00:00");
}

/// Appends `2026-01-31 12:00:00.12+00`.
pub(super) fn write_text(micros: i64, out: &mut Vec<u8>) {
    write_instant(micros, b' ', out);
    out.extend_from_slice(b"+00");
}

fn write_instant(micros: i64, separator: u8, out: &mut Vec<u8>) {
    write_date(micros.div_euclid(DAY), out);
    let of_day = micros.rem_euclid(DAY);
    let seconds = of_day / SECOND;
    let ([h1, h2], [m1, m2]) = (pair(seconds / 3600), pair(seconds / 60 % 60));
    let [s1, s2] = pair(seconds % 60);
    out.extend_from_slice(&[separator, h1, h2, b':', m1, m2, b':', s1, s2]);
    let fraction = of_day % SECOND;
    if fraction != 0 {
        let mut digits = *b".000000";
        digits[1..3].copy_from_slice(&pair(fraction / 10_000));
        digits[3..5].copy_from_slice(&pair(fraction / 100));
        digits[5..].copy_from_slice(&pair(fraction));
        let zeros = digits
            .iter()
            .rev()
            .take_while(|&&digit| digit == b'0')
            .count();
        out.extend_from_slice(&digits[..digits.len() - zeros]);
    }
}

/// Appends `2026-01-31`, given in days since 1970-01-01.
pub(super) fn write_date(days: i64, out: &mut Vec<u8>) {
    let (year, month, day) = date_from_days(days);
    let ([y1, y2], [y3, y4]) = (pair(year / 100), pair(year % 100));
    let ([m1, m2], [d1, d2]) = (pair(month), pair(day));
    out.extend_from_slice(&[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]);
}

/// Days from 1970-01-01.
pub(super) fn days_of(date: Date) -> i32 {
    let (year, month, day) = (date.year(), date.month(), date.day());
    days_from_date(i64::from(year), i64::from(month), i64::from(day)) as i32
}
