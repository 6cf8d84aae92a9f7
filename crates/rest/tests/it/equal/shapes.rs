//! Random shapes of answers: related records inside and beside each other, spreads, groups.

use super::dice::Dice;
use std::fmt::Write as _;

/// A table, as requests see it.
struct Table {
    name: &'static str,
    columns: &'static [Column],
    ways: &'static [Way],
}

/// A column, or a place in a document, and operands that meet its values.
struct Column {
    name: &'static str,
    class: Class,
    operands: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Number,
    Text,
    Plain,
    Document,
}

/// A way to a related table: what an embed is asked by, and what it is named then.
struct Way {
    asked: &'static str,
    name: &'static str,
    target: &'static str,
    to_one: bool,
}

const fn column(name: &'static str, class: Class, operands: &'static [&'static str]) -> Column {
    Column { name, class, operands }
}

const fn many(asked: &'static str, name: &'static str, target: &'static str) -> Way {
    Way { asked, name, target, to_one: false }
}

const fn one(asked: &'static str, name: &'static str, target: &'static str) -> Way {
    Way { asked, name, target, to_one: true }
}

const TABLES: &[Table] = &[
    Table {
        name: "customers",
        columns: &[
            column("code", Class::Text, &["ann", "b*", "*Y*", "c_d", "^[a-c]"]),
            column("name", Class::Text, &["Ann", "É*", "*", "null"]),
            column("visits", Class::Number, &["0", "3", "7", "12"]),
            column("credit", Class::Number, &["2", "10.50", "-0.01", "2.005"]),
            column("weight", Class::Number, &["61.5", "1e3", "0"]),
            column("tier", Class::Plain, &["gold", "plain"]),
            column("active", Class::Plain, &["true", "false"]),
            column("born", Class::Plain, &["1990-05-01", "2000-01-01"]),
            column("notes->age", Class::Document, &["30", "4", "null"]),
            column("notes->>city", Class::Text, &["Ulm", "u*", "*"]),
        ],
        ways: &[
            many("orders!customer_id", "orders", "orders"),
            many("orders!payer_id", "orders", "orders"),
            one("latest_order", "latest_order", "orders"),
            many("newest", "newest", "orders"),
            many("bought", "bought", "orders"),
            many("stalls", "stalls", "stalls"),
            one("stall_totals", "stall_totals", "stall_totals"),
            one("customer_facts", "customer_facts", "customer_facts"),
            many("measurements", "measurements", "measurements"),
            many("measurements_hourly", "measurements_hourly", "measurements_hourly"),
        ],
    },
    Table {
        name: "orders",
        columns: &[
            column("number", Class::Number, &["1", "2", "4", "9"]),
            column("state", Class::Plain, &["open", "paid", "sent"]),
        ],
        ways: &[
            one("customers!customer_id", "customers", "customers"),
            one("customers!payer_id", "customers", "customers"),
            many("labels", "labels", "labels"),
            many("order_labels", "order_labels", "order_labels"),
            one("shipments", "shipments", "shipments"),
        ],
    },
    Table {
        name: "labels",
        columns: &[column("word", Class::Text, &["all", "b*", "*i*", "red"])],
        ways: &[
            one("parent_id", "parent_id", "labels"),
            many("labels", "labels", "labels"),
            many("orders", "orders", "orders"),
            many("order_labels", "order_labels", "order_labels"),
        ],
    },
    Table {
        name: "order_labels",
        columns: &[column("id", Class::Plain, &["00000000-0000-7000-8000-000000000029"])],
        ways: &[one("orders", "orders", "orders"), one("labels", "labels", "labels")],
    },
    Table {
        name: "shipments",
        columns: &[column("carrier", Class::Text, &["Post", "*a*"])],
        ways: &[one("orders", "orders", "orders")],
    },
    Table {
        name: "measurements",
        columns: &[
            column("name", Class::Text, &["heat", "*o*"]),
            column("value", Class::Number, &["0.1", "5"]),
            column("cost", Class::Number, &["1.10", "2"]),
            column("times", Class::Number, &["1", "2"]),
            column("taken_at", Class::Plain, &["2026-03-01T09:00:00Z"]),
        ],
        ways: &[one("customers", "customers", "customers")],
    },
    Table {
        name: "measurements_hourly",
        columns: &[
            column("hour", Class::Plain, &["2026-03-01T09:00:00Z"]),
            column("name", Class::Text, &["heat", "cold"]),
            column("avg_value", Class::Number, &["0.2", "5"]),
            column("sum_cost", Class::Number, &["3.10", "1"]),
            column("samples", Class::Number, &["1", "2"]),
        ],
        ways: &[one("customers", "customers", "customers")],
    },
    Table {
        name: "parcels",
        columns: &[
            column("number", Class::Number, &["1", "4"]),
            column("receiver", Class::Text, &["ann", "b*"]),
            column("carrier", Class::Text, &["Post", "*"]),
        ],
        ways: &[many("labels", "labels", "labels"), one("shipments", "shipments", "shipments")],
    },
    Table {
        name: "stalls",
        columns: &[column("label", Class::Text, &["s81", "s*"])],
        ways: &[one("customers", "customers", "customers")],
    },
    Table {
        name: "stall_totals",
        columns: &[column("stalls", Class::Number, &["0", "1"])],
        ways: &[],
    },
    Table {
        name: "customer_facts",
        columns: &[
            column("code", Class::Text, &["ann", "c*"]),
            column("unpaid", Class::Number, &["0", "1"]),
            column("heat", Class::Number, &["0.3"]),
        ],
        ways: &[many("bought", "bought", "orders"), many("newest", "newest", "orders")],
    },
];

/// Where most requests begin.
const STARTS: &[&str] = &["customers", "customers", "orders", "orders", "labels"];

const DEEPEST: usize = 3;

/// A random read.
pub(super) fn target(dice: &mut Dice) -> String {
    let start = dice.one(STARTS);
    let table = if dice.once_in(4) { dice.one(TABLES) } else { find(start) };
    let mut request = Request { dice, names: 0, parameters: Vec::new() };
    let (shown, plain) = request.level(table, "", 0);
    request.unite(table, plain);
    let mut target = format!("{}?select={shown}", table.name);
    for parameter in request.parameters {
        let _ = write!(target, "&{parameter}");
    }
    target
}

fn find(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap_or(&TABLES[0])
}

/// A request that grows.
struct Request<'d> {
    dice: &'d mut Dice,
    /// Aliases so far.
    names: usize,
    parameters: Vec<String>,
}

