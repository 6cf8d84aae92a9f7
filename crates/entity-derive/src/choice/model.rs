//! The declaration as a whole: stored texts known, moves resolved.

use super::case::Case;
use super::moves;
use super::parse::{EnumAttributes, VariantAttributes};
use crate::attribute::description;
use crate::errors::Errors;
use proc_macro2::Ident;
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Token, Variant};

/// A choice, ready to be written out.
pub(super) struct Choice {
    pub(super) ident: Ident,
    pub(super) description: String,
    pub(super) values: Vec<Value>,
    pub(super) life_cycle: bool,
}

/// One accepted value.
pub(super) struct Value {
    pub(super) variant: Ident,
    /// The stored text.
    pub(super) name: String,
    pub(super) description: String,
    /// The stored texts that may follow.
    pub(super) next: Vec<String>,
}

impl Choice {
    /// Reads and checks a declaration. The error holds every mistake found.
    pub(super) fn from_declaration(input: &DeriveInput) -> Result<Self> {
        let variants = variants(input)?;
        let mut errors = Errors::default();
        let attributes = EnumAttributes::parse(&input.attrs, &mut errors);
        let description = description(&input.attrs).unwrap_or_else(|| {
            errors.at(
                input.ident.span(),
                "nothing says what is chosen: write a doc comment, `/// ...`, above the enum",
            );
            String::new()
        });
        let case = attributes.rename_all.unwrap_or(Case::Snake);
        let mut values = read_values(variants, case, &mut errors);
        if let Some(text) = &attributes.moves {
            let names: Vec<String> = values.iter().map(|value| value.name.clone()).collect();
            match moves::parse(&text.value(), &names) {
                Ok(next) => {
                    for (value, next) in values.iter_mut().zip(next) {
                        value.next = next;
                    }
                }
                Err(mistakes) => {
                    for mistake in mistakes {
                        errors.at(text.span(), mistake);
                    }
                }
            }
        }
        let life_cycle = attributes.moves.is_some();
        errors.finish(Self { ident: input.ident.clone(), description, values, life_cycle })
    }
}

fn variants(input: &DeriveInput) -> Result<&Punctuated<Variant, Token![,]>> {
    if let Some(parameter) = input.generics.params.first() {
        let message = "a choice is one list of values, so it takes no parameters: leave them out";
        return Err(Error::new_spanned(parameter, message));
    }
    match &input.data {
        Data::Enum(data) if !data.variants.is_empty() => Ok(&data.variants),
        _ => Err(Error::new_spanned(
            &input.ident,
            "a choice is an enum: write `enum ... { First, Second }`",
        )),
    }
}

fn read_values(
    variants: &Punctuated<Variant, Token![,]>,
    case: Case,
    errors: &mut Errors,
) -> Vec<Value> {
    let mut values = Vec::with_capacity(variants.len());
    let mut names = HashSet::new();
    for variant in variants {
        let attributes = VariantAttributes::parse(&variant.attrs, errors);
        let name = attributes
            .rename
            .as_ref()
            .map_or_else(|| case.write(&variant.ident.unraw().to_string()), LitStr::value);
        if !matches!(variant.fields, Fields::Unit) {
            errors.push(Error::new_spanned(
                &variant.fields,
                "a choice is stored as its name alone: leave the fields out",
            ));
        }
        if !names.insert(name.clone()) {
            let message = format!("a value `{name}` exists: choose another `rename`");
            errors.at(variant.ident.span(), message);
        }
        values.push(Value {
            variant: variant.ident.clone(),
            name,
            description: description(&variant.attrs).unwrap_or_default(),
            next: Vec::new(),
        });
    }
    values
}
