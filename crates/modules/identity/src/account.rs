//! People: their accounts and what they or administrators change of them.

pub(crate) mod address;
pub(crate) mod admin_links;
pub(crate) mod admin_users;
pub(crate) mod change;
pub(crate) mod end;
pub(crate) mod profile;
pub(crate) mod provision;
pub(crate) mod reclaim;
pub(crate) mod reply;
pub(crate) mod user_account;
