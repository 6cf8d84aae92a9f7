//! The rules that a declaration as a whole must keep.

use super::column::Column;
use super::field_type::Shape;
use super::model::{Index, Unique};
use super::parse::{EntityAttributes, Scope};
use super::parse_view::ViewSyntax;
use super::reference::Reference;
use super::words::OnDelete;
use crate::attribute::description;
use crate::errors::Errors;
use proc_macro2::Ident;
use std::collections::HashSet;
use syn::DeriveInput;

/// The names that lists of columns may use.
pub(super) struct Names<'a> {
    columns: &'a [Column],
}

impl<'a> Names<'a> {
    pub(super) fn new(columns: &'a [Column]) -> Self {
        Self { columns }
    }

    /// Every name of a list must be a field, once.
    fn check<'b>(&self, list: impl IntoIterator<Item = &'b Ident>, errors: &mut Errors) {
        let mut seen = HashSet::new();
        for name in list {
            self.check_one(name, errors);
            if !seen.insert(name.to_string()) {
                errors.at(name.span(), format!("`{name}` is listed twice: keep one"));
            }
        }
    }

    /// A field, or the companion that a blind index adds to one.
    fn is_known(&self, name: &str) -> bool {
        let companion_of = |of: &str| find(self.columns, of).is_some_and(|c| c.blind_index);
        find(self.columns, name).is_some() || name.strip_suffix("_blind").is_some_and(companion_of)
    }

    fn check_one(&self, name: &Ident, errors: &mut Errors) {
        if !self.is_known(&name.to_string()) {
            let known: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
            let message = format!("no field `{name}`: the fields are {}", known.join(", "));
            errors.at(name.span(), message);
        }
    }
}

fn find<'a>(columns: &'a [Column], name: &str) -> Option<&'a Column> {
    columns.iter().find(|column| column.name == name)
}

/// What every entity says: its table, its scope and what it is.
pub(super) fn essentials(input: &DeriveInput, attributes: &EntityAttributes, errors: &mut Errors) {
    let span = input.ident.span();
    if !attributes.is_given("table") {
        errors.at(span, "the table has no name: write `#[entity(table = \"...\")]`");
    }
    if !attributes.is_given("scope") {
        errors.at(
            span,
            "nothing says who may reach the rows: write `#[entity(scope = tenant)]` (or venue, \
             team, owner(user = ...), owner(organization = ...), platform, public)",
        );
    }
    if description(&input.attrs).is_none() {
        errors.at(
            span,
            "nothing says what the record is: write a doc comment, `/// ...`, above the struct",
        );
    }
}

/// The fields that attributes of the struct rely on, and attributes that exclude each other.
pub(super) fn fields(
    name: &Ident,
    attributes: &EntityAttributes,
    (scope, is_view): (&Scope, bool),
    columns: &[Column],
    errors: &mut Errors,
) {
    if scope.is_tenant() {
        if find(columns, "organization_id").is_none() {
            errors.at(
                name.span(),
                "rows of this scope belong to an organisation: add \
                 `pub organization_id: Id<Organization>`",
            );
        }
        if find(columns, "id").is_none() && attributes.primary_key.is_none() && !is_view {
            errors.at(name.span(), "rows of this scope have an identifier: add `pub id: Id<Self>`");
        }
    }
    if let Scope::OwnerUser(column) | Scope::OwnerOrganization(column) = scope {
        Names::new(columns).check_one(column, errors);
    }
    if let Some(word) = &attributes.soft_delete {
        let is_fit =
            |c: &Column| c.ty.optional && matches!(c.ty.shape, Shape::Timestamp | Shape::Unknown);
        if !find(columns, "deleted_at").is_some_and(is_fit) {
            errors.at(
                word.span(),
                "deleted rows keep the time of it: add `pub deleted_at: Option<Timestamp>`",
            );
        }
    }
    if attributes.append_only.is_some() {
        for word in [&attributes.soft_delete, &attributes.queue].into_iter().flatten() {
            errors.at(
                word.span(),
                format!("`{word}` changes rows and `append_only` forbids it: keep one"),
            );
        }
    }
}

