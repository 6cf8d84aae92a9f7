//! The metadata of an entity: what a declaration says, as data.
//!
//! Every type can be built in a `static` (the derive does) and at run time (declarations read
//! from files), so strings and lists are [`Cow`]s.

use crate::formula::Formula;
use crate::kind::Kind;
use crate::view::View;
use std::borrow::Cow;

/// Text that a declaration holds.
pub type Str = Cow<'static, str>;
/// A list that a declaration holds.
pub type List<T> = Cow<'static, [T]>;

/// One kind of record.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityMeta {
    /// Table name, unique in its schema.
    pub table: Str,
    /// Schema; those built in live in `mainstay`.
    pub schema: Str,
    /// What the record is: table comment, OpenAPI description, console help.
    pub description: Str,
    /// Which rows a caller may reach.
    pub scope: Scope,
    /// Columns in their declared order.
    pub columns: List<Column>,
    /// Columns that are computed when they are read by name; rows don't keep them.
    pub computed: List<Computed>,
    /// Primary key columns. Tenant-scoped tables have `organization_id` first.
    pub primary_key: List<Str>,
    /// References to other tables.
    pub references: List<Reference>,
    /// Named ways to rows of other tables that no reference says.
    pub relationships: List<Relationship>,
    /// Unique keys beside the primary key.
    pub uniques: List<Unique>,
    /// Conditions that every row meets.
    pub checks: List<Check>,
    /// Indexes beside keys.
    pub indexes: List<Index>,
    /// The primary key is unique over all organisations and has no `organization_id`: the system
    /// reads the rows in the order of the key, whosever they are.
    pub global_key: bool,
    /// Whether changes leave audit events.
    pub audit: Audit,
    /// Deleting sets `deleted_at`; reads hide such rows.
    pub soft_delete: bool,
    /// Rows can be added, never changed or removed.
    pub append_only: bool,
    /// Only the system writes; callers read.
    pub read_only: bool,
    /// Monthly range partitions of `id` on `PostgreSQL`.
    pub partitioned: bool,
    /// Days that rows are kept, when a limit is declared.
    pub retain_days: Option<u32>,
    /// Rows are work for a job: they carry lease columns and can be claimed.
    pub queue: bool,
    /// Former table name, for renaming migrations.
    pub renamed_from: Option<Str>,
    /// Most rows in one answer, when it differs from the server's limit.
    pub max_rows: Option<u32>,
    /// The words by which rows are found follow some seconds after the rows, by a job of the module:
    /// for rows that come in large numbers.
    pub search_later: bool,
    /// What a view is computed from; none for a table. Views are read-only.
    pub view: Option<View>,
}

/// Which rows of an entity a caller may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Rows belong to one organisation, in column `organization_id`.
    Tenant,
    /// Rows belong to a venue of an organisation; narrows [`Scope::Tenant`].
    Venue,
    /// Rows belong to a team of an organisation; narrows [`Scope::Tenant`].
    Team,
    /// Rows of the installation that belong to one user or organisation.
    Owner(OwnerKey),
    /// Rows of the installation, for platform administrators; readable with permission.
    Platform,
    /// Rows of the installation that everyone may read.
    Public,
}

impl Scope {
    /// Whether rows carry `organization_id` and are isolated by it.
    pub fn is_tenant(&self) -> bool {
        matches!(self, Self::Tenant | Self::Venue | Self::Team)
    }
}

/// How a row of owner scope names its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerKey {
    /// The column holds the user's identifier.
    User(Str),
    /// The column holds the organisation's identifier.
    Organization(Str),
}

/// How confidential a column is, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Classification {
    /// May be shown to anyone.
    Public,
    /// For members of the organisation.
    Internal,
    /// For those who need it.
    Confidential,
    /// Needs protection by law or contract.
    Restricted,
    /// Protected health information.
    Phi,
}

impl Classification {
    /// The name used in declarations and schemas.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
            Self::Phi => "phi",
        }
    }
}

/// Whether a column tells something of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    /// Nothing of a person.
    None,
    /// Personal data: masked without permission, cleared at erasure.
    Pii,
    /// Health data: sealed.
    Phi,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Column name, the JSON key.
    pub name: Str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// What the server writes when a request gives nothing.
    pub default: Option<DefaultValue>,
    /// Set to the current time whenever the row changes.
    pub touch: bool,
    /// How confidential it is.
    pub classification: Classification,
    /// Whether it tells something of a person.
    pub personal: Personal,
    /// Names the person whose data the row holds.
    pub subject: bool,
    /// Set by the system; callers can't write it.
    pub read_only: bool,
    /// Equality is answered through a keyed hash kept beside it.
    pub blind_index: bool,
    /// Part of the full-text search of its entity.
    pub search: bool,
    /// Smallest accepted number.
    pub min: Option<i64>,
    /// Largest accepted number.
    pub max: Option<i64>,
    /// What it means.
    pub description: Str,
    /// Former name, for renaming migrations.
    pub renamed_from: Option<Str>,
}

