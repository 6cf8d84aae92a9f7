//! Views in files: what they become, and what is told of wrong ones.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use mainstay_declarations::Declarations;
use mainstay_entity::{Catalog, Classification, EntityMeta, Kind, Personal, Scope};

const TABLES: [(&str, &str); 5] = [
    (
        "products.yaml",
        "table: products
primary_key: [code]
columns:
  code: {type: text, max: 20}
  name: {type: text, max: 100, classification: confidential}
  price: {type: numeric, precision: 12, scale: 2}
  maker_id: {type: uuid, nullable: true, references: makers}
  key: {type: text, secret: true}
  tags: {type: list, of: text, nullable: true}
",
    ),
    (
        "makers.yaml",
        "table: makers
columns:
  owner: {type: text, pii: true}
  wealth: {type: bigint, pii: true}
",
    ),
    (
        "lines.yaml",
        "table: lines
columns:
  product: {type: text, references: products}
  count: {type: integer}
  at: {type: timestamptz}
",
    ),
    (
        "countries.yaml",
        "table: countries\nscope: public\nprimary_key: [code]\ncolumns:\n  code: text\n",
    ),
    ("notes.yaml", "table: notes\nscope: public\nprimary_key: none\ncolumns:\n  text: text\n"),
];

fn parse(view: &str) -> Result<EntityMeta, Vec<String>> {
    let files = TABLES.iter().copied().chain([("view.yaml", view)]);
    let files: Vec<_> = files.map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let declared = Declarations::parse(&files, &[])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let metas = declared.entities.iter().map(|meta| ("shop".into(), meta.clone()));
    Catalog::new(metas).expect("what is read is a catalog");
    Ok(declared.entities.into_iter().find(|meta| meta.view.is_some()).expect("there is a view"))
}

fn described(meta: &EntityMeta) -> Vec<String> {
    let shows = meta.view.as_ref().unwrap().shows.iter();
    let pairs = meta.columns.iter().zip(shows);
    let line = |(column, shown): (&mainstay_entity::Column, _)| {
        let null = if column.nullable { "?" } else { "" };
        format!("{}: {}{null} = {shown}", column.name, column.kind.name())
    };
    pairs.map(line).collect()
}

