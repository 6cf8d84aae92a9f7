//! What `SQLite`'s planner makes of clustered tables.

use crate::render::Dialect;
use crate::schema::tests::fixture::{Db, column, entity, index, organizations, permissive, text};
use mainstay_entity::{Direction, EntityMeta, Kind, Scope};
use std::borrow::Cow;

/// A table without documents, and so clustered by organisation, with an index.
fn things(length: u32) -> Vec<EntityMeta> {
    let columns = vec![column("label", text(length)), column("count", Kind::Integer)];
    let mut things = entity("things", Scope::Tenant, columns);
    things.indexes = Cow::Owned(vec![index(&[("label", Direction::Ascending)])]);
    vec![organizations(), things]
}

/// How a server that opens the file now would look for rows of an organisation.
fn plan(db: &Db, rest: &str) -> String {
    let connection = db.again_sqlite();
    let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM things WHERE organization_id = ?1 {rest}");
    let mut statement = connection.prepare(&sql).unwrap();
    let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
    let rows = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get(3)).unwrap();
    rows.map(Result::unwrap).collect::<Vec<String>>().join("; ")
}

#[tokio::test]
async fn an_organisations_rows_are_found_by_index_before_all_of_them_are_read() {
    let mut db = Db::with(Dialect::Sqlite, things(20)).await;
    let by_label = "SEARCH things USING INDEX things_label_idx (organization_id=? AND label=?)";
    let by_label_in_order = "AND label = ?2 ORDER BY id LIMIT 50";
    let all = "SEARCH things USING PRIMARY KEY (organization_id=?)";
    for _ in 0..2 {
        assert_eq!(plan(&db, "AND label = ?2"), by_label);
        assert_eq!(plan(&db, by_label_in_order), by_label);
        let one = "SEARCH things USING PRIMARY KEY (organization_id=? AND id=?)";
        assert_eq!(plan(&db, "AND id = ?2"), one);
        // Where no index helps, rows come as they lie.
        assert_eq!(plan(&db, "AND count = ?2"), all);
        assert_eq!(plan(&db, "ORDER BY id LIMIT 50"), all);
        // A table that is made anew is known as before.
        db.apply(things(10), &permissive()).await.unwrap();
    }
    assert_eq!(db.compare(things(10)).await, Vec::<String>::new());
}
