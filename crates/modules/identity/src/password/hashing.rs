//! Password hashing: Argon2id on a bounded number of threads, so that a storm of sign-ins can't
//! starve the server. Hashes that others made with bcrypt are verified (S1-B36, S1-B75).

use crate::settings::AuthSettings;
use argon2::password_hash::phc::{Output, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, PasswordVerifier, Version};
use mainstay_kernel::{Error, Result};
use mainstay_store::ErrorKind;
use mainstay_vault::Entropy;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = Params::DEFAULT_OUTPUT_LEN;

/// Longest accepted password, in bytes: hashing time must not follow the sender's wishes.
pub(crate) const MAX_PASSWORD_BYTES: usize = 1_024;

/// Requests that wait for each thread; more are refused at once.
const WAITING_PER_THREAD: usize = 64;

/// What a hash that others made may cost: it is computed at each sign-in until it is replaced.
const BCRYPT_COST_MAX: u32 = 14;
const FOREIGN_MEMORY_KIB_MAX: u32 = 256 * 1024;
const FOREIGN_PASSES_MAX: u32 = 16;
const FOREIGN_LANES_MAX: u32 = 8;

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
    waiting: Semaphore,
    wait: Duration,
    /// The hash of nothing in particular, verified when there is no account: an unknown address
    /// takes as long as a known one.
    decoy: String,
    memory: Arc<Memory>,
}

/// Memory to hash in, kept from one hash to the next: to be given 19 MiB of empty pages each time
/// takes a tenth of the hash's own time. There is never more of it than threads hash at a time.
#[derive(Default)]
struct Memory(Mutex<Vec<Vec<Block>>>);

impl Memory {
    /// Hashes a password as hashes are made now.
    fn hash(&self, password: &[u8], salt: &[u8]) -> Result<Output> {
        let argon2 = argon2()?;
        let kept = self.0.lock().pop();
        let mut blocks = kept.unwrap_or_else(|| vec![Block::new(); argon2.params().block_count()]);
        let mut hash = [0; HASH_BYTES];
        let hashed = argon2.hash_password_into_with_memory(password, salt, &mut hash, &mut blocks);
        self.0.lock().push(blocks);
        hashed.map_err(Error::internal)?;
        Output::new(&hash).map_err(Error::internal)
    }
}

/// What came of verifying a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub(crate) matches: bool,
    /// The hash was made in another way than hashes are made now.
    pub(crate) is_outdated: bool,
}

impl Passwords {
    /// As an operator sets it.
    pub(crate) fn of(settings: &AuthSettings, entropy: &dyn Entropy) -> Result<Self> {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = settings.password_threads.unwrap_or_else(processors);
        Self::new(threads, settings.password_wait, entropy)
    }

    /// At most `threads` hashes are computed at a time; others wait so long.
    fn new(threads: usize, wait: Duration, entropy: &dyn Entropy) -> Result<Self> {
        let mut noise = [0; 16];
        entropy.fill(&mut noise);
        let memory = Arc::new(Memory::default());
        let decoy = hash(&memory, &noise, entropy)?;
        let threads = threads.max(1);
        let slots = Arc::new(Semaphore::new(threads));
        let waiting = Semaphore::new(threads * (1 + WAITING_PER_THREAD));
        Ok(Self { slots, waiting, wait, decoy, memory })
    }

    /// The hash of a password in PHC form.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when too many wait.
    pub(crate) async fn hash(&self, password: &str, entropy: Arc<dyn Entropy>) -> Result<String> {
        let password = password.as_bytes().to_vec();
        let memory = self.memory.clone();
        self.run(move || hash(&memory, &password, &*entropy)).await?
    }

    /// Whether a password has a hash; takes as long when there is no hash.
    ///
    /// # Errors
    /// [`ErrorKind::Overloaded`] when too many wait.
    pub(crate) async fn verify(&self, password: &str, hash: Option<&str>) -> Result<Checked> {
        if password.len() > MAX_PASSWORD_BYTES {
            return Ok(Checked { matches: false, is_outdated: false });
        }
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let password = password.as_bytes().to_vec();
        let memory = self.memory.clone();
        let checked = self.run(move || verify(&memory, &password, &hash)).await??;
        Ok(Checked { matches: checked.matches && known, ..checked })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let slot = self.slot().await?;
        let work = move || {
            let result = work();
            drop(slot);
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)
    }

    async fn slot(&self) -> Result<OwnedSemaphorePermit> {
        let overloaded = || Error::Store(ErrorKind::Overloaded.into());
        let _waiting = self.waiting.try_acquire().map_err(|_| overloaded())?;
        let slot = timeout(self.wait, self.slots.clone().acquire_owned()).await;
        slot.map_err(|_| overloaded())?.map_err(Error::internal)
    }
}

/// Whether a hash that somebody else made can be verified here, at a price that can be paid.
pub(crate) fn is_acceptable(hash: &str) -> bool {
    if let Some(cost) = bcrypt_cost(hash) {
        return hash.len() == 60 && (4..=BCRYPT_COST_MAX).contains(&cost);
    }
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let Ok(params) = Params::try_from(&parsed) else { return false };
    parsed.algorithm.as_str().starts_with("argon2")
        && parsed.hash.is_some()
        && params.m_cost() <= FOREIGN_MEMORY_KIB_MAX
        && params.t_cost() <= FOREIGN_PASSES_MAX
        && params.p_cost() <= FOREIGN_LANES_MAX
}

