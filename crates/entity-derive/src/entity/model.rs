//! The declaration as a whole: names resolved, conventions applied, rules checked.

use super::check::{self, Names};
use super::column::{Column, Surroundings};
use super::parse::{EntityAttributes, Scope};
use super::parse_field::FieldAttributes;
use super::parse_key::{CheckSyntax, IndexSyntax, UniqueSyntax};
use super::reference::{self, Reference};
use super::view::{FieldValue, View};
use super::words::Classification;
use crate::attribute::description;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Field, Fields, LitStr, Result, Token};

const DEFAULT_SCHEMA: &str = "mainstay";

/// An entity, ready to be written out.
pub(super) struct Entity {
    pub(super) ident: Ident,
    pub(super) table: String,
    pub(super) schema: String,
    pub(super) description: String,
    pub(super) scope: Scope,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Vec<String>,
    pub(super) references: Vec<Reference>,
    pub(super) uniques: Vec<Unique>,
    pub(super) checks: Vec<Check>,
    pub(super) indexes: Vec<Index>,
    pub(super) audited: bool,
    pub(super) soft_delete: bool,
    pub(super) append_only: bool,
    pub(super) read_only: bool,
    pub(super) partitioned: bool,
    pub(super) queue: bool,
    pub(super) search_later: bool,
    pub(super) global_key: bool,
    pub(super) retain_days: Option<u32>,
    pub(super) renamed_from: Option<String>,
    pub(super) max_rows: Option<u32>,
    pub(super) view: Option<View>,
}

/// A unique key.
#[derive(PartialEq)]
pub(super) struct Unique {
    pub(super) columns: Vec<String>,
    pub(super) nulls_distinct: bool,
    pub(super) filter: Option<String>,
}

/// A condition that every row meets.
pub(super) struct Check {
    pub(super) name: String,
    pub(super) condition: String,
}

/// An index.
#[derive(PartialEq)]
pub(super) struct Index {
    pub(super) columns: Vec<IndexColumn>,
    pub(super) filter: Option<String>,
    pub(super) global: bool,
    pub(super) brin: bool,
}

/// One column of an index.
#[derive(PartialEq)]
pub(super) struct IndexColumn {
    pub(super) name: String,
    pub(super) path: Vec<String>,
    pub(super) descending: bool,
}

impl Entity {
    /// Reads and checks a declaration. The error holds every mistake found.
    pub(super) fn from_declaration(input: &DeriveInput) -> Result<Self> {
        let fields = named_fields(input)?;
        let mut errors = Errors::default();
        let mut attributes = EntityAttributes::parse(&input.attrs, &mut errors);
        check::essentials(input, &attributes, &mut errors);
        let scope = attributes.scope.clone().unwrap_or(Scope::Platform);
        let syntax = attributes.view.take();
        let (columns, mut references, values) =
            read_fields(fields, &input.ident, &attributes, (&scope, syntax.is_some()), &mut errors);
        let view = syntax.and_then(|syntax| {
            check::view(&syntax, &attributes, &mut errors);
            View::new(syntax, values, &mut errors)
        });
        let from_struct = attributes.references.iter();
        references
            .extend(from_struct.filter_map(|r| reference::of_struct(r, &input.ident, &mut errors)));

        let names = Names::new(&columns);
        let is_view = attributes.is_given("view");
        check::fields(&input.ident, &attributes, (&scope, is_view), &columns, &mut errors);
        check::keys(&attributes, &names, &mut errors);
        check::references(&attributes, &references, &columns, &mut errors);
        let primary_key = match &view {
            Some(view) if view.is_grouped() && attributes.primary_key.is_none() => {
                let makes_groups = columns.iter().zip(&view.shows);
                let key = makes_groups.filter(|(_, value)| value.makes_groups());
                key.map(|(column, _)| column.name.clone()).collect()
            }
            _ => primary_key(&input.ident, &attributes, &scope, &columns, &mut errors),
        };

        errors.finish(Self {
            ident: input.ident.clone(),
            table: attributes.table.as_ref().map(LitStr::value).unwrap_or_default(),
            schema: schema(&attributes),
            description: description(&input.attrs).unwrap_or_default(),
            scope,
            columns,
            primary_key,
            references,
            uniques: attributes.uniques.iter().map(Unique::from).collect(),
            checks: attributes.checks.iter().map(Check::from).collect(),
            indexes: attributes.indexes.iter().map(Index::from).collect(),
            audited: attributes.unaudited.is_none(),
            soft_delete: attributes.soft_delete.is_some(),
            append_only: attributes.append_only.is_some(),
            read_only: attributes.read_only.is_some() || is_view,
            partitioned: attributes.partitioned.is_some(),
            queue: attributes.queue.is_some(),
            search_later: attributes.search_later.is_some(),
            global_key: attributes.global_key.is_some(),
            retain_days: attributes.retain_days,
            renamed_from: attributes.renamed_from.as_ref().map(LitStr::value),
            max_rows: attributes.max_rows,
            view,
        })
    }
}

