//! What can be asked of the store, as data on metadata: no engine, no SQL, no HTTP.

use crate::error::Result;
use jiff::tz::TimeZone;
use mainstay_entity::range;
use mainstay_entity::search::Query;
use mainstay_entity::{Direction, RangeKind, Table, Value};
use std::pin::Pin;
use std::sync::Arc;

/// A list of records of one table, with related records embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// The table.
    pub table: Arc<Table>,
    /// What each record shows, in order.
    pub output: Vec<Output>,
    /// Which records.
    pub filter: Filter,
    /// In which order; the store appends the key, so that it is total.
    pub order: Vec<Order>,
    /// At most so many.
    pub limit: Option<u64>,
    /// After skipping so many.
    pub offset: u64,
    /// Take row locks (inside a transaction; no effect on SQLite, whose writer is alone).
    pub for_update: bool,
    /// With `for_update`: leave out rows that another transaction has locked, without waiting.
    pub skip_locked: bool,
    /// Include rows that were soft-deleted.
    pub with_deleted: bool,
    /// One record for each group of equal values of these; none groups only around aggregates, by
    /// everything else that is shown.
    pub group: Option<Vec<Expression>>,
    /// Of the records that are equal in these only the first one, in the list's order. Empty means
    /// all records.
    pub first_of: Vec<Expression>,
    /// The list is read page by page; [`Select::place`] must be some.
    pub page: Option<Page>,
}

/// A page of a list that is read page by page (keyset pagination). The answer tells the place of
/// its last record.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The place of the record that the page begins behind: values of [`Select::place`].
    pub after: Option<Vec<Value>>,
}

impl Select {
    /// All columns of all records.
    pub fn all(table: Arc<Table>) -> Self {
        let output = (0..table.meta.columns.len()).map(|c| Output::column(&table, c)).collect();
        Self {
            table,
            output,
            filter: Filter::All,
            order: Vec::new(),
            limit: None,
            offset: 0,
            for_update: false,
            skip_locked: false,
            with_deleted: false,
            group: None,
            first_of: Vec::new(),
            page: None,
        }
    }

    /// The same with a filter.
    pub fn filtered(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }
}

/// One member of the objects in an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The JSON key; unused by a spread embed.
    pub key: String,
    /// Its value.
    pub value: OutputValue,
}

impl Output {
    /// A column under its own name.
    pub fn column(table: &Table, column: usize) -> Self {
        Self {
            key: table.column_name(column).to_owned(),
            value: OutputValue::Expression(Expression::column(column)),
        }
    }
}

/// What a member of an answer shows.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputValue {
    /// A column or something computed from one.
    Expression(Expression),
    /// A value over all records of a group; the plain expressions beside it make the groups.
    Aggregate {
        /// The function.
        function: Aggregate,
        /// Its argument; none for `count()`.
        argument: Option<Expression>,
        /// Cast of the result.
        cast: Option<Cast>,
    },
    /// Related records.
    Embed(Box<Embed>),
    /// The column is hidden from this caller: null, or a fixed mask.
    Masked(Option<&'static str>),
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Number of records or non-null values.
    Count,
    /// Sum.
    Sum,
    /// Arithmetic mean.
    Avg,
    /// Largest.
    Max,
    /// Smallest.
    Min,
}

/// A column, a part of a JSON document in it, or a cast of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Position of the column.
    pub column: usize,
    /// Steps into the JSON document.
    pub path: Vec<JsonStep>,
    /// The last step was `->>`: the result is text.
    pub as_text: bool,
    /// Cast of the result.
    pub cast: Option<Cast>,
}

impl Expression {
    /// The column itself.
    pub fn column(column: usize) -> Self {
        Self { column, path: Vec::new(), as_text: false, cast: None }
    }
}

/// One step into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonStep {
    /// A member of an object.
    Key(String),
    /// An element of an array; negative counts from the end.
    Index(i64),
}

