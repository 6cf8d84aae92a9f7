//! Tables in relation to each other: names, references, and the order in which they are made.

use crate::error::{Error, Faults, Place, suggest};
use crate::table::Table;
use crate::table::reference::Draft;
use mainstay_entity::{
    BUILT_IN_SCHEMA, EntityMeta, OnDelete, OwnerKey, Reference, Scope, TENANT_COLUMN,
};
use std::collections::{HashMap, HashSet};

/// Resolves the references of all tables, and puts those first that others refer to.
pub(crate) fn link(
    tables: &mut Vec<(String, Table)>,
    known: &[EntityMeta],
    errors: &mut Vec<Error>,
) {
    names(tables, errors);
    let metas: Vec<EntityMeta> = tables.iter().map(|(_, table)| table.meta.clone()).collect();
    let find = |schema: &str, name: &str| {
        metas.iter().chain(known).find(|meta| meta.schema == schema && meta.table == name)
    };
    for (file, table) in tables.iter_mut() {
        let mut faults = Faults::new(file);
        let mut references = Vec::new();
        for draft in &table.references {
            let target = match &draft.schema {
                Some(schema) => find(schema, &draft.table),
                None => find(&table.meta.schema, &draft.table)
                    .or_else(|| find(BUILT_IN_SCHEMA, &draft.table)),
            };
            let Some(target) = target else {
                missing(&table.meta, draft, metas.iter().chain(known), &mut faults);
                continue;
            };
            references.extend(resolve(&table.meta, draft, target, &mut faults));
        }
        unique_names(&table.meta, &references, &table.references, &mut faults);
        table.meta.references = references.into();
        if table.meta.scope.is_tenant() {
            add_organization(&mut table.meta, known);
        }
        errors.extend(faults.into_errors());
    }
    cycles(tables, errors);
    sort(tables);
}

/// Rows belong to an organisation that is there; where it is known.
fn add_organization(meta: &mut EntityMeta, known: &[EntityMeta]) {
    if known.iter().any(|meta| meta.schema == BUILT_IN_SCHEMA && meta.table == "organizations") {
        meta.references.to_mut().push(Reference {
            name: None,
            columns: vec![TENANT_COLUMN.into()].into(),
            schema: BUILT_IN_SCHEMA.into(),
            table: "organizations".into(),
            to: vec!["id".into()].into(),
            on_delete: OnDelete::Restrict,
        });
    }
}

/// Two tables of one name; an embedded database knows no case.
fn names(tables: &[(String, Table)], errors: &mut Vec<Error>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let words: HashMap<String, &EntityMeta> = words(tables.iter().map(|(_, table)| &table.meta));
    for (file, table) in tables {
        let name = table.meta.qualified_name().to_lowercase();
        let mut faults = Faults::new(file);
        refuse_words(&words, &name, (table.place, "table"), &mut faults);
        if let Some(other) = seen.insert(name, file) {
            let message = format!("`{}` is declared in {other} too", table.meta.qualified_name());
            faults.add(table.place, "table", message, "keep one, or write another name");
        }
        errors.extend(faults.into_errors());
    }
}

/// The names, in lower case, of the tables that databases have beside those that are searched.
pub(crate) fn words<'a>(
    metas: impl Iterator<Item = &'a EntityMeta>,
) -> HashMap<String, &'a EntityMeta> {
    let searched = metas.filter(|meta| meta.columns.iter().any(|column| column.search));
    searched.map(|meta| (format!("{}_words", meta.qualified_name().to_lowercase()), meta)).collect()
}

/// Refuses the name of a table or view when words are held by it; tells whether they are.
pub(crate) fn refuse_words(
    words: &HashMap<String, &EntityMeta>,
    name: &str,
    (place, key): (Place, &str),
    faults: &mut Faults,
) -> bool {
    let other = words.get(&name.to_lowercase());
    if let Some(other) = other {
        let message = format!("`{name}` holds the words of `{}`, which is searched", other.table);
        faults.add(place, key, message, "write another name");
    }
    other.is_some()
}

