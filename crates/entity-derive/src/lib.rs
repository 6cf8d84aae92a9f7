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
/// | `partitioned` | monthly partitions by `id` on `PostgreSQL`; the key contains `id`, and so do unique keys unless the entity is `append_only` |
/// | `queue` | rows are work for a job |
/// | `search_later` | the words of `search` fields follow some seconds after the rows, by a job |
/// | `retain = "90 days"` | how long rows are kept: days, weeks, months (30 days), years (365 days) |
/// | `max_rows = 100` | most rows in one answer |
/// | `renamed_from = "name"` | the table's former name |
/// | `primary_key(a, b)` | the key; `organization_id, id` by default for `tenant`, `venue` and `team`, else `id` |
/// | `global_key` | the key has no `organization_id` and is unique over all organisations: for rows that the system reads whosever they are |
/// | `unique(a, b)` | a unique key; may be repeated; `a_blind` is the blind index of `a` |
/// | `unique(columns(a, b), nulls_not_distinct, where = "sql")` | the same, with options |
/// | `index(a, b desc, c->>"key")` | an index on columns and JSON keys; may be repeated |
/// | `index(columns(a, b), where = "sql")` | the same, over some rows |
/// | `index(columns(a), brin)` | a BRIN index on `PostgreSQL`, for instants in the order of the rows |
/// | `index(columns(a, b), global)` | the same, over all organisations: for the system's own work |
/// | `check(name = "name", "sql")` | a condition that every row meets; may be repeated |
/// | `references(columns(a, b), table = "name", to(c, d))` | a reference of several columns, with the options of a field's |
/// | `view(from(name: Type), ...)` | the rows are computed from other tables; see [Views](#views) |
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
/// | `search` | part of the full-text search; for text, lists and documents that tell nothing of a person |
/// | `read_only` | set by the system |
/// | `default = "text"`, a number, `true`, `false`, `now`, `new_id` | what is written when a request gives nothing |
/// | `touch` | set to the time of each change |
/// | `min = 0`, `max = 100` | bounds of a number |
/// | `on_delete = restrict`, `cascade`, `set_null` | what happens when the referred row goes; `restrict` by default |
/// | `references(Type)` | refers to a type's `id`; options: `to = "column"`, `on_delete = ...`, `name = "hint"` |
/// | `references(table = "name")` | a `Uuid` that refers to a table by name, of this schema if `schema = "name"` is not given |
/// | `no_reference` | an `Id<T>` that may name a row that is gone |
/// | `renamed_from = "name"` | the column's former name |
/// | `value = ...` | what a column of a view shows; see [Views](#views) |
///
/// # Views
///
/// A view is an entity whose rows are computed from tables whenever they are read. It is read as a
/// table is (filters, order, embeds, counts) and never written. Its permission is its own: who may
/// read the view need not be allowed to read its tables. Of every table it shows the rows that the
/// caller reaches; rows of other organisations and deleted ones are left out by themselves.
///
/// ```
/// use jiff::Timestamp;
/// use mainstay_entity::{Entity, Id, Text};
/// # /// A company.
/// # #[derive(Entity)]
/// # #[entity(table = "organizations", scope = owner(organization = id), classification = internal)]
/// # pub struct Organization { pub id: Id<Self> }
/// # /// A team.
/// # #[derive(Entity)]
/// # #[entity(table = "teams", scope = tenant, classification = internal)]
/// # pub struct Team {
/// #     pub id: Id<Self>,
/// #     pub organization_id: Id<Organization>,
/// #     /// Its name.
/// #     pub name: Text<100>,
/// # }
/// # /// A service.
/// # #[derive(Entity)]
/// # #[entity(table = "services", scope = tenant, classification = internal)]
/// # pub struct Service {
/// #     pub id: Id<Self>,
/// #     pub organization_id: Id<Organization>,
/// #     /// Its name.
/// #     pub name: Text<100>,
/// #     /// Who keeps it.
/// #     pub team_id: Option<Id<Team>>,
/// # }
/// # /// A measurement.
/// # #[derive(Entity)]
/// # #[entity(table = "metrics", scope = tenant, classification = internal)]
/// # pub struct Metric {
/// #     pub id: Id<Self>,
/// #     pub organization_id: Id<Organization>,
/// #     /// What was measured.
/// #     pub name: Text<255>,
/// #     /// Where.
/// #     pub service_id: Option<Id<Service>>,
/// #     /// How much.
/// #     pub value: f64,
/// #     /// When.
/// #     pub taken_at: Timestamp,
/// # }
///
/// /// Metrics by the hour.
/// #[derive(Entity)]
/// #[entity(
///     table = "metrics_hourly",
///     scope = tenant,
///     classification = internal,
///     view(from(m: Metric), where(m.name != "noise"))
/// )]
/// pub struct MetricsHourly {
///     // Without `value` a field shows the column of its name, of `from`.
///     pub organization_id: Id<Organization>,
///     /// When the hour begins.
///     #[entity(value = hour(m.taken_at))]
///     pub hour: Timestamp,
///     /// What was measured.
///     pub name: Text<255>,
///     /// Where. References of a view lead to embeds, as those of a table do.
///     pub service_id: Option<Id<Service>>,
///     /// The mean.
///     #[entity(value = avg(m.value))]
///     pub avg_value: f64,
///     /// How many.
///     #[entity(value = count(*))]
///     pub sample_count: i64,
/// }
///
/// /// Services with their team and their last hour.
/// #[derive(Entity)]
/// #[entity(
///     table = "service_facts",
///     scope = tenant,
///     classification = internal,
///     view(
///         from(s: Service),
///         join(t: Team, id = s.team_id),
///         related(latency: "metrics", service_id = s.id, name = "latency", taken_at > ago("1 hour"))
///     )
/// )]
/// pub struct ServiceFacts {
///     pub id: Id<Service>,
///     pub organization_id: Id<Organization>,
///     /// The name of its team.
///     #[entity(value = t.name)]
///     pub team_name: Option<Text<100>>,
///     /// The mean latency of the last hour.
///     #[entity(value = avg(latency.value))]
///     pub avg_latency: Option<f64>,
/// }
///
/// // What makes the groups is their key.
/// assert_eq!(*MetricsHourly::meta().primary_key, ["organization_id", "hour", "name", "service_id"]);
/// assert!(ServiceFacts::meta().read_only);
/// ```
///
/// | part of `view(...)` | says |
/// |---|---|
/// | `from(name: Type)` | the table whose rows, or groups of rows, the view shows (required, first); `name: "table"` names a table that is declared elsewhere |
/// | `join(name: Type, column = other.column, ...)` | a table that adds at most one row, else nulls; what is compared must hold a key of it, so that no join repeats rows |
/// | `inner_join(...)` | the same; a row without it is left out |
/// | `related(name: Type, column = other.column, ...)` | a table that adds many rows, shown by aggregates; may be named several times with other conditions |
/// | `where(name.column = value, ...)` | which rows of `from` count |
///
/// Conditions are `=`, `!=`, `<`, `<=`, `>`, `>=` with a column, a text or number, `null`, or
/// `ago("1 hour")` (before the time of the request; seconds, minutes, hours or days); all must
/// hold. `organization_id` is compared without being written.
///
/// | `value = ...` | shows |
/// |---|---|
/// | `name.column` | the column |
/// | `minute(...)`, `hour(...)`, `day(...)` | when the period begins that an instant falls into, in UTC |
/// | `count(*)` | the rows of the group (`i64`) |
/// | `count(...)`, `count(distinct ...)` | values that are not null (`i64`) |
/// | `sum(...)`, `min(...)`, `max(...)` | of the column's type; `i64` for sums of integers, `Numeric<18, S>` for those of `Numeric<P, S>` |
/// | `avg(...)` | the mean (`f64`) |
///
/// An aggregate over `from` or a joined table makes the rows groups: all other columns tell the
/// groups apart and are the key. A view of rows has the key of `from`. A field is `Option<_>` when
/// what it shows can be null, as with `join`, and with related rows for all but counts. It is
/// classified at least as what it shows. All this is checked when the server starts, with words
/// that say what is wrong.
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
