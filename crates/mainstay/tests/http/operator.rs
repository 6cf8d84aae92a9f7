//! What an operator forgets to say at night costs nothing.

use crate::on_both_engines;
use crate::own_fixture;
use crate::server::{Engine, Server};
use reqwest::StatusCode;
use std::process::{Command, Output};

on_both_engines!(what_a_product_declared_is_not_forgotten);

/// Runs a command on the server's data, with the database's owner or without.
fn mainstay(server: &Server, arguments: &[&str], knows_owner: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    command.args(arguments).arg("--data").arg(server.data.path());
    if let Some(database) = &server.database {
        command.args(["--database", &database.app_url]);
        if knows_owner {
            command.args(["--migrate-database", &database.owner_url]);
        }
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

/// No command does anything with a database of which it does not know all tables: views would go,
/// and who is forgotten would be left in tables of the product.
async fn what_a_product_declared_is_not_forgotten(mut server: Server) {
    own_fixture::load(&mut server).await;
    let folder = server.own.clone().unwrap();
    let caller = server.service(0);
    let shown = "full_shelves?select=code,boxes";
    let before = server.get(&caller, shown).await;
    assert_eq!(before.status, StatusCode::OK, "{before:?}");
    let (status, output) = server.process.take().unwrap().stop();
    assert!(status.success(), "{output}");
    let subject = "018f0000-0000-7000-8000-000000000002";
    let commands: [&[&str]; 8] = [
        &["migrate", "plan"],
        &["migrate", "apply", "--allow-data-loss"],
        &["migrate", "apply", "--rehearse"],
        &["migrate", "status"],
        &["doctor"],
        &["keys", "list"],
        &["audit", "forget", "--tenant", "acme", "--subject", subject],
        &["serve", "--listen", "127.0.0.1:0"],
    ];
    let owners: &[bool] = if server.engine == Engine::Postgres { &[true, false] } else { &[true] };
    for (command, knows_owner) in
        commands.iter().flat_map(|command| owners.iter().map(move |owner| (command, *owner)))
    {
        let output = mainstay(&server, command, knows_owner);
        let words = told(&output);
        assert!(!output.status.success() || words.contains("Refused: "), "{command:?}: {words}");
        for word in ["public.boxes", "--entities", "`entities`"] {
            assert!(words.contains(word), "{command:?}: {words}");
        }
    }
    // Who says it, here by the environment, finds everything as it was.
    let mut plan = Command::new(env!("CARGO_BIN_EXE_mainstay"));
    plan.args(["migrate", "plan", "--data"]).arg(server.data.path());
    plan.env("MAINSTAY_ENTITIES", &folder);
    if let Some(database) = &server.database {
        plan.args(["--database", &database.app_url]);
        plan.args(["--migrate-database", &database.owner_url]);
    }
    let plan = told(&plan.output().unwrap());
    assert!(plan.contains("The schema is up to date."), "{plan}");
    server.serve();
    assert_eq!(server.get(&caller, shown).await, before);
}
