//! The syntax of PostgREST's dialect: from the text of a request to an untyped tree, and back.
//!
//! Nothing here knows which tables exist, who asks, or which engine answers: names stay strings,
//! and resolving them is the planner's work. Grammar, precedence, quoting, codes and error texts
//! are those of PostgREST (`PostgREST/postgrest`, `src/library/PostgREST/ApiRequest`), so that
//! clients written for it understand every answer. It differs on purpose where PostgREST would
//! silently drop a part of what was asked:
//!
//! - text left over after a well-formed parameter (`id=is.nullx`, `select=a)`) is an error;
//! - `limit` and `offset` that are not numbers, and negative offsets, are errors;
//! - only `&` separates pairs of the query string, so that a `;` in a value stays in it;
//! - `in.("")` is a list of one empty string, `in.()` the empty list;
//! - `->0` is an array index before a closing parenthesis, too;
//! - of a function called by `GET`, `note=not.done` is an argument, not a broken filter;
//! - hints may begin with `left` and `inner` (`!left_author_fk`).
//!
//! It says three things more, of the root table: `distinct=true` and `distinct=on(a,b)`, `group=a,b`,
//! and `cursor=`. None of their values is a filter, whose value begins with an operator and a dot,
//! so that columns of these names can be filtered as ever.
//!
//! | file | concept |
//! |---|---|
//! | [`ast`] | the tree |
//! | [`query`] | the query string as a whole; its parts are in `select`, `filter`, `order`, `name` |
//! | [`array`](mod@array) | array literals, `{a,"b,c"}` |
//! | [`pairs`] | percent-decoding |
//! | `paging` | `distinct`, `group` and `cursor` |
//! | [`prefer`], [`range`], [`media`] | the request's headers, and the answer's |
//! | [`print`](mod@print) | the tree back to a query string |
//! | [`error`] | what is wrong with a request |
//! | `cursor`, `trace` | the parsing machine, and how it explains a failure |

pub mod array;
pub mod ast;
pub mod error;
pub mod media;
pub mod pairs;
pub mod prefer;
pub mod print;
pub mod query;
pub mod range;

mod cursor;
mod filter;
mod name;
mod order;
mod paging;
mod select;
mod trace;

#[cfg(test)]
mod tests;

pub use ast::{
    Aggregate, AggregateFunction, Arrow, Column, Condition, Connective, Direction, Distinct, Embed,
    Field, Filter, Group, IsValue, JoinKind, JsonKey, JsonStep, Nulls, Operator, OrderTerm, Placed,
    Predicate, Quantifier, SearchMode, SelectItem,
};
pub use error::ParseError;
pub use media::{BodyType, MediaType};
pub use prefer::Preferences;
pub use query::{Limits, QueryParams, parse_query, parse_rpc_query};
pub use range::{ContentRange, RowRange};
