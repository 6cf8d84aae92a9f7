//! The tree that a query string is parsed into. Names are as the client wrote them, unresolved.

/// A column, or a place inside a JSON column: `name`, `data->address->>city`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field {
    /// The column's name.
    pub name: String,
    /// The steps into the column's JSON value; empty for the column itself.
    pub path: Vec<JsonStep>,
}

impl Field {
    /// A plain column.
    pub fn column(name: impl Into<String>) -> Self {
        Self { name: name.into(), path: Vec::new() }
    }
}

/// One step of a JSON path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JsonStep {
    /// Whether the step yields JSON or text.
    pub arrow: Arrow,
    /// The member or element to step to.
    pub key: JsonKey,
}

/// What a step of a JSON path yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrow {
    /// `->`: JSON.
    Json,
    /// `->>`: text.
    Text,
}

/// The operand of a JSON arrow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JsonKey {
    /// A member of an object.
    Member(String),
    /// An element of an array, counted from 0, or from the end if negative.
    Index(i32),
}

/// One item of `select=`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SelectItem {
    /// `*`: every readable column.
    Star,
    /// A column, a JSON path, or an aggregate of one.
    Column(Column),
    /// `count()`: the number of rows of the group.
    Count {
        /// The name in the answer, `count` if absent.
        alias: Option<String>,
        /// The type that the number is cast to.
        cast: Option<String>,
    },
    /// A related table.
    Embed(Embed),
}

/// `alias:column->path::cast.aggregate()::cast`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// The name in the answer.
    pub alias: Option<String>,
    /// What to read.
    pub field: Field,
    /// The type that the value is cast to, before aggregating.
    pub cast: Option<String>,
    /// How the values of a group become one.
    pub aggregate: Option<Aggregate>,
}

/// An aggregate over a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// The function.
    pub function: AggregateFunction,
    /// The type that its result is cast to.
    pub cast: Option<String>,
}

/// The functions that `select` can apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum AggregateFunction {
    Sum,
    Avg,
    Count,
    Max,
    Min,
}

impl AggregateFunction {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Count => "count",
            Self::Max => "max",
            Self::Min => "min",
        }
    }
}

/// `alias:relation!hint!inner(select)`, or `...relation(select)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Embed {
    /// The name in the answer; never set on a spread.
    pub alias: Option<String>,
    /// The related table, or the column or constraint that leads to it.
    pub relation: String,
    /// Which relationship is meant where several exist: a constraint, column or junction table.
    pub hint: Option<String>,
    /// Whether rows without a related row are kept; `None` leaves it to the default, a left join.
    pub join: Option<JoinKind>,
    /// `...`: the related columns become columns of the parent.
    pub spread: bool,
    /// What to read of it; empty embeds nothing but joins for filters.
    pub select: Vec<SelectItem>,
}

/// How an embedded table is joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `!inner`: parents without a related row are left out.
    Inner,
    /// `!left`: parents without a related row are kept.
    Left,
}

/// Something that applies at a level of embedding: `a.b.order=…` is placed at `["a", "b"]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Placed<T> {
    /// Names (or aliases) of the embeds that lead there; empty for the root table.
    pub path: Vec<String>,
    /// What applies there.
    pub item: T,
}

/// A tree of conditions on the rows of one level.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// `and(…)`, `or(…)` and their negations.
    Group(Group),
    /// One condition.
    Condition(Condition),
}

impl Filter {
    /// The number of conditions in this tree.
    pub fn conditions(&self) -> usize {
        match self {
            Self::Condition(_) => 1,
            Self::Group(group) => group.filters.iter().map(Self::conditions).sum(),
        }
    }
}

/// Conditions joined by one connective.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// `not.and(…)`, `not.or(…)`.
    pub negated: bool,
    /// How the members are joined.
    pub connective: Connective,
    /// The members, at least one.
    pub filters: Vec<Filter>,
}

/// How the members of a [`Group`] are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Connective {
    And,
    Or,
}

impl Connective {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
        }
    }
}

/// `field=not.predicate`. The field may also name an embed: `projects=is.null`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// What is compared.
    pub field: Field,
    /// Whether the predicate is preceded by `not.`.
    pub negated: bool,
    /// What it is compared with, and how.
    pub predicate: Predicate,
}

