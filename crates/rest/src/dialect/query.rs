//! The query string as a whole.

use std::collections::HashSet;

use super::ast::{
    Condition, Connective, Distinct, Field, Filter, Group, OrderTerm, Placed, SelectItem,
};
use super::cursor::{self, Cursor, Parsed};
use super::error::{ParseError, SYNTAX};
use super::filter::{self, Place};
use super::pairs::{self, Pair};
use super::range::{self, RowRange};
use super::{name, order, paging, select};

/// Bounds on what is parsed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest query string, in bytes as sent.
    pub query_bytes: usize,
    /// Most `key=value` pairs.
    pub pairs: usize,
    /// Deepest nesting of embeds, of logic, and of embed paths.
    pub depth: usize,
    /// Most conditions in all filters together.
    pub conditions: usize,
    /// Most items in `select`, embedded ones included.
    pub select_items: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            query_bytes: 65_536,
            pairs: 2_000,
            depth: 32,
            conditions: 1_000,
            select_items: 2_000,
        }
    }
}

/// What a query string asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryParams {
    /// What to answer with; `*` if the query does not say.
    pub select: Vec<SelectItem>,
    /// Conditions, all of which must hold, in their order.
    pub filters: Vec<Placed<Filter>>,
    /// Orders; at most one per level, the first sent.
    pub order: Vec<Placed<Vec<OrderTerm>>>,
    /// Ranges of rows; at most one per level, limit and offset each the last sent.
    pub ranges: Vec<Placed<RowRange>>,
    /// The columns to take from a body.
    pub columns: Option<Vec<String>>,
    /// The columns whose unique key decides an upsert.
    pub on_conflict: Option<Vec<String>>,
    /// `distinct=`: rows that are alike as one.
    pub distinct: Option<Distinct>,
    /// `group=`: what makes the groups around aggregates.
    pub group: Option<Vec<Field>>,
    /// `cursor=`: the list is read page by page; empty for its first page.
    pub cursor: Option<String>,
    /// Arguments of a function called by `GET`; see [`parse_rpc_query`].
    pub arguments: Vec<(String, String)>,
}

impl Default for QueryParams {
    fn default() -> Self {
        Self {
            select: vec![SelectItem::Star],
            filters: Vec::new(),
            order: Vec::new(),
            ranges: Vec::new(),
            columns: None,
            on_conflict: None,
            distinct: None,
            group: None,
            cursor: None,
            arguments: Vec::new(),
        }
    }
}

impl QueryParams {
    /// The order asked for at an embed path.
    pub fn order_at(&self, path: &[String]) -> &[OrderTerm] {
        self.order.iter().find(|placed| placed.path == path).map_or(&[], |placed| &placed.item)
    }

    /// The range asked for at an embed path.
    pub fn range_at(&self, path: &[String]) -> RowRange {
        self.ranges
            .iter()
            .find(|placed| placed.path == path)
            .map_or_else(RowRange::all, |placed| placed.item)
    }

    /// The filters at an embed path.
    pub fn filters_at<'a>(&'a self, path: &'a [String]) -> impl Iterator<Item = &'a Filter> {
        self.filters.iter().filter(move |placed| placed.path == path).map(|placed| &placed.item)
    }
}

/// Parses the query string of a request on a table, without its `?`.
///
/// # Errors
/// `PGRST100` for what can't be parsed or passes a limit, `PGRST103` for negative ranges.
pub fn parse_query(query: &str, limits: &Limits) -> Result<QueryParams, ParseError> {
    Reader::read(query, limits, false)
}

/// Parses the query string of a function called by `GET` or `HEAD`: pairs whose value does not
/// begin with an operator are [`arguments`](QueryParams::arguments), the rest filters the result.
///
/// # Errors
/// As [`parse_query`].
pub fn parse_rpc_query(query: &str, limits: &Limits) -> Result<QueryParams, ParseError> {
    Reader::read(query, limits, true)
}

/// What a pair of the query string is about, by its key.
enum Parameter {
    Select,
    Columns,
    OnConflict,
    Order,
    Limit,
    Offset,
    Logic(Connective),
    /// These are filters where their value is one.
    Distinct,
    Group,
    Cursor,
    Filter,
}

