//! One field: its conventions and what its attributes demand of its type.

use super::check_field;
use super::field_type::{FieldType, Shape, is_own};
use super::parse_field::{DefaultWord, FieldAttributes};
use super::words::{Classification, Personal};
use crate::attribute::{check_sql_name, description};
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::ext::IdentExt;
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
    /// Whether the values are those of other tables.
    pub(super) view: bool,
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
        let description = describe(field, &name, errors);
        let classification = classification(attributes, around.classification, &name);
        if classification.is_none() && !attributes.is_given("classification") {
            errors.at(ident.span(), unclassified(&name));
        }
        if name == "id" && around.tenant && !around.view && !is_plain_own_id(&ty, around.owner) {
            errors.on(&field.ty, "the key of a tenant's table: write `pub id: Id<Self>`");
        }
        check_field::confidential(attributes, &ty, errors);
        check_field::kind(attributes, &ty, errors);

        let plain_timestamp = matches!(ty.shape, Shape::Timestamp) && !ty.optional;
        let created = plain_timestamp && name == "created_at";
        let updated = plain_timestamp && name == "updated_at";
        let deleted = around.soft_delete && name == "deleted_at";
        let usual_default = if around.view {
            None
        } else if created || updated {
            Some(DefaultValue::Now)
        } else if name == "id" && is_plain_own_id(&ty, around.owner) {
            Some(DefaultValue::NewId)
        } else {
            None
        };
        let default = attributes.default.as_ref().map(|d| DefaultValue::from(&d.value));
        Self {
            ident: ident.clone(),
            default: default.or(usual_default),
            touch: updated && !around.view || attributes.touch.is_some(),
            classification: classification.unwrap_or(Classification::Internal),
            personal: personal(attributes),
            subject: attributes.subject.is_some(),
            read_only: created
                || updated
                || deleted
                || around.view
                || attributes.read_only.is_some(),
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

/// The doc comment of a field.
fn describe(field: &Field, name: &str, errors: &mut Errors) -> String {
    let usual = || usual_description(name).map(str::to_owned);
    description(&field.attrs).or_else(usual).unwrap_or_else(|| {
        let message =
            format!("`{name}` has no description: write a doc comment, `/// ...`, above it");
        errors.on(&field.ident, message);
        String::new()
    })
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
