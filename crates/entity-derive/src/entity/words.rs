//! The words of the attribute language that stand for variants of the metadata.

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Error, Result};

/// How confidential a column is, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Classification {
    Public,
    Internal,
    Confidential,
    Restricted,
    Phi,
}

impl Classification {
    pub(super) const WORDS: &str = "public, internal, confidential, restricted or phi";

    pub(super) fn from_word(word: &Ident) -> Result<Self> {
        match word.to_string().as_str() {
            "public" => Ok(Self::Public),
            "internal" => Ok(Self::Internal),
            "confidential" => Ok(Self::Confidential),
            "restricted" => Ok(Self::Restricted),
            "phi" => Ok(Self::Phi),
            _ => Err(unknown_word("classification", word, Self::WORDS)),
        }
    }

    /// The variant of `mainstay_entity::Classification`.
    pub(super) fn variant(self) -> Ident {
        format_ident!(
            "{}",
            match self {
                Self::Public => "Public",
                Self::Internal => "Internal",
                Self::Confidential => "Confidential",
                Self::Restricted => "Restricted",
                Self::Phi => "Phi",
            }
        )
    }
}

/// Whether a column tells something of a person.
#[derive(Clone, Copy)]
pub(super) enum Personal {
    None,
    Pii,
    Phi,
}

impl Personal {
    /// The variant of `mainstay_entity::Personal`.
    pub(super) fn variant(self) -> Ident {
        format_ident!(
            "{}",
            match self {
                Self::None => "None",
                Self::Pii => "Pii",
                Self::Phi => "Phi",
            }
        )
    }
}

/// What happens to a referring row when its target is deleted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

impl OnDelete {
    pub(super) const WORDS: &str = "restrict, cascade or set_null";

    pub(super) fn from_word(word: &Ident) -> Result<Self> {
        match word.to_string().as_str() {
            "restrict" => Ok(Self::Restrict),
            "cascade" => Ok(Self::Cascade),
            "set_null" => Ok(Self::SetNull),
            _ => Err(unknown_word("on_delete", word, Self::WORDS)),
        }
    }

    /// The variant of `mainstay_entity::OnDelete`.
    pub(super) fn variant(self) -> Ident {
        format_ident!(
            "{}",
            match self {
                Self::Restrict => "Restrict",
                Self::Cascade => "Cascade",
                Self::SetNull => "SetNull",
            }
        )
    }
}

/// The error for a word outside a closed list.
pub(super) fn unknown_word(what: &str, word: &Ident, words: &str) -> Error {
    Error::new(word.span(), format!("unknown {what} `{word}`: write {words}"))
}
