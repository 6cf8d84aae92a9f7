//! Columns whose names have spaces and hyphens.
#![expect(clippy::expect_used, reason = "without its table no test can go on")]

use crate::api::{Api, Reply, Who, on_both};
use mainstay_declarations::Declarations;
use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::Organization;

const GAUGES: &str = "
table: gauges
columns:
  serial no:  {type: text, max: 20}
  in-use:     {type: boolean, default: true}
  unit price: {type: numeric, precision: 8, scale: 2, nullable: true, min: 0}
  state now:  {type: choice, values: [new, worn], default: new, moves: {new: [worn]}}
  the words:  {type: text, nullable: true, search: true}
  part of:    {type: uuid, nullable: true, references: {table: gauges, name: gauges_part, on_delete: set_null}}
unique: [[serial no]]
indexes: [{columns: [unit price], descending: true}]
";

const WEAR: &str = r#"
action: wear
arguments: {no: text}
steps:
  - update: gauges
    set: {state now: "'worn'"}
    where: {serial no: args.no}
    as: changed
returns: {type: text, value: "changed[0]['state now']"}
"#;

/// The module of this table.
pub(crate) fn module() -> Module {
    let files = [("gauges.yaml", GAUGES), ("wear.yaml", WEAR)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let declared = Declarations::parse(&files, &[Organization::meta().clone()]);
    let declared = declared.expect("sound declarations");
    Module::new("names").entities(&declared.entities).own_actions(declared.actions)
}

async fn send(
    api: &Api,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut all = vec![("accept-profile", "public"), ("content-profile", "public")];
    all.extend(headers);
    api.send(Who::Acme, method, target, &all, body.to_owned()).await
}

async fn write(api: &Api, method: &str, target: &str, prefer: &str, body: &str) -> Reply {
    send(api, method, target, &[("prefer", prefer)], body).await
}

/// Three gauges, each sent in another way.
async fn seed(api: &Api) {
    let target = r#"gauges?columns="serial no","unit price"&select="serial no",price:"unit price""#;
    let body = r#"[{"serial no":"a","unit price":2.5,"in-use":false}]"#;
    let reply = write(api, "POST", target, "return=representation", body).await;
    reply.is(201, r#"[{"serial no":"a","price":2.50}]"#);
    let csv = [("content-type", "text/csv")];
    let lines = "serial no,unit price,in-use,the words\nb,10,false,two rats\n";
    send(api, "POST", "gauges", &csv, lines).await.is(201, "");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    send(api, "POST", "gauges", &form, "serial+no=c&in-use=true").await.is(201, "");
    let merge = "resolution=merge-duplicates,return=representation";
    let target = r#"gauges?on_conflict="serial no"&select="unit price""#;
    let merged = write(api, "POST", target, merge, r#"{"serial no":"c","unit price":1}"#).await;
    merged.is(200, r#"[{"unit price":1.00}]"#);
}

#[tokio::test]
async fn a_name_with_spaces_works_wherever_a_name_stands() {
    on_both(async |api: &Api| {
        seed(api).await;
        let body = r#"{"unit price":7,"part of":null}"#;
        write(api, "PATCH", "gauges?serial%20no=eq.b", "", body).await.is(204, "");
        for (query, body) in [
            (
                "unit%20price=gt.2&select=serial no&order=unit price.desc",
                r#"[{"serial no":"b"},{"serial no":"a"}]"#,
            ),
            (r#""unit price"=eq.1&select=in-use"#, r#"[{"in-use":true}]"#),
            (
                r#"or=("unit price".gt.5,and(in-use.is.true,"serial no".like.c*))&select="serial no"&order="serial no""#,
                r#"[{"serial no":"b"},{"serial no":"c"}]"#,
            ),
            ("the%20words=fts.rat&select=serial no", r#"[{"serial no":"b"}]"#),
            (r#"select="unit price".sum(),in-use&order=in-use"#, r#"[{"sum":7.00,"in-use":false},{"sum":3.50,"in-use":true}]"#),
            ("distinct=on(in-use)&order=serial no&select=serial no", r#"[{"serial no":"a"},{"serial no":"b"}]"#),
        ] {
            send(api, "GET", &format!("gauges?{query}"), &[], "").await.is(200, body);
        }
        let page = "gauges?select=serial no&order=unit price.desc&limit=2&cursor=";
        let page = send(api, "GET", page, &[], "").await;
        let next = page.header("link").strip_prefix("</rest/v1/").expect("a link");
        let next = next.strip_suffix(">; rel=\"next\"").expect("the next page");
        send(api, "GET", next, &[], "").await.is(200, r#"[{"serial no":"c"}]"#);
        send(api, "POST", "rpc/wear", &[], r#"{"no":"a"}"#).await.is(200, r#""worn""#);
    })
    .await;
}

#[tokio::test]
async fn its_rules_and_references_hold() {
    on_both(async |api: &Api| {
        seed(api).await;
        let row = send(api, "GET", "gauges?serial no=eq.a&select=id", &[], "").await.body;
        let id = row.get(8..44).expect("an identifier");
        let up = format!(r#"{{"part of":"{id}"}}"#);
        write(api, "PATCH", "gauges?serial no=neq.a", "", &up).await.is(204, "");
        let query =
            r#"gauges?select="serial no",up:"part of"("serial no")&order=serial no&limit=2"#;
        send(api, "GET", query, &[], "")
            .await
            .is(200, r#"[{"serial no":"a","up":null},{"serial no":"b","up":{"serial no":"a"}}]"#);
        for (method, target, body, status, code, words) in [
            ("POST", "gauges", r#"{"serial no":"a"}"#, 409, "23505", "serial no"),
            ("POST", "gauges", r#"{"in-use":true}"#, 400, "23502", "serial no"),
            ("PATCH", "gauges?serial no=eq.b", r#"{"unit price":-1}"#, 400, "23514", "unit price"),
            ("PATCH", "gauges?serial no=eq.b", r#"{"serial":"x"}"#, 400, "PGRST204", "gauges"),
            ("PATCH", "gauges?in use=is.true", r#"{"unit price":1}"#, 400, "42703", "in use"),
        ] {
            write(api, method, target, "", body).await.refuses(status, code, words);
        }
        write(api, "PATCH", "gauges?serial no=eq.b", "", r#"{"state now":"worn"}"#)
            .await
            .is(204, "");
        write(api, "PATCH", "gauges?serial no=eq.b", "", r#"{"state now":"new"}"#).await.refuses(
            400,
            "23514",
            "state now",
        );
        write(api, "DELETE", "gauges?serial no=eq.a", "", "").await.is(204, "");
        let alone = "gauges?part of=is.null&select=count()";
        send(api, "GET", alone, &[], "").await.is(200, r#"[{"count":2}]"#);
    })
    .await;
}
