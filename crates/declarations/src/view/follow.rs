//! What follows from what a view shows: its key and its references.

use super::Reader;
use crate::error::Faults;
use crate::members::Item;
use mainstay_entity::view::{JoinKind, Shown};
use mainstay_entity::{EntityMeta, OnDelete, OwnerKey, Reference, Scope, Str, TENANT_COLUMN};

impl Reader<'_> {
    /// Whether it is a value over the rows of a group.
    fn makes_one_of_many(&self, shown: &Shown) -> bool {
        match shown {
            Shown::Rows => true,
            Shown::Aggregate(_, of) => self
                .sources
                .iter()
                .any(|source| source.name == of.source && source.kind != Some(JoinKind::Related)),
            _ => false,
        }
    }

    /// The key: what tells groups apart, or the key of the table that is shown.
    fn key(&self, meta: &EntityMeta, shows: &[Shown]) -> Result<Vec<Str>, (String, String)> {
        let from = &self.sources[0];
        if shows.iter().any(|shown| self.makes_one_of_many(shown)) {
            let pairs = meta.columns.iter().zip(shows);
            let makers = pairs
                .filter(|(_, shown)| matches!(shown, Shown::Column(_) | Shown::Begin(..)))
                .map(|(column, _)| column.name.clone());
            return Ok(makers.collect());
        }
        if from.meta.primary_key.is_empty() {
            return Err((
                "the table that it shows has no key".to_owned(),
                "give it one".to_owned(),
            ));
        }
        let key = from.meta.primary_key.iter();
        let shown: Option<Vec<Str>> =
            key.clone().map(|name| shown_as(meta, shows, &from.name, name)).collect();
        let names: Vec<&str> = key.map(AsRef::as_ref).filter(|n| *n != TENANT_COLUMN).collect();
        shown.ok_or_else(|| {
            let message = "the view does not show the key of its table".to_owned();
            (message, format!("show {} too", names.join(", ")))
        })
    }

    /// The references of the tables whose columns are shown.
    fn references(&self, meta: &EntityMeta, shows: &[Shown]) -> Vec<Reference> {
        let mut references: Vec<Reference> = Vec::new();
        for source in self.sources.iter().filter(|s| s.kind != Some(JoinKind::Related)) {
            for reference in source.meta.references.iter() {
                let columns = reference.columns.iter();
                let columns = columns.map(|name| shown_as(meta, shows, &source.name, name));
                let Some(columns) = columns.collect::<Option<Vec<_>>>() else { continue };
                let usual =
                    || format!("{}_{}_fkey", source.meta.table, reference.columns.join("_")).into();
                // Clients name the relation by the constraint, as they do with the table.
                let name = Some(reference.name.clone().unwrap_or_else(usual));
                if references.iter().all(|other| other.name != name) {
                    let (columns, on_delete) = (columns.into(), OnDelete::Restrict);
                    references.push(Reference { name, columns, on_delete, ..reference.clone() });
                }
            }
        }
        references
    }

    /// The key and the references that follow from what is shown.
    pub(super) fn finish(
        &self,
        meta: &mut EntityMeta,
        shows: &[Shown],
        view: &Item<'_>,
        faults: &mut Faults,
    ) {
        match self.key(meta, shows) {
            Ok(key) => meta.primary_key = key.into(),
            Err((message, fix)) => view.refuse(message, fix, faults),
        }
        if let Scope::Owner(OwnerKey::User(owner) | OwnerKey::Organization(owner)) = &meta.scope
            && meta.column(owner).is_none()
        {
            let message = format!("rows of one's own show whose they are in `{owner}`");
            let fix = format!("show `{owner}: {}.{owner}`", self.sources[0].name);
            view.refuse(message, fix, faults);
        }
        meta.references = self.references(meta, shows).into();
    }
}

/// The column of the view that shows a column of a source.
fn shown_as(meta: &EntityMeta, shows: &[Shown], source: &str, column: &str) -> Option<Str> {
    let is_it = |shown: &Shown| matches!(shown, Shown::Column(of) if of.source == source && of.column == column);
    Some(meta.columns.get(shows.iter().position(is_it)?)?.name.clone())
}
