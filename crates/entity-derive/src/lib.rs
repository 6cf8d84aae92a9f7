//! The derive macros of entities and choices.
use proc_macro::TokenStream;

/// Declares a kind of record.
#[proc_macro_derive(Entity, attributes(entity))]
pub fn derive_entity(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Declares a closed list of values.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
