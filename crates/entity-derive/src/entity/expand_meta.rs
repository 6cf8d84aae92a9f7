//! Writes the `EntityMeta`.

use super::column::{Column, DefaultValue};
use super::expand_view;
use super::field_type::is_own;
use super::model::{Check, Entity, Index, Unique};
use super::parse::Scope;
use super::reference::{Reference, Target};
use crate::tokens::{list, option, text, texts};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// The `EntityMeta` as a constant expression.
pub(super) fn expand(entity: &Entity) -> TokenStream {
    let Entity {
        audited,
        soft_delete,
        append_only,
        read_only,
        partitioned,
        queue,
        global_key,
        search_later,
        ..
    } = entity;
    let (table, schema, description) =
        (text(&entity.table), text(&entity.schema), text(&entity.description));
    let scope = scope(&entity.scope);
    let columns = list(entity.columns.iter().map(column));
    let primary_key = texts(&entity.primary_key);
    let references = list(entity.references.iter().map(|r| reference(r, entity)));
    let uniques = list(entity.uniques.iter().map(unique));
    let checks = list(entity.checks.iter().map(check));
    let indexes = list(entity.indexes.iter().map(index));
    let audit = if *audited { quote!(Full) } else { quote!(None) };
    let retain_days = option(entity.retain_days);
    let renamed_from = option(entity.renamed_from.as_ref().map(text));
    let max_rows = option(entity.max_rows);
    let view = option(entity.view.as_ref().map(|view| expand_view::expand(view, entity)));
    quote! {
        ::mainstay_entity::EntityMeta {
            table: #table,
            schema: #schema,
            description: #description,
            scope: #scope,
            columns: #columns,
            computed: ::std::borrow::Cow::Borrowed(&[]),
            primary_key: #primary_key,
            references: #references,
            relationships: ::std::borrow::Cow::Borrowed(&[]),
            uniques: #uniques,
            checks: #checks,
            indexes: #indexes,
            global_key: #global_key,
            audit: ::mainstay_entity::Audit::#audit,
            soft_delete: #soft_delete,
            append_only: #append_only,
            read_only: #read_only,
            partitioned: #partitioned,
            retain_days: #retain_days,
            queue: #queue,
            renamed_from: #renamed_from,
            max_rows: #max_rows,
            search_later: #search_later,
            view: #view,
        }
    }
}

fn scope(scope: &Scope) -> TokenStream {
    let owner = |key: &str, column: &Ident| {
        let (key, column) = (format_ident!("{key}"), text(column.to_string()));
        quote!(Owner(::mainstay_entity::OwnerKey::#key(#column)))
    };
    let variant = match scope {
        Scope::Tenant => quote!(Tenant),
        Scope::Venue => quote!(Venue),
        Scope::Team => quote!(Team),
        Scope::OwnerUser(column) => owner("User", column),
        Scope::OwnerOrganization(column) => owner("Organization", column),
        Scope::Platform => quote!(Platform),
        Scope::Public => quote!(Public),
    };
    quote!(::mainstay_entity::Scope::#variant)
}

fn column(column: &Column) -> TokenStream {
    let Column { touch, subject, read_only, blind_index, search, .. } = column;
    let ty = &column.ty.tokens;
    let (name, description) = (text(&column.name), text(&column.description));
    // A type that is no column type is reported where it is written, as generated code.
    let span = ty.span().resolved_at(Span::call_site());
    let field = quote_spanned!(span=> <#ty as ::mainstay_entity::Field>);
    let default = option(column.default.as_ref().map(default));
    let classification = column.classification.variant();
    let personal = column.personal.variant();
    let (min, max) = (option(column.min), option(column.max));
    let renamed_from = option(column.renamed_from.as_ref().map(text));
    quote! {
        ::mainstay_entity::Column {
            name: #name,
            kind: #field::KIND,
            nullable: #field::NULLABLE,
            default: #default,
            touch: #touch,
            classification: ::mainstay_entity::Classification::#classification,
            personal: ::mainstay_entity::Personal::#personal,
            subject: #subject,
            read_only: #read_only,
            blind_index: #blind_index,
            search: #search,
            min: #min,
            max: #max,
            description: #description,
            renamed_from: #renamed_from,
        }
    }
}

fn default(default: &DefaultValue) -> TokenStream {
    let variant = match default {
        DefaultValue::Literal(literal) => {
            let literal = text(literal);
            quote!(Literal(#literal))
        }
        DefaultValue::Now => quote!(Now),
        DefaultValue::NewId => quote!(NewId),
    };
    quote!(::mainstay_entity::DefaultValue::#variant)
}

fn reference(reference: &Reference, entity: &Entity) -> TokenStream {
    let name = option(reference.name.as_ref().map(text));
    let columns = texts(&reference.columns);
    let (schema, table) = target(&reference.target, entity);
    let to = texts(&reference.to);
    let on_delete = reference.on_delete.variant();
    quote! {
        ::mainstay_entity::Reference {
            name: #name,
            columns: #columns,
            schema: #schema,
            table: #table,
            to: #to,
            on_delete: ::mainstay_entity::OnDelete::#on_delete,
        }
    }
}

/// The schema and table of a target.
pub(super) fn target(target: &Target, entity: &Entity) -> (TokenStream, TokenStream) {
    match target {
        Target::Entity(target) if is_own(target, &entity.ident) => {
            (text(&entity.schema), text(&entity.table))
        }
        Target::Entity(target) => {
            let span = target.span().resolved_at(Span::call_site());
            let target = quote_spanned!(span=> <#target as ::mainstay_entity::Entity>);
            (text(quote!(#target::SCHEMA)), text(quote!(#target::TABLE)))
        }
        Target::Table { schema, table } => {
            (text(schema.as_ref().unwrap_or(&entity.schema)), text(table))
        }
    }
}

fn unique(unique: &Unique) -> TokenStream {
    let columns = texts(&unique.columns);
    let nulls = if unique.nulls_distinct { quote!(Yes) } else { quote!(No) };
    let filter = option(unique.filter.as_ref().map(text));
    quote! {
        ::mainstay_entity::Unique {
            columns: #columns,
            nulls: ::mainstay_entity::NullsDistinct::#nulls,
            filter: #filter,
        }
    }
}

fn check(check: &Check) -> TokenStream {
    let (name, condition) = (text(&check.name), text(&check.condition));
    quote!(::mainstay_entity::Check { name: #name, condition: #condition })
}

fn index(index: &Index) -> TokenStream {
    let columns = list(index.columns.iter().map(|column| {
        let (name, path) = (text(&column.name), texts(&column.path));
        let direction = if column.descending { quote!(Descending) } else { quote!(Ascending) };
        quote! {
            ::mainstay_entity::IndexColumn {
                name: #name,
                path: #path,
                direction: ::mainstay_entity::Direction::#direction,
            }
        }
    }));
    let filter = option(index.filter.as_ref().map(text));
    let (global, brin) = (index.global, index.brin);
    quote! {
        ::mainstay_entity::Index {
            columns: #columns,
            filter: #filter,
            global: #global,
            brin: #brin,
        }
    }
}
