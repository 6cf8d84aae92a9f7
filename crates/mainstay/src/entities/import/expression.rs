//! The expressions of conditions and defaults, as PostgreSQL and SQLite write them, as far as
//! declarations can say the same.

/// An expression without its casts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// A column, or a word such as `CURRENT_TIMESTAMP`.
    Name(String),
    Text(String),
    Number(String),
    Boolean(bool),
    Null,
    Array(Vec<Expression>),
    Call(String, Vec<Expression>),
    Not(Box<Expression>),
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Compare(Box<Expression>, Comparison, Box<Expression>),
    In(Box<Expression>, Vec<Expression>),
    IsNull(Box<Expression>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    const ALL: [(&str, Self); 7] = [
        ("=", Self::Equal),
        ("<>", Self::NotEqual),
        ("!=", Self::NotEqual),
        ("<", Self::Less),
        ("<=", Self::AtMost),
        (">", Self::Greater),
        (">=", Self::AtLeast),
    ];

    /// The comparison with its sides exchanged.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }

    /// The operator in CEL.
    const fn in_cel(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// Deeper expressions are given up.
const DEPTH_MAX: usize = 64;

/// Reads an expression; nothing for one that declarations can't say.
pub(super) fn parse(sql: &str) -> Option<Expression> {
    let tokens = scan(sql)?;
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let expression = parser.any()?;
    (parser.at == tokens.len()).then_some(expression)
}

impl Expression {
    /// The conditions that must all hold.
    pub(super) fn conjuncts(self) -> Vec<Self> {
        match self {
            Self::All(parts) => parts.into_iter().flat_map(Self::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// The expression in CEL, where it can be said there.
    pub(super) fn to_cel(&self) -> Option<String> {
        let joined = |parts: &[Self], sign: &str| {
            let parts: Option<Vec<String>> = parts.iter().map(Self::as_operand).collect();
            parts.map(|parts| parts.join(sign))
        };
        Some(match self {
            Self::Name(name) if is_plain_name(name) => name.clone(),
            Self::Text(text) => serde_json::to_string(text).ok()?,
            Self::Number(number) => number.clone(),
            Self::Boolean(value) => value.to_string(),
            Self::Not(inner) => format!("!{}", inner.as_operand()?),
            Self::All(parts) => joined(parts, " && ")?,
            Self::Any(parts) => joined(parts, " || ")?,
            Self::Compare(left, comparison, right) => {
                format!("{} {} {}", left.as_operand()?, comparison.in_cel(), right.as_operand()?)
            }
            Self::In(left, values) => {
                let values: Option<Vec<String>> = values.iter().map(Self::to_cel).collect();
                format!("{} in [{}]", left.as_operand()?, values?.join(", "))
            }
            Self::IsNull(inner) => format!("{} == null", inner.as_operand()?),
            Self::Name(_) | Self::Null | Self::Array(_) | Self::Call(..) => return None,
        })
    }

    /// The expression in CEL, in parentheses where it is more than a value.
    fn as_operand(&self) -> Option<String> {
        let is_value =
            matches!(self, Self::Name(_) | Self::Text(_) | Self::Number(_) | Self::Boolean(_));
        self.to_cel().map(|cel| if is_value { cel } else { format!("({cel})") })
    }
}

/// Whether a name is one in CEL too.
fn is_plain_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_')
        && chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A word as it is written; key words count in any case.
    Word(String),
    /// A quoted name.
    Name(String),
    Text(String),
    Number(String),
    Sign(&'static str),
}

/// Longer signs come before those that they begin with.
const SIGNS: [&str; 16] =
    ["::", "<=", ">=", "<>", "!=", "==", "<", ">", "=", "(", ")", "[", "]", ",", ".", "-"];

fn scan(sql: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let (token, length) = match first {
            '\'' => {
                let (text, length) = quoted(rest, '\'')?;
                (Token::Text(text), length)
            }
            '"' | '`' => {
                let (name, length) = quoted(rest, first)?;
                (Token::Name(name), length)
            }
            _ if first.is_ascii_digit() => {
                let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                let length = length.unwrap_or(rest.len());
                (Token::Number(rest[..length].to_owned()), length)
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
                (Token::Sign(if sign == "==" { "=" } else { sign }), sign.len())
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

/// A quoted text and its length; a doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            value.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            value.push(quote);
        } else {
            return Some((value, at + 1));
        }
    }
    None
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn sign(&mut self, sign: &'static str) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek_word().is_some_and(|w| w.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn peek_word(&self) -> Option<&str> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn any(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut parts = vec![self.all()?];
        while self.word("OR") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Some(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Option<Expression> {
        let mut parts = vec![self.test()?];
        while self.word("AND") {
            parts.push(self.test()?);
        }
        Some(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::All(parts) })
    }

    fn test(&mut self) -> Option<Expression> {
        let mut is_denied = false;
        while self.word("NOT") {
            is_denied = !is_denied;
        }
        Some(deny(self.plain_test()?, is_denied))
    }

    fn plain_test(&mut self) -> Option<Expression> {
        let left = self.value()?;
        if self.word("IS") {
            let denied = self.word("NOT");
            let tested = if self.word("NULL") {
                Expression::IsNull(Box::new(left))
            } else {
                let value = self.word("TRUE");
                if !value && !self.word("FALSE") {
                    return None;
                }
                let right = Box::new(Expression::Boolean(value));
                Expression::Compare(Box::new(left), Comparison::Equal, right)
            };
            return Some(if denied { Expression::Not(Box::new(tested)) } else { tested });
        }
        let denied = self.word("NOT");
        if self.word("IN") {
            let values = self.list("(", ")")?;
            return Some(deny(Expression::In(Box::new(left), values), denied));
        }
        if self.word("BETWEEN") {
            let low = self.value()?;
            let high = self.word("AND").then(|| self.value())??;
            let side = |comparison, bound| {
                Expression::Compare(Box::new(left.clone()), comparison, Box::new(bound))
            };
            let within = vec![side(Comparison::AtLeast, low), side(Comparison::AtMost, high)];
            return Some(deny(Expression::All(within), denied));
        }
        if denied {
            return None;
        }
        for (sign, comparison) in Comparison::ALL {
            if self.sign(sign) {
                return self.compared(left, comparison);
            }
        }
        Some(left)
    }

    /// The right side of a comparison: a value, or one of a list (`= ANY (ARRAY[...])`).
    fn compared(&mut self, left: Expression, comparison: Comparison) -> Option<Expression> {
        let denied = match comparison {
            Comparison::Equal if self.word("ANY") => false,
            Comparison::NotEqual if self.word("ALL") => true,
            _ => {
                let right = Box::new(self.value()?);
                return Some(Expression::Compare(Box::new(left), comparison, right));
            }
        };
        match self.value()? {
            Expression::Array(values) => Some(deny(Expression::In(Box::new(left), values), denied)),
            _ => None,
        }
    }

    fn value(&mut self) -> Option<Expression> {
        let value = self.bare()?;
        while self.sign("::") {
            self.data_type()?;
        }
        Some(value)
    }

    fn bare(&mut self) -> Option<Expression> {
        if self.sign("(") {
            let inner = self.any()?;
            return self.sign(")").then_some(inner);
        }
        if self.sign("-") {
            return match self.tokens.get(self.at)? {
                Token::Number(number) => {
                    self.at += 1;
                    Some(Expression::Number(format!("-{number}")))
                }
                _ => None,
            };
        }
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        let name = match token {
            Token::Text(text) => return Some(Expression::Text(text)),
            Token::Number(number) => return Some(Expression::Number(number)),
            Token::Sign(_) => return None,
            Token::Name(name) => name,
            Token::Word(word) => {
                // PostgreSQL folds names to lower case; SQLite takes them in any.
                match word.to_ascii_uppercase().as_str() {
                    "TRUE" => return Some(Expression::Boolean(true)),
                    "FALSE" => return Some(Expression::Boolean(false)),
                    "NULL" => return Some(Expression::Null),
                    "ARRAY" => return self.list("[", "]").map(Expression::Array),
                    "AND" | "OR" | "CASE" | "SELECT" | "EXISTS" => return None,
                    _ => word,
                }
            }
        };
        let name = self.qualified(name)?;
        if self.tokens.get(self.at) == Some(&Token::Sign("(")) {
            return Some(Expression::Call(name.to_ascii_lowercase(), self.list("(", ")")?));
        }
        Some(Expression::Name(name))
    }

    /// The last part of a name with its schema or table.
    fn qualified(&mut self, first: String) -> Option<String> {
        let mut name = first;
        while self.sign(".") {
            name = match self.tokens.get(self.at)? {
                Token::Word(part) | Token::Name(part) => part.clone(),
                _ => return None,
            };
            self.at += 1;
        }
        Some(name)
    }

    fn list(&mut self, open: &'static str, close: &'static str) -> Option<Vec<Expression>> {
        self.sign(open).then_some(())?;
        let mut values = Vec::new();
        if self.sign(close) {
            return Some(values);
        }
        loop {
            values.push(self.any()?);
            if self.sign(close) {
                return Some(values);
            }
            self.sign(",").then_some(())?;
        }
    }

    /// Passes a type by: `numeric(12,2)`, `character varying[]`, `public.mood`.
    fn data_type(&mut self) -> Option<()> {
        const FURTHER: [&str; 6] = ["varying", "precision", "with", "without", "time", "zone"];
        match self.tokens.get(self.at)? {
            Token::Word(word) | Token::Name(word) => {
                let word = word.clone();
                self.at += 1;
                self.qualified(word)?;
            }
            _ => return None,
        }
        while self.peek_word().is_some_and(|word| FURTHER.contains(&word)) {
            self.at += 1;
        }
        if self.tokens.get(self.at) == Some(&Token::Sign("(")) {
            self.list("(", ")")?;
        }
        while self.sign("[") {
            self.sign("]").then_some(())?;
        }
        Some(())
    }
}

fn deny(expression: Expression, denied: bool) -> Expression {
    if denied { Expression::Not(Box::new(expression)) } else { expression }
}
