//! Tickets on the Solana chain.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::Ticket;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::Organization;

/// How far a mint is. The documents list no values; these are their usual ones (S0-B35).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> processing | failed; \
                  processing -> completed | failed; \
                  failed -> pending")]
pub enum MintStatus {
    /// Waits to be sent.
    Pending,
    /// Sent, not final on the chain.
    Processing,
    /// Final on the chain.
    Completed,
    /// Refused; may be tried again.
    Failed,
}

/// A ticket as a token on the chain.
#[derive(Entity)]
#[entity(
    table = "nft_mints",
    scope = tenant,
    classification = internal,
    unique(ticket_id),
    unique(mint_address),
    unique(transaction_signature),
    index(status, created_at),
    check(name = "mint_address_form", "length(mint_address) >= 32")
)]
pub struct NftMint {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The ticket.
    pub ticket_id: Id<Ticket>,
    /// The token's Solana address, 32 to 44 characters of base58 (S0-B81).
    pub mint_address: Option<Text<44>>,
    /// The signature of the minting transaction, base58.
    pub transaction_signature: Option<Text<88>>,
    /// How far it is.
    #[entity(default = "pending")]
    pub status: MintStatus,
    /// When it was final.
    pub minted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A token that changed hands, as the chain tells.
#[derive(Entity)]
#[entity(
    table = "nft_transfers",
    scope = tenant,
    classification = internal,
    append_only,
    unique(transaction_signature, mint_address),
    index(mint_address, transferred_at),
    index(from_address),
    index(to_address)
)]
pub struct NftTransfer {
    pub id: Id<Self>,
    #[entity(no_reference)]
    pub organization_id: Id<Organization>,
    /// The token's Solana address.
    pub mint_address: Text<44>,
    /// Who gave it; public on the chain.
    pub from_address: Text<44>,
    /// Who got it; public on the chain.
    pub to_address: Text<44>,
    /// The signature of the transaction, base58; one transaction may move several tokens.
    pub transaction_signature: Text<88>,
    /// When the chain took it.
    pub transferred_at: Timestamp,
    pub created_at: Timestamp,
}
