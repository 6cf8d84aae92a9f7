//! Canonical JSON text: the form in which `PostgreSQL` prints `jsonb`.
//!
//! Both engines keep documents in this form, so that a document has one spelling. [`canonical`]
//! makes it; [`get`], [`get_text`], [`compare`] and [`contains`] work on the text itself, without
//! building a tree, and give what the operators `->`, `->>`, `<` and `@>` of `jsonb` give.

mod canonical;
mod compare;
mod contains;
mod escape;
mod path;
mod scan;

pub use canonical::{MAX_DEPTH, MAX_DIGITS, canonical, canonical_into};
pub use compare::compare;
pub use contains::contains;
pub use escape::{escape_into, unescape};
pub use path::{Step, get, get_text};

pub(crate) use canonical::write_number;
pub(crate) use scan::Items;
