use super::Organization;
use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Secret};

/// The answer to a request that its client may send again (`Idempotency-Key`); written in the
/// request's own transaction, so that there are both or neither.
#[derive(Entity)]
#[entity(
    table = "idempotency_keys",
    scope = tenant,
    classification = internal,
    read_only,
    audit = none,
    index(expires_at)
)]
pub struct IdempotencyKey {
    /// From a hash of the caller and the key that the client chose.
    pub id: Id<Self>,
    /// The organisation, or the nil identifier of callers who are in none.
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// SHA-256 of the request: its method, target, headers that matter, and body.
    pub request_hash: Vec<u8>,
    /// Status, headers and body of the answer, as JSON.
    #[entity(secret)]
    pub answer: Option<Secret<String>>,
    /// When the request was answered.
    pub created_at: Timestamp,
    /// From when on the key may be used for another request.
    pub expires_at: Timestamp,
}
