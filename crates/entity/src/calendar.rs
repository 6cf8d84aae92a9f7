//! Days and dates of the proleptic Gregorian calendar.

/// Microseconds of a second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// Days of the 400 years after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 0000-03-01, where counting is simplest, to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days from 1970-01-01 to a date.
pub(crate) fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their leap day last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH
}

/// The year, month and day of a day counted from 1970-01-01.
///
/// Algorithm of Neri and Schneider, "Euclidean affine functions and their application to calendar
/// algorithms", 2022, §6.
pub(crate) fn date_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + EPOCH;
    // Days outside the years 0 to 9999 are moved into the first era.
    let eras = if (0..25 * ERA).contains(&days) { 0 } else { days.div_euclid(ERA) };
    let quarter_days = 4 * (days - eras * ERA) as u32 + 3;
    let century = quarter_days / ERA as u32;
    let of_century = (quarter_days % ERA as u32) | 3;
    let product = 2_939_745 * u64::from(of_century);
    let year_of_century = (product >> 32) as u32;
    let day_of_year = product as u32 / 2_939_745 / 4;
    let scaled_month = 2141 * day_of_year + 197_913;
    let (month, day) = (scaled_month >> 16, (scaled_month & 0xffff) / 2141 + 1);
    // Counted from March, the months from the 306th day on belong to the next year.
    let is_next_year = day_of_year >= 306;
    let year = i64::from(100 * century + year_of_century + u32::from(is_next_year));
    (year + 400 * eras, if is_next_year { month - 12 } else { month }, day)
}

/// Days of a month, 1 to 12.
pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
