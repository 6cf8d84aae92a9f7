//! The derive macros of entities and choices, which `mainstay_entity` re-exports.
//!
//! Each macro reads the attributes as written (`parse`), applies conventions and checks rules
//! (`model`), and writes one output per file (`expand`). A wrong declaration is a compile error
//! that says what to write, and one build reports every mistake of a declaration.

mod attribute;
mod choice;
mod entity;
mod errors;
mod tokens;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// Declares a kind of record: one struct, one table.
///
/// ```
/// use jiff::Timestamp;
/// use mainstay_entity::{Choice, Entity, Id, Json, Secret, Text};
///
/// /// A company that uses this installation.
/// #[derive(Entity)]
/// #[entity(table = "organizations", scope = owner(organization = id), classification = internal)]
/// pub struct Organization {
///     pub id: Id<Self>,
///     /// The name that members see.
///     pub name: Text<255>,
/// }
///
/// /// What a destination is.
/// #[derive(Choice, Clone, Copy)]
/// pub enum DestinationType {
///     Webhook,
///     Mailbox,
/// }
///
/// /// A place that deliveries can be sent to: a webhook or mailbox.
/// #[derive(Entity)]
/// #[entity(
///     table = "delivery_destinations",
///     scope = tenant,
///     classification = internal,
///     soft_delete,
///     unique(label),
///     index(columns(r#type, created_at desc), where = "deleted_at is null"),
///     index(settings->>"region"),
///     check(name = "label_given", "label <> ''")
/// )]
/// pub struct DeliveryDestination {
///     pub id: Id<Self>,
///     pub organization_id: Id<Organization>,
///     /// What kind of place it is.
///     pub r#type: DestinationType,
///     /// The name that people choose it by.
///     #[entity(search)]
///     pub label: Text<255>,
///     /// What is needed to reach it.
///     #[entity(secret)]
///     pub config: Secret<String>,
///     /// Everything else.
///     #[entity(default = "{}")]
///     pub settings: Json<()>,
///     /// Attempts before a delivery is given up.
///     #[entity(default = 5, min = 1, max = 20)]
///     pub max_attempts: i32,
///     /// The destination that takes over when this one fails.
///     #[entity(on_delete = set_null)]
///     pub fallback_id: Option<Id<Self>>,
///     pub created_at: Timestamp,
///     pub updated_at: Timestamp,
///     pub deleted_at: Option<Timestamp>,
/// }
///
/// let meta = DeliveryDestination::meta();
/// assert_eq!(*meta.primary_key, ["organization_id", "id"]);
/// assert_eq!(meta.references[0].table, Organization::TABLE);
/// ```
///
/// # Attributes of the struct
///
/// | `#[entity(...)]` | says |
/// |---|---|
/// | `table = "name"` | the table (required) |
/// | `schema = "name"` | its schema; `mainstay` by default |
/// | `scope = tenant`, `venue`, `team` | rows belong to an organisation; needs `organization_id`, and `id` unless `primary_key` says otherwise |
/// | `scope = owner(user = field)`, `owner(organization = field)` | rows belong to whom the field names |
/// | `scope = platform`, `public` | rows of the installation (one scope is required) |
/// | `classification = word` | `public`, `internal`, `confidential`, `restricted` or `phi`, for fields that say nothing |
/// | `soft_delete` | deleting sets `deleted_at: Option<Timestamp>` |
/// | `append_only` | rows are added, never changed or removed |
/// | `read_only` | only the system writes |
/// | `audit = none` | changes leave no audit events |
/// | `partitioned` | monthly partitions by `id` |
/// | `queue` | rows are work for a job |
/// | `retain = "90 days"` | how long rows are kept: days, weeks, months (30 days), years (365 days) |
/// | `max_rows = 100` | most rows in one answer |
/// | `renamed_from = "name"` | the table's former name |
/// | `primary_key(a, b)` | the key; `organization_id, id` by default for `tenant`, `venue` and `team`, else `id` |
/// | `global_key` | the key has no `organization_id` and is unique over all organisations: for rows that the system reads whosever they are |
/// | `unique(a, b)` | a unique key; may be repeated; `a_blind` is the blind index of `a` |
/// | `unique(columns(a, b), nulls_not_distinct, where = "sql")` | the same, with options |
/// | `index(a, b desc, c->>"key")` | an index on columns and JSON keys; may be repeated |
/// | `index(columns(a, b), where = "sql")` | the same, over some rows |
/// | `index(columns(a, b), global)` | the same, over all organisations: for the system's own work |
/// | `check(name = "name", "sql")` | a condition that every row meets; may be repeated |
/// | `references(columns(a, b), table = "name", to(c, d))` | a reference of several columns, with the options of a field's |
///
/// # Attributes of a field
///
/// | `#[entity(...)]` | says |
/// |---|---|
/// | `public`, `internal`, `confidential`, `restricted`, `classification = word` | how confidential it is |
/// | `secret` | a credential, `Secret<T>`; `restricted` at least, if nothing else is said |
/// | `sealed` | personal data under the subject's key, `Sealed<T>` |
/// | `phi` | health data, `Sealed<T>`, classified `phi` |
/// | `pii` | personal data in plain, masked and erasable |
/// | `subject` | names the person whose data the row holds |
/// | `blind_index` | a sealed value answers equality |
/// | `search` | part of the full-text search |
/// | `read_only` | set by the system |
/// | `default = "text"`, a number, `true`, `false`, `now`, `new_id` | what is written when a request gives nothing |
/// | `touch` | set to the time of each change |
/// | `min = 0`, `max = 100` | bounds of a number |
/// | `on_delete = restrict`, `cascade`, `set_null` | what happens when the referred row goes; `restrict` by default |
/// | `references(Type)` | refers to a type's `id`; options: `to = "column"`, `on_delete = ...`, `name = "hint"` |
/// | `references(table = "name")` | a `Uuid` that refers to a table by name, of this schema if `schema = "name"` is not given |
/// | `no_reference` | an `Id<T>` that may name a row that is gone |
/// | `renamed_from = "name"` | the column's former name |
///
/// # Conventions
///
/// * `Option<_>` makes a column nullable.
/// * A field `Id<T>` or `Option<Id<T>>` is a reference to the table of `T`.
/// * `id: Id<Self>` is made by the server. `created_at` and `updated_at` of type `Timestamp` are
///   set by it, and so is `deleted_at` under `soft_delete`.
/// * The first paragraph of a doc comment is the description. Structs and fields need one, except
///   for `id`, `organization_id`, `created_at`, `updated_at` and `deleted_at`.
/// * Every field is classified, by its own word or its struct's; without either, `id` and
///   `organization_id` are `internal`.
#[proc_macro_derive(Entity, attributes(entity))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    entity::derive(&input).unwrap_or_else(Error::into_compile_error).into()
}

