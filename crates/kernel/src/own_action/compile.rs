//! From a declaration to what runs: names are resolved, expressions compiled, everything wrong
//! told at once.

use super::expression::Expression;
use super::filter::{self, Condition, Faults, column, expression};
use super::scope::{Shape, Shapes};
use super::{ActionFault, Parameter};
use mainstay_entity::action::{
    ActionMeta, ArgumentType, Callers, ConflictMeta, Place, ResultRows, Returns, RowsMeta, Source,
    StepKind, StepMeta, TableName, TargetMeta,
};
use mainstay_entity::{BUILT_IN_SCHEMA, Catalog, Direction, Kind, Table};
use mainstay_store::{Conflict, Expression as Column, Order, OrderBy};
use std::sync::Arc;

/// Most arguments of an action.
const ARGUMENTS_MAX: usize = 100;
/// Most steps of an action, those within others included.
const STEPS_MAX: usize = 200;
/// Deepest nesting of loops.
const DEPTH_MAX: usize = 3;

/// What runs.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) parameters: Vec<Parameter>,
    pub(super) steps: Vec<Step>,
    pub(super) returns: Result,
    /// Whether some step changes rows.
    pub(super) writes: bool,
}

/// A compiled step.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) when: Option<Expression>,
    pub(super) r#do: Do,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum Do {
    Read { rows: Rows, name: String, one: bool, lock: bool },
    Insert { table: Arc<Table>, values: Values, conflict: Conflict, name: Option<String> },
    Update { table: Arc<Table>, set: Values, target: Target },
    Delete { table: Arc<Table>, target: Target },
    Assert(Box<Assertion>),
    Set { name: String, value: Expression, kind: Option<Kind> },
    ForEach { list: Expression, name: String, steps: Vec<Step> },
}

/// What must hold.
#[derive(Debug)]
pub(super) struct Assertion {
    pub(super) condition: Expression,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) details: Option<Expression>,
    pub(super) hint: Option<String>,
}

/// Columns and their values.
pub(super) type Values = Vec<(usize, Expression)>;

/// Rows that are read.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) table: Arc<Table>,
    pub(super) filter: Vec<Condition>,
    pub(super) order: Vec<Order>,
    pub(super) limit: Option<u64>,
    pub(super) required: bool,
}

/// Rows that are changed or removed.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) filter: Vec<Condition>,
    pub(super) name: Option<String>,
    pub(super) required: bool,
    pub(super) at_most: Option<u64>,
}

/// A compiled result.
#[derive(Debug)]
pub(super) enum Result {
    Nothing,
    Value { kind: Kind, value: Expression },
    Rows { table: Arc<Table>, rows: Origin, one: bool, columns: Option<Vec<usize>> },
}

/// Where the rows of a result come from.
#[derive(Debug)]
pub(super) enum Origin {
    Step(String),
    Read(Rows),
}

/// Resolves and compiles a declaration.
pub(super) fn compile(
    meta: &ActionMeta,
    catalog: &Catalog,
) -> std::result::Result<Program, Vec<ActionFault>> {
    let mut compiler = Compiler {
        catalog,
        schema: &meta.schema,
        shapes: Shapes::default(),
        faults: Vec::new(),
        steps: 0,
        writes: false,
        removed: Vec::new(),
    };
    let parameters = compiler.parameters(meta);
    let steps = compiler.steps(&meta.steps, 0);
    let returns = compiler.result(&meta.returns);
    if meta.elevated && !matches!(meta.callers, Callers::Permitted(..)) {
        let message = "an action that runs as the system needs a permission of its own";
        compiler.faults.push((meta.place.clone(), message.to_owned()));
    }
    match (parameters, returns, compiler.faults.is_empty()) {
        (Some(parameters), Some(returns), true) => {
            Ok(Program { parameters, steps, returns, writes: compiler.writes })
        }
        _ => {
            let fault = |(place, message)| ActionFault::new(&meta.file, &place, message);
            Err(compiler.faults.into_iter().map(fault).collect())
        }
    }
}

struct Compiler<'a> {
    catalog: &'a Catalog,
    schema: &'a str,
    shapes: Shapes,
    faults: Faults,
    steps: usize,
    writes: bool,
    /// What steps call rows that they have removed.
    removed: Vec<String>,
}

