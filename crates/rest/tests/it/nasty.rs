//! Whatever value a column is given, both engines answer alike: the row, or what is wrong with it.

use crate::api::{Api, Who};
use crate::shop::modules;
use mainstay_kernel::catalog;

/// Values as JSON.
const JSON: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "0.5",
    "1e2",
    "32768",
    "2147483648",
    "9223372036854775808",
    "99999999999999999.999",
    "1e400",
    "1e-400",
    "1e2147483648",
    r#""""#,
    r#"" ""#,
    r#""a\u0000""#,
    r#""\ud800""#,
    r#""\ud83d\ude00é""#,
    r#""null""#,
    r#""NaN""#,
    r#""infinity""#,
    r#""1""#,
    r#""0x1f""#,
    r#""2026-02-30""#,
    r#""2026-02-28T24:00:00Z""#,
    r#""10000-01-01""#,
    r#""0000-01-01 BC""#,
    r#""[1,2)""#,
    r#""[2,1)""#,
    r#""(,)""#,
    r#""{1,NULL,\"x\"}""#,
    r#""{{1}}""#,
    r#""999999999 years""#,
    r#""25:00""#,
    r#""::1/64""#,
    r#""\\x0""#,
    r#""'; DROP TABLE x; --""#,
    r#""00000000-0000-7000-8000-00000000000b""#,
    "[]",
    "[null]",
    "[[1]]",
    r#"[1,"a"]"#,
    "{}",
    r#"{"a":{"a":1,"a":2}}"#,
    r#"{"$ref":"a"}"#,
];

/// Values as text.
const TEXTS: &[&str] =
    &["", " 1 ", "NULL", "null", "1_000", "١", "t", "{", "\"\"", "{}", "1e3", "now", "epoch", "-"];

/// Rows that are changed, each in its table.
const ROWS: &[(&str, &str)] =
    &[("customers", "code=eq.ann"), ("orders", "number=eq.1"), ("samples", "name=eq.a")];

#[tokio::test]
async fn any_value_of_any_column_is_answered_alike() {
    let (sqlite, postgres) = (Api::sqlite().await, Api::postgres().await);
    for api in [&sqlite, &postgres] {
        api.seed().await;
        crate::types::seed(api).await;
    }
    let prefer = ("prefer", "return=representation,tx=rollback");
    let csv = ("content-type", "text/csv");
    let catalog = catalog(&modules()).expect("a catalog");
    for (name, row) in ROWS {
        let table = catalog.find("mainstay", name).expect("a table");
        for column in table.meta.columns.iter().map(|column| &*column.name) {
            let target = format!("{name}?{row}&select={column}");
            let as_json = JSON.iter().map(|value| (None, format!("{{\"{column}\":{value}}}")));
            let as_text = TEXTS
                .iter()
                .map(|text| (Some(csv), format!("{column}\n\"{}\"\n", text.replace('"', "\"\""))));
            for (kind, body) in as_json.chain(as_text) {
                let headers: Vec<_> = kind.into_iter().chain([prefer]).collect();
                let a = sqlite.send(Who::Acme, "PATCH", &target, &headers, body.clone()).await;
                let b = postgres.send(Who::Acme, "PATCH", &target, &headers, body.clone()).await;
                assert_eq!((a.status, &a.body), (b.status, &b.body), "{target} {body}");
                assert!(a.status == 200 || (400..500).contains(&a.status), "{body}: {}", a.body);
            }
        }
        let untouched = format!("{name}?{row}");
        assert_eq!(sqlite.get(&untouched).await.body, postgres.get(&untouched).await.body);
    }
}
