//! What a read asks of each table: the columns of its statement, and the members that show them.

use super::node::{Key, Leaf, Link, Member, Node, Style};
use crate::access::Access;
use crate::query::{
    Aggregate, Cast, Embed, Expression, Output, OutputValue, Select, subject_column,
};
use crate::render::select::{Item, is_grouped};
use mainstay_entity::cell::Cell;
use mainstay_entity::json::escape_into;
use mainstay_entity::{Kind, Table};
use std::collections::HashMap;
use std::sync::Arc;

/// How the objects of a node are written.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// How values are written.
    pub(super) style: Style,
    /// Each value stands alone, without its key: members of a spread that go into arrays, or into
    /// fields of CSV.
    pub(super) values: bool,
    /// How related records in objects of their own are written.
    pub(super) related: Style,
}

impl Layout {
    /// The layout of a table inside one of this layout.
    fn inside(self, embed: &Embed) -> Self {
        match (embed.spread, embed.relation.to_one) {
            // The members of a spread stand where its parent's do.
            (true, true) => Self { values: self.values || self.style == Style::Csv, ..self },
            // Arrays keep their nulls.
            (true, false) => Self { style: Style::Json, values: true, ..self },
            (false, _) => Self { style: self.related, values: false, ..self },
        }
    }

    /// What stands before a value: `,"key":`.
    fn prefix(self, key: &str) -> Vec<u8> {
        if self.values || self.style == Style::Csv { Vec::new() } else { member_prefix(key) }
    }
}

/// Adds a node for a select and, after it, those of its embeds. Gives its position.
pub(super) fn plan(
    nodes: &mut Vec<Node>,
    access: &Access,
    mut select: Select,
    link: Option<Link>,
    layout: Layout,
) -> usize {
    let position = nodes.len();
    let table = select.table.clone();
    let grouped = is_grouped(&select);
    let outputs = if grouped {
        // Rendering asks the outputs for what makes the groups.
        select.output.clone()
    } else {
        std::mem::take(&mut select.output)
    };
    nodes.push(Node::new(select, link, layout.style));
    let mut planner = Planner {
        nodes,
        access,
        position,
        table: table.clone(),
        layout,
        items: Vec::with_capacity(outputs.len()),
        joins: 0,
    };
    let mut members = Vec::with_capacity(outputs.len());
    let mut keys = Vec::new();
    for output in outputs {
        if layout.values {
            keys.push(member_prefix(&output.key));
        }
        planner.member(&mut members, output, grouped);
    }
    let mut items = planner.items;
    let guard = table.tenant_column().filter(|_| !grouped && access.tenant().is_some());
    let leaves = if layout.values { leaves(nodes, &members, keys) } else { Vec::new() };
    let node = &mut nodes[position];
    let place = node.select.page.as_ref().and_then(|_| node.select.place());
    node.place =
        place.map(|place| place.into_iter().map(|by| expression_item(&mut items, by)).collect());
    node.guard = guard.map(|column| item_of(&mut items, column));
    node.kinds = items.iter().map(|item| item.kind(&table)).collect();
    let shows_nothing = node.select.limit == Some(0) || node.select.offset > 0;
    if node.link.is_some() && node.select.is_one_group() && !shows_nothing {
        node.of_nothing = Some(of_nothing(&members, &items, layout.style));
    }
    node.values = layout.values;
    node.leaves = leaves;
    node.items = items;
    node.members = members;
    position
}

/// The members of one table being planned.
struct Planner<'a> {
    nodes: &'a mut Vec<Node>,
    access: &'a Access,
    position: usize,
    table: Arc<Table>,
    layout: Layout,
    items: Vec<Item>,
    /// Tables joined so far; rendering counts them alike.
    joins: usize,
}

