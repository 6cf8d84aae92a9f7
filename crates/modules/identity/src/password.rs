//! Password hashing: Argon2id on a bounded number of threads, so that a storm of sign-ins can't
//! starve the server.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use mainstay_kernel::{Error, Result};
use mainstay_vault::Entropy;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;

/// Longest accepted password, in bytes: hashing time must not follow the sender's wishes.
pub(crate) const MAX_PASSWORD_BYTES: usize = 1_024;

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
    /// The hash of nothing in particular, verified when there is no account: an unknown address
    /// takes as long as a known one.
    decoy: String,
}

impl Passwords {
    /// At most `threads` hashes are computed at a time.
    pub(crate) fn new(threads: usize, entropy: &dyn Entropy) -> Result<Self> {
        let mut noise = [0; 16];
        entropy.fill(&mut noise);
        let decoy = hash(&noise, entropy)?;
        Ok(Self { slots: Arc::new(Semaphore::new(threads.max(1))), decoy })
    }

    /// The hash of a password in PHC form.
    pub(crate) async fn hash(&self, password: &str, entropy: Arc<dyn Entropy>) -> Result<String> {
        let password = password.as_bytes().to_vec();
        self.run(move || hash(&password, &*entropy)).await?
    }

    /// Whether a password has a hash; takes as long when there is no hash.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let password = password.as_bytes().to_vec();
        let matches = self.run(move || verify(&password, &hash)).await??;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let slot = self.slots.clone().acquire_owned().await.map_err(Error::internal)?;
        let work = move || {
            let result = work();
            drop(slot);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8], entropy: &dyn Entropy) -> Result<String> {
    let mut salt = [0; SALT_BYTES];
    entropy.fill(&mut salt);
    let hash = argon2()?.hash_password_with_salt(password, &salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

fn verify(password: &[u8], hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|_| Error::internal("stored password hash"))?;
    Ok(argon2()?.verify_password(password, &hash).is_ok())
}