/// The cost of a bcrypt hash; none for another one.
fn bcrypt_cost(hash: &str) -> Option<u32> {
    let rest = ["$2a$", "$2b$", "$2x$", "$2y$"].iter().find_map(|form| hash.strip_prefix(form))?;
    rest.split_once('$')?.0.parse().ok()
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(memory: &Memory, password: &[u8], entropy: &dyn Entropy) -> Result<String> {
    let mut salt = [0; SALT_BYTES];
    entropy.fill(&mut salt);
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: argon2()?.params().try_into().map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(memory.hash(password, &salt)?),
    };
    Ok(hash.to_string())
}

fn verify(memory: &Memory, password: &[u8], hash: &str) -> Result<Checked> {
    if bcrypt_cost(hash).is_some() {
        let matches =
            bcrypt::verify(password, hash).map_err(|_| Error::internal("stored password hash"))?;
        return Ok(Checked { matches, is_outdated: true });
    }
    let hash = PasswordHash::new(hash).map_err(|_| Error::internal("stored password hash"))?;
    if let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash)
        && is_current(&hash)
    {
        // Outputs are compared in constant time.
        let matches = memory.hash(password, salt.as_ref())? == *expected;
        return Ok(Checked { matches, is_outdated: false });
    }
    let matches = argon2()?.verify_password(password, &hash).is_ok();
    Ok(Checked { matches, is_outdated: true })
}

fn is_current(hash: &PasswordHash) -> bool {
    let Ok(params) = Params::try_from(hash) else { return false };
    hash.algorithm.as_str() == "argon2id"
        && hash.version == Some(Version::V0x13.into())
        && hash.hash.is_some_and(|hash| hash.len() == HASH_BYTES)
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES)
}

#[cfg(test)]
mod tests {
    use super::{Checked, Passwords, is_acceptable};
    use mainstay_kernel::Error;
    use mainstay_store::ErrorKind;
    use mainstay_vault::SeededEntropy;
    use std::sync::Arc;
    use std::time::Duration;

    const GOOD: Checked = Checked { matches: true, is_outdated: false };

    fn passwords(wait: Duration) -> Passwords {
        Passwords::new(1, wait, &SeededEntropy::new(1)).unwrap()
    }

    #[tokio::test]
    async fn a_password_has_its_own_hash_alone() {
        let passwords = passwords(Duration::from_mins(1));
        let hash = passwords.hash("Grüezi", Arc::new(SeededEntropy::new(2))).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(passwords.verify("Grüezi", Some(&hash)).await.unwrap(), GOOD);
        assert!(!passwords.verify("Gruezi", Some(&hash)).await.unwrap().matches);
        assert!(!passwords.verify("Grüezi", None).await.unwrap().matches);
    }

    /// The vector is of the bcrypt crate's and of other implementations' tests.
    #[tokio::test]
    async fn hashes_of_others_are_verified_and_outdated() {
        let passwords = passwords(Duration::from_mins(1));
        let bcrypt = "$2b$04$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie";
        let checked = passwords.verify("correctbatteryhorsestapler", Some(bcrypt)).await.unwrap();
        assert_eq!(checked, Checked { matches: true, is_outdated: true });
        assert!(!passwords.verify("wrong", Some(bcrypt)).await.unwrap().matches);
        assert!(is_acceptable(bcrypt));
        let weak = argon2_of_a_byte(8);
        assert!(is_acceptable(&weak));
        let checked = passwords.verify("a", Some(&weak)).await.unwrap();
        assert_eq!(checked, Checked { matches: true, is_outdated: true });
    }

    fn argon2_of_a_byte(kibibytes: u32) -> String {
        use argon2::PasswordHasher;
        let params = argon2::Params::new(kibibytes, 1, 1, None).unwrap();
        let argon2 =
            argon2::Argon2::new(argon2::Algorithm::default(), argon2::Version::default(), params);
        argon2.hash_password_with_salt(b"a", &[1; 16]).unwrap().to_string()
    }

    #[test]
    fn hashes_that_cost_too_much_are_refused() {
        for hash in [
            "",
            "secret",
            "$2b$31$EGdrhbKUv8Oc9vGiXX0HQOxSg445d458Muh7DAHskb6QbtCvdxcie",
            "$2b$04$short",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQxMjM0$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=19456,t=1000,p=1$c29tZXNhbHQxMjM0$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0",
        ] {
            assert!(!is_acceptable(hash), "{hash}");
        }
    }

    #[tokio::test]
    async fn who_waits_too_long_is_refused() {
        let passwords = passwords(Duration::from_millis(1));
        let slot = passwords.slots.clone().acquire_owned().await.unwrap();
        let refused = passwords.verify("x", None).await.unwrap_err();
        let is_overloaded = |error: &Error| matches!(error, Error::Store(e) if matches!(e.kind(), ErrorKind::Overloaded));
        assert!(is_overloaded(&refused), "{refused}");
        drop(slot);
        assert!(passwords.verify("x", None).await.is_ok());
    }
}