fn schema(attributes: &EntityAttributes) -> String {
    attributes.schema.as_ref().map_or_else(|| DEFAULT_SCHEMA.to_owned(), LitStr::value)
}

fn named_fields(input: &DeriveInput) -> Result<&Punctuated<Field, Token![,]>> {
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new_spanned(
            parameter,
            "an entity is one table, so it takes no parameters: leave them out",
        ));
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(&fields.named),
            _ => Err(Error::new_spanned(
                &input.ident,
                "columns need names: write `struct ... { field: Type, ... }`",
            )),
        },
        _ => Err(Error::new_spanned(
            &input.ident,
            "an entity is a struct with named fields; for an enum write `#[derive(Choice)]`",
        )),
    }
}

fn read_fields(
    fields: &Punctuated<Field, Token![,]>,
    owner: &Ident,
    attributes: &EntityAttributes,
    (scope, is_view): (&Scope, bool),
    errors: &mut Errors,
) -> (Vec<Column>, Vec<Reference>, Vec<FieldValue>) {
    let around = Surroundings {
        owner,
        // A wrong word is reported once, not again at each field.
        classification: attributes
            .classification
            .or(attributes.is_given("classification").then_some(Classification::Internal)),
        soft_delete: attributes.soft_delete.is_some(),
        tenant: scope.is_tenant(),
        view: is_view,
    };
    let mut columns = Vec::with_capacity(fields.len());
    let mut references = Vec::new();
    let mut values = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let mut own = FieldAttributes::parse(&field.attrs, errors);
        let value = own.value.take();
        if let Some((key, _)) = value.as_ref().filter(|_| !is_view) {
            errors
                .at(key.span(), "a table holds its values: leave `value` out, or add `view(...)`");
        }
        let column = Column::from_field(field, ident, &own, &around, errors);
        references.extend(reference::of_field(&column, &own, owner, errors));
        values.push((ident.clone(), column.name.clone(), value.map(|(_, value)| value)));
        columns.push(column);
    }
    (columns, references, values)
}

/// The declared key, else `organization_id, id` in a tenant's table and `id` in others.
fn primary_key(
    name: &Ident,
    attributes: &EntityAttributes,
    scope: &Scope,
    columns: &[Column],
    errors: &mut Errors,
) -> Vec<String> {
    let key: Vec<String> = match &attributes.primary_key {
        Some(declared) => declared.iter().map(Ident::to_string).collect(),
        None if scope.is_tenant() => vec!["organization_id".to_owned(), "id".to_owned()],
        None => vec!["id".to_owned()],
    };
    check::primary_key(name, attributes, scope, &key, columns, errors);
    key
}

impl From<&UniqueSyntax> for Unique {
    fn from(syntax: &UniqueSyntax) -> Self {
        Self {
            columns: syntax.columns.iter().map(Ident::to_string).collect(),
            nulls_distinct: syntax.nulls_not_distinct.is_none(),
            filter: syntax.filter.as_ref().map(LitStr::value),
        }
    }
}

impl From<&CheckSyntax> for Check {
    fn from(syntax: &CheckSyntax) -> Self {
        Self { name: syntax.name.value(), condition: syntax.condition.value() }
    }
}

impl From<&IndexSyntax> for Index {
    fn from(syntax: &IndexSyntax) -> Self {
        let columns = syntax.columns.iter().map(|column| IndexColumn {
            name: column.name.to_string(),
            path: column.path.clone(),
            descending: column.descending,
        });
        Self {
            columns: columns.collect(),
            filter: syntax.filter.as_ref().map(LitStr::value),
            global: syntax.global.is_some(),
            brin: syntax.brin.is_some(),
        }
    }
}
