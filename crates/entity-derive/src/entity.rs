//! `#[derive(Entity)]`: parse -> model -> expand.

mod check;
mod check_field;
mod column;
mod expand_meta;
mod expand_record;
mod expand_view;
mod field_type;
mod model;
mod parse;
mod parse_field;
mod parse_key;
mod parse_view;
mod reference;
mod view;
mod words;

use model::Entity;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

/// The implementation of `mainstay_entity::Entity` for a declaration.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let entity = Entity::from_declaration(input)?;
    let (name, table, schema) = (&entity.ident, &entity.table, &entity.schema);
    let meta = expand_meta::expand(&entity);
    let conversion = expand_record::expand(&entity);
    Ok(quote! {
        #[automatically_derived]
        impl ::mainstay_entity::Entity for #name {
            const TABLE: &'static str = #table;
            const SCHEMA: &'static str = #schema;

            fn meta() -> &'static ::mainstay_entity::EntityMeta {
                static META: ::mainstay_entity::EntityMeta = #meta;
                &META
            }

            #conversion
        }
    })
}