/// What a view can't say: its rows are those of other tables.
pub(super) fn view(syntax: &ViewSyntax, attributes: &EntityAttributes, errors: &mut Errors) {
    let flags = [
        &attributes.soft_delete,
        &attributes.append_only,
        &attributes.partitioned,
        &attributes.queue,
        &attributes.search_later,
        &attributes.global_key,
    ];
    for word in flags.into_iter().flatten() {
        errors.at(word.span(), format!("a view holds no rows: leave `{word}` out"));
    }
    for word in ["unique", "index", "check", "retain", "renamed_from"] {
        if attributes.is_given(word) {
            let message = format!("a view holds no rows: leave `{word}` out");
            errors.at(syntax.key.span(), message);
        }
    }
}

/// Unique keys, indexes and checks.
pub(super) fn keys(attributes: &EntityAttributes, names: &Names<'_>, errors: &mut Errors) {
    let mut uniques = Vec::new();
    for syntax in &attributes.uniques {
        names.check(&syntax.columns, errors);
        let unique = Unique::from(syntax);
        if uniques.contains(&unique) {
            errors.at(syntax.key.span(), "this unique key is declared twice: keep one");
        }
        uniques.push(unique);
    }
    let mut indexes = Vec::new();
    for syntax in &attributes.indexes {
        let plain = syntax.columns.iter().filter(|column| column.path.is_empty());
        names.check(plain.map(|column| &column.name), errors);
        for column in syntax.columns.iter().filter(|column| !column.path.is_empty()) {
            names.check_one(&column.name, errors);
            let of = find(names.columns, &column.name.to_string()).map(|c| &c.ty.shape);
            if of.is_some_and(|shape| !matches!(shape, Shape::Json | Shape::Unknown)) {
                let message = format!("`{}` has no keys: a path needs `Json<T>`", column.name);
                errors.at(column.name.span(), message);
            }
        }
        let index = Index::from(syntax);
        if indexes.contains(&index) {
            errors.at(syntax.key.span(), "this index is declared twice: keep one");
        }
        indexes.push(index);
    }
    let mut checks = HashSet::new();
    for syntax in &attributes.checks {
        if !checks.insert(syntax.name.value()) {
            let message = format!("a check `{}` exists: choose another name", syntax.name.value());
            errors.at(syntax.name.span(), message);
        }
    }
}

/// What references demand of their columns.
pub(super) fn references(
    attributes: &EntityAttributes,
    references: &[Reference],
    columns: &[Column],
    errors: &mut Errors,
) {
    for syntax in &attributes.references {
        if let Some(list) = &syntax.columns {
            Names::new(columns).check(list, errors);
        }
    }
    for reference in references {
        if reference.on_delete != OnDelete::Restrict && attributes.append_only.is_some() {
            errors.at(
                reference.span,
                "rows of an `append_only` entity stay as they are: write `on_delete = restrict`",
            );
        }
        let required = reference.columns.iter().filter_map(|name| find(columns, name));
        for column in
            required.filter(|c| reference.on_delete == OnDelete::SetNull && !c.ty.optional)
        {
            let message = format!("`{}` can't become null: make it `Option<_>`", column.name);
            errors.at(reference.span, message);
        }
    }
}

/// What a primary key must be.
pub(super) fn primary_key(
    name: &Ident,
    attributes: &EntityAttributes,
    scope: &Scope,
    key: &[String],
    columns: &[Column],
    errors: &mut Errors,
) {
    match &attributes.primary_key {
        Some(declared) => {
            Names::new(columns).check(declared, errors);
            if scope.is_tenant()
                && attributes.global_key.is_none()
                && let Some(first) = declared.first()
                && first != "organization_id"
            {
                errors.at(
                    first.span(),
                    "a key of this scope starts with the organisation: write \
                     `primary_key(organization_id, ...)`",
                );
            }
        }
        None if !scope.is_tenant() && find(columns, "id").is_none() => errors.at(
            name.span(),
            "the table has no key: add `pub id: Id<Self>`, or write `primary_key(...)`",
        ),
        None => {}
    }
    for column in key.iter().filter_map(|name| find(columns, name)) {
        if column.ty.optional {
            let message = format!("`{}` is part of the key: it can't be `Option<_>`", column.name);
            errors.at(column.ident.span(), message);
        }
    }
    if let Some(word) = &attributes.partitioned
        && !key.iter().any(|name| name == "id")
    {
        errors.at(word.span(), "partitions are ranges of `id`: the primary key must contain it");
    }
}
