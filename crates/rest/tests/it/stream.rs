//! Large answers come in pieces, and are the same as if they came whole.

use crate::api::{Api, Reply, Who, id, on_both};
use std::fmt::Write as _;

const CUSTOMERS: u64 = 90;
const LINES: &str = "application/x-ndjson";
const CSV: &str = "text/csv";
const STRIPPED: &str = "application/vnd.pgrst.array+json;nulls=stripped";

/// Customers of 20 kB each, every other with five orders.
async fn fill(api: &Api) {
    let (mut customers, mut orders) = (String::new(), String::new());
    for number in 0..CUSTOMERS {
        let pad = format!("{number} é\\\"").repeat(2_500);
        let name = if number % 3 == 0 { "null".to_owned() } else { format!("\"N{number}\"") };
        let key = id(1_000 + number);
        let row = format!(
            r#"{{"id":"{key}","code":"c{number:02}","name":{name},"notes":{{"pad":"{pad}"}}}}"#
        );
        let _ = writeln!(customers, "{row}");
        for order in (0..5).filter(|_| number % 2 == 0) {
            let number = 10 * number + order;
            let own = id(2_000 + number);
            let _ = writeln!(orders, r#"{{"id":"{own}","number":{number},"customer_id":"{key}"}}"#);
        }
    }
    for (table, body) in [("customers", customers), ("orders", orders)] {
        let headers = [("content-type", LINES), ("prefer", "missing=default")];
        api.send(Who::Acme, "POST", table, &headers, body).await.is(201, "");
    }
}

async fn get(api: &Api, target: &str, accept: &str, prefer: &str) -> Reply {
    let headers = [("accept", accept), ("prefer", prefer)];
    api.send(Who::Acme, "GET", target, &headers, "").await
}

/// The same rows in answers that are small enough to come whole.
async fn in_pages(api: &Api, target: &str, accept: &str, (from, to): (u64, u64)) -> String {
    let mut parts = Vec::new();
    for offset in (from..to).step_by(5) {
        let page = format!("{target}&offset={offset}&limit={}", (to - offset).min(5));
        let page = get(api, &page, accept, "").await;
        assert!(page.status == 200 && !page.in_pieces, "{}", page.body.len());
        parts.push(page.body);
    }
    match accept {
        LINES => parts.concat(),
        CSV => {
            let header = parts[0].lines().next().unwrap_or_default().to_owned();
            let rows = parts.iter().map(|part| &part[header.len()..]);
            header.clone() + &rows.collect::<String>()
        }
        _ => {
            let rows = parts.iter().map(|part| &part[1..part.len() - 1]);
            format!("[{}]", rows.collect::<Vec<_>>().join(","))
        }
    }
}

#[tokio::test]
async fn pieces_are_the_same_bytes_in_every_format() {
    let (sqlite, postgres) = (Api::sqlite().await, Api::postgres().await);
    for api in [&sqlite, &postgres] {
        fill(api).await;
    }
    let flat = "customers?select=code,name,notes&order=code.desc";
    let nested = "customers?select=code,bought:orders!customer_id(number,customer_id(notes))";
    let either = "orders?select=number,customer_id(code,notes)&order=customer_id(code),number.desc";
    for (target, accept, rows) in [
        (flat, "*/*", (0, 90)),
        (flat, LINES, (7, 90)),
        (flat, CSV, (0, 90)),
        (flat, STRIPPED, (0, 80)),
        (nested, "*/*", (0, 90)),
        (nested, LINES, (0, 60)),
        (nested, STRIPPED, (1, 90)),
        (either, "*/*", (0, 100)),
    ] {
        let expected = in_pages(&sqlite, target, accept, rows).await;
        let large = format!("{target}&offset={}&limit={}", rows.0, rows.1 - rows.0);
        for api in [&sqlite, &postgres] {
            let reply = get(api, &large, accept, "").await;
            assert_eq!((reply.status, reply.in_pieces), (200, true), "{accept} {large}");
            assert!(reply.body == expected, "{accept} {large}: {} bytes", reply.body.len());
            let range = format!("{}-{}/*", rows.0, rows.1 - 1);
            assert_eq!(reply.header("content-range"), range, "{large}");
        }
    }
}

#[tokio::test]
async fn status_and_range_are_right_before_the_first_piece() {
    on_both(async |api: &Api| {
        fill(api).await;
        let target = "customers?select=code,notes,again:notes";
        for (bounds, count, status, range) in [
            ("", "", 200, "0-89/*"),
            ("", "count=exact", 200, "0-89/90"),
            ("&limit=80", "count=exact", 206, "0-79/90"),
            ("&offset=20", "count=exact", 206, "20-89/90"),
            ("&limit=80", "count=planned", 206, "0-79/90"),
            ("&limit=80&code=lt.c85", "count=exact", 206, "0-79/85"),
            ("&orders=not.is.null", "count=exact", 200, "0-44/45"),
        ] {
            let target = match bounds {
                "&orders=not.is.null" => {
                    "customers?select=code,notes,again:notes,orders!customer_id()"
                }
                _ => target,
            };
            let reply = get(api, &format!("{target}{bounds}"), "*/*", count).await;
            assert!(reply.in_pieces, "{bounds} {}", reply.body.len());
            let told = (reply.status, reply.header("content-range"));
            assert_eq!(told, (status, range), "{bounds} {count}");
        }
        let head = api.send(Who::Acme, "HEAD", target, &[("prefer", "count=exact")], "").await;
        assert_eq!((head.status, head.header("content-range")), (200, "0-89/90"));
        let one = "application/vnd.pgrst.object+json";
        get(api, target, one, "").await.refuses(406, "PGRST116", "contains 90 rows");
        let single = get(api, &format!("{target}&code=eq.c07"), one, "").await;
        assert!(single.status == 200 && !single.in_pieces);
        // A cast that fails before the first piece is an answer of its own.
        let cast = format!("{target},n:name::int");
        get(api, &cast, "*/*", "").await.refuses(400, "22P02", "N1");
    })
    .await;
}

#[tokio::test]
async fn sealed_columns_are_opened_piece_by_piece() {
    for api in [&mut Api::sqlite().await, &mut Api::postgres().await] {
        let mut rows = String::new();
        for number in 0..CUSTOMERS {
            let (key, told) = (id(3_000 + number), format!("{number} ").repeat(9_000));
            let row =
                format!(r#"{{"id":"{key}","code":"p{number:02}","name":"P","history":"{told}"}}"#);
            let _ = writeln!(rows, "{row}");
        }
        let headers = [("content-type", LINES)];
        api.send(Who::Acme, "POST", "patients", &headers, rows).await.is(201, "");
        let target = "patients?select=code,history&order=code";
        for accept in ["*/*", LINES, CSV] {
            let expected = in_pages(api, target, accept, (0, CUSTOMERS)).await;
            // It has no keys in memory.
            api.restart();
            let reply = get(api, target, accept, "").await;
            assert!(reply.in_pieces && reply.body == expected, "{accept}: {}", reply.body.len());
        }
        let masked = api.send(Who::Clerk, "GET", target, &[], "").await;
        assert!(masked.status == 200 && !masked.body.contains("1 1"));
    }
}
