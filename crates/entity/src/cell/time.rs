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

/// Writes a number below 100 at a place in the text.
fn put_pair(text: &mut [u8], at: usize, number: u32) {
    text[at..at + 2].copy_from_slice(&PAIRS[number as usize % 100]);
}

/// Appends `2026-01-31T12:00:00.12+00:00`.
pub(super) fn write_iso(micros: i64, out: &mut Vec<u8>) {
    write_instant(micros, *b"0000-00-00T00:00:00.000000", out);
    out.extend_from_slice(b"+00:00");
}

/// Appends `2026-01-31 12:00:00.12+00`.
pub(super) fn write_text(micros: i64, out: &mut Vec<u8>) {
    write_instant(micros, *b"0000-00-00 00:00:00.000000", out);
    out.extend_from_slice(b"+00");
}

/// Appends `2026-01-31T13:00:00.12+01:00`, given the offset from UTC in seconds.
pub(super) fn write_iso_at(micros: i64, offset: i32, out: &mut Vec<u8>) {
    let local = micros + i64::from(offset) * SECOND;
    write_instant(local, *b"0000-00-00T00:00:00.000000", out);
    write_offset(offset, true, out);
}

/// Appends `2026-01-31 13:00:00.12+01`, given the offset from UTC in seconds.
pub(super) fn write_text_at(micros: i64, offset: i32, out: &mut Vec<u8>) {
    let local = micros + i64::from(offset) * SECOND;
    write_instant(local, *b"0000-00-00 00:00:00.000000", out);
    write_offset(offset, false, out);
}

/// Appends `+01`, with minutes and seconds where there are any, or where minutes are asked for.
fn write_offset(offset: i32, with_minutes: bool, out: &mut Vec<u8>) {
    let seconds = offset.unsigned_abs();
    let mut pair = |mark: u8, number: u32| {
        out.push(mark);
        out.extend_from_slice(&PAIRS[number as usize % 100]);
    };
    pair(if offset < 0 { b'-' } else { b'+' }, seconds / 3600);
    if with_minutes || !seconds.is_multiple_of(3600) {
        pair(b':', seconds / 60 % 60);
    }
    if !seconds.is_multiple_of(60) {
        pair(b':', seconds % 60);
    }
}

fn write_instant(micros: i64, mut text: [u8; 26], out: &mut Vec<u8>) {
    put_date(&mut text, micros.div_euclid(DAY));
    let of_day = micros.rem_euclid(DAY);
    let seconds = (of_day / SECOND) as u32;
    let fraction = (of_day % SECOND) as u32;
    put_pair(&mut text, 11, seconds / 3600);
    put_pair(&mut text, 14, seconds / 60 % 60);
    put_pair(&mut text, 17, seconds % 60);
    let mut length = 19;
    if fraction != 0 {
        put_pair(&mut text, 20, fraction / 10_000);
        put_pair(&mut text, 22, fraction / 100);
        put_pair(&mut text, 24, fraction);
        length = text.len() - text.iter().rev().take_while(|&&digit| digit == b'0').count();
    }
    out.extend_from_slice(&text[..length]);
}

/// Appends `2026-01-31`, given in days since 1970-01-01.
pub(super) fn write_date(days: i64, out: &mut Vec<u8>) {
    let mut text = *b"0000-00-00";
    put_date(&mut text, days);
    out.extend_from_slice(&text);
}

fn put_date(text: &mut [u8], days: i64) {
    let (year, month, day) = date_from_days(days);
    // No engine keeps years of more than four digits.
    let year = year as u32;
    put_pair(text, 0, year / 100);
    put_pair(text, 2, year);
    put_pair(text, 5, month);
    put_pair(text, 8, day);
}

/// Days from 1970-01-01.
pub(super) fn days_of(date: Date) -> i32 {
    let (year, month, day) = (date.year(), date.month(), date.day());
    days_from_date(i64::from(year), i64::from(month), i64::from(day)) as i32
}
