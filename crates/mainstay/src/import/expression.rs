//! CEL expressions over a record: compiling them, what they read, and JSON in and out.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue, operators};
use cel::objects::{Key, Map, OptionalValue};
use cel::{Context, Env, ExecutionError, Program, Value};
use serde_json::{Number, Value as Json};

/// The variable that expressions see.
const RECORD: &str = "record";

/// What expressions are compiled for and run in: CEL's standard library, its strings extension and
/// `isIP(text)`, named as in Kubernetes.
pub(crate) struct Environment {
    env: Arc<Env>,
    context: Context<'static, 'static>,
}

impl Environment {
    pub(crate) fn new() -> Result<Self, cel::DeclarationError> {
        let mut env = Env::stdlib();
        env.add_extension(cel::extensions::strings)?;
        let env = Arc::new(env);
        let mut context = Context::with_env(Arc::clone(&env));
        context.add_function("isIP", |value: Value| match value {
            Value::String(text) => text.parse::<IpAddr>().is_ok(),
            _ => false,
        })?;
        Ok(Self { env, context })
    }

    /// Compiles an expression; the error is the parser's, with the place.
    pub(crate) fn compile(&self, source: &str) -> Result<Expression, String> {
        let program =
            self.env.compile(source).map_err(|errors| errors.to_string().trim().to_owned())?;
        let mut reads = Reads::default();
        reads.walk(program.expression());
        Ok(Expression { program, reads })
    }

    /// Makes `members` what `record` is, until the next call.
    pub(crate) fn set_record(&mut self, members: HashMap<Key, Value>) {
        let record = Map { map: Arc::new(members) };
        self.context.add_variable_from_value(RECORD, Value::Map(record));
    }
}

/// A compiled expression.
pub(crate) struct Expression {
    program: Program,
    reads: Reads,
}

impl Expression {
    /// Whether the value of the record's member `name` can matter.
    pub(crate) fn reads(&self, name: &str) -> bool {
        self.reads.all || self.reads.members.contains(name)
    }

    /// The value over the current record. An optional gives what it holds, or null.
    pub(crate) fn value(&self, environment: &Environment) -> Result<Value, EvaluationError> {
        let value = self.program.execute(&environment.context).map_err(|error| match error {
            ExecutionError::UndeclaredReference(name) => EvaluationError::Unknown(format!(
                "unknown name `{name}`; an expression sees `{RECORD}`"
            )),
            ExecutionError::NoSuchKey(name) => {
                EvaluationError::Record(format!("the record has no `{name}`"))
            }
            error => EvaluationError::Record(error.to_string()),
        })?;
        Ok(match <&OptionalValue>::try_from(&value) {
            Ok(optional) => optional.value().cloned().unwrap_or(Value::Null),
            Err(_) => value,
        })
    }
}

/// Why an expression has no value.
#[derive(Debug, PartialEq)]
pub(crate) enum EvaluationError {
    /// It names something that doesn't exist, whatever the record: the expression is wrong.
    Unknown(String),
    /// It has none for this record.
    Record(String),
}

/// Which members of the record an expression reads.
#[derive(Debug, Default, PartialEq)]
struct Reads {
    members: BTreeSet<String>,
    /// The record itself is used, so any member can matter.
    all: bool,
}

impl Reads {
    fn walk(&mut self, node: &IdedExpr) {
        match &node.expr {
            Expr::Ident(name) => self.all |= is_record(node) || name == &format!(".{RECORD}"),
            Expr::Select(select) if is_record(&select.operand) => {
                self.members.insert(select.field.clone());
            }
            Expr::Select(select) => self.walk(&select.operand),
            Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
                (operators::OPT_SELECT | operators::INDEX | operators::OPT_INDEX, [of, member])
                    if is_record(of) && text(member).is_some() =>
                {
                    self.members.extend(text(member).map(str::to_owned));
                }
                (_, args) => {
                    if let Some(target) = &call.target {
                        self.walk(target);
                    }
                    self.walk_all(args);
                }
            },
            Expr::Comprehension(of) => {
                for part in
                    [&of.iter_range, &of.accu_init, &of.loop_cond, &of.loop_step, &of.result]
                {
                    self.walk(part);
                }
            }
            Expr::List(list) => self.walk_all(&list.elements),
            Expr::Map(map) => self.walk_entries(&map.entries),
            Expr::Struct(of) => self.walk_entries(&of.entries),
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn walk_all(&mut self, nodes: &[IdedExpr]) {
        for node in nodes {
            self.walk(node);
        }
    }

    fn walk_entries(&mut self, entries: &[IdedEntryExpr]) {
        for entry in entries {
            match &entry.expr {
                EntryExpr::StructField(field) => self.walk(&field.value),
                EntryExpr::MapEntry(entry) => {
                    self.walk(&entry.key);
                    self.walk(&entry.value);
                }
            }
        }
    }
}

fn is_record(node: &IdedExpr) -> bool {
    matches!(&node.expr, Expr::Ident(name) if name == RECORD)
}

fn text(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

/// JSON as a CEL value. Members that are null are left out: to an expression they are absent.
pub(crate) fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(uint)) => Value::UInt(uint),
            (None, None) => number.as_f64().map_or(Value::Null, Value::Float),
        },
        Json::String(text) => Value::String(Arc::new(text)),
        Json::Array(list) => Value::List(Arc::new(list.into_iter().map(from_json).collect())),
        Json::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            let map = members.map(|(name, value)| (Key::from(name), from_json(value))).collect();
            Value::Map(Map { map: Arc::new(map) })
        }
    }
}

