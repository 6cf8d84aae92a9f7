//! Expressions of actions: CEL over arguments, the results of earlier steps, the caller and the
//! time, compiled and checked when an action is declared.

use super::scope::{Bound, Content, Scope, Shape, Shapes};
use super::value::{from_cel, instant, printed};
use crate::error::{Error, Result};
use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, MapExpr, StructExpr};
use cel::{Context, Env, ExecutionError, IdedExpr, Value as Cel, extensions};
use mainstay_entity::parse::{parse_json, parse_text};
use mainstay_entity::{self as entity, Kind, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Longest expression, in bytes.
const SOURCE_MAX: usize = 4_000;
/// Largest value that an expression gives, in bytes of JSON.
pub(super) const VALUE_MAX: usize = 1 << 20;

/// The arguments of a call.
pub(super) const ARGUMENTS: &str = "args";
/// Who calls.
pub(super) const CALLER: &str = "caller";
/// The time of the call.
pub(super) const NOW: &str = "now";
/// Members of [`CALLER`].
const CALLER_MEMBERS: [&str; 7] =
    ["id", "kind", "organization_id", "session_id", "roles", "teams", "platform_admin"];

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut environment = Env::stdlib();
    // The standard library has no functions of these names; without them an expression that calls
    // one is refused.
    let _ = environment.add_extension(extensions::strings);
    let _ = environment.add_extension(extensions::math);
    let _ = environment.add_extension(extensions::lists);
    Arc::new(environment)
});

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Expression {
    tree: IdedExpr,
    /// The variables that it names.
    roots: BTreeSet<String>,
    /// What it is when it is nothing but a way to a value: taken as it is, whatever CEL can hold.
    path: Option<Way>,
}

/// The way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// An argument.
    Argument(usize),
    /// A column of an argument that is a row.
    ArgumentColumn(usize, usize),
    /// A column of a row that a step has read.
    Column(String, usize),
    /// The time.
    Now,
}

impl Expression {
    /// Compiles an expression over what is known where it stands.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote it.
    pub(super) fn compile(source: &str, shapes: &Shapes) -> Result<Self, String> {
        if source.len() > SOURCE_MAX {
            return Err(format!("an expression has at most {SOURCE_MAX} bytes"));
        }
        let program = ENVIRONMENT.compile(source).map_err(|errors| {
            // What follows shows the expression, which stands in the file.
            let told = errors.to_string();
            format!("no CEL expression: {}", told.lines().next().unwrap_or_default().trim())
        })?;
        let tree = program.expression().clone();
        let mut check = Check { shapes, roots: BTreeSet::new(), local: Vec::new() };
        check.node(&tree)?;
        let roots = check.roots;
        let path = way(&tree, shapes);
        Ok(Self { tree, roots, path })
    }

    /// Whether it is known before any call.
    pub(super) fn is_constant(&self) -> bool {
        self.roots.is_empty()
    }

