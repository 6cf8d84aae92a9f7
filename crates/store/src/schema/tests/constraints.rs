//! Each constraint does what it says.

use super::fixture::{Db, ROWS, all, on_both_engines};
use crate::render::Dialect;

on_both_engines!(
    column_checks_hold,
    keys_hold,
    references_hold,
    setting_null_keeps_the_organisation,
    life_cycles_hold_on_every_path,
    appended_rows_stay,
    defaults_are_values_of_their_columns,
);

async fn filled(dialect: Dialect) -> Db {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    db
}

async fn column_checks_hold(dialect: Dialect) {
    let mut db = filled(dialect).await;
    for (set, constraint) in [
        ("priority = 0", "tickets_priority_check"),
        ("priority = 6", "tickets_priority_check"),
        ("amount = -1", "tickets_amount_check"),
        ("external_id = 'éééééééééé1'", "tickets_external_id_check"),
        ("is_paid = TRUE", "tickets_paid_amount_check"),
    ] {
        db.refused(&format!("UPDATE ~tickets SET {set}"), constraint).await;
    }
    let unknown = "INSERT INTO ~tickets (id, organization_id, status) VALUES (#21, #1, 'lost')";
    db.refused(unknown, "tickets_status_check").await;
    db.run("UPDATE ~tickets SET priority = 5, amount = 0, external_id = 'éééééééééé'").await;
    db.refused("UPDATE ~tickets SET priority = NULL", "priority").await;
    if dialect == Dialect::Sqlite {
        for (set, expected) in [
            ("is_paid = 2", "tickets_is_paid_check"),
            ("team_id = x'00'", "tickets_team_id_check"),
            ("balance = '1'", "tickets_balance_check"),
            ("priority = 'x'", "cannot store TEXT value in INTEGER column"),
        ] {
            db.refused(&format!("UPDATE tickets SET {set}"), expected).await;
        }
    }
}

async fn keys_hold(dialect: Dialect) {
    let mut db = filled(dialect).await;
    let unique = match dialect {
        Dialect::Sqlite => "UNIQUE constraint failed",
        Dialect::Postgres => "duplicate key value violates unique constraint",
    };
    db.refused("INSERT INTO ~teams (id, organization_id, label) VALUES (#30, #1, 'a')", unique)
        .await;
    db.refused("INSERT INTO ~teams (id, organization_id, label) VALUES (#10, #1, 'z')", unique)
        .await;
    let ticket = |id: u32, columns: &str, values: &str| {
        format!(
            "INSERT INTO ~tickets (id, organization_id, status{columns}) \
             VALUES (#{id}, #1, 'open'{values})"
        )
    };
    // Ticket 20 is open and has no external identifier: nulls are not distinct.
    db.refused(&ticket(21, "", ""), "tickets_status_external_id_key").await;
    db.run(&ticket(21, ", external_id", ", 'x'")).await;
    db.refused(&ticket(22, ", external_id", ", 'x'"), unique).await;
    // The key on amounts counts paid tickets only.
    db.run(&ticket(23, ", external_id, amount, is_paid", ", '23', 1, TRUE")).await;
    db.run(&ticket(24, ", external_id, amount, is_paid", ", '24', 1, FALSE")).await;
    db.refused(&ticket(25, ", external_id, amount, is_paid", ", '25', 1, TRUE"), unique).await;
}

async fn references_hold(dialect: Dialect) {
    let mut db = filled(dialect).await;
    let broken = match dialect {
        Dialect::Sqlite => "FOREIGN KEY constraint failed",
        Dialect::Postgres => "violates foreign key constraint",
    };
    db.refused("UPDATE ~tickets SET team_id = #99", broken).await;
    // Team 12 is there, but of another organisation.
    db.refused("UPDATE ~tickets SET team_id = #12", broken).await;
    let event = "INSERT INTO ~events (id, organization_id, action, ticket_id) \
                 VALUES (#40, #1, 'x', #20)";
    db.run(event).await;
    db.refused("DELETE FROM ~tickets", broken).await;
    db.run("DELETE FROM ~organizations WHERE id = #2").await;
    assert_eq!(db.read("SELECT count(*) FROM ~teams").await, "2");
}