/// The type a value can be cast to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cast {
    /// `text`, `varchar`.
    Text,
    /// `int2`, `smallint`.
    SmallInt,
    /// `int4`, `int`, `integer`.
    Integer,
    /// `int8`, `bigint`.
    BigInt,
    /// `float8`, `double precision`.
    Double,
    /// `numeric`.
    Numeric,
    /// `bool`, `boolean`.
    Boolean,
    /// `timestamptz`.
    Timestamp,
    /// `date`.
    Date,
    /// `uuid`.
    Uuid,
    /// `json`, `jsonb`.
    Json,
    /// `float4`, `real`.
    Real,
    /// `time`.
    Time,
    /// `interval`.
    Interval,
    /// `bytea`.
    Bytes,
    /// `inet`.
    Inet,
    /// `int4range` and its siblings.
    Range(RangeKind),
    /// `name`: the first 63 bytes of the text.
    Name,
    /// `char`: the first character of the text, a space of the empty one.
    Char,
    /// The beginning of an instant's hour, in UTC.
    Hour,
    /// The beginning of an instant's day, in UTC.
    Day,
}

/// Related records inside each record.
#[derive(Clone, Debug, PartialEq)]
pub struct Embed {
    /// How the two tables are related.
    pub relation: Relation,
    /// What is shown of the related records, with their own filter, order, limit and offset
    /// (per parent record).
    pub select: Select,
    /// The members go into the parent's object instead of one of their own.
    pub spread: bool,
}

/// A way from a table to a related one.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Columns of the table where it starts.
    pub from: Vec<usize>,
    /// Columns of the related table, in the order of `from`; without a junction they are equal.
    pub to: Vec<usize>,
    /// Whether there is at most one related record.
    pub to_one: bool,
    /// The table in between, for many-to-many.
    pub junction: Option<Junction>,
    /// Only the first related records are related at all.
    pub take: Option<Take>,
}

/// Which of the records that a relation leads to there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// The first in this order of columns, which the key ends.
    pub order: Vec<(usize, Direction)>,
    /// At most so many of each record's.
    pub limit: u64,
    /// Which records count.
    pub filter: Box<Filter>,
}

/// The table between two tables related many-to-many.
#[derive(Clone, Debug, PartialEq)]
pub struct Junction {
    /// The table in between.
    pub table: Arc<Table>,
    /// Its columns that equal [`Relation::from`].
    pub from: Vec<usize>,
    /// Its columns that equal [`Relation::to`].
    pub to: Vec<usize>,
    /// Which of its records count.
    pub filter: Box<Filter>,
}

/// Which records. SQL's three-valued logic holds: a comparison with null is neither.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Every record.
    All,
    /// Every condition holds; the empty list is [`Filter::All`].
    And(Vec<Filter>),
    /// Some condition holds; the empty list is no record.
    Or(Vec<Filter>),
    /// The condition does not hold.
    Not(Box<Filter>),
    /// A comparison with a value.
    Compare {
        /// Left side.
        left: Expression,
        /// Operator.
        op: Compare,
        /// Right side, of the expression's kind.
        right: Value,
    },
    /// Equal to some value of a list.
    In {
        /// Left side.
        left: Expression,
        /// Values of the expression's kind.
        list: Vec<Value>,
    },
    /// Null, true, false or unknown.
    Is {
        /// What is asked.
        left: Expression,
        /// The state.
        state: IsState,
    },
    /// A column has the words that are sought; null where the column is.
    Search {
        /// Position of the column, one that is searched.
        column: usize,
        /// What is sought.
        query: Arc<Query>,
    },
    /// Some related record meets a filter.
    Exists {
        /// How the tables are related.
        relation: Relation,
        /// The related table.
        table: Arc<Table>,
        /// The condition on the related record.
        filter: Box<Filter>,
        /// More than so many related records meet it.
        skip: u64,
    },
}

