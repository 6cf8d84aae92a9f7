//! A view, ready to be written out: its sources, and what each field shows.

use super::parse_view::{ColumnSyntax, ConditionSyntax, JoinKind, JoinSyntax, SourceSyntax};
use super::parse_view::{OperandSyntax, ValueSyntax, ViewSyntax};
use crate::errors::Errors;
use proc_macro2::Ident;

/// What a view is computed from.
pub(super) struct View {
    pub(super) from: SourceSyntax,
    pub(super) joins: Vec<JoinSyntax>,
    pub(super) conditions: Vec<ConditionSyntax>,
    /// One per field.
    pub(super) shows: Vec<ValueSyntax>,
}

/// A field, and what it says that it shows.
pub(super) type FieldValue = (Ident, String, Option<ValueSyntax>);

impl View {
    /// Puts a view together; mistakes go to `errors`. A field that says nothing shows the column
    /// of its own name.
    pub(super) fn new(
        syntax: ViewSyntax,
        fields: Vec<FieldValue>,
        errors: &mut Errors,
    ) -> Option<Self> {
        let Some(from) = syntax.from else {
            errors.at(syntax.key.span(), "a view shows rows of a table: write `from(name: Type)`");
            return None;
        };
        let shows = fields.into_iter().map(|(ident, name, value)| {
            let column = || ColumnSyntax {
                source: from.name.clone(),
                column: Ident::new(&name, ident.span()),
            };
            value.unwrap_or_else(|| ValueSyntax::Column(column()))
        });
        let shows = shows.collect();
        let view = Self { from, joins: syntax.joins, conditions: syntax.conditions, shows };
        view.check(errors);
        Some(view)
    }

    /// Whether rows are groups.
    pub(super) fn is_grouped(&self) -> bool {
        self.shows.iter().any(|value| match value {
            ValueSyntax::Rows => true,
            ValueSyntax::Aggregate(_, column) => !self.is_related(&column.source),
            ValueSyntax::Column(_) | ValueSyntax::Begin(..) => false,
        })
    }

    fn is_related(&self, source: &Ident) -> bool {
        let mut related = self.joins.iter().filter(|join| join.kind == JoinKind::Related);
        related.any(|join| join.source.name == *source)
    }

    /// Every source is named once and known where it is used. Tables and columns are looked up
    /// when the catalog is made.
    fn check(&self, errors: &mut Errors) {
        let mut names = vec![&self.from.name];
        for join in &self.joins {
            let name = &join.source.name;
            if names.contains(&name) {
                errors.at(name.span(), format!("a source `{name}` exists: choose another name"));
            }
            names.push(name);
        }
        let conditions =
            self.joins.iter().flat_map(|join| &join.on).chain(&self.conditions).flat_map(columns);
        let shown = self.shows.iter().filter_map(|value| match value {
            ValueSyntax::Column(c) | ValueSyntax::Begin(_, c) | ValueSyntax::Aggregate(_, c) => {
                Some(c)
            }
            ValueSyntax::Rows => None,
        });
        for column in conditions.chain(shown) {
            if !names.contains(&&column.source) {
                let known: Vec<String> = names.iter().map(ToString::to_string).collect();
                let source = &column.source;
                let message = format!("no source `{source}`: the sources are {}", known.join(", "));
                errors.at(source.span(), message);
            }
        }
    }
}

fn columns(condition: &ConditionSyntax) -> Vec<&ColumnSyntax> {
    match &condition.right {
        OperandSyntax::Column(right) => vec![&condition.left, right],
        _ => vec![&condition.left],
    }
}
