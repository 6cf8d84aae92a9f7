//! What the attributes of a field demand of its type.

use super::field_type::{FieldType, Shape};
use super::parse_field::{DefaultWord, FieldAttributes};
use crate::errors::Errors;
use proc_macro2::Span;

/// The words for confidential fields and their types go together, so that neither is overlooked.
pub(super) fn confidential(attributes: &FieldAttributes, ty: &FieldType, errors: &mut Errors) {
    let is_secret = matches!(ty.shape, Shape::Secret);
    let is_sealed = matches!(ty.shape, Shape::Sealed);
    if let (Some(_), Some(sealed)) = (&attributes.secret, &attributes.sealed) {
        errors.at(sealed.span(), "a field is `secret` or `sealed`: keep one");
        return;
    }
    match &attributes.secret {
        Some(_) if !is_secret => errors.on(
            &ty.tokens,
            "a `secret` field holds ciphertext: write `Secret<T>` or `Option<Secret<T>>`",
        ),
        None if is_secret => {
            errors
                .on(&ty.tokens, "`Secret` holds a credential: write `#[entity(secret)]` above it");
        }
        _ => {}
    }
    match (&attributes.sealed, &attributes.phi) {
        (Some(_), _) if !is_sealed => errors.on(
            &ty.tokens,
            "a `sealed` field holds ciphertext: write `Sealed<T>` or `Option<Sealed<T>>`",
        ),
        (None, Some(_)) if !is_sealed => errors.on(
            &ty.tokens,
            "health data is sealed: write `Sealed<T>` or `Option<Sealed<T>>`, or classify the \
             field with `classification = phi` if it tells nothing of a person's health",
        ),
        (None, None) if is_sealed => errors.on(
            &ty.tokens,
            "`Sealed` holds personal data: write `#[entity(sealed)]` or `#[entity(phi)]` above it",
        ),
        _ => {}
    }
    if let (Some(pii), Some(_)) = (&attributes.pii, &attributes.phi) {
        errors.at(pii.span(), "`phi` is personal by itself: leave `pii` out");
    }
    if let (Some(word), true) = (&attributes.search, attributes.pii.is_some()) {
        errors.at(word.span(), "words are kept apart from their row: personal data has none");
    }
    if let Some(word) = &attributes.blind_index
        && !is_sealed
    {
        errors.at(word.span(), "a blind index stands for a sealed value: leave it out");
    }
}

/// What the other attributes demand of a type.
pub(super) fn kind(attributes: &FieldAttributes, ty: &FieldType, errors: &mut Errors) {
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