    /// The kind of what it gives, where that is known before any call.
    pub(super) fn kind<'s>(&self, shapes: &'s Shapes) -> Option<&'s Kind> {
        match self.path.as_ref()? {
            Way::Argument(argument) => match shapes.arguments.get(*argument)? {
                (_, Shape::Value(kind)) => Some(kind),
                _ => None,
            },
            Way::ArgumentColumn(argument, column) => match shapes.arguments.get(*argument)? {
                (_, Shape::Row(table)) => Some(&table.meta.columns.get(*column)?.kind),
                _ => None,
            },
            Way::Column(name, column) => match shapes.get(name)? {
                Shape::Row(table) => Some(&table.meta.columns.get(*column)?.kind),
                _ => None,
            },
            Way::Now => Some(&Kind::Timestamp),
        }
    }

    /// The shape of what it gives.
    pub(super) fn shape(&self, shapes: &Shapes) -> Shape {
        if let Expr::Ident(name) = &self.tree.expr
            && let Some(shape) = shapes.get(name)
        {
            return shape.clone();
        }
        self.kind(shapes).map_or(Shape::Any, |kind| Shape::Value(kind.clone()))
    }

    /// What it gives, as a value of a kind.
    ///
    /// # Errors
    /// [`Error::Raised`] when it can't be computed, and what the kind refuses.
    pub(super) fn value(&self, scope: &Scope, kind: &Kind) -> Result<Value> {
        let value = match self.exact(scope)? {
            Some((own, value)) => convert(&own, kind, value),
            None => from_cel(kind, &self.cel(scope)?),
        };
        value.map_err(|error| refused(&error))
    }

    /// What it gives, as a list of values of a kind; null is an empty one.
    ///
    /// # Errors
    /// As [`Self::value`].
    pub(super) fn values(&self, scope: &Scope, kind: &Kind) -> Result<Vec<Value>> {
        match self.cel(scope)? {
            Cel::Null => Ok(Vec::new()),
            Cel::List(items) => {
                let value = |item: &Cel| from_cel(kind, item).map_err(|error| refused(&error));
                items.iter().map(value).collect()
            }
            _ => Err(raised("expected a list")),
        }
    }

    /// What it names as a whole, when it is nothing but a name.
    pub(super) fn bound<'s>(&self, scope: &'s Scope) -> Option<&'s Bound> {
        match (&self.tree.expr, &self.path) {
            (Expr::Ident(name), None) => scope.get(name),
            (_, Some(Way::Argument(argument))) => scope.arguments.get(*argument),
            _ => None,
        }
    }

    /// The value at the end of a way, with its kind.
    fn exact(&self, scope: &Scope) -> Result<Option<(Kind, Value)>> {
        let column = |content: &Content, column: usize| match content {
            Content::Row(row) => row.value(column).map(Some),
            _ => Ok(None),
        };
        match &self.path {
            None => Ok(None),
            Some(Way::Now) => {
                Ok(Some((Kind::Timestamp, Value::Timestamp(scope.now.as_microsecond()))))
            }
            Some(Way::Argument(argument)) => {
                Ok(scope.arguments.get(*argument).and_then(|bound| match &bound.content {
                    Content::Value(kind, value) => Some((kind.clone(), value.clone())),
                    _ => None,
                }))
            }
            Some(Way::ArgumentColumn(argument, position)) => match scope.arguments.get(*argument) {
                Some(bound) => column(&bound.content, *position),
                None => Ok(None),
            },
            Some(Way::Column(name, position)) => match scope.get(name) {
                Some(bound) => column(&bound.content, *position),
                None => Ok(None),
            },
        }
    }

    /// What it gives to other expressions.
    ///
    /// # Errors
    /// [`Error::Raised`] when it can't be computed or is too large.
    pub(super) fn cel(&self, scope: &Scope) -> Result<Cel> {
        let mut context = Context::with_env(ENVIRONMENT.clone());
        let _ = context.add_function("left", |text: Arc<String>, count: i64| {
            text.chars().take(usize::try_from(count).unwrap_or(0)).collect::<String>()
        });
        let _ = context.add_function("epoch", |text: Arc<String>| seconds(&text));
        for name in &self.roots {
            let value = match name.as_str() {
                ARGUMENTS => scope.arguments_cel.clone(),
                CALLER => scope.caller.clone(),
                NOW => instant(scope.now.as_microsecond()),
                name => scope.get(name).map_or(Cel::Null, |bound| bound.cel.clone()),
            };
            context.add_variable_from_value(name.clone(), value);
        }
        Cel::resolve(&self.tree, &context).map_err(|error| raised(&error.to_string()))
    }

    /// Whether a condition holds; what can't be computed does not.
    pub(super) fn holds(&self, scope: &Scope) -> Result<bool> {
        match self.cel(scope)? {
            Cel::Bool(value) => Ok(value),
            _ => Err(raised("a condition gives true or false")),
        }
    }
}

/// An expression that could not be computed (22000, a fault of the data).
pub(super) fn raised(message: &str) -> Error {
    Error::raised("22000", format!("an expression of the action can't be computed: {message}"))
}

/// A value that a kind does not take.
pub(super) fn refused(error: &entity::Error) -> Error {
    Error::raised(error.sqlstate(), error.to_string())
}

/// Seconds since 1970-01-01T00:00:00Z.
fn seconds(text: &str) -> Result<f64, ExecutionError> {
    match parse_text(&Kind::Timestamp, text) {
        Ok(Value::Timestamp(micros)) => Ok(micros as f64 / 1e6),
        _ => Err(ExecutionError::function_error("epoch", "expected an instant")),
    }
}

/// A value of one kind as one of another.
fn convert(from: &Kind, to: &Kind, value: Value) -> Result<Value, entity::Error> {
    if value.is_null() {
        return Ok(value);
    }
    match (from, to) {
        (from, to) if from == to => Ok(value),
        (_, Kind::Json) => {
            let mut out = Vec::new();
            value.as_cell().write_json(&mut out);
            parse_json(to, &String::from_utf8_lossy(&out))
        }
        (Kind::Double | Kind::Decimal { .. }, Kind::SmallInt | Kind::Integer | Kind::BigInt) => {
            parse_json(to, &printed(&value))
        }
        _ => parse_text(to, &printed(&value)),
    }
}

/// Whether values of one kind may be ones of another.
pub(super) fn fits(from: &Kind, to: &Kind) -> bool {
    let is_number = |kind: &Kind| {
        matches!(
            kind,
            Kind::SmallInt
                | Kind::Integer
                | Kind::BigInt
                | Kind::Double
                | Kind::Decimal { .. }
                | Kind::U256
        )
    };
    let is_time = |kind: &Kind| matches!(kind, Kind::Timestamp | Kind::Date);
    from == to
        || from.is_textual()
        || to.is_textual()
        || to.is_confidential()
        || matches!(to, Kind::Json)
        || matches!(from, Kind::Json)
        || (is_number(from) && is_number(to))
        || (is_time(from) && is_time(to))
        || std::mem::discriminant(from) == std::mem::discriminant(to)
}