impl Parameter {
    fn of(key: &str) -> Self {
        match key {
            "select" => return Self::Select,
            "columns" => return Self::Columns,
            "on_conflict" => return Self::OnConflict,
            "distinct" => return Self::Distinct,
            "group" => return Self::Group,
            "cursor" => return Self::Cursor,
            _ => {}
        }
        match key.rsplit('.').next() {
            Some("order") => Self::Order,
            Some("limit") => Self::Limit,
            Some("offset") => Self::Offset,
            Some("and") => Self::Logic(Connective::And),
            Some("or") => Self::Logic(Connective::Or),
            _ => Self::Filter,
        }
    }
}

struct Reader<'l> {
    limits: &'l Limits,
    /// Whether values without an operator are arguments of a function.
    rpc: bool,
    select: Option<Vec<SelectItem>>,
    params: QueryParams,
}

impl<'l> Reader<'l> {
    fn read(query: &str, limits: &'l Limits, rpc: bool) -> Result<QueryParams, ParseError> {
        if query.len() > limits.query_bytes {
            return Err(ParseError::over_limit("The query string", limits.query_bytes, "bytes"));
        }
        let params = QueryParams { select: Vec::new(), ..QueryParams::default() };
        let mut reader = Self { limits, rpc, select: None, params };
        for (index, pair) in pairs::decode(query).enumerate() {
            if index == limits.pairs {
                return Err(too_many("parameters", limits.pairs));
            }
            reader.pair(&pair?)?;
        }
        reader.check_sizes()?;
        let select = reader.select.unwrap_or_else(|| vec![SelectItem::Star]);
        Ok(QueryParams { select, ..reader.params })
    }

    fn pair(&mut self, Pair { key, value }: &Pair<'_>) -> Result<(), ParseError> {
        match self.parameter(key, value) {
            Parameter::Select => {
                let items = self.parse("select parameter", value, select::items)?;
                self.select.get_or_insert(items);
            }
            Parameter::Columns => {
                let columns = self.parse("columns parameter", value, column_names)?;
                self.params.columns.get_or_insert(columns);
            }
            Parameter::OnConflict => {
                let columns = self.parse("on_conflict parameter", value, column_names)?;
                self.params.on_conflict.get_or_insert(columns);
            }
            Parameter::Order => {
                let path = self.embed_path(key)?;
                let item = self.parse("order", value, order::terms)?;
                if self.params.order.iter().all(|placed| placed.path != path) {
                    self.params.order.push(Placed { path, item });
                }
            }
            Parameter::Limit => {
                if let Some(limit) = range::parse_limit(value)? {
                    self.range(key)?.limit = Some(limit);
                }
            }
            Parameter::Offset => {
                if let Some(offset) = range::parse_offset(value)? {
                    self.range(key)?.offset = offset;
                }
            }
            Parameter::Logic(connective) => self.logic(key, value, connective)?,
            Parameter::Distinct => {
                let distinct = self.parse("distinct parameter", value, paging::distinct)?;
                self.params.distinct.get_or_insert(distinct);
            }
            Parameter::Group => {
                let fields = self.parse("group parameter", value, paging::fields)?;
                self.params.group.get_or_insert(fields);
            }
            Parameter::Cursor => {
                self.params.cursor.get_or_insert_with(|| value.to_string());
            }
            Parameter::Filter => self.filter(key, value)?,
        }
        Ok(())
    }

    /// What a pair is about. Of a function called by `GET`, `group=a` is an argument.
    fn parameter(&self, key: &str, value: &str) -> Parameter {
        match Parameter::of(key) {
            Parameter::Distinct | Parameter::Group | Parameter::Cursor
                if self.rpc || paging::is_filter(value, self.limits.depth) =>
            {
                Parameter::Filter
            }
            parameter => parameter,
        }
    }

    fn parse<'a, T>(
        &self,
        subject: &str,
        text: &'a str,
        rule: impl Fn(&mut Cursor<'a>) -> Parsed<T>,
    ) -> Result<T, ParseError> {
        cursor::parse(subject, text, 0, self.limits.depth, rule)
    }

