//! Giving an account to the owner of its address.

use crate::account::user_account::UserAccount;
use crate::factor::entity::UserMfaFactor;
use crate::session::sessions::end_all;
use crate::webauthn::entity::WebAuthnCredential;
use mainstay_entity::{Entity, Value};
use mainstay_kernel::lookup::{equal, table};
use mainstay_kernel::{Result, Work};
use uuid::Uuid;

/// Takes everything away from an account by which whoever made it could come back: passwords,
/// providers, passkeys, factors, sessions. Its address was nobody's until now that its owner has come, so
/// that may be somebody else.
pub(crate) async fn reclaim(work: &mut Work, user: Uuid) -> Result<()> {
    remove::<UserAccount>(work, user).await?;
    remove::<WebAuthnCredential>(work, user).await?;
    remove::<UserMfaFactor>(work, user).await?;
    end_all(work, user, None, "the address was shown to be its owner's").await
}

async fn remove<E: Entity>(work: &mut Work, user: Uuid) -> Result<()> {
    let rows = table::<E>(work.kernel().catalog())?;
    let own = equal(&rows, &[("user_id", Value::Uuid(user))])?;
    work.delete(&rows, own).await?;
    Ok(())
}
