//! Inserts, upserts, changes, removals and actions.

use crate::api::{Api, Who, id, on_both};

const FULL: &str = "return=representation";

#[tokio::test]
async fn rows_are_added_and_shown_as_preferred() {
    on_both(async |api: &Api| {
        let target = "labels?select=word";
        let one = api.write("POST", target, FULL, r#"{"word":"a"}"#).await;
        one.is(201, r#"[{"word":"a"}]"#);
        assert_eq!(one.header("preference-applied"), FULL);
        let many = r#"[{"word":"b"},{"word":"c"}]"#;
        let counted = api.write("POST", "labels", "count=exact", many).await;
        counted.is(201, "");
        assert_eq!(counted.header("content-range"), "*/2");
        let place = format!(r#"{{"id":"{}","word":"d"}}"#, id(41));
        let placed = api.write("POST", "labels", "return=headers-only", &place).await;
        placed.is(201, "");
        assert_eq!(placed.header("location"), format!("/labels?id=eq.{}", id(41)));
        let typed = async |content: &str, target: &str, body: &str| {
            let headers = [("content-type", content), ("prefer", FULL)];
            api.send(Who::Acme, "POST", target, &headers, body.to_owned()).await
        };
        let csv = typed("text/csv", target, "word,parent_id\n\"e, f\",NULL\ng,NULL\n").await;
        csv.is(201, r#"[{"word":"e, f"},{"word":"g"}]"#);
        let lines = "{\"word\":\"h\"}\n\n{\"word\":\"i\"}\n";
        typed("application/x-ndjson", target, lines)
            .await
            .is(201, r#"[{"word":"h"},{"word":"i"}]"#);
        let form = "application/x-www-form-urlencoded";
        typed(form, target, "word=j+k").await.is(201, r#"[{"word":"j k"}]"#);
        api.write("POST", target, FULL, "[]").await.is(201, "[]");
        let nested = "labels?select=word,up:parent_id(word)";
        let child = format!(r#"{{"word":"l","parent_id":"{}"}}"#, id(41));
        let shown = api.write("POST", nested, FULL, &child).await;
        shown.is(201, r#"[{"word":"l","up":{"word":"d"}}]"#);
        let undone = format!("{FULL},tx=rollback");
        let reply = api.write("POST", target, &undone, r#"{"word":"gone"}"#).await;
        reply.is(201, r#"[{"word":"gone"}]"#);
        api.get("labels?word=eq.gone").await.is(200, "[]");
        let defaults = "customers?select=tier,visits,active,notes,name";
        let row = r#"{"code":"x"}"#;
        api.write("POST", defaults, FULL, row)
            .await
            .is(201, r#"[{"tier":"plain","visits":0,"active":true,"notes":{},"name":null}]"#);
    })
    .await;
}

#[tokio::test]
async fn every_kind_is_shown_alike_from_memory_and_from_the_database() {
    on_both(async |api: &Api| {
        api.seed().await;
        let kinds = "code,email,born,tier,visits,credit,weight,wallet,active,tags,notes,address,verdict,created_at";
        for format in ["application/json", "text/csv", "application/x-ndjson"] {
            let read = format!("customers?select={kinds}&order=code");
            let headers = [("accept", format), ("prefer", FULL)];
            let read = api.send(Who::Acme, "GET", &read, &headers, "").await;
            let change = format!("customers?select={kinds}&visits=gte.0");
            // Updating to what every row has already shows all of them.
            let body = r#"{"created_at":"2026-03-01T10:00:00Z"}"#;
            let refused = api.send(Who::Acme, "PATCH", &change, &headers, body).await;
            refused.refuses(400, "428C9", "created_at");
            let body = "{\"code\":\"ann\"}";
            let one = format!("customers?select={kinds}&code=eq.ann");
            let written = api.send(Who::Acme, "PATCH", &one, &headers, body).await;
            let again = format!("customers?select={kinds}&code=eq.ann");
            let again = api.send(Who::Acme, "GET", &again, &headers, "").await;
            assert_eq!(written.body, again.body, "{format}");
            assert_eq!(read.status, 200);
        }
    })
    .await;
}

/// Bodies that are refused, or taken: target, body, status, and what the answer begins and says.
const BODIES: &[(&str, &str, u16, &str, &str)] = &[
    ("labels", "", 400, "PGRST102", "json"),
    ("labels", "{", 400, "PGRST102", "json"),
    ("labels", "7", 400, "PGRST102", "object"),
    ("labels", "[7]", 400, "PGRST102", "object"),
    ("labels", r#"{"word":"a"} x"#, 400, "PGRST102", "json"),
    ("labels", r#"{"word":"a","word":"b"}"#, 400, "PGRST102", "twice"),
    ("labels", r#"[{"word":"a"},{"parent_id":null}]"#, 400, "PGRST102", "must match"),
    ("labels", r#"{"wrd":"a"}"#, 400, "PGRST204", "'wrd' column of 'labels'"),
    ("labels?columns=wrd", r#"{"word":"a"}"#, 400, "PGRST204", "wrd"),
    ("labels?columns=word,word", r#"{"word":"a"}"#, 201, "", ""),
    ("labels", "null", 400, "PGRST102", "object"),
    ("labels", r#"[{"word":"a"},null]"#, 400, "PGRST102", "object"),
    ("labels", "\u{feff}{}", 400, "PGRST102", "json"),
    ("customers", r#"{"code":"a","notes":{"a":"\ud800"}}"#, 400, "22P02", "customers.notes"),
    ("customers", r#"{"code":"a","credit":99999999999999999.99}"#, 400, "22003", "credit"),
    ("customers", r#"{"code":"a","credit":9999999999999999999}"#, 400, "22003", "credit"),
    ("customers", r#"{"code":"a","credit":1e2147483647}"#, 400, "22003", "credit"),
    ("customers", r#"{"code":"a","visits":1e999999999}"#, 400, "22", "customers.visits"),
    ("customers", r#"{"code":"a","weight":1e400}"#, 400, "22003", "customers.weight"),
    ("customers", r#"{"code":"a","wallet":-1}"#, 400, "22", "customers.wallet"),
    ("customers", r#"{"code":"a","tags":[["a"]]}"#, 400, "", "tags"),
    ("customers", r#"{"code":["a"],"visits":1}"#, 201, "", ""),
    ("customers", r#"{"code":"a","visits":{}}"#, 400, "22P02", "customers.visits"),
    ("customers", r#"{"code":"a","orders!customer_id":[{"number":[]}]}"#, 400, "22P02", "number"),
    ("customers", r#"{"code":"a","orders!customer_id":[null]}"#, 400, "PGRST102", "[0]"),
    ("customers", r#"{"code":"a","orders!customer_id":"x"}"#, 400, "PGRST102", "a list"),
    ("customers", r#"{"code":"a","orders!":[]}"#, 400, "PGRST204", "orders!"),
    ("labels?on_conflict=nope", r#"{"word":"a"}"#, 201, "", ""),
    ("labels?limit=1", r#"{"word":"a"}"#, 400, "PGRST127", "limit"),
    ("labels", r#"{"word":null}"#, 400, "23502", "word"),
    ("labels", "{}", 400, "23502", "word"),
    ("labels", r#"[{"word":"ok"},{"word":"a\u0000"}]"#, 400, "22P05", "Row 2"),
    ("customers", r#"{"code":"12345678901"}"#, 400, "22001", "customers.code"),
    ("customers", r#"{"code":"a","visits":-1}"#, 400, "23514", "customers.visits"),
    ("customers", r#"{"code":"a","tier":"x"}"#, 400, "22P02", "gold, plain"),
    ("customers", r#"{"code":"a","created_at":"now"}"#, 400, "22", "created_at"),
    ("customers", r#"{"code":"a","created_at":"2026-01-01"}"#, 400, "428C9", "created_at"),
    (
        "orders",
        r#"{"number":1,"customer_id":"00000000-0000-7000-8000-000000000099"}"#,
        409,
        "23503",
        "orders_customer_id_fkey",
    ),
    ("audit_events?on_conflict=idempotency_key", r#"{"action":"a"}"#, 201, "", ""),
];

#[tokio::test]
async fn bodies_that_do_not_fit_change_nothing() {
    on_both(async |api: &Api| {
        for (target, body, status, code, words) in BODIES.iter().copied() {
            let undone = "tx=rollback";
            let reply = api.write("POST", target, undone, body).await;
            assert_eq!(reply.status, status, "{target} {body}: {}", reply.body);
            if status >= 300 {
                let start = format!("{{\"code\":\"{code}");
                assert!(reply.body.starts_with(&start), "{body}: {}", reply.body);
                assert!(reply.body.contains(words), "{body}: {} lacks {words}", reply.body);
            }
        }
        api.write("POST", "labels", "", r#"{"word":"a"}"#).await.is(201, "");
        let twice = api.write("POST", "labels", "", r#"{"word":"a"}"#).await;
        twice.refuses(409, "23505", "labels_word_key");
        assert!(
            twice.body.contains(r#"Key (word) of table \"labels\" already exists"#),
            "{}",
            twice.body
        );
        api.get("labels?select=word").await.is(200, r#"[{"word":"a"}]"#);
        let form = [("content-type", "text/xml")];
        let xml = api.send(Who::Acme, "POST", "labels", &form, "<a/>").await;
        xml.refuses(400, "PGRST102", "text/xml");
        let bytes = api.send(Who::Acme, "POST", "labels", &[], vec![b'{', 0xff]).await;
        bytes.refuses(400, "PGRST102", "UTF-8");
        let ragged = [("content-type", "text/csv")];
        let csv = api.send(Who::Acme, "POST", "labels", &ragged, "word\na,b\n").await;
        csv.refuses(400, "PGRST102", "same number of fields");
    })
    .await;
}

#[tokio::test]
async fn forms_and_sheets_that_do_not_fit_change_nothing() {
    on_both(async |api: &Api| {
        api.write("POST", "labels", "", r#"{"word":"a"}"#).await.is(201, "");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let csv = [("content-type", "text/csv; charset=utf-8")];
        for (headers, body, code, words) in [
            (&csv, "word\n\"open\nb\n", "PGRST102", "line 2"),
            (&csv, "word\na\"b\n", "PGRST102", "Line 2"),
            (&csv, "word\n\"a\"b\n", "PGRST102", "Line 2"),
            (&csv, "word,word\na,b\n", "PGRST102", "twice"),
            (&csv, "word,wrd\na,b\n", "PGRST204", "wrd"),
            (&csv, "word,parent_id\nb\n", "PGRST102", "same number"),
            (&csv, "word\na\u{0}\n", "22P05", "word"),
            (&form, "word=a&word=b", "PGRST102", "twice"),
            (&form, "word=%ff", "PGRST100", "UTF-8"),
            (&form, "word=%00", "PGRST100", "NUL"),
            (&form, "wrd=a", "PGRST204", "wrd"),
        ] {
            let reply = api.send(Who::Acme, "POST", "labels", headers, body).await;
            reply.refuses(400, code, words);
        }
        let latin = api.send(Who::Acme, "POST", "labels", &csv, &b"word\n\xe9\n"[..]).await;
        latin.refuses(400, "PGRST102", "UTF-8");
        api.get("labels?select=word").await.is(200, r#"[{"word":"a"}]"#);
        // What spreadsheets write is read as it is meant.
        let sheet = "\u{feff}word\r\n\"x \"\"y\"\", z\"\r\n\"two\nlines\"\r\n\r\n";
        api.send(Who::Acme, "POST", "labels", &csv, sheet).await.is(201, "");
        api.get("labels?select=word&word=neq.a&order=word")
            .await
            .is(200, r#"[{"word":"two\nlines"},{"word":"x \"y\", z"}]"#);
    })
    .await;
}

#[tokio::test]
async fn missing_columns_are_null_or_take_their_defaults() {
    on_both(async |api: &Api| {
        let target = "customers?columns=code,name,visits&select=code,name,visits";
        let body = r#"[{"code":"a","extra":1},{"code":"b","name":"B","visits":2}]"#;
        let refused = api.write("POST", target, FULL, body).await;
        refused.refuses(400, "23502", "visits");
        let prefer = format!("{FULL},missing=default");
        let taken = api.write("POST", target, &prefer, body).await;
        taken
            .is(201, r#"[{"code":"a","name":null,"visits":0},{"code":"b","name":"B","visits":2}]"#);
        assert_eq!(taken.header("preference-applied"), "missing=default, return=representation");
    })
    .await;
}

#[tokio::test]
async fn upserts_merge_or_ignore_by_a_key() {
    on_both(async |api: &Api| {
        api.seed().await;
        let merge = format!("{FULL},resolution=merge-duplicates");
        let ignore = format!("{FULL},resolution=ignore-duplicates");
        let target = "customers?on_conflict=code&select=code,visits,name";
        let body = r#"[{"code":"ann","visits":9},{"code":"new","visits":1}]"#;
        api.write("POST", target, &merge, body).await.is(
            201,
            r#"[{"code":"ann","visits":9,"name":"Ann"},{"code":"new","visits":1,"name":null}]"#,
        );
        let again = r#"[{"code":"ann","visits":8}]"#;
        api.write("POST", target, &merge, again)
            .await
            .is(200, r#"[{"code":"ann","visits":8,"name":"Ann"}]"#);
        api.write("POST", target, &ignore, again).await.is(201, "[]");
        let event = r#"{"action":"door.open","idempotency_key":"e1"}"#;
        let events = "audit_events?on_conflict=idempotency_key&select=action";
        let once = r#"[{"action":"door.open"}]"#;
        api.write("POST", events, &ignore, event).await.is(201, once);
        api.write("POST", events, &ignore, event).await.is(201, "[]");
        api.write("POST", events, &merge, event).await.refuses(403, "42501", "audit_events");
        let keyless = "customers?on_conflict=name";
        api.write("POST", keyless, &merge, again).await.refuses(400, "42P10", "ON CONFLICT");
        let put = format!("labels?id=eq.{}&select=word", id(51));
        let row = |word: &str| format!(r#"{{"id":"{}","word":"{word}"}}"#, id(51));
        api.write("PUT", &put, FULL, &row("one")).await.is(201, r#"[{"word":"one"}]"#);
        api.write("PUT", &put, FULL, &row("two")).await.is(200, r#"[{"word":"two"}]"#);
        api.write("PUT", &put, "", &row("two")).await.is(204, "");
        let other = format!("labels?id=eq.{}", id(52));
        api.write("PUT", &other, "", &row("x")).await.refuses(400, "PGRST115", "primary key");
        api.write("PUT", "labels?word=eq.a", "", "{}").await.refuses(405, "PGRST105", "Filters");
        let limited = format!("{put}&limit=1");
        api.write("PUT", &limited, "", &row("x")).await.refuses(400, "PGRST114", "PUT");
    })
    .await;
}

#[tokio::test]
async fn changes_and_removals_touch_what_matches() {
    on_both(async |api: &Api| {
        api.seed().await;
        let target = "customers?active=is.true&select=code,visits&order=code";
        let changed = api.write("PATCH", target, FULL, r#"{"visits":5}"#).await;
        changed.is(200, r#"[{"code":"ann","visits":5},{"code":"cyd","visits":5}]"#);
        let quiet = api.write("PATCH", "customers?code=eq.bob", "count=exact", r#"{"visits":6}"#).await;
        quiet.is(204, "");
        assert_eq!(quiet.header("content-range"), "0-0/1");
        api.write("PATCH", "customers?code=eq.bob", "", "{}").await.is(204, "");
        api.write("PATCH", "customers?code=eq.bob", FULL, "{}").await.is(200, "[]");
        let nested = "orders?number=eq.1&select=number,customer_id(code)";
        let moved = api.write("PATCH", nested, FULL, r#"{"state":"paid"}"#).await;
        moved.is(200, r#"[{"number":1,"customer_id":{"code":"ann"}}]"#);
        let back = api.write("PATCH", "orders?number=eq.1", "", r#"{"state":"open"}"#).await;
        back.refuses(400, "23514", "paid to open");
        let strict = "handling=strict,max-affected=1";
        let many = api.write("DELETE", "orders", strict, "").await;
        many.refuses(400, "PGRST124", "The query affects 3 rows");
        let limited = api.write("DELETE", "orders?limit=1", "", "").await;
        limited.refuses(400, "PGRST127", "limit");
        let one = [("accept", "application/vnd.pgrst.object+json"), ("prefer", FULL)];
        let several = api.send(Who::Acme, "DELETE", "orders", &one, "").await;
        several.refuses(406, "PGRST116", "contains 3 rows");
        let undone = format!("{FULL},tx=rollback");
        let removed = "orders?number=eq.3&select=number,customer_id(code)";
        let gone = r#"[{"number":3,"customer_id":{"code":"bob"}}]"#;
        api.write("DELETE", removed, &undone, "").await.is(200, gone);
        api.write("DELETE", removed, FULL, "").await.is(200, gone);
        api.write("DELETE", removed, FULL, "").await.is(200, "[]");
        api.write("DELETE", "orders?number=eq.2", "", "").await.is(204, "");
        api.get("orders?select=number").await.is(200, r#"[{"number":1}]"#);
        let audit = "audit_events?select=action,resource_type&resource_type=eq.orders&action=eq.orders.delete";
        let events = api.get(audit).await;
        assert_eq!(events.body.matches("orders.delete").count(), 2, "{}", events.body);
        let final_ = api.write("DELETE", "audit_events", "", "").await;
        final_.refuses(403, "42501", "audit_events");
    })
    .await;
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    on_both(async |api: &Api| {
        let body = format!(r#"{{"id":"{}","key":"open sesame"}}"#, id(61));
        let shown = api.write("POST", "doors", FULL, &body).await;
        assert_eq!(shown.status, 201, "{}", shown.body);
        assert!(!shown.body.contains("key") && !shown.body.contains("sesame"), "{}", shown.body);
        let read = api.get("doors").await;
        assert!(read.status == 200 && !read.body.contains("key"), "{}", read.body);
        api.get("doors?select=key").await.refuses(403, "42501", "key");
        api.get("doors?key=eq.x").await.refuses(403, "42501", "key");
        api.write("POST", "doors?select=key", FULL, &body).await.refuses(403, "42501", "key");
        let deleted = api.write("DELETE", "doors", FULL, "").await;
        assert_eq!(deleted.status, 200, "{}", deleted.body);
        api.get("doors").await.is(200, "[]");
        let found = api.get("doors?select=id&deleted_at=not.is.null").await;
        assert!(found.body.contains(&id(61).to_string()), "{}", found.body);
    })
    .await;
}

#[tokio::test]
async fn actions_are_called_with_json_forms_and_query_strings() {
    on_both(async |api: &Api| {
        let post = async |target: &str, body: &str| api.write("POST", target, "", body).await;
        post("rpc/add", r#"{"a":1,"b":2}"#).await.is(200, "3");
        api.get("rpc/add?a=1&b=2").await.is(200, "3");
        post("rpc/touch", "").await.is(204, "");
        post("rpc/list", "{}").await.is(200, "[1,2]");
        post("rpc/add", r#"{"a":1}"#).await.refuses(404, "PGRST202", "missing field");
        post("rpc/add", "[1]").await.refuses(400, "PGRST102", "object");
        post("rpc/ad", "{}").await.refuses(404, "PGRST202", "mainstay.add");
        api.get("rpc/touch").await.refuses(405, "25006", "read-only");
        post("rpc/add?select=a", r#"{"a":1,"b":2}"#).await.refuses(400, "PGRST127", "select");
        let one = [("accept", "application/vnd.pgrst.object+json")];
        let list = api.send(Who::Acme, "POST", "rpc/list", &one, "{}").await;
        list.refuses(406, "PGRST116", "contains 2 rows");
        let form = [("content-type", "application/x-www-form-urlencoded")];
        api.send(Who::Acme, "POST", "rpc/add", &form, "a=2&b=5").await.is(200, "7");
        api.send(Who::Clerk, "POST", "rpc/touch", &[], "{}").await.refuses(403, "42501", "touch");
        api.write("PATCH", "rpc/add", "", "{}").await.refuses(405, "PGRST101", "PATCH");
    })
    .await;
}

#[tokio::test]
async fn writes_of_nothing_are_counted_and_add_nothing() {
    on_both(async |api: &Api| {
        api.seed().await;
        let counted = "return=representation,count=exact";
        let changed = api.write("PATCH", "customers?code=eq.ann", counted, "{}").await;
        changed.is(200, "[]");
        assert_eq!(changed.header("content-range"), "*/0");
        for (prefer, status) in [
            ("return=representation", 201),
            ("return=representation,resolution=ignore-duplicates", 201),
            ("return=representation,resolution=merge-duplicates", 200),
        ] {
            api.write("POST", "customers", prefer, "[]").await.is(status, "[]");
        }
    })
    .await;
}