fn missing<'a>(
    meta: &EntityMeta,
    draft: &Draft,
    all: impl Iterator<Item = &'a EntityMeta>,
    faults: &mut Faults,
) {
    let schema = draft.schema.as_deref().unwrap_or(&meta.schema);
    let names: Vec<&str> = all
        .filter(|meta| meta.schema == schema || draft.schema.is_none())
        .map(|meta| meta.table.as_ref())
        .collect();
    let fix = suggest(&draft.table, names.iter().copied());
    let fix = if fix.starts_with("did") { fix } else { "declare it, or write another".to_owned() };
    let message = format!("there is no table `{schema}.{}`", draft.table);
    faults.add(draft.place, &draft.path, message, fix);
}

fn resolve(
    meta: &EntityMeta,
    draft: &Draft,
    target: &EntityMeta,
    faults: &mut Faults,
) -> Option<Reference> {
    let before = faults.count();
    let mut refuse = |message: String, fix: String| {
        faults.add(draft.place, &draft.path, message, fix);
    };
    let own = |names: &[std::borrow::Cow<'static, str>]| -> Vec<String> {
        names.iter().filter(|name| *name != TENANT_COLUMN).map(ToString::to_string).collect()
    };
    let to = draft.to.clone().unwrap_or_else(|| own(&target.primary_key));
    if target.view.is_some() {
        refuse(format!("`{}` is a view", target.table), "name a table".to_owned());
        return None;
    }
    if to.len() != draft.columns.len() || to.is_empty() {
        let message = format!("{} columns refer to {}", draft.columns.len(), to.len());
        refuse(message, format!("the key of `{}` is [{}]", target.table, to.join(", ")));
        return None;
    }
    columns_fit(meta, draft, (target, &to), &mut refuse);
    let wanted: HashSet<&String> = to.iter().collect();
    let is_key = |names: &[std::borrow::Cow<'static, str>]| {
        own(names).iter().collect::<HashSet<_>>() == wanted
    };
    let is_unique = is_key(&target.primary_key)
        || target.uniques.iter().any(|u| u.filter.is_none() && is_key(&u.columns));
    if !is_unique {
        let message = format!("[{}] is no key of `{}`", to.join(", "), target.table);
        refuse(message, "name its primary key or a unique key".to_owned());
    }
    scopes(meta, target, &mut refuse);
    if meta.append_only && draft.on_delete != OnDelete::Restrict {
        let message = "rows that are only added stay as they are".to_owned();
        refuse(message, "write `on_delete: restrict`".to_owned());
    }
    (faults.count() == before).then(|| Reference {
        name: draft.name.clone().map(Into::into),
        columns: draft.columns.iter().cloned().map(Into::into).collect(),
        schema: target.schema.clone(),
        table: target.table.clone(),
        to: to.into_iter().map(Into::into).collect(),
        on_delete: draft.on_delete,
    })
}

/// Whether referring columns are like those that they refer to.
fn columns_fit(
    meta: &EntityMeta,
    draft: &Draft,
    (target, to): (&EntityMeta, &[String]),
    refuse: &mut impl FnMut(String, String),
) {
    for (from, to) in draft.columns.iter().zip(to) {
        match (meta.column(from), target.column(to)) {
            (None, _) => {
                let names = meta.columns.iter().map(|column| column.name.as_ref());
                refuse(format!("no column `{from}`"), suggest(from, names));
            }
            (_, None) => {
                let names = target.columns.iter().map(|column| column.name.as_ref());
                refuse(format!("`{}` has no column `{to}`", target.table), suggest(to, names));
            }
            (Some(a), Some(b)) => {
                let alike =
                    a.kind.name() == b.kind.name() || (a.kind.is_textual() && b.kind.is_textual());
                if !alike {
                    let (is, wanted) = (a.kind.name(), b.kind.name());
                    let message = format!("`{from}` is {is}, `{}.{to}` {wanted}", target.table);
                    refuse(message, format!("write `type: {wanted}`"));
                }
                if draft.on_delete == OnDelete::SetNull && !a.nullable {
                    let message = format!("`{from}` can't become null");
                    refuse(message, "add `nullable: true`".to_owned());
                }
            }
        }
    }
}