#[test]
fn rows_joins_and_aggregates_become_columns() {
    let meta = parse(
        "view: product_facts
description: Products with what was sold.
from: {table: products, as: p}
joins:
  maker: {table: makers, on: {id: p.maker_id}}
  sold: {table: lines, kind: related, on: {product: p.code}, where: at >= ago(30 days)}
where: [price > 0, \"p.name != 'it''s'\"]
columns:
  code: p.code
  title: {value: p.name, description: What it is called.}
  maker_id: maker_id
  owner: maker.owner
  pieces: sum(sold.count)
  sales: count(sold.id)
  one: {constant: 1, type: integer}
",
    )
    .unwrap();
    assert_eq!(
        described(&meta),
        [
            "organization_id: uuid = p.organization_id",
            "code: text = p.code",
            "title: text = p.name",
            "maker_id: uuid? = p.maker_id",
            "owner: text? = maker.owner",
            "pieces: bigint? = sum(sold.count)",
            "sales: bigint = count(sold.id)",
            "one: integer = \"1\"",
        ]
    );
    assert_eq!(meta.scope, Scope::Tenant);
    assert!(meta.read_only);
    assert_eq!(meta.primary_key.as_ref(), ["organization_id", "code"]);
    // Who may see a column, and what it tells of a person, goes with it.
    assert_eq!(meta.column("title").unwrap().classification, Classification::Confidential);
    assert_eq!(meta.column("owner").unwrap().personal, Personal::Pii);
    // Related rows are found through the view as through its table.
    let references: Vec<_> = meta.references.iter().filter_map(|r| r.name.as_deref()).collect();
    assert_eq!(references, ["products_maker_id_fkey"]);
    let view = meta.view.unwrap();
    let conditions: Vec<String> = view.conditions.iter().map(ToString::to_string).collect();
    assert_eq!(conditions, ["p.price > \"0\"", "p.name != \"it's\""]);
    let on: Vec<String> = view.joins[1].on.iter().map(ToString::to_string).collect();
    assert_eq!(on, ["sold.product = p.code", "sold.at >= ago(2592000 seconds)"]);
}

#[test]
fn a_view_without_columns_shows_all_but_ciphertext() {
    let meta = parse("view: recent\nfrom: products\norder: [{column: price, descending: true}, name]\nlimit: 2\n")
        .unwrap();
    assert_eq!(
        described(&meta),
        [
            "organization_id: uuid = products.organization_id",
            "code: text = products.code",
            "name: text = products.name",
            "price: numeric(12,2) = products.price",
            "maker_id: uuid? = products.maker_id",
            "tags: text[]? = products.tags",
        ]
    );
    let first = meta.view.unwrap().first.unwrap();
    assert_eq!((first.limit, first.order.len()), (2, 2));
    assert_eq!(meta.columns[1].kind, Kind::Text { max: Some(20) });
}

#[test]
fn groups_are_told_apart_by_what_is_no_aggregate() {
    let meta = parse(
        "view: days\nfrom: lines\ncolumns:\n  day: day(at)\n  product: lines.product\n  all: count(*)\n  kinds: count(distinct count)\n",
    )
    .unwrap();
    assert_eq!(meta.primary_key.as_ref(), ["organization_id", "day", "product"]);
    let whole = parse("view: number\nfrom: countries\ncolumns:\n  all: count(*)\n").unwrap();
    assert_eq!((whole.primary_key.len(), whole.scope), (0, Scope::Public));
}

#[test]
fn what_is_computed_from_personal_values_is_personal() {
    let meta = parse(
        "view: rich\nfrom: makers\ncolumns:\n  id: id\n  all: sum(wealth)\n  mean: avg(wealth)\n  most: max(wealth)\n  known: count(wealth)\n",
    )
    .unwrap();
    // A group of one has its value.
    let personal = ["all", "mean", "most", "known"].map(|name| meta.column(name).unwrap().personal);
    let pii = Personal::Pii;
    assert_eq!(personal, [pii, pii, pii, Personal::None]);
}

#[test]
fn wrong_views_are_told_with_their_place() {
    let cases = [
        (
            "from: product\n",
            "view.yaml:2:7: from: there is no table `product`",
            "did you mean `products`?",
        ),
        (
            "from: products\ncolumns:\n  c: products.cod\n",
            "view.yaml:4:6: columns.c: `products` has no column `cod`",
            "did you mean `code`?",
        ),
        ("from: products\ncolumns:\n  c: p.code\n", "columns.c: no source `p`", "products"),
        ("from: products\ncolumns:\n  k: key\n", "`products.key` is ciphertext", "leave it out"),
        (
            "from: products\ncolumns:\n  name: name\n",
            "view: the view does not show the key",
            "show code too",
        ),
        (
            "from: products\ncolumns:\n  c: median(price)\n",
            "is nothing that a view shows",
            "count(*)",
        ),
        ("from: products\ncolumns:\n  c: sum(name)\n", "no such aggregate of a text", "count"),
        ("from: products\nwhere: price ~ 1\n", "where: `price ~ 1` is no condition", "with =, !="),
        ("from: products\nwhere: price = x\n", "is no condition", ""),
        ("from: products\nwhere: tags = 'x'\n", "values of this kind can't be compared so", ""),
        ("from: products\nwhere: price > 'much'\n", "products.price > \"much\"", ""),
        (
            "from: products\norder: [name]\n",
            "order: an order tells which rows a limit keeps",
            "add `limit: 100`",
        ),
        ("from: products\nlimit: 0\n", "limit: at least one row is kept", ""),
        ("from: products\norder: [tags]\nlimit: 1\n", "is ordered by tags, which is text[]", ""),
        (
            "from: products\njoins:\n  l: {table: lines, on: {product: products.code}}\ncolumns:\n  code: code\n",
            "joins l by product, which is no key of it",
            "",
        ),
        (
            "from: products\njoins:\n  l: {table: lines, kind: related, on: {product: products.code}}\ncolumns:\n  code: code\n  at: l.at\n",
            "`l.at` has several values for a row",
            "max(...)",
        ),
        (
            "from: countries\njoins:\n  p: {table: products, on: {code: countries.code}}\n",
            "rows of `products` are an organisation's",
            "",
        ),
        ("from: notes\n", "the table that it shows has no key", "give it one"),
        ("from: products\nsource: x\n", "view.yaml:3:1: source: unknown key", ""),
        ("columns: {}\n", "`from` is missing", "write `from: table`"),
        (
            "from: products\ncolumns:\n  code: code\n  n: {constant: x, type: integer}\n",
            "columns.n.constant",
            "type",
        ),
    ];
    for (body, message, fix) in cases {
        let errors = parse(&format!("view: facts\n{body}")).expect_err(body);
        let found = errors.iter().any(|error| error.contains(message) && error.contains(fix));
        assert!(found, "{body}\n{errors:#?}");
    }
    let errors = parse("view: products\nfrom: products\n").unwrap_err();
    assert!(errors[0].contains("`public.products` is declared already"), "{errors:?}");
}
