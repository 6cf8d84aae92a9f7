//! Writes the conversion between row and struct.

use super::model::Entity;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// The functions `from_record` and `into_record`.
pub(super) fn expand(entity: &Entity) -> TokenStream {
    let read = entity.columns.iter().enumerate().map(|(index, column)| {
        let (field, ty) = (&column.ident, &column.ty.tokens);
        let index = Literal::usize_unsuffixed(index);
        quote!(#field: record.take::<#ty>(#index)?)
    });
    let written = entity.columns.iter().map(|column| {
        let (field, ty) = (&column.ident, &column.ty.tokens);
        let span = ty.span().resolved_at(Span::call_site());
        quote_spanned!(span=> <#ty as ::mainstay_entity::Field>::into_value(self.#field))
    });
    quote! {
        fn from_record(
            mut record: ::mainstay_entity::Record,
        ) -> ::mainstay_entity::Result<Self> {
            ::core::result::Result::Ok(Self { #(#read),* })
        }

        fn into_record(self) -> ::mainstay_entity::Record {
            ::mainstay_entity::Record(::std::vec![#(#written),*])
        }
    }
}