/// A reference tells whether its target is there: it must not tell more than may be known.
fn scopes(meta: &EntityMeta, target: &EntityMeta, refuse: &mut impl FnMut(String, String)) {
    if !meta.scope.is_tenant() && target.scope.is_tenant() {
        refuse(
            format!(
                "rows of the installation can't refer to `{}`, whose rows are an organisation's",
                target.table
            ),
            "write `scope: tenant`".to_owned(),
        );
    } else if meta.scope.is_tenant()
        && let Scope::Owner(OwnerKey::User(_)) = &target.scope
    {
        let fix = if target.table == "users" && target.schema == BUILT_IN_SCHEMA {
            "refer to `{table: organization_members, column: user_id}`"
        } else {
            "leave the reference out"
        };
        let message = format!(
            "a reference to `{}` would tell who belongs to other organisations",
            target.table
        );
        refuse(message, fix.to_owned());
    } else if meta.scope == Scope::Public && target.scope == Scope::Platform {
        let message = format!("everyone would see which rows `{}` has", target.table);
        refuse(message, "write `scope: platform`".to_owned());
    }
}

/// Constraints of one table have different names.
fn unique_names(
    meta: &EntityMeta,
    references: &[Reference],
    drafts: &[Draft],
    faults: &mut Faults,
) {
    let mut seen = HashSet::new();
    for (reference, draft) in references.iter().zip(drafts) {
        let usual = || format!("{}_{}_fkey", meta.table, reference.columns.join("_"));
        let name = reference.name.as_ref().map_or_else(usual, ToString::to_string);
        if !seen.insert(name.clone()) {
            let message = format!("another reference is named `{name}` too");
            faults.add(draft.place, &draft.path, message, "write `name: ...`");
        }
    }
}

fn qualified(reference: &Reference) -> String {
    format!("{}.{}", reference.schema, reference.table)
}

/// References that every row must have, in a circle: no first row could be added.
fn cycles(tables: &[(String, Table)], errors: &mut Vec<Error>) {
    let required: HashMap<String, Vec<String>> = tables
        .iter()
        .map(|(_, table)| {
            let is_required = |reference: &&Reference| {
                reference.columns.iter().all(|c| table.meta.column(c).is_some_and(|c| !c.nullable))
            };
            let own = table.meta.qualified_name();
            let targets = table.meta.references.iter().filter(is_required).map(qualified);
            let targets = targets.filter(|target| *target != own).collect();
            (own, targets)
        })
        .collect();
    let mut told: HashSet<String> = HashSet::new();
    for (file, table) in tables {
        let start = table.meta.qualified_name();
        let Some(way) = circle(&required, &start) else { continue };
        if way.iter().any(|name| told.contains(name)) {
            continue;
        }
        told.extend(way.iter().cloned());
        let mut faults = Faults::new(file);
        let message = format!("rows refer to each other in a circle: {}", way.join(" -> "));
        let fix = "make a referring column `nullable: true`, so that a first row can be added";
        faults.add(table.place, "table", message, fix);
        errors.extend(faults.into_errors());
    }
}

/// The way from a table back to itself.
fn circle(required: &HashMap<String, Vec<String>>, start: &str) -> Option<Vec<String>> {
    let mut open = vec![vec![start.to_owned()]];
    let mut seen = HashSet::new();
    while let Some(way) = open.pop() {
        let last = way.last()?;
        for next in required.get(last).into_iter().flatten() {
            let mut way = way.clone();
            way.push(next.clone());
            if next == start {
                return Some(way);
            }
            if seen.insert(next.clone()) {
                open.push(way);
            }
        }
    }
    None
}

/// Puts tables before those that refer to them, as far as they don't refer to each other.
fn sort(tables: &mut Vec<(String, Table)>) {
    let mut placed: HashSet<String> = HashSet::new();
    let mut rest: Vec<(String, Table)> = std::mem::take(tables);
    let own: HashSet<String> = rest.iter().map(|(_, table)| table.meta.qualified_name()).collect();
    while !rest.is_empty() {
        let is_ready = |(_, table): &(String, Table)| {
            let name = table.meta.qualified_name();
            let targets = table.meta.references.iter().map(qualified);
            targets.filter(|t| own.contains(t) && *t != name).all(|t| placed.contains(&t))
        };
        // In a circle the first goes first.
        let next = rest.iter().position(is_ready).unwrap_or(0);
        let table = rest.remove(next);
        placed.insert(table.1.meta.qualified_name());
        tables.push(table);
    }
}
