//! Rehearsals: everything is tried, nothing stays.

use crate::migrate::rehearse;
use crate::render::Dialect;
use crate::schema::tests::fixture::{
    Db, ROWS, all, catalog, choice, column, entity, index, on_both_engines, options, text,
};
use mainstay_entity::{Direction, Scope};
use std::borrow::Cow;
use std::sync::Arc;

on_both_engines!(a_rehearsal_tries_everything_and_changes_nothing);

async fn a_rehearsal_tries_everything_and_changes_nothing(dialect: Dialect) {
    let mut db = Db::with(dialect, all()).await;
    db.run(ROWS).await;
    let mut entities = all();
    entities[2].columns.to_mut()[2].kind = text(40);
    entities[2].indexes = Cow::Owned(vec![index(&[("label", Direction::Ascending)])]);
    entities.push(entity("labels", Scope::Tenant, vec![column("name", text(10))]));
    let plan = db.plan(entities.clone(), &options()).await.unwrap();
    assert!(plan.steps.len() >= 3, "{plan}");

    let folder = mainstay_testkit::temp_dir();
    let copy = folder.path().join("copy.db");
    let declared = Arc::new(catalog(entities.clone()));
    let rehearsed = rehearse(&db.config(), &declared, &options(), &copy).await.unwrap();
    assert_eq!(
        (rehearsed.steps.len(), rehearsed.times.len()),
        (plan.steps.len(), plan.steps.len())
    );
    assert_eq!(db.compare(all()).await, Vec::<String>::new());
    assert_eq!(db.plan(entities.clone(), &options()).await.unwrap().steps, plan.steps);
    assert_eq!(db.read("SELECT label FROM ~teams ORDER BY id").await, "a b a");

    // What rows don't meet shows in the rehearsal already.
    entities[3].columns.to_mut()[4].kind = choice(&[("done", &[])], true);
    let narrower = Arc::new(catalog(entities));
    let again = folder.path().join("again.db");
    let allowed = crate::schema::tests::fixture::permissive();
    let refused = rehearse(&db.config(), &narrower, &allowed, &again).await.unwrap_err();
    assert!(refused.to_string().contains("could not"), "{refused}");
    assert_eq!(db.compare(all()).await, Vec::<String>::new());
}