    /// `a.b.order` as `["a", "b"]`.
    fn embed_path(&self, key: &str) -> Result<Vec<String>, ParseError> {
        Ok(self.tree_path(key)?.0)
    }

    /// `a.b.c->d` as `["a", "b"]` and the field `c->d`.
    fn tree_path(&self, key: &str) -> Result<(Vec<String>, Field), ParseError> {
        if name::is_plain(key) {
            return Ok((Vec::new(), Field::column(key)));
        }
        let (mut names, path) = self.parse("tree path", key, |c| {
            let names =
                c.separated(|c| Ok(name::field_name(c)?.into_owned()), filter::delimiter)?;
            Ok((names, name::json_path(c)?))
        })?;
        let name = names.pop().unwrap_or_default();
        self.check_depth(&names)?;
        Ok((names, Field { name, path }))
    }

    fn check_depth(&self, path: &[String]) -> Result<(), ParseError> {
        if path.len() > self.limits.depth {
            return Err(ParseError::too_deep(self.limits.depth));
        }
        Ok(())
    }

    fn range(&mut self, key: &str) -> Result<&mut RowRange, ParseError> {
        let path = self.embed_path(key)?;
        let ranges = &mut self.params.ranges;
        let index = ranges.iter().position(|placed| placed.path == path).unwrap_or_else(|| {
            ranges.push(Placed { path, item: RowRange::all() });
            ranges.len() - 1
        });
        Ok(&mut ranges[index].item)
    }

    fn logic(&mut self, key: &str, value: &str, connective: Connective) -> Result<(), ParseError> {
        let mut path = self.parse("logic path", key, |c| {
            c.separated(|c| Ok(name::field_name(c)?.into_owned()), filter::delimiter)
        })?;
        path.pop();
        let segments = path.len();
        path.retain(|segment| segment != "not");
        let negated = path.len() < segments;
        self.check_depth(&path)?;
        // PostgREST parses the operator together with the value and counts its columns.
        let shift = connective.as_str().len() + if negated { "not.".len() } else { 0 };
        let filters =
            cursor::parse("logic tree", value, shift, self.limits.depth, filter::members)?;
        let item = Filter::Group(Group { negated, connective, filters });
        self.params.filters.push(Placed { path, item });
        Ok(())
    }

    fn filter(&mut self, key: &str, value: &str) -> Result<(), ParseError> {
        let (path, field) = self.tree_path(key)?;
        let rule = |c: &mut Cursor<'_>| filter::predicate(c, Place::Pair);
        let (negated, predicate) = if self.rpc {
            let Some(parsed) = cursor::parse_if_fits(value, self.limits.depth, rule) else {
                self.params.arguments.push((key.to_owned(), value.to_owned()));
                return Ok(());
            };
            parsed
        } else {
            self.parse("filter", value, rule)?
        };
        let item = Filter::Condition(Condition { field, negated, predicate });
        self.params.filters.push(Placed { path, item });
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), ParseError> {
        let conditions: usize =
            self.params.filters.iter().map(|placed| placed.item.conditions()).sum();
        if conditions > self.limits.conditions {
            return Err(too_many("conditions", self.limits.conditions));
        }
        let items = self.select.as_deref().map_or(0, count_items);
        if items > self.limits.select_items {
            return Err(too_many("items in select", self.limits.select_items));
        }
        Ok(())
    }
}

fn too_many(what: &str, limit: usize) -> ParseError {
    let details = format!("At most {limit} are accepted.");
    ParseError::new(SYNTAX, format!("The query has too many {what}"), details)
}

/// Counts embedded items too; nesting was bounded by the parser.
fn count_items(items: &[SelectItem]) -> usize {
    let inner = |item: &SelectItem| match item {
        SelectItem::Embed(embed) => count_items(&embed.select),
        _ => 0,
    };
    items.len() + items.iter().map(inner).sum::<usize>()
}

/// Names separated by commas, each once.
fn column_names(c: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut names = c.separated(|c| Ok(name::field_name(c)?.into_owned()), select::comma)?;
    let mut seen = HashSet::with_capacity(names.len());
    names.retain(|name| seen.insert(name.clone()));
    Ok(names)
}
