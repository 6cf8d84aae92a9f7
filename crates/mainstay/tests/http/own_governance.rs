//! Own tables that tell of people are masked, recorded and erased like built-in ones.

use crate::audit_cli::{audit, stop, told};
use crate::on_both_engines;
use crate::own_fixture;
use crate::server::{Engine, Server};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_engines!(
    personal_data_is_masked_recorded_sealed_and_erased,
    own_tables_stand_beside_built_in_ones_of_their_name,
    views_show_what_their_readers_may_see,
);

/// Whom the row of `patients` is about.
const SUBJECT: &str = "018f0000-0000-7000-8000-000000000002";
const PATIENTS: &str = "patients?select=name,email,diagnosis";

/// A table of the schema `mainstay`.
async fn built_in(server: &Server, index: usize, table: &str, query: &str) -> Vec<Value> {
    let entity = json!({ "schema": "mainstay", "table": table });
    server.read(&server.service(index), &entity, query).await.rows()
}

async fn personal_data_is_masked_recorded_sealed_and_erased(mut server: Server) {
    own_fixture::load(&mut server).await;
    let plain = json!({ "name": "Ada", "email": "ada@example.com", "diagnosis": "well" });
    assert_eq!(server.get(&server.service(0), PATIENTS).await.rows(), std::slice::from_ref(&plain));
    // Equality of a sealed value is answered by its keyed hash.
    let found = format!("{PATIENTS}&email=eq.ada@example.com");
    assert_eq!(server.get(&server.service(0), &found).await.rows(), [plain]);
    let analyst = server.person(0, "analyst").await;
    let masked = server.get(&analyst, PATIENTS).await;
    for told in ["Ada", "ada@example.com", "well"] {
        assert!(!masked.text.contains(told), "{masked:?}");
    }
    // The trail says that it happened, and nothing of the person in plain.
    let query = "?resource_type=eq.public.patients&select=action,new_value,details,description";
    let events = built_in(&server, 0, "audit_events", query).await;
    assert_eq!(events.len(), 1);
    let text = Value::from(events).to_string();
    for told in ["Ada", "ada@example.com", "well", "1234"] {
        assert!(!text.contains(told), "{text}");
    }
    // Rows of which nobody wants events leave none.
    let query = "?resource_type=eq.public.measurements";
    assert_eq!(built_in(&server, 0, "audit_events", query).await, Vec::<Value>::new());

    let is_shared = server.engine == Engine::Postgres;
    if !is_shared {
        stop(&mut server);
    }
    let folder = server.own.clone().unwrap();
    let entities = ["--entities", folder.to_str().unwrap()];
    let forget = ["forget", "--tenant", "acme", "--subject", SUBJECT];
    let output = audit(&server, &[&forget[..], &entities].concat());
    assert!(output.status.success(), "{}", told(&output));
    if !is_shared {
        server.serve();
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    let after = loop {
        let reply = server.get(&server.service(0), PATIENTS).await;
        if !reply.text.contains("ada@example.com") || Instant::now() > deadline {
            break reply;
        }
    };
    assert!(!after.text.contains("ada@example.com") && !after.text.contains("well"), "{after:?}");
    assert_eq!(after.rows().len(), 1);
    // The same person is another organisation's patient too.
    let other = server.get(&server.service(1), PATIENTS).await;
    assert!(other.text.contains("ada@example.com"), "{other:?}");
}

/// The fixture has a table `teams`, as the built-in ones do.
async fn own_tables_stand_beside_built_in_ones_of_their_name(mut server: Server) {
    own_fixture::load(&mut server).await;
    let rows = server.tables();
    let teams = rows.iter().find(|entity| entity["table"] == "teams").unwrap();
    assert_eq!(server.read(&server.service(0), teams, "").await.rows()[0]["motto"], "onwards");
    assert!(built_in(&server, 0, "teams", "?select=name").await.len() >= 3);
    let body = json!({ "motto": "changed" }).to_string();
    let (caller, path) = (server.service(0), "teams?motto=eq.onwards");
    let reply = server.send(&caller, Method::PATCH, path, &[], body).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let query = "?resource_type=eq.public.teams&select=action&order=id";
    let actions = built_in(&server, 0, "audit_events", query).await;
    assert_eq!(actions.len(), 2, "{actions:?}");
    let document = server.request(&server.service(0), Method::GET, "/openapi.json", &[], "").await;
    assert!(document.text.contains("Named like a built-in table, and none of it."));
}

async fn views_show_what_their_readers_may_see(mut server: Server) {
    own_fixture::load(&mut server).await;
    let caller = server.service(0);
    let body = json!([{ "shelf": "s-1", "number": 2 }, { "shelf": "s-1", "number": 3 }]);
    let reply = server.send(&caller, Method::POST, "boxes", &[], body.to_string()).await;
    assert!(reply.status.is_success(), "{reply:?}");
    let shown = "full_shelves?select=code,boxes,highest,kind";
    assert_eq!(
        server.get(&caller, shown).await.rows(),
        [json!({ "code": "s-1", "boxes": 3, "highest": 3, "kind": "shelf" })]
    );
    // The other organisation's shelf of this name has one box.
    assert_eq!(
        server.get(&server.service(1), shown).await.rows(),
        [json!({ "code": "s-1", "boxes": 1, "highest": 1, "kind": "shelf" })]
    );
    // The first rows of a view are those of each organisation.
    for _ in 0..2 {
        let reply = server.send(&caller, Method::POST, "labels", &[], "{}").await;
        assert!(reply.status.is_success(), "{reply:?}");
    }
    let numbers = server.get(&caller, "labels?select=number&order=number.desc&limit=2").await;
    let first = "first_labels?select=number&order=number.desc";
    assert_eq!(server.get(&caller, first).await.rows(), numbers.rows());
    assert_eq!(server.get(&server.service(1), first).await.rows().len(), 1);
    // Filters see what the view keeps, and nothing else.
    let last = server.get(&caller, "labels?select=number&order=number&limit=1").await.rows();
    let left_out = format!("first_labels?number=eq.{}", last[0]["number"]);
    assert_eq!(server.get(&caller, &left_out).await.text, "[]");
    // A relation of the table is one of its view.
    let through = server.get(&caller, "first_labels?select=number,boxes(number)&box=eq.1").await;
    assert!(through.status.is_success(), "{through:?}");
    for method in [Method::POST, Method::PATCH, Method::DELETE] {
        let path = "full_shelves?code=eq.s-1";
        let reply = server.send(&caller, method.clone(), path, &[], r#"{"code": "x"}"#).await;
        assert!(reply.status.is_client_error(), "{method}: {reply:?}");
    }
}
