//! From CEL to tests.

use super::{Comparison, Place, SOURCE_MAX, Test, Tree, values};
use cel::IdedExpr;
use cel::common::ast::{
    CallExpr, EntryExpr, Expr, IdedEntryExpr, LiteralValue, MapExpr, StructExpr, operators,
};

const ROW: &str = "row";

/// Compiles one expression.
pub(super) fn tree(source: &str) -> Result<Tree, String> {
    if source.len() > SOURCE_MAX {
        return Err(format!("a condition has at most {SOURCE_MAX} bytes"));
    }
    let program = values::environment()
        .compile(source)
        .map_err(|errors| format!("no CEL expression: {}", errors.to_string().trim()))?;
    combine(program.expression(), false)
}

/// The tests of an expression that gives true or false, or of its negation.
fn combine(node: &IdedExpr, negated: bool) -> Result<Tree, String> {
    if !asks_about_row(node) {
        check_known(node)?;
        return Ok(test(Test::Known(node.clone()), negated));
    }
    let Expr::Call(call) = &node.expr else {
        return column_alone(node, negated);
    };
    let part = |index: usize, negated| {
        call.args.get(index).ok_or_else(inexpressible).and_then(|arg| combine(arg, negated))
    };
    let parts =
        |negated| call.args.iter().map(|arg| combine(arg, negated)).collect::<Result<_, _>>();
    match call.func_name.as_str() {
        operators::LOGICAL_NOT => part(0, !negated),
        // De Morgan's laws.
        operators::LOGICAL_AND if negated => Ok(Tree::Any(parts(true)?)),
        operators::LOGICAL_AND => Ok(Tree::All(parts(false)?)),
        operators::LOGICAL_OR if negated => Ok(Tree::All(parts(true)?)),
        operators::LOGICAL_OR => Ok(Tree::Any(parts(false)?)),
        operators::CONDITIONAL => Ok(Tree::Any(vec![
            Tree::All(vec![part(0, false)?, part(1, negated)?]),
            Tree::All(vec![part(0, true)?, part(2, negated)?]),
        ])),
        _ => Ok(one_test(call, negated)?),
    }
}

fn test(test: Test, negated: bool) -> Tree {
    Tree::Test { test, negated }
}

/// `row.flag` and `has(row.column)`.
fn column_alone(node: &IdedExpr, negated: bool) -> Result<Tree, String> {
    match (&node.expr, column(node)) {
        (Expr::Select(select), _) if select.test && is_row(&select.operand) => {
            Ok(test(Test::Given(select.field.clone()), negated))
        }
        (_, Some(name)) => Ok(test(Test::Flag(name), negated)),
        _ => Err(inexpressible()),
    }
}

/// A comparison, `in`, or a test of a text's part.
fn one_test(call: &CallExpr, negated: bool) -> Result<Tree, String> {
    if let Some(target) = &call.target {
        let place = match call.func_name.as_str() {
            "startsWith" => Place::Start,
            "endsWith" => Place::End,
            "contains" => Place::Anywhere,
            _ => return Err(inexpressible()),
        };
        let (Some(name), [part]) = (column(target), call.args.as_slice()) else {
            return Err(inexpressible());
        };
        return Ok(test(Test::Part(name, place, known(part)?), negated));
    }
    let [left, right] = call.args.as_slice() else {
        return Err(inexpressible());
    };
    if call.func_name == operators::IN {
        return match (column(left), column(right)) {
            (Some(name), None) => Ok(test(Test::Among(name, known(right)?), negated)),
            (None, Some(name)) => Ok(test(Test::Has(name, known(left)?), negated)),
            _ => Err(inexpressible()),
        };
    }
    let (name, value, is_turned) = match (column(left), column(right)) {
        (Some(name), None) => (name, known(right)?, false),
        (None, Some(name)) => (name, known(left)?, true),
        _ => return Err(inexpressible()),
    };
    let (comparison, flips) = comparison(&call.func_name, is_turned).ok_or_else(inexpressible)?;
    Ok(test(Test::Compare(name, comparison, value), negated != flips))
}

