//! One field: its conventions and what its attributes demand of its type.

use super::field_type::{FieldType, Shape, is_own};
use super::parse_field::{DefaultWord, FieldAttributes};
use super::words::{Classification, Personal};
use crate::attribute::{check_sql_name, description};
use crate::errors::Errors;
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Field, LitStr};

/// A column, ready to be written out.
pub(super) struct Column {
    /// The field as the struct names it.
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) ty: FieldType,
    pub(super) default: Option<DefaultValue>,
    pub(super) touch: bool,
    pub(super) classification: Classification,
    pub(super) personal: Personal,
    pub(super) subject: bool,
    pub(super) read_only: bool,
    pub(super) blind_index: bool,
    pub(super) search: bool,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) description: String,
    pub(super) renamed_from: Option<String>,
}

/// What the server writes when a request gives nothing.
pub(super) enum DefaultValue {
    Literal(String),
    Now,
    NewId,
}

/// What a field takes from its struct.
pub(super) struct Surroundings<'a> {
    pub(super) owner: &'a Ident,
    pub(super) classification: Option<Classification>,
    pub(super) soft_delete: bool,
    pub(super) tenant: bool,
}

/// What the usual names mean when a field has no doc comment.
fn usual_description(name: &str) -> Option<&'static str> {
    Some(match name {
        "id" => "The identifier of the record.",
        "organization_id" => "The organisation that the record belongs to.",
        "created_at" => "When the record was created.",
        "updated_at" => "When the record was last changed.",
        "deleted_at" => "When the record was deleted; null while it is there.",
        _ => return None,
    })
}

impl Column {
    /// Makes the column of a field; mistakes go to `errors`.
    pub(super) fn from_field(
        field: &Field,
        ident: &Ident,
        attributes: &FieldAttributes,
        around: &Surroundings<'_>,
        errors: &mut Errors,
    ) -> Self {
        let name = ident.unraw().to_string();
        let ty = FieldType::read(&field.ty, around.owner);
        if let Err(message) = check_sql_name(&name) {
            errors.at(ident.span(), message);
        }
        let description = description(&field.attrs)
            .or_else(|| usual_description(&name).map(str::to_owned))
            .unwrap_or_else(|| {
                let message =
                    format!("`{name}` has no description: write a doc comment, `/// ...`, above it");
                errors.at(ident.span(), message);
                String::new()
            });
        let classification = classification(attributes, around.classification, &name);
        if classification.is_none() {
            errors.at(ident.span(), unclassified(&name));
        }
        if name == "id" && around.tenant && !is_plain_own_id(&ty, around.owner) {
            errors.at(field.ty.span(), "the key of a tenant's table: write `pub id: Id<Self>`");
        }
        check_confidential(attributes, &ty, errors);
        check_kind(attributes, &ty, errors);

        let plain_timestamp = matches!(ty.shape, Shape::Timestamp) && !ty.optional;
        let created = plain_timestamp && name == "created_at";
        let updated = plain_timestamp && name == "updated_at";
        let deleted = around.soft_delete && name == "deleted_at";
        let default = attributes.default.as_ref().map(|d| DefaultValue::from(&d.value)).or({
            if created || updated {
                Some(DefaultValue::Now)
            } else if name == "id" && is_plain_own_id(&ty, around.owner) {
                Some(DefaultValue::NewId)
            } else {
                None
            }
        });
        Self {
            ident: ident.clone(),
            default,
            touch: updated || attributes.touch.is_some(),
            classification: classification.unwrap_or(Classification::Internal),
            personal: personal(attributes),
            subject: attributes.subject.is_some(),
            read_only: created || updated || deleted || attributes.read_only.is_some(),
            blind_index: attributes.blind_index.is_some(),
            search: attributes.search.is_some(),
            min: attributes.min.as_ref().map(|bound| bound.value),
            max: attributes.max.as_ref().map(|bound| bound.value),
            renamed_from: attributes.renamed_from.as_ref().map(LitStr::value),
            description,
            name,
            ty,
        }
    }
}

impl From<&DefaultWord> for DefaultValue {
    fn from(word: &DefaultWord) -> Self {
        match word {
            DefaultWord::Text(text) | DefaultWord::Number(text) => Self::Literal(text.clone()),
            DefaultWord::Boolean(value) => Self::Literal(value.to_string()),
            DefaultWord::Now => Self::Now,
            DefaultWord::NewId => Self::NewId,
        }
    }
}

fn is_plain_own_id(ty: &FieldType, owner: &Ident) -> bool {
    !ty.optional && ty.id_of().is_some_and(|of| is_own(of, owner))
}