/// A CEL value as JSON. The error names the type that JSON can't hold.
pub(crate) fn to_json(value: &Value) -> Result<Json, String> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(int) => Json::from(*int),
        Value::UInt(uint) => Json::from(*uint),
        Value::Float(float) => Number::from_f64(*float)
            .map(Json::Number)
            .ok_or_else(|| format!("{float} is no JSON number"))?,
        Value::String(text) => Json::String(text.to_string()),
        Value::List(list) => Json::Array(list.iter().map(to_json).collect::<Result<_, _>>()?),
        Value::Map(map) => {
            let members = map.map.iter().map(|(key, value)| Ok((key.to_string(), to_json(value)?)));
            Json::Object(members.collect::<Result<_, String>>()?)
        }
        other => {
            return Err(format!("a value of type {} has no JSON form", other.type_of()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reads(source: &str) -> Reads {
        Environment::new().unwrap().compile(source).unwrap().reads
    }

    fn value(source: &str, record: Json) -> Result<Json, EvaluationError> {
        let mut environment = Environment::new().unwrap();
        let Value::Map(members) = from_json(record) else { panic!("the record is an object") };
        environment.set_record(members.map.as_ref().clone());
        let value = environment.compile(source).unwrap().value(&environment)?;
        to_json(&value).map_err(EvaluationError::Record)
    }

    #[test]
    fn reads_are_the_members_named() {
        let members = |names: &[&str]| Reads {
            members: names.iter().map(|&name| name.to_owned()).collect(),
            all: false,
        };
        assert_eq!(reads("record.a.b + record['c']"), members(&["a", "c"]));
        assert_eq!(
            reads("has(record.a) ? record.?b.?x.orValue(1) : record[?'c']"),
            members(&["a", "b", "c"])
        );
        assert_eq!(reads("record.list.map(e, {'k': e, 'o': record.o})"), members(&["list", "o"]));
        assert_eq!(reads("'constant'"), members(&[]));
        assert!(reads("size(record)").all);
        assert!(reads("record[record.key]").all);
        assert!(reads("record.exists(name, name == 'a')").all);
    }

    #[test]
    fn absent_and_null_are_null_where_asked_for() {
        let record = json!({"a": {"b": "x"}, "empty": null});
        assert_eq!(value("record.?a.?b", record.clone()), Ok(json!("x")));
        assert_eq!(value("record.?a.?c", record.clone()), Ok(Json::Null));
        assert_eq!(value("record.?none.?c.or(record.?a.?b)", record.clone()), Ok(json!("x")));
        assert_eq!(value("has(record.empty)", record.clone()), Ok(json!(false)));
        let absent = value("record.none", record.clone());
        assert_eq!(absent, Err(EvaluationError::Record("the record has no `none`".into())));
        let unknown = value("recrod.a", record);
        let message = "unknown name `recrod`; an expression sees `record`";
        assert_eq!(unknown, Err(EvaluationError::Unknown(message.into())));
    }

    #[test]
    fn addresses_are_told_from_names() {
        let is_ip = |text: &str| value("isIP(record.a)", json!({"a": text}));
        assert_eq!(is_ip("192.0.2.1"), Ok(json!(true)));
        assert_eq!(is_ip("2001:db8::1"), Ok(json!(true)));
        assert_eq!(is_ip("cloudtrail.amazonaws.com"), Ok(json!(false)));
        assert_eq!(is_ip("192.0.2.256"), Ok(json!(false)));
        assert_eq!(value("isIP(record.a)", json!({"a": 1})), Ok(json!(false)));
    }

    #[test]
    fn json_passes_through_unchanged() {
        let document = json!({"i": -1, "u": u64::MAX, "f": 1.5, "l": [null, "x"], "b": true});
        assert_eq!(value("record.d", json!({"d": document})), Ok(document));
        assert!(matches!(value("b'bytes'", json!({})), Err(EvaluationError::Record(_))));
    }
}