/// A column that is computed from others of its row: `PostgREST`'s computed field, declared. It can
/// be selected, filtered, ordered and aggregated by its name, is not part of `*`, and can't be
/// written.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// Its name, what its values are and how confidential they are.
    pub column: Column,
    /// The expression as it was declared.
    pub source: Str,
    /// What the expression says.
    pub formula: Formula,
}

/// What the server writes when a request gives no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// The value with this text form (JSON columns: a JSON text).
    Literal(Str),
    /// The time of the request.
    Now,
    /// A new `UUIDv7`.
    NewId,
    /// The next number of the table, in tenant tables of the organisation; numbers may be left out.
    Identity,
}

/// A reference from columns of this table to a key of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Constraint name without the table's, the hint in embeds; default `{table}_{column}_fkey`.
    pub name: Option<Str>,
    /// Referring columns, without `organization_id`, which is added between tenant tables.
    pub columns: List<Str>,
    /// Schema of the target.
    pub schema: Str,
    /// Target table.
    pub table: Str,
    /// Target columns, without `organization_id`.
    pub to: List<Str>,
    /// What happens to this row when its target goes.
    pub on_delete: OnDelete,
}

/// A named way from a row to rows of another table, by columns that are equal. It is read like a
/// reference and keeps nothing: `PostgREST`'s computed relationships, declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship {
    /// The name in `select`, which comes before that of tables, constraints and columns.
    pub name: Str,
    /// What the related rows are.
    pub description: Str,
    /// Schema of the target.
    pub schema: Str,
    /// Target table or view.
    pub table: Str,
    /// Pairs of a column of this table and the target's that equals it, without
    /// `organization_id`, which is added between tenant tables.
    pub columns: List<(Str, Str)>,
    /// Whether a row has one related row, the first in order, and not a list of them.
    pub to_one: bool,
    /// The order of the related rows when a request asks for none; their key ends it.
    pub order: List<(Str, Direction)>,
    /// At most so many related rows belong to a row: the first in order.
    pub limit: Option<u32>,
}

/// What happens to a referring row when its target is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// The target can't be deleted.
    Restrict,
    /// The referring row goes too.
    Cascade,
    /// The referring columns become null.
    SetNull,
}

/// A unique key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unique {
    /// Key columns; `organization_id` is put first in tenant tables.
    pub columns: List<Str>,
    /// Whether nulls count as different from each other.
    pub nulls: NullsDistinct,
    /// Only rows that meet this SQL condition (portable subset).
    pub filter: Option<Str>,
}

/// Whether nulls in a unique key count as different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullsDistinct {
    /// Two nulls don't conflict (the SQL default).
    Yes,
    /// Two nulls conflict.
    No,
}

/// A condition that every row meets, in the SQL subset that both engines share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Constraint name without the table's.
    pub name: Str,
    /// The SQL condition.
    pub condition: Str,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Indexed columns; `organization_id` is put first in tenant tables.
    pub columns: List<IndexColumn>,
    /// Only rows that meet this SQL condition (portable subset).
    pub filter: Option<Str>,
    /// Without `organization_id`: for the system's own work over all organisations.
    pub global: bool,
    /// A BRIN index on `PostgreSQL`, of columns that grow as rows are added: small, and good for
    /// wide ranges over all organisations. `SQLite` has none.
    pub brin: bool,
}

/// One column of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexColumn {
    /// The column.
    pub name: Str,
    /// Keys of a JSON path below the column; empty for the column itself.
    pub path: List<Str>,
    /// Sort direction.
    pub direction: Direction,
}

/// Sort direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Whether changes leave audit events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Every change leaves one.
    Full,
    /// None: high-volume measurements, or the audit trail itself.
    None,
}

impl EntityMeta {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The column of this name, a computed one too.
    pub fn readable(&self, name: &str) -> Option<&Column> {
        let mut computed = self.computed.iter().map(|computed| &computed.column);
        self.column(name).or_else(|| computed.find(|column| column.name == name))
    }

    /// `schema.table`, for messages.
    pub fn qualified_name(&self) -> String {
        format!("{}.{}", self.schema, self.table)
    }
}

impl Column {
    /// A plain column: not null, internal, no default. The base of struct update syntax.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name: Cow::Borrowed(name),
            kind,
            nullable: false,
            default: None,
            touch: false,
            classification: Classification::Internal,
            personal: Personal::None,
            subject: false,
            read_only: false,
            blind_index: false,
            search: false,
            min: None,
            max: None,
            description: Cow::Borrowed(""),
            renamed_from: None,
        }
    }
}
