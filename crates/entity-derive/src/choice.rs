//! `#[derive(Choice)]`: parse -> model -> expand.

mod case;
mod expand;
mod model;
mod moves;
mod parse;

use model::Choice;
use proc_macro2::TokenStream;
use syn::{DeriveInput, Result};

/// The implementation of `mainstay_entity::Choice` for a declaration.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    Ok(expand::expand(&Choice::from_declaration(input)?))
}