async fn setting_null_keeps_the_organisation(dialect: Dialect) {
    let mut db = filled(dialect).await;
    db.run("DELETE FROM ~users").await;
    // One statement removes a team and the parent that it refers to.
    db.run("INSERT INTO ~teams (id, organization_id, label, parent_id) VALUES (#13, #1, 'c', #11)")
        .await;
    db.run("DELETE FROM ~teams WHERE label IN ('a', 'b') AND organization_id = #1").await;
    let left = "SELECT count(*) FROM ~tickets WHERE organization_id = #1 AND team_id IS NULL \
                AND assignee_id IS NULL";
    assert_eq!(db.read(left).await, "1");
    let teams = "SELECT label FROM ~teams WHERE organization_id = #1 AND parent_id IS NULL";
    assert_eq!(db.read(teams).await, "c");
    // The whole organisation goes in one statement, whatever refers to what inside it.
    db.run("DELETE FROM ~organizations WHERE id = #1").await;
    assert_eq!(db.read("SELECT count(*) FROM ~tickets").await, "0");
}

async fn life_cycles_hold_on_every_path(dialect: Dialect) {
    let mut db = filled(dialect).await;
    db.run("UPDATE ~tickets SET status = 'open'").await;
    db.run("UPDATE ~tickets SET status = 'done'").await;
    let refusal = "mainstay:transition:tickets:status:done:void";
    db.refused("UPDATE ~tickets SET status = 'void'", refusal).await;
    let upsert = "INSERT INTO ~tickets (id, organization_id, status) VALUES (#20, #1, 'void') \
                  ON CONFLICT (organization_id, id) DO UPDATE SET status = excluded.status";
    db.refused(upsert, refusal).await;
    db.run("UPDATE ~tickets SET status = 'open'; UPDATE ~tickets SET status = 'void'").await;
    let refusal = "mainstay:transition:tickets:status:void:open";
    db.refused("UPDATE ~tickets SET status = 'open'", refusal).await;
    db.refused("UPDATE ~tickets SET status = NULL", "").await;
}

async fn appended_rows_stay(dialect: Dialect) {
    let mut db = filled(dialect).await;
    db.run("INSERT INTO ~events (id, organization_id, action) VALUES (#40, #1, 'x')").await;
    let refusal = "mainstay:append_only:events";
    db.refused("UPDATE ~events SET action = 'y'", refusal).await;
    db.refused("DELETE FROM ~events", refusal).await;
    // Not by way of what it belongs to, either.
    db.refused("DELETE FROM ~organizations WHERE id = #1", refusal).await;
    if dialect == Dialect::Sqlite {
        let replace = "INSERT OR REPLACE INTO events (id, organization_id, action)";
        db.refused(&format!("{replace} VALUES (#40, #1, 'y')"), refusal).await;
    }
    if dialect == Dialect::Postgres {
        db.refused("TRUNCATE ~events", refusal).await;
        db.run("SET app.retention = 'on'").await;
        db.refused("UPDATE ~events SET action = 'y'", refusal).await;
        db.run("DELETE FROM ~events").await;
    }
}

async fn defaults_are_values_of_their_columns(dialect: Dialect) {
    let mut db = filled(dialect).await;
    let expected = match dialect {
        Dialect::Sqlite => "3|0|{\"a\": \"it's\"}|[\"x\",\"y z\"]|0.5|00ff|1769860800000000",
        Dialect::Postgres => "3|f|{\"a\": \"it's\"}|{x,\"y z\"}|0.5|\\x00ff|1769860800000000",
    };
    let columns = match dialect {
        Dialect::Sqlite => "priority, is_paid, details, tags, ratio, lower(hex(digest)), due",
        Dialect::Postgres => {
            "priority, is_paid, details, tags, ratio, digest, (extract(epoch FROM due) * 1000000)::bigint"
        }
    };
    assert_eq!(db.read(&format!("SELECT concat_ws('|', {columns}) FROM ~tickets")).await, expected);
    let recent = match dialect {
        Dialect::Sqlite => {
            "abs(unixepoch('subsec') * 1000000 - opened_at) < 3600e6 AND length(opened_on) = 10"
        }
        Dialect::Postgres => {
            "now() - opened_at < '1 hour' AND opened_on BETWEEN current_date - 1 AND current_date + 1"
        }
    };
    assert_eq!(db.read(&format!("SELECT count(*) FROM ~tickets WHERE {recent}")).await, "1");
}
