//! As many passwords as the machine can verify when it does nothing else.

use super::people::PASSWORD;
use anyhow::{Result, anyhow, ensure};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier};
use std::time::{Duration, Instant};

/// Verifications a second, on all processors.
pub(super) fn rate(hash: &str, seconds: u64) -> Result<f64> {
    let threads = std::thread::available_parallelism()?.get();
    let time = Duration::from_secs(seconds);
    let began = Instant::now();
    let counts: Vec<Result<u64>> = std::thread::scope(|scope| {
        let verifiers: Vec<_> =
            (0..threads).map(|_| scope.spawn(move || verify(hash, time))).collect();
        let ended = verifiers.into_iter().map(std::thread::ScopedJoinHandle::join);
        ended.map(|count| count.map_err(|_| anyhow!("a thread failed"))?).collect()
    });
    let mut total = 0;
    for count in counts {
        total += count?;
    }
    Ok(total as f64 / began.elapsed().as_secs_f64())
}

fn verify(hash: &str, time: Duration) -> Result<u64> {
    let hash = PasswordHash::new(hash).map_err(|error| anyhow!("{error}"))?;
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < time {
        // What the hash says of cost is what is spent.
        let matches = Argon2::default().verify_password(PASSWORD.as_bytes(), &hash).is_ok();
        ensure!(matches, "the password does not have its hash");
        count += 1;
    }
    Ok(count)
}
