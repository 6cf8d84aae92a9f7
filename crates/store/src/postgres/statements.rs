//! Prepared statements of one connection, by their SQL text.

use std::collections::HashMap;
use tokio_postgres::Statement;

/// Most prepared statements that one connection keeps; each costs the server memory too.
const CAPACITY: usize = 300;

/// A bounded cache that forgets the statement not used for the longest time.
#[derive(Default)]
pub(super) struct StatementCache {
    entries: HashMap<String, Entry>,
    clock: u64,
}

struct Entry {
    statement: Statement,
    used: u64,
}

impl StatementCache {
    pub(super) fn get(&mut self, sql: &str) -> Option<Statement> {
        self.clock += 1;
        let entry = self.entries.get_mut(sql)?;
        entry.used = self.clock;
        Some(entry.statement.clone())
    }

    pub(super) fn insert(&mut self, sql: &str, statement: Statement) {
        if self.entries.len() >= CAPACITY {
            // A scan of the cache costs far less than the preparation that brought us here.
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            if let Some(oldest) = oldest.map(|(sql, _)| sql.clone()) {
                // Dropping a statement closes it on the server.
                self.entries.remove(&oldest);
            }
        }
        self.entries.insert(sql.to_owned(), Entry { statement, used: self.clock });
    }

    /// Forgets all, after the server said that a plan no longer fits its tables.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}