/// The right-hand side of a condition. Values are text, converted by the column's type later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// `eq.5`, `like(any).{a*,b*}`.
    Compare {
        /// The comparison.
        operator: Operator,
        /// Set if the value is an array literal whose elements are compared one by one.
        quantifier: Option<Quantifier>,
        /// The value, as written; an array, range or JSON literal for the operators on those.
        value: String,
    },
    /// `in.(1,2,3)`.
    In(Vec<String>),
    /// `is.null`.
    Is(IsValue),
    /// `fts(french).amusant`.
    Search {
        /// How the query is read.
        mode: SearchMode,
        /// The text search configuration.
        language: Option<String>,
        /// The words sought.
        query: String,
    },
}

/// Comparisons with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `eq`: `=`
    Eq,
    /// `neq`: `<>`
    Neq,
    /// `gt`: `>`
    Gt,
    /// `gte`: `>=`
    Gte,
    /// `lt`: `<`
    Lt,
    /// `lte`: `<=`
    Lte,
    /// `like`: `LIKE`, with `*` standing for `%`
    Like,
    /// `ilike`: `ILIKE`, with `*` standing for `%`
    Ilike,
    /// `match`: regular expression `~`
    Match,
    /// `imatch`: regular expression `~*`
    Imatch,
    /// `isdistinct`: `IS DISTINCT FROM`
    IsDistinct,
    /// `cs`: contains, `@>`
    Contains,
    /// `cd`: contained in, `<@`
    Contained,
    /// `ov`: overlaps, `&&`
    Overlaps,
    /// `sl`: strictly left of, `<<`
    StrictlyLeft,
    /// `sr`: strictly right of, `>>`
    StrictlyRight,
    /// `nxr`: does not extend to the right of, `&<`
    NotExtendsRight,
    /// `nxl`: does not extend to the left of, `&>`
    NotExtendsLeft,
    /// `adj`: adjacent to, `-|-`
    Adjacent,
}

impl Operator {
    /// The abbreviation as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Neq => "neq",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Like => "like",
            Self::Ilike => "ilike",
            Self::Match => "match",
            Self::Imatch => "imatch",
            Self::IsDistinct => "isdistinct",
            Self::Contains => "cs",
            Self::Contained => "cd",
            Self::Overlaps => "ov",
            Self::StrictlyLeft => "sl",
            Self::StrictlyRight => "sr",
            Self::NotExtendsRight => "nxr",
            Self::NotExtendsLeft => "nxl",
            Self::Adjacent => "adj",
        }
    }

    /// Whether `(any)` and `(all)` may follow.
    pub fn is_quantifiable(self) -> bool {
        use Operator::{Eq, Gt, Gte, Ilike, Imatch, Like, Lt, Lte, Match};
        matches!(self, Eq | Gt | Gte | Lt | Lte | Like | Ilike | Match | Imatch)
    }
}

/// How many elements of the operand must satisfy the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Quantifier {
    Any,
    All,
}

impl Quantifier {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

/// The operands of `is`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum IsValue {
    Null,
    NotNull,
    True,
    False,
    Unknown,
}

impl IsValue {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::NotNull => "not_null",
            Self::True => "true",
            Self::False => "false",
            Self::Unknown => "unknown",
        }
    }
}

/// How the words of a full-text search are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SearchMode {
    /// `fts`: as `to_tsquery`
    Query,
    /// `plfts`: as `plainto_tsquery`
    Plain,
    /// `phfts`: as `phraseto_tsquery`
    Phrase,
    /// `wfts`: as `websearch_to_tsquery`
    Web,
}

impl SearchMode {
    /// The abbreviation as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "fts",
            Self::Plain => "plfts",
            Self::Phrase => "phfts",
            Self::Web => "wfts",
        }
    }
}

/// `distinct=`: rows that are alike as one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Distinct {
    /// `true`: rows that show the same.
    Shown,
    /// `on(a,b)`: of rows that are equal in these the first one.
    On(Vec<Field>),
}

/// One term of `order=`: `name.desc.nullslast`, or `relation(name).desc` for a to-one embed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderTerm {
    /// The embed whose field orders the rows.
    pub relation: Option<String>,
    /// What the rows are ordered by.
    pub field: Field,
    /// Ascending if absent.
    pub direction: Option<Direction>,
    /// Last when ascending and first when descending if absent, as in PostgreSQL.
    pub nulls: Option<Nulls>,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Direction {
    Asc,
    Desc,
}

impl Direction {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

/// Where nulls are placed in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Nulls {
    First,
    Last,
}

impl Nulls {
    /// The name as written in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "nullsfirst",
            Self::Last => "nullslast",
        }
    }
}
