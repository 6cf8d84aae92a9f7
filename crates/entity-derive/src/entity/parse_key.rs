//! The attributes that name columns: keys, indexes, checks and references.

use super::parse::comma;
use super::words::OnDelete;
use crate::attribute::{once, open, sql_name, text, unknown, word};
use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, LitStr, Result, Token, Type, token};

/// `unique(a, b)` or `unique(columns(a, b), nulls_not_distinct, where = "...")`.
pub(super) struct UniqueSyntax {
    pub(super) key: Ident,
    pub(super) columns: Vec<Ident>,
    pub(super) nulls_not_distinct: Option<Ident>,
    pub(super) filter: Option<LitStr>,
}

/// `index(a, b desc)` or `index(columns(a, b desc), global, brin, where = "...")`.
pub(super) struct IndexSyntax {
    pub(super) key: Ident,
    pub(super) columns: Vec<IndexColumnSyntax>,
    pub(super) filter: Option<LitStr>,
    pub(super) global: Option<Ident>,
    pub(super) brin: Option<Ident>,
}

/// `a`, `a desc` or `a->"key"->>"key"`.
pub(super) struct IndexColumnSyntax {
    pub(super) name: Ident,
    pub(super) path: Vec<String>,
    pub(super) descending: bool,
}

/// `check(name = "...", "condition")`.
pub(super) struct CheckSyntax {
    pub(super) name: LitStr,
    pub(super) condition: LitStr,
}

/// `references(...)` of a struct or a field.
pub(super) struct ReferenceSyntax {
    pub(super) key: Ident,
    pub(super) target: Option<Type>,
    pub(super) table: Option<LitStr>,
    pub(super) schema: Option<LitStr>,
    pub(super) columns: Option<Vec<Ident>>,
    pub(super) to: Option<Vec<LitStr>>,
    pub(super) on_delete: Option<OnDelete>,
    pub(super) name: Option<LitStr>,
}

impl UniqueSyntax {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let content = &open(key, input, "column, ...")?;
        let mut this =
            Self { key: key.clone(), columns: Vec::new(), nulls_not_distinct: None, filter: None };
        if !has_columns_list(content) {
            this.columns = column_names(content)?;
            return Ok(this);
        }
        this.columns = columns_list(content)?;
        each_option(content, |option| match option.to_string().as_str() {
            "nulls_not_distinct" => once(&mut this.nulls_not_distinct, option, option.clone()),
            "where" => once(&mut this.filter, option, text(option, content)?),
            _ => Err(unknown(option, "`unique`", "columns(...), nulls_not_distinct and where")),
        })?;
        Ok(this)
    }
}

impl IndexSyntax {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let content = &open(key, input, "column, ...")?;
        let mut this =
            Self { key: key.clone(), columns: Vec::new(), filter: None, global: None, brin: None };
        if !has_columns_list(content) {
            this.columns = index_columns(content)?;
            return Ok(this);
        }
        let columns = content.call(Ident::parse_any)?;
        this.columns = index_columns(&open(&columns, content, "column, ...")?)?;
        comma(content)?;
        each_option(content, |option| match option.to_string().as_str() {
            "where" => once(&mut this.filter, option, text(option, content)?),
            "global" => once(&mut this.global, option, option.clone()),
            "brin" => once(&mut this.brin, option, option.clone()),
            _ => Err(unknown(option, "`index`", "columns(...), global, brin and where")),
        })?;
        Ok(this)
    }
}

impl CheckSyntax {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        const INSIDE: &str = "name = \"...\", \"condition\"";
        let content = open(key, input, INSIDE)?;
        let wrong = |span: Span| Error::new(span, format!("write `check({INSIDE})`"));
        if !content.peek(syn::Ident) {
            return Err(wrong(content.span()));
        }
        let option: Ident = content.parse()?;
        if option != "name" {
            return Err(wrong(option.span()));
        }
        let name = sql_name(&option, &content)?;
        comma(&content)?;
        let condition = content.parse().map_err(|error: Error| wrong(error.span()))?;
        Ok(Self { name, condition })
    }
}

