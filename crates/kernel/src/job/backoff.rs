//! How long a failed job waits.

use std::time::Duration;

/// Exponential backoff with full jitter: the delay is drawn uniformly from zero to a bound that
/// doubles with each attempt, which spreads jobs that failed together (AWS Architecture Blog,
/// "Exponential Backoff And Jitter", 2015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Longest delay after the first attempt.
    pub base: Duration,
    /// Longest delay after any.
    pub cap: Duration,
}

impl Backoff {
    /// Ten seconds, doubling up to one hour.
    pub const STANDARD: Self = Self { base: Duration::from_secs(10), cap: Duration::from_hours(1) };

    /// The longest delay after an attempt, counted from 1.
    pub fn bound(&self, attempt: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1));
        factor
            .and_then(|factor| self.base.checked_mul(factor))
            .map_or(self.cap, |delay| delay.min(self.cap))
    }

    /// The delay after an attempt, counted from 1; `random` is uniform over all numbers.
    pub fn delay(&self, attempt: u32, random: u64) -> Duration {
        let bound = u64::try_from(self.bound(attempt).as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(scale(bound, random))
    }
}

/// A number from 0 to `bound`, proportional to `random` among all numbers.
pub(super) fn scale(bound: u64, random: u64) -> u64 {
    let product = (u128::from(bound) + 1) * u128::from(random);
    (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::{Backoff, Duration};

    const SECONDS: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn bounds_double_up_to_the_cap() {
        let backoff = Backoff { base: SECONDS(10), cap: SECONDS(60) };
        let bounds = [0, 1, 2, 3, 4, 33, u32::MAX].map(|attempt| backoff.bound(attempt));
        assert_eq!(bounds, [10, 10, 20, 40, 60, 60, 60].map(SECONDS));
    }

    #[test]
    fn delays_fill_the_range_from_zero_to_the_bound() {
        let backoff = Backoff { base: SECONDS(8), cap: SECONDS(60) };
        assert_eq!(backoff.delay(2, 0), Duration::ZERO);
        assert_eq!(backoff.delay(2, 1 << 63), SECONDS(8));
        assert_eq!(backoff.delay(2, u64::MAX), SECONDS(16));
    }
}