impl Compiler<'_> {
    fn refuse(&mut self, place: &Place, message: impl Into<String>) {
        self.faults.push((place.clone(), message.into()));
    }

    fn table(&mut self, name: &TableName) -> Option<Arc<Table>> {
        let schema = name.schema.as_deref().unwrap_or(self.schema);
        let table = self.catalog.find(schema, &name.name.text).cloned();
        if table.is_none() {
            let message = format!("there is no table {schema}.{}", name.name);
            self.refuse(&name.name.place, message);
        }
        table
    }

    /// A table that can be written.
    fn written(&mut self, name: &TableName) -> Option<Arc<Table>> {
        self.writes = true;
        let table = self.table(name)?;
        if table.is_view() {
            let message = format!("{} is a view: it can be read, never written", name.name);
            self.refuse(&name.name.place, message);
        } else if table.meta.read_only && table.meta.schema == BUILT_IN_SCHEMA {
            let message = format!("{} is written by the system alone", name.name);
            self.refuse(&name.name.place, message);
        }
        Some(table)
    }

    fn parameters(&mut self, meta: &ActionMeta) -> Option<Vec<Parameter>> {
        if meta.arguments.len() > ARGUMENTS_MAX {
            self.refuse(&meta.place, format!("an action has at most {ARGUMENTS_MAX} arguments"));
        }
        let mut parameters = Vec::new();
        for argument in &meta.arguments {
            if self.shapes.argument(&argument.name).is_some() {
                self.refuse(
                    &argument.place,
                    format!("argument {} is declared twice", argument.name),
                );
            }
            let (parameter, shape) = match &argument.r#type {
                ArgumentType::Value(kind) => {
                    (Some(Parameter::Value(kind.clone())), Shape::Value(kind.clone()))
                }
                ArgumentType::Row(name) => match self.table(name) {
                    Some(table) => (Some(Parameter::Row(table.clone())), Shape::Row(table)),
                    None => (None, Shape::Any),
                },
            };
            parameters.push(parameter);
            self.shapes.arguments.push((argument.name.clone(), shape));
        }
        parameters.into_iter().collect()
    }

    /// Names what later expressions may refer to.
    fn name(&mut self, name: &Source, shape: Shape) {
        let is_word = name.text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && name.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_word {
            self.refuse(&name.place, format!("{name} is no name: letters, digits and _"));
        } else if !self.shapes.add(&name.text, shape) {
            self.refuse(&name.place, format!("{name} has a meaning already"));
        }
    }

    fn expression(&mut self, source: &Source) -> Option<Expression> {
        match Expression::compile(&source.text, &self.shapes) {
            Ok(expression) => Some(expression),
            Err(message) => {
                self.refuse(&source.place, message);
                None
            }
        }
    }

    fn steps(&mut self, steps: &[StepMeta], depth: usize) -> Vec<Step> {
        let mut compiled = Vec::with_capacity(steps.len());
        for step in steps {
            self.steps += 1;
            if self.steps == STEPS_MAX + 1 {
                self.refuse(&step.place, format!("an action has at most {STEPS_MAX} steps"));
            }
            let when = step.when.as_ref().and_then(|source| self.expression(source));
            if let Some(r#do) = self.step(step, depth) {
                compiled.push(Step { when, r#do });
            }
        }
        compiled
    }

    fn step(&mut self, step: &StepMeta, depth: usize) -> Option<Do> {
        match &step.r#do {
            StepKind::Read { rows, name, one, lock } => {
                let rows = self.rows(rows)?;
                if *lock && rows.table.is_view() {
                    self.refuse(&step.place, "rows of a view can't be locked");
                }
                let shape = of_rows(&rows.table, *one);
                self.name(name, shape);
                Some(Do::Read { rows, name: name.text.clone(), one: *one, lock: *lock })
            }
            StepKind::Insert { table, values, conflict, name } => {
                let table = self.written(table)?;
                let values = self.values(&table, values);
                let conflict = match conflict {
                    None => Conflict::Fail,
                    Some(conflict) => self.conflict(&table, conflict)?,
                };
                self.name_of(name.as_ref(), Shape::Row(table.clone()));
                let name = name.as_ref().map(|name| name.text.clone());
                Some(Do::Insert { table, values, conflict, name })
            }
            StepKind::Update { table, set, target } => {
                let table = self.written(table)?;
                let set = self.values(&table, set);
                let target = self.target(&table, target);
                Some(Do::Update { table, set, target })
            }
            StepKind::Delete { table, target } => {
                let table = self.written(table)?;
                let target = self.target(&table, target);
                self.removed.extend(target.name.clone());
                Some(Do::Delete { table, target })
            }
            StepKind::Assert { condition, code, message, details, hint } => {
                let is_code = code.text.len() == 5
                    && code.text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
                if !is_code {
                    self.refuse(&code.place, "a code has five digits and capitals, as P0001 has");
                }
                let condition = self.expression(condition)?;
                let details = details.as_ref().and_then(|source| self.expression(source));
                let (code, message, hint) = (code.text.clone(), message.clone(), hint.clone());
                let assertion = Assertion { condition, code, message, details, hint };
                Some(Do::Assert(Box::new(assertion)))
            }
            StepKind::Set { name, value } => {
                let value = self.expression(value)?;
                let shape = match value.kind(&self.shapes) {
                    Some(kind) => Shape::Value(kind.clone()),
                    None => Shape::Any,
                };
                let kind = if let Shape::Value(kind) = &shape { Some(kind.clone()) } else { None };
                // A value may be replaced; what it was of is then not known any more.
                match self.shapes.get(&name.text) {
                    Some(Shape::Value(_) | Shape::Any) => self.shapes.set(&name.text, Shape::Any),
                    _ => self.name(name, Shape::Any),
                }
                Some(Do::Set { name: name.text.clone(), value, kind })
            }
            StepKind::ForEach { list, name, steps } => {
                self.for_each(step, list, name, steps, depth)
            }
        }
    }

    fn for_each(
        &mut self,
        step: &StepMeta,
        list: &Source,
        name: &Source,
        steps: &[StepMeta],
        depth: usize,
    ) -> Option<Do> {
        if depth == DEPTH_MAX {
            self.refuse(&step.place, format!("loops are nested at most {DEPTH_MAX} deep"));
            return None;
        }
        let list = self.expression(list)?;
        let shape = match list.shape(&self.shapes) {
            Shape::Rows(table) => Shape::Row(table),
            Shape::Value(Kind::List(item)) => Shape::Value(item.kind()),
            _ => Shape::Any,
        };
        // What is named within is not known behind it.
        let outer = self.shapes.clone();
        self.name(name, shape);
        let steps = self.steps(steps, depth + 1);
        self.shapes = outer;
        Some(Do::ForEach { list, name: name.text.clone(), steps })
    }

    fn name_of(&mut self, name: Option<&Source>, shape: Shape) {
        if let Some(name) = name {
            self.name(name, shape);
        }
    }

    fn values(&mut self, table: &Table, values: &[(Source, Source)]) -> Values {
        let mut compiled: Values = Vec::with_capacity(values.len());
        for (name, value) in values {
            let Some(index) = column(table, name, &mut self.faults) else {
                continue;
            };
            if compiled.iter().any(|(known, _)| *known == index) {
                self.refuse(&name.place, format!("{name} is given twice"));
            }
            let column = &table.meta.columns[index];
            if Some(index) == table.tenant_column() {
                self.refuse(&name.place, format!("{name} is the caller's own, and never given"));
            } else if column.read_only && table.meta.schema == BUILT_IN_SCHEMA {
                self.refuse(&name.place, format!("{name} is written by the system alone"));
            }
            let text = Kind::Text { max: None };
            let kind = if column.kind.is_confidential() { &text } else { &column.kind };
            let value = expression(value, kind, &self.shapes, &mut self.faults);
            compiled.extend(value.map(|value| (index, value)));
        }
        compiled
    }

    fn conflict(&mut self, table: &Table, conflict: &ConflictMeta) -> Option<Conflict> {
        let mut key = Vec::new();
        for name in &conflict.columns {
            key.push(column(table, name, &mut self.faults)?);
        }
        if key.is_empty() {
            key.clone_from(&table.primary_key);
        }
        let tenant = table.tenant_column();
        key.retain(|column| Some(*column) != tenant);
        if key.is_empty() || !table.is_key(&key) {
            let message = format!("these columns are no key of {}", table.meta.table);
            self.refuse(&conflict.place, message);
            return None;
        }
        let same = |columns: &[usize]| {
            let own: Vec<usize> =
                columns.iter().copied().filter(|column| Some(*column) != tenant).collect();
            own.len() == key.len() && own.iter().all(|column| key.contains(column))
        };
        // As the key is declared, with the organisation in it.
        let key = if same(&table.primary_key) {
            table.primary_key.clone()
        } else {
            let unique = table.uniques.iter().find(|u| u.filter.is_none() && same(&u.columns));
            unique.map_or_else(|| key.clone(), |unique| unique.columns.clone())
        };
        Some(if conflict.ignore {
            Conflict::Ignore { key }
        } else {
            Conflict::Merge { key, set: Vec::new() }
        })
    }

    fn target(&mut self, table: &Arc<Table>, target: &TargetMeta) -> Target {
        let filter = filter::compile(&target.filter, table, &self.shapes, &mut self.faults);
        self.name_of(target.name.as_ref(), Shape::Rows(table.clone()));
        Target {
            filter,
            name: target.name.as_ref().map(|name| name.text.clone()),
            required: target.required,
            at_most: target.at_most,
        }
    }

    fn rows(&mut self, rows: &RowsMeta) -> Option<Rows> {
        let table = self.table(&rows.table)?;
        let filter = filter::compile(&rows.filter, &table, &self.shapes, &mut self.faults);
        let mut order = Vec::new();
        for (name, descending) in &rows.order {
            let Some(index) = column(&table, name, &mut self.faults) else {
                continue;
            };
            let kind = &table.meta.columns[index].kind;
            if matches!(kind, Kind::Json | Kind::List(_) | Kind::Inet) || kind.is_confidential() {
                let message = format!("{name} is of type {}, which has no order", kind.name());
                self.refuse(&name.place, message);
            }
            let direction = if *descending { Direction::Descending } else { Direction::Ascending };
            let by = OrderBy::Expression(Column::column(index));
            order.push(Order { by, direction, nulls_first: *descending });
        }
        Some(Rows { table, filter, order, limit: rows.limit, required: rows.required })
    }

    fn result(&mut self, returns: &Returns) -> Option<Result> {
        match returns {
            Returns::Nothing => Some(Result::Nothing),
            Returns::Value { kind, value } => {
                let value = expression(value, kind, &self.shapes, &mut self.faults)?;
                Some(Result::Value { kind: kind.clone(), value })
            }
            Returns::Rows { rows, one, columns } => {
                let (table, rows) = match rows {
                    ResultRows::Step(name) => {
                        let table = self.rows_of(name)?;
                        (table, Origin::Step(name.text.clone()))
                    }
                    ResultRows::Read(rows) => {
                        let rows = self.rows(rows)?;
                        (rows.table.clone(), Origin::Read(rows))
                    }
                };
                let columns = columns.as_ref().map(|names| {
                    let faults = &mut self.faults;
                    names.iter().filter_map(|name| column(&table, name, faults)).collect()
                });
                Some(Result::Rows { table, rows, one: *one, columns })
            }
        }
    }

    /// The table of the rows of a step, which can be read again by their key.
    fn rows_of(&mut self, name: &Source) -> Option<Arc<Table>> {
        let table = match self.shapes.get(&name.text) {
            Some(Shape::Row(table) | Shape::Rows(table)) => table.clone(),
            _ => {
                self.refuse(&name.place, format!("{name} is not what a step calls its rows"));
                return None;
            }
        };
        if self.removed.contains(&name.text) {
            self.refuse(&name.place, "rows that were removed can't be read any more");
        }
        if table.primary_key.is_empty() {
            let message = format!("rows of {} have no key to find them again", table.meta.table);
            self.refuse(&name.place, message);
        }
        Some(table)
    }
}

fn of_rows(table: &Arc<Table>, one: bool) -> Shape {
    if one { Shape::Row(table.clone()) } else { Shape::Rows(table.clone()) }
}
