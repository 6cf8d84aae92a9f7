//! References: those that `Id<T>` makes by itself and those that are written.

use super::column::Column;
use super::field_type::{is_own, replace_self};
use super::parse_field::FieldAttributes;
use super::parse_key::ReferenceSyntax;
use super::words::OnDelete;
use crate::errors::Errors;
use proc_macro2::{Ident, Span};
use syn::{LitStr, Type};

/// A reference, ready to be written out.
pub(super) struct Reference {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) target: Target,
    pub(super) to: Vec<String>,
    pub(super) on_delete: OnDelete,
    /// Where a mistake is shown.
    pub(super) span: Span,
}

/// The table that a reference names.
pub(super) enum Target {
    /// The table of an entity.
    Entity(Box<Type>),
    /// A table by name; without a schema, in this entity's.
    Table { schema: Option<String>, table: String },
}

/// The reference of a field, if it is one.
pub(super) fn of_field(
    column: &Column,
    attributes: &FieldAttributes,
    owner: &Ident,
    errors: &mut Errors,
) -> Option<Reference> {
    let is_own_key =
        column.name == "id" && column.ty.id_of().is_some_and(|target| is_own(target, owner));
    let automatic = column.ty.id_of().filter(|_| !is_own_key);
    if let Some(word) = &attributes.no_reference {
        if automatic.is_none() {
            errors.at(word.span(), "the field is no reference by itself: leave `no_reference` out");
        }
        for key in [
            attributes.references.as_ref().map(|r| &r.key),
            attributes.on_delete.as_ref().map(|(_, key)| key),
        ]
        .into_iter()
        .flatten()
        {
            errors.at(key.span(), format!("`{key}` contradicts `no_reference`: keep one"));
        }
        return None;
    }
    let shorthand = attributes.on_delete.as_ref();
    if let Some(syntax) = &attributes.references {
        if let (Some((_, key)), Some(_)) = (shorthand, syntax.on_delete) {
            errors.at(key.span(), "`on_delete` is given twice: keep one");
        }
        if syntax.columns.is_some() {
            errors.at(
                syntax.key.span(),
                "a field refers by itself: leave `columns(...)` out, or write it on the struct",
            );
        }
        let on_delete = syntax.on_delete.or(shorthand.map(|(action, _)| *action));
        return written(syntax, vec![column.name.clone()], on_delete, owner, errors);
    }
    let Some(target) = automatic else {
        if let Some((_, key)) = shorthand {
            errors.at(
                key.span(),
                "the field is no reference: make it an `Id<T>`, or write `references(...)`",
            );
        }
        return None;
    };
    Some(Reference {
        name: None,
        columns: vec![column.name.clone()],
        target: Target::Entity(Box::new(target.clone())),
        to: vec!["id".to_owned()],
        on_delete: shorthand.map_or(OnDelete::Restrict, |(action, _)| *action),
        span: shorthand.map_or_else(|| column.ident.span(), |(_, key)| key.span()),
    })
}

/// The reference that the struct's attributes write, over several columns.
pub(super) fn of_struct(
    syntax: &ReferenceSyntax,
    owner: &Ident,
    errors: &mut Errors,
) -> Option<Reference> {
    let Some(columns) = &syntax.columns else {
        errors.at(
            syntax.key.span(),
            "write `references(columns(a, b), table = \"...\", to(c, d))`, or move a reference of \
             one column to its field",
        );
        return None;
    };
    let columns = columns.iter().map(Ident::to_string).collect();
    written(syntax, columns, syntax.on_delete, owner, errors)
}

fn written(
    syntax: &ReferenceSyntax,
    columns: Vec<String>,
    on_delete: Option<OnDelete>,
    owner: &Ident,
    errors: &mut Errors,
) -> Option<Reference> {
    let span = syntax.key.span();
    let target = match (&syntax.target, &syntax.table) {
        (Some(target), None) => {
            if let Some(schema) = &syntax.schema {
                errors.at(schema.span(), "the type says the schema: leave `schema` out");
            }
            Target::Entity(Box::new(replace_self(target, owner)))
        }
        (None, Some(table)) => Target::Table {
            schema: syntax.schema.as_ref().map(LitStr::value),
            table: table.value(),
        },
        (Some(_), Some(table)) => {
            errors.at(table.span(), "the type says the table: leave `table` out");
            return None;
        }
        (None, None) => {
            errors
                .at(span, "write the target: `references(Type)` or `references(table = \"...\")`");
            return None;
        }
    };
    let to = match &syntax.to {
        Some(to) => to.iter().map(LitStr::value).collect(),
        None if columns.len() == 1 => vec!["id".to_owned()],
        None => {
            errors.at(span, "name the target's columns: write `to(a, b)`");
            return None;
        }
    };
    if to.len() != columns.len() {
        let message = format!(
            "{} referring and {} target columns: name as many in `to` as refer",
            columns.len(),
            to.len()
        );
        errors.at(span, message);
    }
    Some(Reference {
        name: syntax.name.as_ref().map(LitStr::value),
        columns,
        target,
        to,
        on_delete: on_delete.unwrap_or(OnDelete::Restrict),
        span,
    })
}
