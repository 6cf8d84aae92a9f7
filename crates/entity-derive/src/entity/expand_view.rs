//! Writes the `View` of an entity that is one.

use super::expand_meta::target;
use super::model::Entity;
use super::parse_view::{ColumnSyntax, ConditionSyntax, OperandSyntax, SourceSyntax, ValueSyntax};
use super::view::View;
use crate::tokens::{list, text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The `View` as a constant expression.
pub(super) fn expand(view: &View, entity: &Entity) -> TokenStream {
    let from = source(&view.from, entity);
    let joins = list(view.joins.iter().map(|join| {
        let kind = format_ident!("{}", join.kind.variant());
        let (source, on) = (source(&join.source, entity), list(join.on.iter().map(condition)));
        quote! {
            ::mainstay_entity::view::Join {
                kind: ::mainstay_entity::view::JoinKind::#kind,
                source: #source,
                on: #on,
            }
        }
    }));
    let conditions = list(view.conditions.iter().map(condition));
    let shows = list(view.shows.iter().map(shown));
    quote! {
        ::mainstay_entity::View {
            from: #from,
            joins: #joins,
            conditions: #conditions,
            shows: #shows,
            first: ::core::option::Option::None,
        }
    }
}

fn source(source: &SourceSyntax, entity: &Entity) -> TokenStream {
    let name = text(source.name.to_string());
    let (schema, table) = target(&source.target, entity);
    quote!(::mainstay_entity::view::Source { name: #name, schema: #schema, table: #table })
}

fn column(column: &ColumnSyntax) -> TokenStream {
    let (source, name) = (text(column.source.to_string()), text(column.column.to_string()));
    quote!(::mainstay_entity::view::ColumnRef { source: #source, column: #name })
}

fn condition(condition: &ConditionSyntax) -> TokenStream {
    let left = column(&condition.left);
    let comparison = format_ident!("{}", condition.comparison.variant());
    let right = match &condition.right {
        OperandSyntax::Column(right) => {
            let right = column(right);
            quote!(Column(#right))
        }
        OperandSyntax::Literal(literal) => {
            let literal = text(literal);
            quote!(Literal(#literal))
        }
        OperandSyntax::Ago(seconds) => quote!(Ago(#seconds)),
        OperandSyntax::Null => quote!(Null),
    };
    quote! {
        ::mainstay_entity::view::Condition {
            left: #left,
            comparison: ::mainstay_entity::view::Comparison::#comparison,
            right: ::mainstay_entity::view::Operand::#right,
        }
    }
}

fn shown(value: &ValueSyntax) -> TokenStream {
    let variant = match value {
        ValueSyntax::Column(of) => {
            let of = column(of);
            quote!(Column(#of))
        }
        ValueSyntax::Begin(period, of) => {
            let (period, of) = (format_ident!("{period}"), column(of));
            quote!(Begin(::mainstay_entity::view::Period::#period, #of))
        }
        ValueSyntax::Rows => quote!(Rows),
        ValueSyntax::Aggregate(function, of) => {
            let (function, of) = (format_ident!("{function}"), column(of));
            quote!(Aggregate(::mainstay_entity::view::Function::#function, #of))
        }
    };
    quote!(::mainstay_entity::view::Shown::#variant)
}
