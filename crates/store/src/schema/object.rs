//! One part of a schema.

use super::name::TableName;

/// A part of a schema: what a database records of it, and what a catalog declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Object {
    /// The table it belongs to.
    pub(crate) table: TableName,
    pub(crate) kind: ObjectKind,
    /// Unique among those of its table and kind.
    pub(crate) name: String,
    /// Canonical SQL: of a column what follows its name, of a constraint what follows
    /// `CONSTRAINT name`, of a table the options after its body, else the whole statement.
    pub(crate) definition: String,
}

/// What tells an object from all others.
pub(crate) type Key<'a> = (&'a TableName, ObjectKind, &'a str);

impl Object {
    pub(crate) fn new(
        table: &TableName,
        kind: ObjectKind,
        name: impl Into<String>,
        definition: impl Into<String>,
    ) -> Self {
        Self { table: table.clone(), kind, name: name.into(), definition: definition.into() }
    }

    pub(crate) fn key(&self) -> Key<'_> {
        (&self.table, self.kind, &self.name)
    }

    /// Whether it is an index that is a rule too.
    pub(crate) fn is_unique_index(&self) -> bool {
        self.kind == ObjectKind::Index && self.definition.starts_with("CREATE UNIQUE ")
    }
}

/// The kinds of part, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ObjectKind {
    Schema,
    Function,
    Table,
    Column,
    PrimaryKey,
    Unique,
    Check,
    ForeignKey,
    Index,
    Trigger,
    /// Row-level security is enabled and forced.
    RowSecurity,
    Policy,
    Grant,
    /// Of the table if it has no name, else of the column of that name.
    Comment,
    /// A key that partitions can't hold, with the table that does.
    HeldKey,
    /// The table of words by which rows are found, and the words of the rows that are there.
    Words,
    /// The partition of rows that no other takes, and the making of others.
    Partitions,
    /// With what it grants and its comments.
    View,
}

impl ObjectKind {
    const ALL: [Self; 18] = [
        Self::Schema,
        Self::Function,
        Self::Table,
        Self::Column,
        Self::PrimaryKey,
        Self::Unique,
        Self::Check,
        Self::ForeignKey,
        Self::Index,
        Self::Trigger,
        Self::RowSecurity,
        Self::Policy,
        Self::Grant,
        Self::Comment,
        Self::HeldKey,
        Self::Words,
        Self::Partitions,
        Self::View,
    ];

    /// The name in records and messages.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Function => "function",
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique key",
            Self::Check => "check",
            Self::ForeignKey => "foreign key",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::RowSecurity => "row security",
            Self::Policy => "policy",
            Self::Grant => "grant",
            Self::Comment => "comment",
            Self::HeldKey => "held key",
            Self::Words => "words",
            Self::Partitions => "partitions",
            Self::View => "view",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it stands inside `CREATE TABLE` as `CONSTRAINT name ...`.
    pub(crate) const fn is_constraint(self) -> bool {
        matches!(self, Self::PrimaryKey | Self::Unique | Self::Check | Self::ForeignKey)
    }
}
