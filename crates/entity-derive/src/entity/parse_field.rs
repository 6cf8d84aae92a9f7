//! The attributes of a field: `#[entity(...)]` as written.

use super::parse_key::{ReferenceSyntax, on_delete};
use super::parse_view::ValueSyntax;
use super::words::{Classification, OnDelete, unknown_word};
use crate::attribute::{equals, integer, once, parse_items, sql_name, unknown, word};
use crate::errors::Errors;
use proc_macro2::{Ident, Span};
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Lit, LitStr, Result, Token};

const KNOWN: &str = "public, internal, confidential, restricted, classification, secret, sealed, \
                     pii, phi, subject, read_only, blind_index, search, default, touch, min, max, \
                     references, no_reference, on_delete, renamed_from and value";
const DEFAULTS: &str = "\"text\", now, new_id, true, false or a number";

/// What a field's attributes say. Flags keep their word, for errors to point at.
#[derive(Default)]
pub(super) struct FieldAttributes {
    pub(super) classification: Option<Classification>,
    pub(super) secret: Option<Ident>,
    pub(super) sealed: Option<Ident>,
    pub(super) pii: Option<Ident>,
    pub(super) phi: Option<Ident>,
    pub(super) subject: Option<Ident>,
    pub(super) read_only: Option<Ident>,
    pub(super) blind_index: Option<Ident>,
    pub(super) search: Option<Ident>,
    pub(super) default: Option<DefaultSyntax>,
    pub(super) touch: Option<Ident>,
    pub(super) min: Option<Bound>,
    pub(super) max: Option<Bound>,
    pub(super) references: Option<ReferenceSyntax>,
    pub(super) no_reference: Option<Ident>,
    pub(super) on_delete: Option<(OnDelete, Ident)>,
    pub(super) renamed_from: Option<LitStr>,
    pub(super) value: Option<(Ident, ValueSyntax)>,
    given: HashSet<String>,
}

/// `default = ...`.
pub(super) struct DefaultSyntax {
    pub(super) span: Span,
    pub(super) value: DefaultWord,
}

/// What stands after `default =`.
pub(super) enum DefaultWord {
    Text(String),
    Number(String),
    Boolean(bool),
    Now,
    NewId,
}

/// `min = ...` or `max = ...`.
pub(super) struct Bound {
    pub(super) key: Ident,
    pub(super) value: i64,
}

impl FieldAttributes {
    /// Reads all attributes; mistakes go to `errors`.
    pub(super) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse_items(attributes, "entity", errors, |key, input| {
            this.given.insert(key.to_string());
            this.item(key, input)
        });
        this
    }

    /// Whether an attribute is there, be it wrong.
    pub(super) fn is_given(&self, key: &str) -> bool {
        self.given.contains(key)
    }

    fn item(&mut self, key: &Ident, input: ParseStream<'_>) -> Result<()> {
        match key.to_string().as_str() {
            "public" | "internal" | "confidential" | "restricted" => self.classify(key, key),
            "classification" => {
                let word = word(key, input, Classification::WORDS)?;
                self.classify(key, &word)
            }
            "phi" => {
                self.classify(key, key)?;
                once(&mut self.phi, key, key.clone())
            }
            "secret" => once(&mut self.secret, key, key.clone()),
            "sealed" => once(&mut self.sealed, key, key.clone()),
            "pii" => once(&mut self.pii, key, key.clone()),
            "subject" => once(&mut self.subject, key, key.clone()),
            "read_only" => once(&mut self.read_only, key, key.clone()),
            "blind_index" => once(&mut self.blind_index, key, key.clone()),
            "search" => once(&mut self.search, key, key.clone()),
            "touch" => once(&mut self.touch, key, key.clone()),
            "default" => once(&mut self.default, key, DefaultSyntax::parse(key, input)?),
            "min" => once(&mut self.min, key, Bound::parse(key, input)?),
            "max" => once(&mut self.max, key, Bound::parse(key, input)?),
            "references" => {
                let reference = ReferenceSyntax::parse(key, input)?;
                once(&mut self.references, key, reference)
            }
            "no_reference" => once(&mut self.no_reference, key, key.clone()),
            "on_delete" => {
                let action = on_delete(key, input)?;
                once(&mut self.on_delete, key, (action, key.clone()))
            }
            "renamed_from" => once(&mut self.renamed_from, key, sql_name(key, input)?),
            "value" => {
                let value = ValueSyntax::parse(key, input)?;
                once(&mut self.value, key, (key.clone(), value))
            }
            _ => Err(unknown(key, "a field", KNOWN)),
        }
    }

    fn classify(&mut self, key: &Ident, word: &Ident) -> Result<()> {
        let classification = Classification::from_word(word)?;
        if self.classification.replace(classification).is_some() {
            return Err(Error::new(key.span(), "a field has one classification: keep one"));
        }
        Ok(())
    }
}

impl DefaultSyntax {
    fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        equals(key, input, DEFAULTS)?;
        let is_word = input.peek(syn::Ident) && !input.peek(syn::LitBool);
        if is_word {
            let word: Ident = input.call(Ident::parse_any)?;
            let value = match word.to_string().as_str() {
                "now" => DefaultWord::Now,
                "new_id" => DefaultWord::NewId,
                _ => return Err(unknown_word("default", &word, DEFAULTS)),
            };
            return Ok(Self { span: word.span(), value });
        }
        let is_literal = input.peek(Lit) || input.peek(Token![-]);
        let literal = if is_literal { Some(input.parse::<Lit>()?) } else { None };
        let value = match &literal {
            Some(Lit::Str(text)) => DefaultWord::Text(text.value()),
            Some(Lit::Int(number)) => DefaultWord::Number(number.base10_digits().to_owned()),
            Some(Lit::Float(number)) => DefaultWord::Number(number.base10_digits().to_owned()),
            Some(Lit::Bool(value)) => DefaultWord::Boolean(value.value),
            _ => {
                return Err(Error::new(key.span(), format!("write `default = ` and {DEFAULTS}")));
            }
        };
        Ok(Self { span: literal.span(), value })
    }
}

impl Bound {
    fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        Ok(Self { key: key.clone(), value: integer(key, input)? })
    }
}