impl Planner<'_> {
    fn member(&mut self, members: &mut Vec<Member>, output: Output, grouped: bool) {
        let table = self.table.clone();
        let prefix = self.layout.prefix(&output.key);
        let sealed = |e: &Expression| table.readable(e.column).kind == Kind::Sealed;
        members.push(match output.value {
            // Groups open nothing.
            OutputValue::Expression(e) if sealed(&e) && grouped => fixed(prefix, None),
            OutputValue::Expression(e) if sealed(&e) => self.sealed(e.column, prefix),
            OutputValue::Expression(expression) => self.item(Item::Expression(expression), prefix),
            OutputValue::Aggregate { function, argument, cast } => {
                self.item(Item::Aggregate(function, argument, cast), prefix)
            }
            OutputValue::Masked(mask) => fixed(prefix, mask),
            OutputValue::Embed(embed) if grouped => return self.joined(members, &embed, prefix),
            OutputValue::Embed(embed) => {
                let link = self.link(&embed, prefix);
                let layout = self.layout.inside(&embed);
                Member::Related(plan(self.nodes, self.access, embed.select, Some(link), layout))
            }
        });
    }

    fn item(&mut self, item: Item, prefix: Vec<u8>) -> Member {
        self.items.push(item);
        Member::Item { index: self.items.len() - 1, prefix }
    }

    /// The members of a table that is joined into the groups of another.
    fn joined(&mut self, members: &mut Vec<Member>, embed: &Embed, prefix: Vec<u8>) {
        let join = self.joins;
        self.joins += 1;
        let mut own = Vec::with_capacity(embed.select.output.len());
        for output in &embed.select.output {
            let layout = if embed.spread { self.layout } else { self.layout.inside(embed) };
            let before = layout.prefix(&output.key);
            let table = embed.select.table.clone();
            let mut item = |item: Item| {
                self.item(
                    Item::Joined { join, table: table.clone(), item: Box::new(item) },
                    before.clone(),
                )
            };
            let sealed = |e: &Expression| table.readable(e.column).kind == Kind::Sealed;
            own.push(match &output.value {
                OutputValue::Expression(e) if sealed(e) => fixed(before, None),
                OutputValue::Expression(expression) => item(Item::Expression(expression.clone())),
                OutputValue::Aggregate { function, argument, cast } => {
                    item(Item::Aggregate(*function, argument.clone(), *cast))
                }
                OutputValue::Masked(mask) => fixed(before, *mask),
                OutputValue::Embed(inner) => {
                    self.joined(&mut own, inner, before);
                    continue;
                }
            });
        }
        if embed.spread {
            members.extend(own);
            return;
        }
        let table = embed.select.table.clone();
        self.items.push(Item::Joined {
            join,
            table,
            item: Box::new(Item::Present(embed.relation.to[0])),
        });
        members.push(Member::Object { present: self.items.len() - 1, prefix, members: own });
    }

    /// A sealed column comes with what its envelope is bound to.
    fn sealed(&mut self, column: usize, prefix: Vec<u8>) -> Member {
        let table = self.table.clone();
        let is_uuid = |c: &usize| table.meta.columns[*c].kind == Kind::Uuid;
        let Some(key) = table.row_key().find(is_uuid) else {
            return fixed(prefix, None);
        };
        Member::Sealed {
            index: item_of(&mut self.items, column),
            column,
            row: item_of(&mut self.items, key),
            subject: item_of(&mut self.items, subject_column(&table).unwrap_or(key)),
            prefix,
        }
    }

    fn link(&mut self, embed: &Embed, prefix: Vec<u8>) -> Link {
        let relation = embed.relation.clone();
        let (other, others) = match &relation.junction {
            Some(junction) => (junction.table.clone(), &junction.from),
            None => (embed.select.table.clone(), &relation.to),
        };
        // Inside one organisation the tenant columns are equal already.
        let implied = |k: &usize| {
            !self.access.is_system()
                && self.table.tenant_column() == Some(relation.from[*k])
                && other.tenant_column() == Some(others[*k])
        };
        let matched: Vec<usize> = (0..relation.from.len()).filter(|k| !implied(k)).collect();
        let parent_items =
            matched.iter().map(|k| item_of(&mut self.items, relation.from[*k])).collect();
        let key_kinds =
            matched.iter().map(|k| other.meta.columns[others[*k]].kind.clone()).collect();
        Link {
            parent: self.position,
            parent_items,
            key_kinds,
            prefix: if embed.spread { Vec::new() } else { prefix },
            spread: embed.spread,
            wanted: HashMap::<Key, usize>::new(),
            values: vec![Vec::new(); matched.len()],
            matched,
            relation,
        }
    }
}

