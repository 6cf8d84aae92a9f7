//! Relationships as files declare them, and what is told of wrong ones.

use mainstay_declarations::{Declarations, Error};
use mainstay_entity::{Catalog, Direction};

const USERS: &str = "
table: people
primary_key: [username]
columns: {username: text, city: {type: text, nullable: true}}
relationships:
  first_message:
    {table: messages, on: {username: author}, to_one: true, order: [{column: sent_at, descending: true}]}
  neighbours: {table: people, on: {city: city}, order: [username], limit: 5}
";

const MESSAGES: &str = "
table: messages
columns:
  author:  {type: text, references: people}
  sent_at: timestamptz
";

const BUSY: &str = "
view: busy
from: people
columns: {username: username}
relationships:
  sent: {table: messages, on: {username: author}}
";

fn parse(files: &[&str]) -> Result<Declarations, Vec<Error>> {
    let named = files.iter().zip(["a.yaml", "b.yaml", "c.yaml"]);
    let files: Vec<_> = named.map(|(text, name)| (name.to_owned(), (*text).to_owned())).collect();
    Declarations::parse(&files, &[])
}

#[test]
fn relationships_of_tables_and_views_lead_where_they_say() {
    let declarations = parse(&[USERS, MESSAGES, BUSY]).unwrap();
    let metas = declarations.entities.into_iter().map(|meta| ("own".into(), meta));
    let catalog = Catalog::new(metas).unwrap();
    let people = catalog.find("public", "people").unwrap();
    let messages = catalog.find("public", "messages").unwrap();
    let [first, neighbours] = &people.relations[..] else { panic!("{:?}", people.relations) };
    assert!(first.to_one && first.target == messages.id && first.limit == Some(1));
    assert_eq!(first.order, [(messages.column_index("sent_at").unwrap(), Direction::Descending)]);
    // The organisation's column is compared besides.
    assert_eq!((first.columns.len(), first.target_columns.len()), (2, 2));
    assert!(neighbours.target == people.id && neighbours.limit == Some(5));
    let busy = catalog.find("public", "busy").unwrap();
    assert_eq!(busy.relations[0].target, messages.id);
}

#[test]
fn wrong_relationships_are_told_with_their_fix() {
    let of = |relationship: &str| {
        let users = format!(
            "\ntable: people\nprimary_key: [username]\ncolumns: {{username: text, n: integer, lasts: interval, email: {{type: text, pii: true}}}}\nrelationships:\n  {relationship}\n"
        );
        let errors = parse(&[&users, MESSAGES]).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (relationship, words) in [
        ("sent: {table: mesages, on: {username: author}}", "messages"),
        ("sent: {table: messages, on: {user: author}}", "no column `user`"),
        ("sent: {table: messages, on: {n: author}}", "`author` text"),
        ("sent: {table: people, on: {lasts: lasts}}", "`lasts` is interval"),
        ("sent: {table: messages, on: {email: author}}", "`email` is personal or restricted"),
        ("same: {table: people, on: {n: n}, order: [email]}", "`email` is personal or restricted"),
        ("n: {table: messages, on: {username: author}}", "has a column of this name"),
        ("sent: {table: messages, on: {username: author}, order: [sent]}", "no column `sent`"),
        ("sent: {table: messages, on: {username: author}, limit: 0}", "says nothing"),
        ("sent: {table: messages}", "`on` is missing"),
        ("sent: {table: messages, on: {username: author}, one: true}", "unknown key"),
    ] {
        let told = of(relationship);
        assert!(told.contains(words) && told.contains("a.yaml"), "{relationship}: {told}");
    }
}
