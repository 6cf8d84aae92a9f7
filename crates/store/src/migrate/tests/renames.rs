//! New names keep rows and everything that hangs on the old ones.

use crate::migrate::Version;
use crate::render::Dialect;
use crate::schema::tests::fixture::{
    Db, ROWS, all, column, nullable, on_both_engines, options, reference, text,
};
use mainstay_entity::view::{Operand, Shown};
use mainstay_entity::{Direction, EntityMeta, Kind, OnDelete};
use std::borrow::Cow;

on_both_engines!(tables_and_columns_take_new_names, a_name_that_is_taken_is_not_a_new_one);

/// The catalog with teams called groups, and labels and states called otherwise.
fn renamed() -> Vec<EntityMeta> {
    let mut entities = all();
    for entity in &mut entities {
        for reference in entity.references.to_mut() {
            if reference.table == "teams" {
                reference.table = Cow::Borrowed("groups");
            }
        }
    }
    let [_, _, teams, tickets, ..] = &mut entities[..] else { panic!() };
    teams.table = Cow::Borrowed("groups");
    teams.renamed_from = Some(Cow::Borrowed("teams"));
    teams.columns.to_mut()[2].name = Cow::Borrowed("title");
    teams.columns.to_mut()[2].renamed_from = Some(Cow::Borrowed("label"));
    teams.uniques.to_mut()[0].columns = Cow::Owned(vec![Cow::Borrowed("title")]);
    let columns = tickets.columns.to_mut();
    columns[2].name = Cow::Borrowed("group_id");
    columns[2].renamed_from = Some(Cow::Borrowed("team_id"));
    columns[4].name = Cow::Borrowed("state");
    columns[4].renamed_from = Some(Cow::Borrowed("status"));
    tickets.references.to_mut()[1].columns = Cow::Owned(vec![Cow::Borrowed("group_id")]);
    tickets.uniques.to_mut()[0].columns =
        Cow::Owned(vec![Cow::Borrowed("state"), Cow::Borrowed("external_id")]);
    let indexes = tickets.indexes.to_mut();
    indexes[0].columns.to_mut()[0].name = Cow::Borrowed("state");
    indexes[1].filter = Some(Cow::Borrowed("state = 'open'"));
    assert_eq!(indexes[0].columns[1].direction, Direction::Descending);
    let view = entities.iter_mut().find_map(|entity| entity.view.as_mut()).unwrap();
    let team = &mut view.joins.to_mut()[0];
    team.source.table = Cow::Borrowed("groups");
    if let Operand::Column(column) = &mut team.on.to_mut()[0].right {
        column.column = Cow::Borrowed("group_id");
    }
    if let Shown::Column(column) = &mut view.shows.to_mut()[1] {
        column.column = Cow::Borrowed("title");
    }
    entities
}

async fn tables_and_columns_take_new_names(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    let options = crate::migrate::Options { binary_version: Version::new(2, 0, 0), ..options() };
    db.apply(renamed(), &options).await.unwrap();
    assert_eq!(db.compare(renamed()).await, Vec::<String>::new());
    assert!(db.plan(renamed(), &options).await.unwrap().is_empty());
    assert_eq!(db.read("SELECT title FROM ~groups ORDER BY id").await, "a b a");
    assert_eq!(db.read("SELECT state FROM ~tickets WHERE group_id = #10").await, "open");
    db.run("UPDATE ~tickets SET state = 'void'").await;
    let refusal = "mainstay:transition:tickets:state:void:open";
    db.refused("UPDATE ~tickets SET state = 'open'", refusal).await;
    db.run("DELETE FROM ~groups WHERE title = 'a'").await;
    assert_eq!(db.read("SELECT count(*) FROM ~tickets WHERE group_id IS NULL").await, "1");
    // Servers that know the old names only can't work with this.
    let state = db.status(renamed(), &options).await.state.unwrap();
    assert_eq!(state.oldest_binary, Version::new(2, 0, 0));
}

async fn a_name_that_is_taken_is_not_a_new_one(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    // The old name is declared still, for something else.
    let mut entities = all();
    let columns = entities[2].columns.to_mut();
    let mut title = nullable("title", text(20));
    title.renamed_from = Some(Cow::Borrowed("label"));
    columns.push(title);
    columns.push(nullable("other_id", Kind::Uuid));
    entities[2].references.to_mut().push(reference("other_id", "teams", OnDelete::SetNull));
    let mut more = crate::schema::tests::fixture::teams();
    more.table = Cow::Borrowed("more_teams");
    more.renamed_from = Some(Cow::Borrowed("teams"));
    more.references.to_mut()[1].table = Cow::Borrowed("more_teams");
    more.columns.to_mut().push(column("size", Kind::Integer));
    entities.push(more);
    db.apply(entities.clone(), &options()).await.unwrap();
    assert_eq!(db.compare(entities).await, Vec::<String>::new());
    assert_eq!(db.read("SELECT label FROM ~teams ORDER BY id").await, "a b a");
    assert_eq!(db.read("SELECT count(*) FROM ~more_teams").await, "0");
}
