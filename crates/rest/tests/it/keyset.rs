//! `cursor=`: lists that are read page by page.

use crate::api::{Api, Reply, Who, id, on_both};

/// The target of a page's `next` link.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.header("link");
    let target = link.strip_prefix("</rest/v1/")?.strip_suffix(">; rel=\"next\"")?;
    Some(target.to_owned())
}

async fn measurements(api: &Api) {
    let mut rows = Vec::new();
    for number in 0..60_u64 {
        let cost = if number % 7 == 0 { "null".to_owned() } else { format!("{}", number % 5) };
        rows.push(format!(
            r#"{{"id":"{}","name":"m{}","value":{},"cost":{cost},"times":{},"taken_at":"2026-01-0{}T00:00:00.00000{}Z"}}"#,
            id(500 + number * 37 % 60),
            number % 4,
            (number % 6) as f64 / 3.0,
            number % 3,
            number % 9 + 1,
            number % 2,
        ));
    }
    let body = format!("[{}]", rows.join(","));
    api.send(Who::Acme, "POST", "measurements", &[], body).await.is(201, "");
}

/// All pages of a list, one after the other.
pub(crate) async fn pages(api: &Api, target: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut target = format!("{target}&cursor=");
    loop {
        assert!(rows.len() <= 60, "{target} has no end");
        let headers = [("accept", "application/x-ndjson")];
        let reply = api.send(Who::Acme, "GET", &target, &headers, "").await;
        assert_eq!(reply.status, 200, "{target}: {}", reply.body);
        rows.extend(reply.body.lines().map(str::to_owned));
        match next(&reply) {
            Some(link) => target = link,
            None => return rows,
        }
    }
}

#[tokio::test]
async fn pages_together_are_the_list_in_every_order() {
    on_both(async |api: &Api| {
        measurements(api).await;
        for order in [
            "",
            "&order=id.desc",
            "&order=name",
            "&order=name.desc,times.desc",
            "&order=name,times.desc",
            "&order=times.desc,name,value.desc",
            "&order=cost",
            "&order=cost.desc",
            "&order=cost.nullsfirst,name.desc",
            "&order=cost.desc.nullslast,times",
            "&order=times,cost.desc,taken_at",
            "&order=taken_at.desc,value",
            "&order=value&times=gt.0&or=(name.eq.m1,cost.is.null)",
        ] {
            for limit in [1, 7, 60] {
                let target = format!("measurements?select=id,cost{order}");
                let headers = [("accept", "application/x-ndjson")];
                let whole = api.send(Who::Acme, "GET", &target, &headers, "").await;
                let whole: Vec<&str> = whole.body.lines().collect();
                let paged = pages(api, &format!("{target}&limit={limit}")).await;
                assert_eq!(paged, whole, "{order} by {limit}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn rows_that_come_and_go_move_no_page() {
    on_both(async |api: &Api| {
        measurements(api).await;
        let first = api.get("measurements?select=id&order=id&limit=3&cursor=").await;
        let target = next(&first).expect("a second page");
        let gone = format!("measurements?id=eq.{}", id(502));
        api.send(Who::Acme, "DELETE", &gone, &[], "").await.is(204, "");
        let early = format!(
            r#"{{"id":"{}","name":"x","value":1,"taken_at":"2026-01-01T00:00:00Z"}}"#,
            id(400)
        );
        api.send(Who::Acme, "POST", "measurements", &[], early).await.is(201, "");
        let second =
            format!(r#"[{{"id":"{}"}},{{"id":"{}"}},{{"id":"{}"}}]"#, id(503), id(504), id(505));
        api.get(&target).await.is(200, &second);
    })
    .await;
}

#[tokio::test]
async fn cursors_belong_to_their_request() {
    on_both(async |api: &Api| {
        measurements(api).await;
        let first = api.get("measurements?select=id&order=name&limit=2&cursor=").await;
        let target = next(&first).expect("a second page");
        let (_, cursor) = target.split_once("cursor=").expect("a cursor");
        let with = |query: &str| format!("{query}&cursor={cursor}");
        assert_eq!(api.get(&with("measurements?select=id&order=name&limit=9")).await.status, 200);
        let mut altered: Vec<char> = cursor.chars().collect();
        let place = altered.len() - 8;
        altered[place] = if altered[place] == 'A' { 'B' } else { 'A' };
        let altered: String = altered.into_iter().collect();
        for target in [
            format!("measurements?select=id&order=name&limit=2&cursor={altered}"),
            "measurements?select=id&order=name&cursor=AAAA".to_owned(),
            "measurements?select=id&order=name&cursor=*".to_owned(),
            with("measurements?select=id&order=name.desc"),
            with("measurements?select=id&order=name&name=eq.m1"),
            with("measurements?select=id"),
            with("customers?select=id&order=name"),
        ] {
            api.get(&target).await.refuses(400, "MS010", "cursor");
        }
        let stolen = with("measurements?select=id&order=name");
        let reply = api.send(Who::Globex, "GET", &stolen, &[], "").await;
        reply.refuses(400, "MS010", "cursor");
        for (target, words) in [
            ("measurements?cursor=&offset=1", "offset"),
            ("measurements?select=count()&cursor=", "cursor"),
            ("measurements?select=name&distinct=true&cursor=", "cursor"),
            ("measurements?select=name&distinct=on(name)&cursor=", "cursor"),
            (
                "orders?select=number,customers!customer_id(code)&order=customers(code)&cursor=",
                "related",
            ),
        ] {
            api.get(target).await.refuses(400, "PGRST127", words);
        }
        // An order by what is masked would tell it.
        let reply = api.send(Who::Clerk, "GET", "customers?order=email&cursor=", &[], "").await;
        reply.refuses(403, "42501", "email");
    })
    .await;
}

#[tokio::test]
async fn large_pages_have_a_next_one() {
    on_both(async |api: &Api| {
        let text = "x".repeat(60_000);
        let row = |number: u64| {
            format!(
                r#"{{"id":"{}","code":"c{number:02}","notes":{{"t":"{text}"}}}}"#,
                id(600 + number)
            )
        };
        let rows: Vec<String> = (0..50).map(row).collect();
        let body = format!("[{}]", rows.join(","));
        api.send(Who::Acme, "POST", "customers", &[], body).await.is(201, "");
        let first = api.get("customers?select=code,notes&order=code.desc&limit=30&cursor=").await;
        assert!(first.in_pieces, "an answer of 1.8 MB comes in pieces");
        assert!(first.body.contains("c49") && !first.body.contains("c19"));
        let second = api.get(&next(&first).expect("a second page")).await;
        assert!(second.body.contains("c19") && !second.body.contains("c20"));
        assert_eq!(next(&second), None);
    })
    .await;
}