/// An embed as its level refers to it.
struct Embedded {
    name: String,
    way: &'static Way,
}

impl Request<'_> {
    /// What one table shows, and whether these are its own columns alone. `path` leads there, with
    /// a point behind each name.
    fn level(&mut self, table: &'static Table, path: &str, depth: usize) -> (String, bool) {
        let grouped = self.dice.once_in(4);
        let mut shown: Vec<String> = Vec::new();
        let columns = self.dice.some(table.columns, if grouped { 2 } else { 3 });
        for column in &columns {
            shown.push(self.column(column));
        }
        if grouped {
            for _ in 0..=self.dice.below(2) {
                let aggregate = self.aggregate(table);
                shown.push(aggregate);
            }
        }
        let embeds = self.embeds(table, path, depth, grouped, &mut shown);
        let plain = embeds.is_empty() && !grouped;
        if shown.is_empty() {
            shown.push(table.columns[0].name.to_owned());
        }
        self.filters(table, path, &embeds);
        let orderable = if grouped { columns.clone() } else { table.columns.iter().collect() };
        self.order(&orderable, path, &embeds);
        if self.dice.once_in(4) {
            let limit = self.dice.below(4);
            self.parameters.push(format!("{path}limit={limit}"));
        }
        if self.dice.once_in(8) {
            let offset = self.dice.below(3);
            self.parameters.push(format!("{path}offset={offset}"));
        }
        (shown.join(","), plain)
    }

    fn column(&mut self, column: &Column) -> String {
        self.names += 1;
        let name = column.name;
        match self.dice.below(8) {
            0 => format!("n{}:{name}", self.names),
            1 => format!("n{}:{name}::text", self.names),
            _ => name.to_owned(),
        }
    }

    fn aggregate(&mut self, table: &Table) -> String {
        self.names += 1;
        let column = self.dice.one(table.columns);
        let functions: &[&str] = match column.class {
            Class::Number => &["sum", "avg", "min", "max", "count"],
            Class::Text | Class::Plain => &["min", "max", "count"],
            Class::Document => &["count"],
        };
        let function = self.dice.one(functions);
        let cast = if self.dice.once_in(6) { "::text" } else { "" };
        match self.dice.below(3) {
            0 => format!("a{}:count()", self.names),
            _ => format!("a{}:{}.{function}(){cast}", self.names, column.name),
        }
    }

    fn embeds(
        &mut self,
        table: &'static Table,
        path: &str,
        depth: usize,
        grouped: bool,
        shown: &mut Vec<String>,
    ) -> Vec<Embedded> {
        let mut embeds: Vec<Embedded> = Vec::new();
        if depth == DEEPEST || (depth > 0 && self.dice.once_in(2)) {
            return embeds;
        }
        let most = if depth == 0 { 2 } else { 1 };
        for way in self.dice.some(table.ways, most) {
            if grouped && !way.to_one && !self.dice.once_in(6) {
                continue;
            }
            let spread = self.dice.once_in(3);
            let taken = embeds.iter().any(|embed| embed.name == way.name);
            if spread && taken {
                continue;
            }
            self.names += 1;
            let named = taken || (!spread && self.dice.once_in(2));
            let name = if named { format!("e{}", self.names) } else { way.name.to_owned() };
            let inner = if self.dice.once_in(4) { "!inner" } else { "" };
            let inside = if self.dice.once_in(8) {
                String::new()
            } else {
                self.level(find(way.target), &format!("{path}{name}."), depth + 1).0
            };
            let before = match (spread, named) {
                (true, _) => "...".to_owned(),
                (false, true) => format!("{name}:"),
                (false, false) => String::new(),
            };
            shown.push(format!("{before}{}{inner}({inside})", way.asked));
            embeds.push(Embedded { name, way });
        }
        embeds
    }

    fn filters(&mut self, table: &Table, path: &str, embeds: &[Embedded]) {
        for _ in 0..self.dice.below(3) {
            if self.dice.once_in(3) {
                let members: Vec<String> =
                    (0..=self.dice.below(3)).map(|_| self.condition(table, embeds, ".")).collect();
                let connective = self.dice.one(&["or", "and", "not.or", "not.and"]);
                // The path stands before the connective, behind its negation.
                let (not, connective) = match connective.strip_prefix("not.") {
                    Some(connective) => ("not.", connective),
                    None => ("", *connective),
                };
                let members = members.join(",");
                self.parameters.push(format!("{path}{not}{connective}=({members})"));
            } else {
                let condition = self.condition(table, embeds, "=");
                self.parameters.push(format!("{path}{condition}"));
            }
        }
    }

    fn condition(&mut self, table: &Table, embeds: &[Embedded], between: &str) -> String {
        let not = if self.dice.once_in(3) { "not." } else { "" };
        if !embeds.is_empty() && self.dice.once_in(3) {
            let embed = self.dice.one(embeds);
            return format!("{}{between}{not}is.null", embed.name);
        }
        let column = self.dice.one(table.columns);
        let operators: &[&str] = match column.class {
            Class::Number => &["eq", "neq", "gt", "gte", "lt", "lte", "isdistinct"],
            Class::Text => &["eq", "neq", "gt", "lte", "like", "ilike", "isdistinct", "match"],
            Class::Plain => &["eq", "neq", "gte", "lt", "isdistinct"],
            Class::Document => &["eq", "gt", "lt", "isdistinct", "cs"],
        };
        let name = column.name;
        let (a, b) = (*self.dice.one(column.operands), *self.dice.one(column.operands));
        let operator = *self.dice.one(operators);
        let predicate = match self.dice.below(8) {
            0 => "is.null".to_owned(),
            1 => format!("in.({a},{b})"),
            2 if ["eq", "gt", "lte", "like"].contains(&operator) => {
                let quantifier = self.dice.one(&["any", "all"]);
                format!("{operator}({quantifier}).{{{a},{b}}}")
            }
            // A pattern may not begin with a quantifier.
            _ if operator == "match" => format!("match.{}", a.replace('*', ".*")),
            _ => format!("{operator}.{a}"),
        };
        format!("{name}{between}{not}{predicate}")
    }

    fn order(&mut self, columns: &[&Column], path: &str, embeds: &[Embedded]) {
        if self.dice.once_in(2) {
            return;
        }
        let mut terms = Vec::new();
        for column in self.dice.some(columns, 2) {
            terms.push(column.name.to_owned());
        }
        let single: Vec<&Embedded> = embeds.iter().filter(|embed| embed.way.to_one).collect();
        if !single.is_empty() && self.dice.once_in(2) {
            let embed = self.dice.one(&single);
            let column = self.dice.one(find(embed.way.target).columns);
            terms.push(format!("{}({})", embed.name, column.name));
        }
        let endings = ["", "", ".desc", ".nullsfirst", ".desc.nullslast"];
        let terms: Vec<String> =
            terms.iter().map(|term| format!("{term}{}", self.dice.one(&endings))).collect();
        if !terms.is_empty() {
            self.parameters.push(format!("{path}order={}", terms.join(",")));
        }
    }

    /// Unites rows of the root, now and then.
    fn unite(&mut self, table: &Table, plain: bool) {
        let names = |columns: Vec<&Column>| {
            columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",")
        };
        match self.dice.below(12) {
            0 if plain => self.parameters.push("distinct=true".to_owned()),
            1 => {
                let columns = names(self.dice.some(table.columns, 2));
                self.parameters.push(format!("distinct=on({columns})"));
            }
            2 => {
                let columns = names(self.dice.some(table.columns, 2));
                self.parameters.push(format!("group={columns}"));
            }
            _ => {}
        }
    }
}
