//! Expressions that generated metadata is made of.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// A `Str` of metadata.
pub(crate) fn text(text: impl ToTokens) -> TokenStream {
    quote!(::std::borrow::Cow::Borrowed(#text))
}

/// A `List` of metadata.
pub(crate) fn list<T: ToTokens>(items: impl IntoIterator<Item = T>) -> TokenStream {
    let items = items.into_iter();
    quote!(::std::borrow::Cow::Borrowed(&[#(#items),*]))
}

/// A `List<Str>` of metadata.
pub(crate) fn texts(texts: &[String]) -> TokenStream {
    list(texts.iter().map(text))
}

/// An `Option` of metadata.
pub(crate) fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}