/// Declares a closed list of values, stored as text.
///
/// ```
/// use mainstay_entity::Choice;
///
/// /// How far a delivery is.
/// #[derive(Choice, Clone, Copy, Debug, PartialEq)]
/// #[choice(moves = "pending -> sent | failed; sent -> read; failed -> pending")]
/// pub enum DeliveryStatus {
///     /// Waiting for its turn.
///     Pending,
///     Sent,
///     Failed,
///     Read,
/// }
///
/// assert_eq!(DeliveryStatus::Pending.as_str(), "pending");
/// assert_eq!(DeliveryStatus::parse("read").ok(), Some(DeliveryStatus::Read));
/// assert!(DeliveryStatus::META.allows("pending", "sent"));
/// assert!(!DeliveryStatus::META.allows("read", "pending"));
/// ```
///
/// | `#[choice(...)]` | on | says |
/// |---|---|---|
/// | `rename_all = "case"` | enum | how names are stored: `snake_case` (by default), `kebab-case`, `SCREAMING_SNAKE_CASE`, `lowercase`, `UPPERCASE` |
/// | `moves = "a -> b \| c; b -> c"` | enum | it is a life cycle with these moves of stored values; a value that none leaves is final |
/// | `rename = "text"` | variant | the stored text |
///
/// Doc comments are descriptions; the enum needs one.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::derive(&input).unwrap_or_else(Error::into_compile_error).into()
}
