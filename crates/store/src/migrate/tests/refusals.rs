//! What a migration refuses, and that it changes nothing then.

use crate::error::ErrorKind;
use crate::migrate::{Options, Version};
use crate::render::Dialect;
use crate::schema::tests::fixture::{
    Db, ROWS, all, choice, nullable, on_both_engines, options, permissive, reference, text,
};
use mainstay_entity::{EntityMeta, Kind, OnDelete};
use std::borrow::Cow;

on_both_engines!(
    narrowing_needs_permission_and_fitting_rows,
    a_failed_step_undoes_all,
    broken_references_are_found,
    versions_bound_who_may_use_a_database,
    a_products_tables_are_not_forgotten,
);

/// The catalog with shorter labels and fewer states.
fn narrow() -> Vec<EntityMeta> {
    let mut entities = all();
    entities[2].columns.to_mut()[2].kind = text(10);
    entities[3].columns.to_mut()[4].kind =
        choice(&[("open", &["done"]), ("done", &["open"])], true);
    entities
}

async fn narrowing_needs_permission_and_fitting_rows(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    let refused = db.apply(narrow(), &options()).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Refused(_)), "{refused}");
    assert!(refused.to_string().contains("tickets_status_check"), "{refused}");
    assert_eq!(db.status(narrow(), &options()).await.blocked, 2);
    assert_eq!(db.compare(all()).await, Vec::<String>::new());

    db.run("UPDATE ~teams SET label = 'longer than ten' WHERE id = #10").await;
    let failed = db.apply(narrow(), &permissive()).await.unwrap_err();
    assert!(failed.to_string().contains("teams_label_check"), "{failed}");
    assert_eq!(db.compare(all()).await, Vec::<String>::new());

    db.run("UPDATE ~teams SET label = 'short' WHERE id = #10").await;
    db.apply(narrow(), &permissive()).await.unwrap();
    assert_eq!(db.compare(narrow()).await, Vec::<String>::new());
    db.refused("UPDATE ~teams SET label = 'longer than ten'", "teams_label_check").await;
}

async fn a_failed_step_undoes_all(dialect: Dialect) {
    let mut db = Db::with(dialect, vec![all().remove(0)]).await;
    db.run("CREATE TABLE ~tickets (mine text)").await;
    let failed = db.apply(all(), &options()).await.unwrap_err();
    assert!(failed.to_string().contains("create table mainstay.tickets"), "{failed}");
    let status = db.status(vec![all().remove(0)], &options()).await;
    assert!(status.is_ready(), "{status}");
    db.run("DROP TABLE ~tickets").await;
    db.apply(all(), &options()).await.unwrap();
    assert_eq!(db.compare(all()).await, Vec::<String>::new());
    if dialect == Dialect::Sqlite {
        assert_eq!(db.read("PRAGMA foreign_keys").await, "1");
        assert_eq!(db.read("PRAGMA busy_timeout").await, "5000");
    }
}

async fn broken_references_are_found(dialect: Dialect) {
    let mut entities = all();
    entities[2].columns.to_mut().push(nullable("lead_id", Kind::Uuid));
    let mut db = Db::with(dialect, entities.clone()).await;
    db.run(ROWS).await;
    db.run("UPDATE ~teams SET lead_id = #99 WHERE id = #10").await;
    entities[2].references.to_mut().push(reference("lead_id", "users", OnDelete::SetNull));
    let failed = db.apply(entities.clone(), &options()).await.unwrap_err();
    assert!(failed.to_string().contains("teams"), "{failed}");
    assert!(matches!(failed.kind(), ErrorKind::Refused(_)));
    db.run("UPDATE ~teams SET lead_id = #5").await;
    db.apply(entities.clone(), &options()).await.unwrap();
    assert_eq!(db.compare(entities).await, Vec::<String>::new());
}

async fn versions_bound_who_may_use_a_database(dialect: Dialect) {
    let at = |major| Options { binary_version: Version::new(major, 0, 0), ..permissive() };
    let mut db = Db::empty(dialect).await;
    db.apply(all(), &at(2)).await.unwrap();
    let refused = db.apply(all(), &at(1)).await.unwrap_err();
    assert!(
        refused.to_string().contains("needs version 2.0.0 or newer; this is 1.0.0"),
        "{refused}"
    );
    assert!(db.status(all(), &at(1)).await.refused.is_some());

    // An additive step of a newer server leaves this one in work, and it leaves that step alone.
    let mut wider = all();
    wider[2].columns.to_mut()[2].kind = text(99);
    db.apply(wider.clone(), &at(3)).await.unwrap();
    let plan = db.plan(all(), &at(2)).await.unwrap();
    assert_eq!((plan.newer, plan.steps.len()), (Some(Version::new(3, 0, 0)), 0));
    assert!(db.apply(all(), &at(2)).await.unwrap().steps.is_empty());
    assert!(db.status(all(), &at(2)).await.is_ready());
    assert_eq!(db.compare(wider).await, Vec::<String>::new());

    // A step that takes something away ends that.
    db.apply(all(), &at(3)).await.unwrap();
    db.apply(all(), &at(2)).await.unwrap_err();
}

/// Whoever forgets to say what a product declares is refused, whatever there is to do.
async fn a_products_tables_are_not_forgotten(dialect: Dialect) {
    let forgetful = Options { with_own: false, ..permissive() };
    let built_in = || -> Vec<EntityMeta> {
        all().into_iter().filter(|entity| entity.schema == "mainstay").collect()
    };
    let mut db = Db::with(dialect, built_in()).await;
    assert!(db.plan(built_in(), &forgetful).await.unwrap().is_empty());
    let mut own = all();
    own.last_mut().unwrap().schema = Cow::Borrowed("public");
    db.apply(own.clone(), &options()).await.unwrap();
    let refused = db.apply(built_in(), &forgetful).await.unwrap_err().to_string();
    assert!(refused.contains("(public.items, public.team_loads)"), "{refused}");
    assert!(refused.contains("--entities"), "{refused}");
    let status = db.status(built_in(), &forgetful).await;
    assert!(!status.is_ready() && status.refused.is_some(), "{status}");
    assert_eq!(db.compare(own).await, Vec::<String>::new());
    // Whoever says that there are none any more is believed: views go, and tables stay.
    let applied = db.apply(built_in(), &options()).await.unwrap();
    assert_eq!(applied.kept, ["public.items"]);
}
