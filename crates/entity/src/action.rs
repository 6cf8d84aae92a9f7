//! What a product's own action is, as data: a named sequence of reads and changes that are made
//! together, with arguments and a result.
//!
//! Nothing here runs: the kernel resolves the names against the catalog, compiles the expressions
//! (CEL) and runs the steps.

use crate::kind::Kind;
use crate::search::{Language, Mode};
use crate::value::Value;
use std::fmt;

/// Where something stands in the file that declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line from 1; 0 when there is no file.
    pub line: u64,
    /// Column from 1, in characters.
    pub column: u64,
    /// The way to the key, such as `steps[0].where.status`.
    pub key: String,
}

/// A text with its place: a name, or an expression in CEL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As it is written.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A table or view that an action names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The schema; none means the action's own.
    pub schema: Option<String>,
    /// The name.
    pub name: Source,
}

/// An action.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionMeta {
    /// The schema in which it is called.
    pub schema: String,
    /// The name, callable at `rpc/{name}`; several actions of one name differ in their arguments.
    pub name: String,
    /// What it does.
    pub description: String,
    /// The file that declares it.
    pub file: String,
    /// Where the declaration begins.
    pub place: Place,
    /// Who may call it.
    pub callers: Callers,
    /// Its steps are the system's: they ask for no permission of the caller. Rows stay within the
    /// caller's organisation.
    pub elevated: bool,
    /// What it is called with, in order.
    pub arguments: Vec<ArgumentMeta>,
    /// What it does, in order.
    pub steps: Vec<StepMeta>,
    /// What it answers.
    pub returns: Returns,
}

/// Who may call an action. What its steps need they ask for by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Everybody, also who has not said who they are.
    Everybody,
    /// Whoever has said who they are.
    Known,
    /// Who has a permission: resource and action.
    Permitted(String, String),
}

/// An argument.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgumentMeta {
    /// The name; an action may have one argument without a name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// What it takes.
    pub r#type: ArgumentType,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it is when a call does not give it; without one it must be given.
    pub default: Option<Value>,
    /// What it means.
    pub description: String,
}

/// What an argument takes.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentType {
    /// A value.
    Value(Kind),
    /// A row of a table or view; columns that are not given are null.
    Row(TableName),
}

/// One thing that an action does.
#[derive(Clone, Debug, PartialEq)]
pub struct StepMeta {
    /// Where it is declared.
    pub place: Place,
    /// Only done where this holds.
    pub when: Option<Source>,
    /// What is done.
    pub r#do: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Reads rows.
    Read {
        /// Which.
        rows: RowsMeta,
        /// How later steps call them.
        name: Source,
        /// It is one row, or null.
        one: bool,
        /// The rows can't be changed by others until the action ends.
        lock: bool,
    },
    /// Adds a row.
    Insert {
        /// Of this table.
        table: TableName,
        /// Columns and their values.
        values: Vec<(Source, Source)>,
        /// What happens when its key exists.
        conflict: Option<ConflictMeta>,
        /// How later steps call the row.
        name: Option<Source>,
    },
    /// Changes rows.
    Update {
        /// Of this table.
        table: TableName,
        /// Columns and their new values.
        set: Vec<(Source, Source)>,
        /// Which rows.
        target: TargetMeta,
    },
    /// Removes rows.
    Delete {
        /// Of this table.
        table: TableName,
        /// Which rows.
        target: TargetMeta,
    },
    /// Ends the action, undone, unless something holds.
    Assert {
        /// What must hold.
        condition: Source,
        /// The code of the answer: five digits and capitals; `PT` and three digits give a status.
        code: Source,
        /// What the caller is told.
        message: String,
        /// More of it, an expression that gives a text.
        details: Option<Source>,
        /// What the caller is to do about it.
        hint: Option<String>,
    },
    /// Keeps a value.
    Set {
        /// Under this name.
        name: Source,
        /// The value.
        value: Source,
    },
    /// Does steps for each item of a list.
    ForEach {
        /// The list.
        list: Source,
        /// How the steps call the item.
        name: Source,
        /// The steps.
        steps: Vec<StepMeta>,
    },
}

/// What happens when the key of a new row exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictMeta {
    /// The columns of the key; none for the primary key.
    pub columns: Vec<Source>,
    /// The row that is there stays as it is; otherwise the new values go into it.
    pub ignore: bool,
    /// Where it is declared.
    pub place: Place,
}

/// The rows that a step changes or removes.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetMeta {
    /// Conditions that all hold.
    pub filter: Vec<ConditionMeta>,
    /// How later steps call the rows: as they are then, of removed ones as they were.
    pub name: Option<Source>,
    /// Refused when there is none.
    pub required: bool,
    /// Refused when there are more.
    pub at_most: Option<u64>,
}

