//! `#[choice(...)]` as written.

use super::case::Case;
use crate::attribute::{once, parse_items, text, unknown};
use crate::errors::Errors;
use syn::{Attribute, Error, LitStr};

/// What the enum's attributes say.
#[derive(Default)]
pub(super) struct EnumAttributes {
    pub(super) rename_all: Option<Case>,
    pub(super) moves: Option<LitStr>,
}

/// What a variant's attributes say.
#[derive(Default)]
pub(super) struct VariantAttributes {
    pub(super) rename: Option<LitStr>,
}

impl EnumAttributes {
    /// Reads all attributes; mistakes go to `errors`.
    pub(super) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse_items(attributes, "choice", errors, |key, input| match key.to_string().as_str() {
            "rename_all" => {
                let literal = text(key, input)?;
                let case = Case::from_word(&literal.value()).ok_or_else(|| {
                    let message = format!("unknown case: write {}", Case::WORDS);
                    Error::new(literal.span(), message)
                })?;
                once(&mut this.rename_all, key, case)
            }
            "moves" => once(&mut this.moves, key, text(key, input)?),
            _ => Err(unknown(key, "a choice", "rename_all and moves")),
        });
        this
    }
}

impl VariantAttributes {
    /// Reads all attributes; mistakes go to `errors`.
    pub(super) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse_items(attributes, "choice", errors, |key, input| match key.to_string().as_str() {
            "rename" => {
                let literal = text(key, input)?;
                if literal.value().is_empty() || literal.value().contains('\0') {
                    return Err(Error::new(
                        literal.span(),
                        "a stored text is neither empty nor holds U+0000: write another",
                    ));
                }
                once(&mut this.rename, key, literal)
            }
            _ => Err(unknown(key, "a value", "rename")),
        });
        this
    }
}