/// A member that is the same in every row: a mask, or null.
fn fixed(prefix: Vec<u8>, mask: Option<&'static str>) -> Member {
    let (length, mut bytes) = (prefix.len(), prefix);
    match mask {
        Some(mask) => escape_into(&mut bytes, mask),
        None => bytes.extend_from_slice(b"null"),
    }
    Member::Fixed { bytes, prefix: length, mask }
}

/// The values of a spread's rows, those of spreads inside it in their places.
fn leaves(nodes: &[Node], members: &[Member], keys: Vec<Vec<u8>>) -> Vec<Leaf> {
    let mut leaves = Vec::with_capacity(members.len());
    for (position, (member, prefix)) in members.iter().zip(keys).enumerate() {
        match member {
            Member::Related(child) if nodes[*child].is_spread() => {
                leaves.extend(nodes[*child].leaves.iter().map(|leaf| Leaf {
                    path: [&[position][..], &leaf.path].concat(),
                    prefix: leaf.prefix.clone(),
                }));
            }
            _ => leaves.push(Leaf { path: vec![position], prefix }),
        }
    }
    leaves
}

/// What aggregates give over no rows: counts are zero, others null.
fn of_nothing(members: &[Member], items: &[Item], style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    for member in members {
        match member {
            Member::Item { index, prefix } => {
                let cell = items[*index].of_nothing();
                if !(style == Style::JsonStripped && cell == Cell::Null) {
                    out.extend_from_slice(prefix);
                    cell.write_json(&mut out);
                }
            }
            Member::Fixed { bytes, mask, .. } if style != Style::JsonStripped || mask.is_some() => {
                out.extend_from_slice(bytes);
            }
            _ => {}
        }
    }
    out
}

impl Item {
    /// Its value over no rows.
    fn of_nothing(&self) -> Cell<'static> {
        match self {
            Self::Aggregate(Aggregate::Count, _, cast) => match cast {
                Some(Cast::Text | Cast::Name | Cast::Char) => Cell::Text("0"),
                Some(Cast::Double) => Cell::Double(0.0),
                _ => Cell::Int(0),
            },
            Self::Joined { item, .. } => item.of_nothing(),
            _ => Cell::Null,
        }
    }
}

/// The position of a column among the items, added when it is missing.
fn item_of(items: &mut Vec<Item>, column: usize) -> usize {
    expression_item(items, Expression::column(column))
}

/// The position of an expression among the items, added when it is missing.
fn expression_item(items: &mut Vec<Item>, expression: Expression) -> usize {
    let found = items.iter().position(|i| matches!(i, Item::Expression(e) if *e == expression));
    found.unwrap_or_else(|| {
        items.push(Item::Expression(expression));
        items.len() - 1
    })
}

/// The first line of CSV: spreads add the names of their members.
pub(super) fn csv_header(outputs: &[Output]) -> Vec<u8> {
    fn write(header: &mut Vec<u8>, outputs: &[Output]) {
        for output in outputs {
            match &output.value {
                OutputValue::Embed(embed) if embed.spread => write(header, &embed.select.output),
                _ => {
                    if !header.is_empty() {
                        header.push(b',');
                    }
                    Cell::Text(&output.key).write_csv(header);
                }
            }
        }
    }
    let mut header = Vec::new();
    write(&mut header, outputs);
    header
}

fn member_prefix(key: &str) -> Vec<u8> {
    // Room for the comma, the quotes, the colon and what `Member::Fixed` adds.
    let mut prefix = Vec::with_capacity(key.len() + 8);
    prefix.push(b',');
    escape_into(&mut prefix, key);
    prefix.push(b':');
    prefix
}