/// A field's own classification, else its entity's; credentials are restricted at least.
fn classification(
    attributes: &FieldAttributes,
    of_entity: Option<Classification>,
    name: &str,
) -> Option<Classification> {
    let usual = match name {
        _ if attributes.secret.is_some() => {
            return attributes.classification.or(of_entity.max(Some(Classification::Restricted)));
        }
        "id" | "organization_id" => Some(Classification::Internal),
        _ => None,
    };
    attributes.classification.or(of_entity).or(usual)
}

fn unclassified(name: &str) -> String {
    format!(
        "`{name}` has no classification: write `#[entity(internal)]` above it (or public, \
         confidential, restricted, phi), or `#[entity(classification = internal)]` above the \
         struct for all its fields"
    )
}

/// What is sealed with a subject's key is personal by that.
fn personal(attributes: &FieldAttributes) -> Personal {
    if attributes.phi.is_some() {
        Personal::Phi
    } else if attributes.pii.is_some() || attributes.sealed.is_some() {
        Personal::Pii
    } else {
        Personal::None
    }
}

/// The words for confidential fields and their types go together, so that neither is overlooked.
fn check_confidential(attributes: &FieldAttributes, ty: &FieldType, errors: &mut Errors) {
    let at_type = ty.tokens.span();
    let is_secret = matches!(ty.shape, Shape::Secret);
    let is_sealed = matches!(ty.shape, Shape::Sealed);
    if let (Some(_), Some(sealed)) = (&attributes.secret, &attributes.sealed) {
        errors.at(sealed.span(), "a field is `secret` or `sealed`: keep one");
        return;
    }
    match &attributes.secret {
        Some(_) if !is_secret => errors.at(
            at_type,
            "a `secret` field holds ciphertext: write `Secret<T>` or `Option<Secret<T>>`",
        ),
        None if is_secret => {
            errors.at(at_type, "`Secret` holds a credential: write `#[entity(secret)]` above it");
        }
        _ => {}
    }
    match (&attributes.sealed, &attributes.phi) {
        (Some(_), _) if !is_sealed => errors.at(
            at_type,
            "a `sealed` field holds ciphertext: write `Sealed<T>` or `Option<Sealed<T>>`",
        ),
        (None, Some(_)) if !is_sealed => errors.at(
            at_type,
            "health data is sealed: write `Sealed<T>` or `Option<Sealed<T>>`, or classify the \
             field with `classification = phi` if it tells nothing of a person's health",
        ),
        (None, None) if is_sealed => errors.at(
            at_type,
            "`Sealed` holds personal data: write `#[entity(sealed)]` or `#[entity(phi)]` above it",
        ),
        _ => {}
    }
    if let (Some(pii), Some(_)) = (&attributes.pii, &attributes.phi) {
        errors.at(pii.span(), "`phi` is personal by itself: leave `pii` out");
    }
    if let Some(word) = &attributes.blind_index
        && !is_sealed
    {
        errors.at(word.span(), "a blind index stands for a sealed value: leave it out");
    }
}

/// What the other attributes demand of a type.
fn check_kind(attributes: &FieldAttributes, ty: &FieldType, errors: &mut Errors) {
    let mut demand = |span: Span, met: bool, message: &str| {
        if !met && !matches!(ty.shape, Shape::Unknown) {
            errors.at(span, message);
        }
    };
    let is_number = matches!(ty.shape, Shape::Number);
    let is_time = matches!(ty.shape, Shape::Timestamp);
    if let Some(word) = &attributes.search {
        let met = matches!(ty.shape, Shape::Text | Shape::Json);
        demand(word.span(), met, "search reads text: the field must be text, a list or `Json<T>`");
    }
    if let Some(word) = &attributes.touch {
        demand(word.span(), is_time, "`touch` writes the time: the field must be a `Timestamp`");
    }
    for bound in [&attributes.min, &attributes.max].into_iter().flatten() {
        let message = format!("`{}` bounds numbers: the field must be one", bound.key);
        demand(bound.key.span(), is_number, &message);
    }
    if let Some(default) = &attributes.default {
        let (met, message) = match default.value {
            DefaultWord::Text(_) => (
                !matches!(ty.shape, Shape::Secret | Shape::Sealed),
                "ciphertext has no default: leave it out",
            ),
            DefaultWord::Number(_) => (is_number, "this field is no number: write its own text"),
            DefaultWord::Boolean(_) => {
                (matches!(ty.shape, Shape::Boolean), "`true` and `false` are for `bool` fields")
            }
            DefaultWord::Now => (is_time, "`now` is for `Timestamp` fields"),
            DefaultWord::NewId => {
                (matches!(ty.shape, Shape::Id(_)), "`new_id` is for `Id<T>` fields")
            }
        };
        demand(default.span, met, message);
    }
    if let (Some(min), Some(max)) = (&attributes.min, &attributes.max)
        && min.value > max.value
    {
        errors.at(max.key.span(), "`max` is less than `min`: exchange them");
    }
}
