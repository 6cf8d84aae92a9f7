//! What is fetched from a provider and kept for a while.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::Mutex;

/// How long it is kept.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(1);
/// How long nobody asks again after a failure, or after an early look that somebody's token asked
/// for: whoever sends such tokens can't make this server ask more often.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// Something that is fetched and kept. One request fetches it at a time, others wait for that.
pub(crate) struct Cached<T>(Mutex<Kept<T>>);

struct Kept<T> {
    value: Option<Arc<T>>,
    fetched_at: Timestamp,
    failed_at: Option<Timestamp>,
    renewed_at: Option<Timestamp>,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        let kept = Kept {
            value: None,
            fetched_at: Timestamp::UNIX_EPOCH,
            failed_at: None,
            renewed_at: None,
        };
        Self(Mutex::new(kept))
    }
}

impl<T> Cached<T> {
    /// What is kept, fetched anew when it is old; the old one when that fails.
    ///
    /// # Errors
    /// As `fetch`; none while a failure is fresh and there is nothing to give.
    pub(crate) async fn get<E>(
        &self,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<Option<Arc<T>>, E> {
        let mut kept = self.0.lock().await;
        let is_fresh = kept.value.is_some() && now < kept.fetched_at + MAX_AGE;
        if is_fresh || kept.failed_at.is_some_and(|at| now < at + PAUSE) {
            return Ok(kept.value.clone());
        }
        kept.fill(now, fetch).await
    }

    /// The same fetched anew in any case, because what is kept lacks something; but not if that was
    /// done just now.
    ///
    /// # Errors
    /// As `fetch`.
    pub(crate) async fn renew<E>(
        &self,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<Option<Arc<T>>, E> {
        let mut kept = self.0.lock().await;
        if kept.renewed_at.is_some_and(|at| now < at + PAUSE) {
            return Ok(kept.value.clone());
        }
        kept.renewed_at = Some(now);
        kept.fill(now, fetch).await
    }
}

impl<T> Kept<T> {
    async fn fill<E>(
        &mut self,
        now: Timestamp,
        fetch: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<Option<Arc<T>>, E> {
        match fetch().await {
            Ok(value) => {
                (self.value, self.fetched_at, self.failed_at) = (Some(Arc::new(value)), now, None);
                Ok(self.value.clone())
            }
            Err(error) => {
                self.failed_at = Some(now);
                if self.value.is_some() { Ok(self.value.clone()) } else { Err(error) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cached;
    use jiff::Timestamp;

    #[tokio::test]
    async fn others_are_asked_no_more_often_than_needed() {
        let cached = Cached::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let get = async |second, answer: Result<i32, ()>| {
            cached.get(at(second), async || answer).await.map(|value| value.map(|value| *value))
        };
        assert_eq!(get(0, Err(())).await, Err(()));
        // A failure is not repeated at once.
        assert_eq!(get(9, Ok(1)).await, Ok(None));
        assert_eq!(get(10, Ok(2)).await, Ok(Some(2)));
        assert_eq!(get(3_609, Ok(3)).await, Ok(Some(2)));
        // What is old is better than nothing.
        assert_eq!(get(3_610, Err(())).await, Ok(Some(2)));
        assert_eq!(get(3_620, Ok(4)).await, Ok(Some(4)));
        let renew = async |second, answer: Result<i32, ()>| {
            cached.renew(at(second), async || answer).await.map(|value| value.map(|value| *value))
        };
        assert_eq!(renew(3_621, Ok(5)).await, Ok(Some(5)));
        assert_eq!(renew(3_630, Ok(6)).await, Ok(Some(5)));
        assert_eq!(renew(3_631, Ok(7)).await, Ok(Some(7)));
    }
}
