//! Where random bytes come from.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{digest, rand};

/// A source of random bytes, passed to whatever needs them so that tests can repeat a run.
pub trait Entropy: Send + Sync {
    /// Overwrites `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's cryptographic randomness: the source for everything but tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::expect_used,
        reason = "AWS-LC's generator aborts rather than reports a failure"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        rand::fill(bytes).expect("the system's randomness is available");
    }
}

/// A repeatable sequence for tests and simulations. **Not random**: never a source of real keys.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    /// Blocks of output given so far.
    blocks: AtomicU64,
}

impl SeededEntropy {
    /// A sequence that is wholly determined by `seed` and the order of calls.
    pub fn new(seed: u64) -> Self {
        Self { seed, blocks: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(digest::SHA256_OUTPUT_LEN) {
            let block = self.blocks.fetch_add(1, Ordering::Relaxed);
            let mut input = [0; 16];
            input[..8].copy_from_slice(&self.seed.to_be_bytes());
            input[8..].copy_from_slice(&block.to_be_bytes());
            let output = digest::digest(&digest::SHA256, &input);
            chunk.copy_from_slice(&output.as_ref()[..chunk.len()]);
        }
    }
}