/// `args.x`, `args.row.column`, `row.column`, `now`.
fn way(node: &IdedExpr, shapes: &Shapes) -> Option<Way> {
    match &node.expr {
        Expr::Ident(name) if name == NOW => Some(Way::Now),
        Expr::Select(select) if !select.test => {
            let field = select.field.as_str();
            match &select.operand.expr {
                Expr::Ident(of) if of == ARGUMENTS => {
                    let argument = shapes.argument(field)?;
                    let is_value = matches!(shapes.arguments[argument].1, Shape::Value(_));
                    is_value.then_some(Way::Argument(argument))
                }
                Expr::Ident(of) => match shapes.get(of)? {
                    Shape::Row(table) => Some(Way::Column(of.clone(), table.column_index(field)?)),
                    _ => None,
                },
                Expr::Select(inner) if !inner.test => {
                    let Expr::Ident(of) = &inner.operand.expr else {
                        return None;
                    };
                    let argument = (of == ARGUMENTS).then(|| shapes.argument(&inner.field))??;
                    match &shapes.arguments[argument].1 {
                        Shape::Row(table) => {
                            Some(Way::ArgumentColumn(argument, table.column_index(field)?))
                        }
                        _ => None,
                    }
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Looks at every node of an expression: unknown names are refused.
struct Check<'s> {
    shapes: &'s Shapes,
    roots: BTreeSet<String>,
    /// Variables of loops.
    local: Vec<String>,
}

impl Check<'_> {
    fn node(&mut self, node: &IdedExpr) -> Result<(), String> {
        match &node.expr {
            Expr::Ident(name) => self.ident(name),
            Expr::Select(select) => {
                self.member(&select.operand, &select.field)?;
                self.node(&select.operand)
            }
            Expr::Call(call) => {
                for node in call.target.iter().map(|target| &**target).chain(&call.args) {
                    // `math.round(x)`: the library, no variable.
                    if !matches!(&node.expr, Expr::Ident(name) if name == "math" || name == "strings")
                    {
                        self.node(node)?;
                    }
                }
                Ok(())
            }
            Expr::Comprehension(of) => {
                if !self.local.is_empty() {
                    return Err("a loop in a loop (all, exists, map, filter)".to_owned());
                }
                self.node(&of.iter_range)?;
                self.local = vec![of.iter_var.clone(), of.accu_var.clone()];
                self.local.extend(of.iter_var2.clone());
                for part in [&of.accu_init, &of.loop_cond, &of.loop_step, &of.result] {
                    self.node(part)?;
                }
                self.local.clear();
                Ok(())
            }
            Expr::List(list) => list.elements.iter().try_for_each(|item| self.node(item)),
            Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => {
                entries.iter().try_for_each(|entry| self.entry(entry))
            }
            Expr::Literal(_) | Expr::Unspecified => Ok(()),
        }
    }

    fn entry(&mut self, entry: &IdedEntryExpr) -> Result<(), String> {
        match &entry.expr {
            EntryExpr::StructField(field) => self.node(&field.value),
            EntryExpr::MapEntry(entry) => {
                self.node(&entry.key)?;
                self.node(&entry.value)
            }
        }
    }

    fn ident(&mut self, name: &str) -> Result<(), String> {
        if self.local.iter().any(|local| local == name) {
            return Ok(());
        }
        if !matches!(name, ARGUMENTS | CALLER | NOW) && self.shapes.get(name).is_none() {
            let known = self.shapes.names().collect::<Vec<_>>().join(", ");
            return Err(format!("unknown name {name}; known here: {known}"));
        }
        self.roots.insert(name.to_owned());
        Ok(())
    }

    /// A member of a variable whose members are known.
    fn member(&self, operand: &IdedExpr, field: &str) -> Result<(), String> {
        let unknown =
            |of: &str, names: Vec<&str>| Err(format!("{of} has {}, no {field}", names.join(", ")));
        let of_row = |of: &str, shape: &Shape| match shape {
            Shape::Row(table) if table.column_index(field).is_none() => {
                Err(format!("{of}: {} has no column {field}", table.meta.table))
            }
            Shape::Rows(_) => Err(format!("{of} is a list of rows; take one, such as {of}[0]")),
            _ => Ok(()),
        };
        match &operand.expr {
            Expr::Ident(of) if self.local.contains(of) => Ok(()),
            Expr::Ident(of) if of == ARGUMENTS => match self.shapes.argument(field) {
                Some(_) => Ok(()),
                None => {
                    let names = self.shapes.arguments.iter().map(|(name, _)| name.as_str());
                    unknown(of, names.collect())
                }
            },
            Expr::Ident(of) if of == CALLER => {
                let is_known = CALLER_MEMBERS.contains(&field);
                if is_known { Ok(()) } else { unknown(of, CALLER_MEMBERS.to_vec()) }
            }
            Expr::Ident(of) => self.shapes.get(of).map_or(Ok(()), |shape| of_row(of, shape)),
            Expr::Select(inner) => match &inner.operand.expr {
                Expr::Ident(of) if of == ARGUMENTS => match self.shapes.argument(&inner.field) {
                    Some(argument) => of_row(&inner.field, &self.shapes.arguments[argument].1),
                    None => Ok(()),
                },
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
