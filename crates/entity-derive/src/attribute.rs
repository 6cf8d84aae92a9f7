//! The syntax that all attributes share: `#[name(flag, key = value, key(...))]`.

use crate::errors::Errors;
use proc_macro2::{Ident, TokenTree};
use std::fmt::Display;
use syn::ext::IdentExt;
use syn::parse::{ParseBuffer, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, Lit, LitInt, LitStr, Meta, Result, Token, parenthesized, token};

/// Longest name that `PostgreSQL` keeps, in bytes.
const MAX_NAME_BYTES: usize = 63;

/// Reads every item of every `#[name(...)]`. A wrong item is recorded and skipped, so that the
/// items after it are still read.
pub(crate) fn parse_items<F>(attributes: &[Attribute], name: &str, errors: &mut Errors, mut item: F)
where
    F: FnMut(&Ident, ParseStream<'_>) -> Result<()>,
{
    for attribute in attributes.iter().filter(|a| a.path().is_ident(name)) {
        if !matches!(attribute.meta, Meta::List(_)) {
            errors.at(attribute.span(), format!("write `#[{name}(...)]`"));
            continue;
        }
        let mut clean = true;
        let result = attribute.parse_args_with(|input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = parse_item(input, &mut item) {
                    clean = false;
                    errors.push(error);
                    skip_item(input)?;
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        });
        // What a wrong item leaves unread in its parentheses, syn would report once more.
        if let Err(error) = result
            && clean
        {
            errors.push(error);
        }
    }
}

fn parse_item<F>(input: ParseStream<'_>, item: &mut F) -> Result<()>
where
    F: FnMut(&Ident, ParseStream<'_>) -> Result<()>,
{
    let key = Ident::parse_any(input)?.unraw();
    item(&key, input)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    Err(input.error(format!("expected a comma after `{key}`")))
}

fn skip_item(input: ParseStream<'_>) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// Fills a slot that may be filled once.
pub(crate) fn once<T>(slot: &mut Option<T>, key: &Ident, value: T) -> Result<()> {
    if slot.replace(value).is_some() {
        return Err(Error::new(key.span(), format!("`{key}` is given twice: keep one")));
    }
    Ok(())
}

/// The error for a key that does not exist; `known` lists those that do.
pub(crate) fn unknown(key: &Ident, what: &str, known: &str) -> Error {
    Error::new(key.span(), format!("unknown attribute `{key}`: {what} takes {known}"))
}

/// Reads the `=` of `key = value`; `value` shows what belongs there.
pub(crate) fn equals(key: &Ident, input: ParseStream<'_>, value: impl Display) -> Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok(());
    }
    Err(Error::new(key.span(), format!("write `{key} = {value}`")))
}

/// Reads `key = "text"`.
pub(crate) fn text(key: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    equals(key, input, "\"...\"")?;
    if input.peek(LitStr) {
        return input.parse();
    }
    Err(input.error(format!("expected a text in quotes: write `{key} = \"...\"`")))
}

/// Reads `key = "name"`, a name that both engines take unquoted.
pub(crate) fn sql_name(key: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    let literal = text(key, input)?;
    check_sql_name(&literal.value()).map_err(|message| Error::new(literal.span(), message))?;
    Ok(literal)
}

/// Checks that a name can be used unquoted on both engines.
pub(crate) fn check_sql_name(name: &str) -> std::result::Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(plain)
    {
        return Err(format!(
            "`{name}` is no column or table name: use a-z, 0-9 and _, and start with a letter"
        ));
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(format!("`{name}` is too long: use at most {MAX_NAME_BYTES} characters"));
    }
    Ok(())
}

/// Reads `key = word`.
pub(crate) fn word(key: &Ident, input: ParseStream<'_>, words: &str) -> Result<Ident> {
    equals(key, input, words)?;
    Ident::parse_any(input)
        .map(|word| word.unraw())
        .map_err(|error| Error::new(error.span(), format!("expected {words}")))
}

/// Reads `key = number`.
pub(crate) fn integer<N>(key: &Ident, input: ParseStream<'_>) -> Result<N>
where
    N: std::str::FromStr,
    N::Err: Display,
{
    equals(key, input, "1")?;
    if !input.peek(LitInt) && !input.peek(Token![-]) {
        return Err(input.error(format!("expected a whole number: write `{key} = 1`")));
    }
    input.parse::<LitInt>()?.base10_parse()
}

/// Opens `key(...)`; `inside` shows what belongs between the parentheses.
pub(crate) fn open<'a>(
    key: &Ident,
    input: ParseStream<'a>,
    inside: &str,
) -> Result<ParseBuffer<'a>> {
    if !input.peek(token::Paren) {
        return Err(Error::new(key.span(), format!("write `{key}({inside})`")));
    }
    let content;
    parenthesized!(content in input);
    if content.is_empty() {
        return Err(Error::new(key.span(), format!("`{key}` is empty: write `{key}({inside})`")));
    }
    Ok(content)
}

/// The first paragraph of the doc comments, its lines joined by spaces.
pub(crate) fn description(attributes: &[Attribute]) -> Option<String> {
    let mut words = String::new();
    let texts = attributes.iter().filter_map(doc_text).collect::<Vec<_>>().join("\n");
    for line in texts.lines() {
        let line = line.trim().trim_start_matches('*').trim_start();
        match (line.is_empty(), words.is_empty()) {
            (true, false) => break,
            (true, true) => {}
            (false, first) => {
                if !first {
                    words.push(' ');
                }
                words.push_str(line);
            }
        }
    }
    (!words.is_empty()).then_some(words)
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(literal) = &meta.value else {
        return None;
    };
    match &literal.lit {
        Lit::Str(text) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
