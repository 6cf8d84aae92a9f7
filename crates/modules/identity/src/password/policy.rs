//! Which passwords are accepted (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS 5.0 §6.2).

use crate::account::provision::add;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::password::hashing::MAX_PASSWORD_BYTES;
use crate::password::history::PasswordHistory;
use crate::records::text;
use mainstay_entity::Value;
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Result, Work};
use uuid::Uuid;
use zxcvbn::{Score, zxcvbn};

impl Identity {
    /// Whether a password may be taken at all, for an account of this address.
    ///
    /// # Errors
    /// [`AuthError::WeakPassword`], [`AuthCode::ValidationFailed`] for one that is too long.
    pub(crate) async fn check_password(
        &self,
        password: &str,
        email: &str,
    ) -> Result<(), AuthError> {
        if password.len() > MAX_PASSWORD_BYTES {
            let message =
                format!("Password cannot be longer than {MAX_PASSWORD_BYTES} bytes of UTF-8");
            return Err(AuthError::invalid(message));
        }
        let min = self.settings.password_characters_min;
        if password.chars().count() < min {
            return Err(AuthError::WeakPassword {
                message: format!("Password should be at least {min} characters."),
                reasons: vec!["length"],
            });
        }
        // Lists of leaked passwords, words and names, and what can be made of the address: what is
        // found within a million guesses is no password, however long it is.
        let own: Vec<&str> = std::iter::once(email).chain(email.split(['@', '.'])).collect();
        let is_weak = zxcvbn(password, &own).score() < Score::Two;
        if is_weak || self.leaked.has(password, self.kernel.clock().now()).await {
            return Err(AuthError::WeakPassword {
                message: "Password is known to be weak and easy to guess, please choose a \
                          different one."
                    .to_owned(),
                reasons: vec!["pwned"],
            });
        }
        Ok(())
    }

    /// How often it could not be looked up whether a password leaked, since the start.
    pub fn leak_check_failures(&self) -> u64 {
        self.leaked.failures()
    }

    /// Whether a person may take a password that has passed [`Identity::check_password`]: it is
    /// neither the present one nor one of the last (S2-B47).
    ///
    /// # Errors
    /// [`AuthCode::SamePassword`], [`AuthError::WeakPassword`].
    pub(crate) async fn check_unused(
        &self,
        password: &str,
        user: Uuid,
        present: Option<&str>,
    ) -> Result<(), AuthError> {
        if present.is_some() && self.passwords.verify(password, present).await?.matches {
            let message = "New password should be different from the old password.";
            return Err(AuthError::new(AuthCode::SamePassword, message));
        }
        for former in self.former_passwords(user).await? {
            if self.passwords.verify(password, Some(&former.password_hash)).await?.matches {
                return Err(AuthError::WeakPassword {
                    message: "Password was used before, please choose a different one.".to_owned(),
                    reasons: vec!["reused"],
                });
            }
        }
        Ok(())
    }

    /// The last passwords of a person that count, the latest first.
    async fn former_passwords(&self, user: Uuid) -> Result<Vec<PasswordHistory>> {
        let own = [("user_id", Value::Uuid(user))];
        let mut former: Vec<PasswordHistory> =
            find(&self.kernel, |table| equal(table, &own)).await?;
        former.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
        former.truncate(self.settings.password_history);
        Ok(former)
    }
}

/// Keeps a password that is being replaced.
pub(crate) async fn remember(work: &mut Work, user: Uuid, hash: &str) -> Result<()> {
    let row = [("user_id", Value::Uuid(user)), ("password_hash", text(hash))];
    add::<PasswordHistory>(work, &row).await?;
    Ok(())
}