impl ReferenceSyntax {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let content = &open(key, input, "Type, on_delete = cascade")?;
        let mut this = Self {
            key: key.clone(),
            target: None,
            table: None,
            schema: None,
            columns: None,
            to: None,
            on_delete: None,
            name: None,
        };
        let starts_with_option = content.peek2(Token![=]) || content.peek2(token::Paren);
        if !starts_with_option {
            this.target = Some(content.parse()?);
            comma(content)?;
        }
        each_option(content, |option| match option.to_string().as_str() {
            "table" => once(&mut this.table, option, sql_name(option, content)?),
            "schema" => once(&mut this.schema, option, sql_name(option, content)?),
            "name" => once(&mut this.name, option, sql_name(option, content)?),
            "on_delete" => once(&mut this.on_delete, option, on_delete(option, content)?),
            "columns" => {
                let names = column_names(&open(option, content, "column, ...")?)?;
                once(&mut this.columns, option, names)
            }
            "to" => once(&mut this.to, option, target_columns(option, content)?),
            _ => Err(unknown(
                option,
                "`references`",
                "a type, table, schema, columns(...), to, on_delete and name",
            )),
        })?;
        Ok(this)
    }
}

/// `to = "column"` or `to(column, ...)`.
fn target_columns(key: &Ident, input: ParseStream<'_>) -> Result<Vec<LitStr>> {
    if input.peek(Token![=]) {
        return Ok(vec![sql_name(key, input)?]);
    }
    let names = column_names(&open(key, input, "column, ...")?)?;
    Ok(names.iter().map(|name| LitStr::new(&name.to_string(), name.span())).collect())
}

/// Whether this is the long form, `columns(...)` followed by options.
fn has_columns_list(content: ParseStream<'_>) -> bool {
    let fork = content.fork();
    fork.call(Ident::parse_any).is_ok_and(|word| word == "columns") && fork.peek(token::Paren)
}

fn columns_list(content: ParseStream<'_>) -> Result<Vec<Ident>> {
    let columns = content.call(Ident::parse_any)?;
    let names = column_names(&open(&columns, content, "column, ...")?)?;
    comma(content)?;
    Ok(names)
}

/// Reads `option, option, ...`.
fn each_option(
    content: ParseStream<'_>,
    mut option: impl FnMut(&Ident) -> Result<()>,
) -> Result<()> {
    while !content.is_empty() {
        let key = content.call(Ident::parse_any)?.unraw();
        option(&key)?;
        comma(content)?;
    }
    Ok(())
}

/// Reads `a, b, ...`.
pub(super) fn column_names(content: ParseStream<'_>) -> Result<Vec<Ident>> {
    let mut names = Vec::new();
    while !content.is_empty() {
        let name = content.call(Ident::parse_any)?.unraw();
        expect_end_of_column(content, &name)?;
        names.push(name);
    }
    Ok(names)
}

/// Reads `a, b desc, c->>"key", ...`.
fn index_columns(content: ParseStream<'_>) -> Result<Vec<IndexColumnSyntax>> {
    let mut columns = Vec::new();
    while !content.is_empty() {
        let name = content.call(Ident::parse_any)?.unraw();
        let path = json_path(content, &name)?;
        let mut descending = false;
        if content.peek(syn::Ident) {
            let direction: Ident = content.parse()?;
            descending = direction == "desc";
            if !descending && direction != "asc" {
                let message = format!("unknown order `{direction}`: write asc or desc");
                return Err(Error::new(direction.span(), message));
            }
        }
        expect_end_of_column(content, &name)?;
        columns.push(IndexColumnSyntax { name, path, descending });
    }
    Ok(columns)
}

/// Reads `->"key"->>"key"`: any number of `->`, then one `->>`.
fn json_path(content: ParseStream<'_>, name: &Ident) -> Result<Vec<String>> {
    let mut path = Vec::new();
    while content.peek(Token![->]) {
        let arrow = content.parse::<Token![->]>()?;
        let as_text = content.peek(Token![>]);
        if as_text {
            content.parse::<Token![>]>()?;
        }
        path.push(content.parse::<LitStr>()?.value());
        if as_text {
            break;
        }
        if !content.peek(Token![->]) {
            let message = format!("a path ends in text: write `{name}->>\"key\"`");
            return Err(Error::new_spanned(arrow, message));
        }
    }
    Ok(path)
}

fn expect_end_of_column(content: ParseStream<'_>, name: &Ident) -> Result<()> {
    if content.is_empty() || content.peek(Token![,]) {
        return comma(content);
    }
    let message = format!(
        "expected a comma after `{name}`; with options, the columns go into `columns(...)`"
    );
    Err(content.error(message))
}

/// Reads `on_delete = word`.
pub(super) fn on_delete(key: &Ident, input: ParseStream<'_>) -> Result<OnDelete> {
    OnDelete::from_word(&word(key, input, OnDelete::WORDS)?)
}