/// Rows that are read.
#[derive(Clone, Debug, PartialEq)]
pub struct RowsMeta {
    /// Of this table or view.
    pub table: TableName,
    /// Conditions that all hold.
    pub filter: Vec<ConditionMeta>,
    /// In which order: column and whether the largest comes first.
    pub order: Vec<(Source, bool)>,
    /// At most so many.
    pub limit: Option<u64>,
    /// Refused when there is none.
    pub required: bool,
}

/// A condition on a row.
#[derive(Clone, Debug, PartialEq)]
pub enum ConditionMeta {
    /// A column compares with a value.
    Compare {
        /// The column.
        column: Source,
        /// How.
        operator: Operator,
        /// With each item of a list, of which some or all must do.
        quantifier: Option<Quantifier>,
        /// The value.
        value: Source,
    },
    /// A column that is searched has the words that are sought.
    Search {
        /// The column.
        column: Source,
        /// How the text of the query is read.
        mode: Mode,
        /// How words are compared.
        language: Language,
        /// What is sought.
        query: Source,
    },
    /// A column is null, not null, true, false or unknown.
    Is {
        /// The column.
        column: Source,
        /// What.
        state: State,
    },
    /// All hold.
    All(Vec<ConditionMeta>),
    /// Some hold.
    Any(Vec<ConditionMeta>),
    /// They don't all hold.
    Not(Vec<ConditionMeta>),
}

/// How a column compares with a value, by the names that filters of requests have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equals.
    Eq,
    /// Does not equal.
    Neq,
    /// Is greater.
    Gt,
    /// Is not smaller.
    Gte,
    /// Is smaller.
    Lt,
    /// Is not greater.
    Lte,
    /// Matches a pattern with `%` and `_`.
    Like,
    /// The same in whichever case.
    Ilike,
    /// Is among the items of a list.
    In,
    /// Differs; null is a value like others.
    Isdistinct,
    /// Contains.
    Cs,
    /// Is contained.
    Cd,
    /// Shares an item, or an element of a range.
    Ov,
    /// Some part matches a regular expression.
    Match,
    /// The same in whichever case.
    Imatch,
    /// A range ends before another begins.
    Sl,
    /// It begins after another ends.
    Sr,
    /// It does not reach beyond another's end.
    Nxr,
    /// It does not begin before another.
    Nxl,
    /// It ends where another begins, or the other way round.
    Adj,
}

/// How many items of a list a comparison must hold with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// One at least.
    Any,
    /// Every one.
    All,
}

impl Quantifier {
    /// All, with their names.
    pub const ALL: [(&str, Self); 2] = [("any", Self::Any), ("all", Self::All)];
}

impl Operator {
    /// All, with their names.
    pub const ALL: [(&str, Self); 20] = [
        ("eq", Self::Eq),
        ("neq", Self::Neq),
        ("gt", Self::Gt),
        ("gte", Self::Gte),
        ("lt", Self::Lt),
        ("lte", Self::Lte),
        ("like", Self::Like),
        ("ilike", Self::Ilike),
        ("in", Self::In),
        ("isdistinct", Self::Isdistinct),
        ("cs", Self::Cs),
        ("cd", Self::Cd),
        ("ov", Self::Ov),
        ("match", Self::Match),
        ("imatch", Self::Imatch),
        ("sl", Self::Sl),
        ("sr", Self::Sr),
        ("nxr", Self::Nxr),
        ("nxl", Self::Nxl),
        ("adj", Self::Adj),
    ];

    /// Whether it may stand for each item of a list.
    pub const fn is_quantifiable(self) -> bool {
        use Operator::{Eq, Gt, Gte, Ilike, Imatch, Like, Lt, Lte, Match};
        matches!(self, Eq | Gt | Gte | Lt | Lte | Like | Ilike | Match | Imatch)
    }
}

/// What a column may be asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Null.
    Null,
    /// Not null.
    NotNull,
    /// True.
    True,
    /// False.
    False,
    /// Neither true nor false.
    Unknown,
}

impl State {
    /// All, with their names.
    pub const ALL: [(&str, Self); 5] = [
        ("null", Self::Null),
        ("not_null", Self::NotNull),
        ("true", Self::True),
        ("false", Self::False),
        ("unknown", Self::Unknown),
    ];
}

/// What an action answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Returns {
    /// Nothing.
    Nothing,
    /// A value.
    Value {
        /// Of this kind.
        kind: Kind,
        /// An expression.
        value: Source,
    },
    /// Rows of a table or view, which the request filters, orders and embeds in as it does others.
    Rows {
        /// Which.
        rows: ResultRows,
        /// It is one row, or null.
        one: bool,
        /// The columns that are shown; none for all.
        columns: Option<Vec<Source>>,
    },
}

/// The rows of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum ResultRows {
    /// Those that a step has read, added or changed.
    Step(Source),
    /// Those that match.
    Read(RowsMeta),
}

impl ActionMeta {
    /// `schema.name`
    pub fn qualified_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
