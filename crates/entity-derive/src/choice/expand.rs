//! Writes the implementation of `Choice`.

use super::model::Choice;
use crate::tokens::{list, text, texts};
use proc_macro2::TokenStream;
use quote::quote;

/// The whole implementation.
pub(super) fn expand(choice: &Choice) -> TokenStream {
    let Choice { ident, life_cycle, .. } = choice;
    let (title, description) = (text(ident.to_string()), text(&choice.description));
    let values = list(choice.values.iter().map(|value| {
        let (name, description) = (text(&value.name), text(&value.description));
        let next = texts(&value.next);
        quote! {
            ::mainstay_entity::ChoiceValue {
                name: #name,
                description: #description,
                next: #next,
            }
        }
    }));
    let variants: Vec<_> = choice.values.iter().map(|value| &value.variant).collect();
    let names: Vec<_> = choice.values.iter().map(|value| &value.name).collect();
    quote! {
        #[automatically_derived]
        impl ::mainstay_entity::Choice for #ident {
            const META: &'static ::mainstay_entity::ChoiceMeta = {
                static META: ::mainstay_entity::ChoiceMeta = ::mainstay_entity::ChoiceMeta {
                    name: #title,
                    description: #description,
                    values: #values,
                    life_cycle: #life_cycle,
                };
                &META
            };

            fn as_str(self) -> &'static str {
                match self {
                    #(Self::#variants => #names,)*
                }
            }

            fn parse(text: &str) -> ::mainstay_entity::Result<Self> {
                match text {
                    #(#names => ::core::result::Result::Ok(Self::#variants),)*
                    _ => ::core::result::Result::Err(Self::META.refuse(text)),
                }
            }
        }
    }
}
