//! Who may do what: roles, what they give, and why.

pub(crate) mod assignments;
pub(crate) mod delegation;
pub(crate) mod explain;
pub(crate) mod owners;
pub(crate) mod principal;
pub(crate) mod role_book;
pub(crate) mod roles;
