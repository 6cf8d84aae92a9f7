//! PostgREST on the same PostgreSQL, with a copy of the table.

use super::program::Program;
use super::{Paths, Peer};
use crate::installation::Database;
use crate::spine::Stage;
use anyhow::Result;
use mainstay_testkit::{connect, free_port};
use std::path::Path;
use std::process::Command;

const ROLE: &str = "peer_anonymous";

/// The same rows, constraints and indexes; keys and times are made by the database.
const TABLE: &str = "CREATE SCHEMA peer;
    CREATE TABLE peer.audit (LIKE public.bench_events INCLUDING ALL);
    INSERT INTO peer.audit SELECT * FROM public.bench_events;
    ALTER TABLE peer.audit ALTER id SET DEFAULT gen_random_uuid(),
        ALTER created_at SET DEFAULT now();
    CREATE ROLE peer_anonymous NOLOGIN;
    GRANT USAGE ON SCHEMA peer TO peer_anonymous;
    GRANT SELECT, INSERT ON peer.audit TO peer_anonymous";

/// Copies the table and starts the program.
pub(super) async fn start(stage: &Stage, database: &Database, programs: &Path) -> Result<Peer> {
    let client = connect(&database.superuser).await?;
    client.batch_execute(TABLE).await?;
    client.batch_execute("VACUUM ANALYZE peer.audit").await?;
    let port = free_port();
    let configuration = stage.folder().join("postgrest.conf");
    let text = format!(
        "db-uri = \"{}\"\ndb-schemas = \"peer\"\ndb-anon-role = \"{ROLE}\"\n\
         server-host = \"127.0.0.1\"\nserver-port = {port}\n",
        database.superuser
    );
    std::fs::write(&configuration, text)?;
    let url = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(programs.join("postgrest"));
    command.arg(&configuration);
    let program = Program::start(&mut command, &format!("{url}/audit?limit=1")).await?;
    Ok(Peer {
        name: "postgrest",
        url,
        goals: [5.0, 5.0, 5.0],
        paths: Paths {
            one: |_, row| format!("/audit?id=eq.{row}"),
            list: |tenant| {
                let filter = format!("organization_id=eq.{}&status=eq.success", tenant.id);
                format!("/audit?{filter}&order=created_at.desc&limit=50")
            },
            post: "/audit",
        },
        _program: program,
    })
}