/// A comparison operator, and whether it negates; `is_turned` when the column is on the right.
fn comparison(operator: &str, is_turned: bool) -> Option<(Comparison, bool)> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    Some(match (operator, is_turned) {
        (operators::EQUALS, _) => (Equal, false),
        (operators::NOT_EQUALS, _) => (Equal, true),
        (operators::LESS, false) | (operators::GREATER, true) => (Less, false),
        (operators::LESS_EQUALS, false) | (operators::GREATER_EQUALS, true) => (LessOrEqual, false),
        (operators::GREATER, false) | (operators::LESS, true) => (Greater, false),
        (operators::GREATER_EQUALS, false) | (operators::LESS_EQUALS, true) => {
            (GreaterOrEqual, false)
        }
        _ => return None,
    })
}

/// A value that is known before any row is.
fn known(node: &IdedExpr) -> Result<IdedExpr, String> {
    if asks_about_row(node) {
        return Err(inexpressible());
    }
    check_known(node)?;
    Ok(node.clone())
}

fn inexpressible() -> String {
    "a row's column can be compared (==, !=, <, <=, >, >=) with what is known of subject and \
     request, be looked for in a list (in), be asked for a part (startsWith, endsWith, contains) \
     or be given at all (has), and such tests be combined (&&, ||, !, ?:); nothing else becomes a \
     filter"
        .to_owned()
}

/// `row.column` or `row['column']`.
fn column(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Select(select) if !select.test && is_row(&select.operand) => {
            Some(select.field.clone())
        }
        Expr::Call(call) if call.func_name == operators::INDEX => match call.args.as_slice() {
            [of, name] if is_row(of) => match &name.expr {
                Expr::Literal(LiteralValue::String(name)) => Some(name.inner().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_row(node: &IdedExpr) -> bool {
    matches!(&node.expr, Expr::Ident(name) if name == ROW)
}

fn asks_about_row(node: &IdedExpr) -> bool {
    let mut found = false;
    visit(node, &mut |node| found |= is_row(node));
    found
}

/// Refuses loops, names that there are not, and expressions that can't be computed at all.
fn check_known(node: &IdedExpr) -> Result<(), String> {
    let mut fault = None;
    visit(node, &mut |node| match &node.expr {
        Expr::Comprehension(_) => {
            fault.get_or_insert_with(|| "a condition has no loops (all, exists, map)".to_owned());
        }
        Expr::Select(select) => {
            if let Expr::Ident(of) = &select.operand.expr
                && let Some(members) = values::members(of)
                && !members.contains(&select.field.as_str())
            {
                let names = members.join(", ");
                fault.get_or_insert_with(|| format!("{of} has {names}, no {}", select.field));
            }
        }
        _ => {}
    });
    match fault {
        Some(fault) => Err(fault),
        None => values::try_out(node),
    }
}

/// Shows every node of an expression.
fn visit(node: &IdedExpr, see: &mut impl FnMut(&IdedExpr)) {
    see(node);
    match &node.expr {
        Expr::Select(select) => visit(&select.operand, see),
        Expr::Call(call) => {
            for node in call.target.iter().map(|target| &**target).chain(&call.args) {
                visit(node, see);
            }
        }
        Expr::Comprehension(of) => {
            for part in [&of.iter_range, &of.accu_init, &of.loop_cond, &of.loop_step, &of.result] {
                visit(part, see);
            }
        }
        Expr::List(list) => {
            for item in &list.elements {
                visit(item, see);
            }
        }
        Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => {
            for entry in entries {
                visit_entry(entry, see);
            }
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

fn visit_entry(entry: &IdedEntryExpr, see: &mut impl FnMut(&IdedExpr)) {
    match &entry.expr {
        EntryExpr::StructField(field) => visit(&field.value, see),
        EntryExpr::MapEntry(entry) => {
            visit(&entry.key, see);
            visit(&entry.value, see);
        }
    }
}
