//! The attributes of the struct: `#[entity(...)]` as written.

use super::parse_key::{CheckSyntax, IndexSyntax, ReferenceSyntax, UniqueSyntax, column_names};
use super::parse_view::ViewSyntax;
use super::words::{Classification, unknown_word};
use crate::attribute::{equals, integer, once, open, parse_items, sql_name, text, unknown, word};
use crate::errors::Errors;
use proc_macro2::Ident;
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, LitStr, Result, Token};

const KNOWN: &str = "table, schema, scope, classification, soft_delete, append_only, read_only, \
                     audit, partitioned, queue, search_later, retain, renamed_from, max_rows, \
                     primary_key, global_key, unique, index, check, references and view";
const SCOPES: &str =
    "tenant, venue, team, owner(user = ...), owner(organization = ...), platform or public";

/// What the struct's attributes say. Flags keep their word, for errors to point at.
#[derive(Default)]
pub(super) struct EntityAttributes {
    pub(super) table: Option<LitStr>,
    pub(super) schema: Option<LitStr>,
    pub(super) scope: Option<Scope>,
    pub(super) classification: Option<Classification>,
    pub(super) soft_delete: Option<Ident>,
    pub(super) append_only: Option<Ident>,
    pub(super) read_only: Option<Ident>,
    pub(super) unaudited: Option<Ident>,
    pub(super) partitioned: Option<Ident>,
    pub(super) queue: Option<Ident>,
    pub(super) search_later: Option<Ident>,
    pub(super) global_key: Option<Ident>,
    pub(super) retain_days: Option<u32>,
    pub(super) renamed_from: Option<LitStr>,
    pub(super) max_rows: Option<u32>,
    pub(super) primary_key: Option<Vec<Ident>>,
    pub(super) uniques: Vec<UniqueSyntax>,
    pub(super) indexes: Vec<IndexSyntax>,
    pub(super) checks: Vec<CheckSyntax>,
    pub(super) references: Vec<ReferenceSyntax>,
    pub(super) view: Option<ViewSyntax>,
    given: HashSet<String>,
}

/// Which rows a caller may reach.
#[derive(Clone)]
pub(super) enum Scope {
    Tenant,
    Venue,
    Team,
    OwnerUser(Ident),
    OwnerOrganization(Ident),
    Platform,
    Public,
}

impl Scope {
    /// Whether rows carry `organization_id`.
    pub(super) fn is_tenant(&self) -> bool {
        matches!(self, Self::Tenant | Self::Venue | Self::Team)
    }
}

impl EntityAttributes {
    /// Reads all attributes; mistakes go to `errors`.
    pub(super) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = Self::default();
        parse_items(attributes, "entity", errors, |key, input| {
            this.given.insert(key.to_string());
            this.item(key, input)
        });
        this
    }

    /// Whether an attribute is there, be it wrong.
    pub(super) fn is_given(&self, key: &str) -> bool {
        self.given.contains(key)
    }

    fn item(&mut self, key: &Ident, input: ParseStream<'_>) -> Result<()> {
        match key.to_string().as_str() {
            "table" => once(&mut self.table, key, sql_name(key, input)?),
            "schema" => once(&mut self.schema, key, sql_name(key, input)?),
            "scope" => once(&mut self.scope, key, scope(key, input)?),
            "classification" => {
                let word = word(key, input, Classification::WORDS)?;
                once(&mut self.classification, key, Classification::from_word(&word)?)
            }
            "soft_delete" => once(&mut self.soft_delete, key, key.clone()),
            "append_only" => once(&mut self.append_only, key, key.clone()),
            "read_only" => once(&mut self.read_only, key, key.clone()),
            "audit" => {
                let word = word(key, input, "none")?;
                if word != "none" {
                    return Err(unknown_word("audit", &word, "none, or leave `audit` out"));
                }
                once(&mut self.unaudited, key, key.clone())
            }
            "partitioned" => once(&mut self.partitioned, key, key.clone()),
            "queue" => once(&mut self.queue, key, key.clone()),
            "search_later" => once(&mut self.search_later, key, key.clone()),
            "global_key" => once(&mut self.global_key, key, key.clone()),
            "retain" => once(&mut self.retain_days, key, days(&text(key, input)?)?),
            "renamed_from" => once(&mut self.renamed_from, key, sql_name(key, input)?),
            "max_rows" => once(&mut self.max_rows, key, rows(key, input)?),
            "primary_key" => {
                let content = open(key, input, "column, ...")?;
                once(&mut self.primary_key, key, column_names(&content)?)
            }
            "unique" => {
                self.uniques.push(UniqueSyntax::parse(key, input)?);
                Ok(())
            }
            "index" => {
                self.indexes.push(IndexSyntax::parse(key, input)?);
                Ok(())
            }
            "check" => {
                self.checks.push(CheckSyntax::parse(key, input)?);
                Ok(())
            }
            "references" => {
                self.references.push(ReferenceSyntax::parse(key, input)?);
                Ok(())
            }
            "view" => once(&mut self.view, key, ViewSyntax::parse(key, input)?),
            _ => Err(unknown(key, "an entity", KNOWN)),
        }
    }
}

/// Reads `= tenant` and the others, `= owner(user = field)`.
fn scope(key: &Ident, input: ParseStream<'_>) -> Result<Scope> {
    let word = word(key, input, SCOPES)?;
    match word.to_string().as_str() {
        "tenant" => Ok(Scope::Tenant),
        "venue" => Ok(Scope::Venue),
        "team" => Ok(Scope::Team),
        "platform" => Ok(Scope::Platform),
        "public" => Ok(Scope::Public),
        "owner" => {
            const INSIDE: &str = "user = field";
            let content = open(&word, input, INSIDE)?;
            let owner = content.call(Ident::parse_any)?;
            equals(&owner, &content, "field")?;
            let column = content.call(Ident::parse_any)?.unraw();
            match owner.to_string().as_str() {
                "user" => Ok(Scope::OwnerUser(column)),
                "organization" => Ok(Scope::OwnerOrganization(column)),
                _ => Err(unknown_word("owner", &owner, "`user = field` or `organization = field`")),
            }
        }
        _ => Err(unknown_word("scope", &word, SCOPES)),
    }
}

fn rows(key: &Ident, input: ParseStream<'_>) -> Result<u32> {
    let rows = integer(key, input)?;
    if rows == 0 {
        return Err(Error::new(key.span(), "`max_rows` is at least 1"));
    }
    Ok(rows)
}

/// Days of `"90 days"`, `"12 weeks"`, `"6 months"` (of 30 days) or `"7 years"` (of 365 days).
fn days(literal: &LitStr) -> Result<u32> {
    let text = literal.value();
    let parsed = text.split_once(' ').and_then(|(count, unit)| {
        let days = match unit {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            "month" | "months" => 30,
            "year" | "years" => 365,
            _ => return None,
        };
        count.parse::<u32>().ok()?.checked_mul(days).filter(|days| *days > 0)
    });
    parsed.ok_or_else(|| {
        let message =
            format!("`{text}` is no period: write \"90 days\", \"12 weeks\" or \"7 years\"");
        Error::new(literal.span(), message)
    })
}

/// Reads a comma where more follows.
pub(super) fn comma(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    input.parse::<Token![,]>().map(drop)
}