impl Filter {
    /// Whether it asks about a related table that something holds for.
    pub(crate) fn any_table(&self, holds: &mut impl FnMut(&Table) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.any_table(holds)),
            Self::Not(inner) => inner.any_table(holds),
            Self::Exists { table, filter, .. } => holds(table) || filter.any_table(holds),
            Self::All
            | Self::Compare { .. }
            | Self::In { .. }
            | Self::Is { .. }
            | Self::Search { .. } => false,
        }
    }
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `LIKE`; the right side is a text pattern with `%`, `_` and `\`.
    Like,
    /// `LIKE` after folding both sides.
    ILike,
    /// `IS DISTINCT FROM`
    Distinct,
    /// `@>`: JSON, list or range contains the right side.
    Contains,
    /// `<@`
    ContainedBy,
    /// `&&`: lists share an item, ranges an element.
    Overlaps,
    /// How two ranges stand to each other.
    Range(range::Relation),
    /// `~`: some part of the text matches a regular expression, which is the right side.
    Match,
    /// `~` after folding both sides.
    IMatch,
}

/// What `is` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IsState {
    /// `IS NULL`
    Null,
    /// `IS NOT NULL`
    NotNull,
    /// `IS TRUE`
    True,
    /// `IS FALSE`
    False,
    /// `IS UNKNOWN`
    Unknown,
}

/// One term of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The value ordered by.
    pub by: OrderBy,
    /// Direction.
    pub direction: Direction,
    /// Whether nulls come first; PostgreSQL's default is last ascending, first descending.
    pub nulls_first: bool,
}

/// What a list is ordered by.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderBy {
    /// A value of the record.
    Expression(Expression),
    /// A value of the one related record.
    Related {
        /// How the tables are related; to-one.
        relation: Relation,
        /// The related table.
        table: Arc<Table>,
        /// The value.
        expression: Expression,
        /// Which related records count; of others the value is null.
        filter: Box<Filter>,
    },
}

/// How many records match beside those on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Not asked.
    None,
    /// The exact number.
    Exact,
    /// The exact number up to this cap, unknown above it. Planner estimates would leak other
    /// organisations' values.
    Capped(u64),
}

/// How records are written into the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON array.
    JsonArray,
    /// The JSON objects alone, separated by commas: for an answer of exactly one.
    JsonObject,
    /// One JSON object a line.
    Lines,
    /// CSV with a header line.
    Csv,
}

/// A read: one snapshot, one statement and one more per embedded relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// What is asked.
    pub select: Select,
    /// Whether all matches are counted.
    pub count: Count,
    /// How records are written.
    pub format: Format,
    /// Leave out members that are null.
    pub strip_nulls: bool,
    /// The time zone that instants are shown in; none is UTC.
    pub zone: Option<TimeZone>,
}

/// Opens sealed columns while rows become bytes.
pub trait Unseal: Send + Sync {
    /// Reads the keys of some people, for the rows that are opened next: large answers are read
    /// piece by piece, and each asks for its own.
    fn load<'a>(
        &'a self,
        subjects: &'a [uuid::Uuid],
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

    /// The JSON value in an envelope, or none when its key is not (or no longer) to be had. Keys
    /// are in memory: it is asked in the engine's own threads and must not wait.
    fn open(&self, place: SealedPlace<'_>, envelope: &[u8]) -> Option<String>;
}

/// Where an envelope stands.
#[derive(Clone, Copy, Debug)]
pub struct SealedPlace<'a> {
    /// The table.
    pub table: &'a Table,
    /// Position of the sealed column.
    pub column: usize,
    /// The row.
    pub row: uuid::Uuid,
    /// The person whose data the row holds; the row itself when nobody is named.
    pub subject: uuid::Uuid,
}

/// The column that names the person whose data a row holds.
pub fn subject_column(table: &Table) -> Option<usize> {
    table.meta.columns.iter().position(|c| c.subject && c.kind == mainstay_entity::Kind::Uuid)
}
