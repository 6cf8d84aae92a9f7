//! stand-in until the engines are wired
#![expect(clippy::all, missing_docs, dead_code, reason = "temporary")]
use crate::access::Access; use crate::assemble::{Answer, Assembly}; use crate::error::{Error, Result};
use crate::statement::Statement; use crate::write::{Insert, Outcome};
use mainstay_entity::{Catalog, Kind, Record}; use std::sync::Arc;
#[derive(Clone, Debug)] pub struct SqliteConfig {}
pub(crate) struct SqliteEngine {}
pub(crate) struct SqliteTransaction {}
impl SqliteEngine {
    pub(crate) async fn open(_c: SqliteConfig, _k: Arc<Catalog>) -> Result<Self> { Err(Error::internal("stub")) }
    pub(crate) async fn read(&self, _a: &Access, _b: Assembly) -> Result<Answer> { Err(Error::internal("stub")) }
    pub(crate) async fn fetch(&self, _a: &Access, _s: Statement, _k: Vec<Kind>) -> Result<Vec<Record>> { Err(Error::internal("stub")) }
    pub(crate) async fn insert(&self, _a: &Access, _i: Vec<Insert>) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn begin(&self, _a: &Access) -> Result<SqliteTransaction> { Err(Error::internal("stub")) }
    pub(crate) async fn ping(&self) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn close(&self) {}
}
impl SqliteTransaction {
    pub(crate) async fn read(&mut self, _b: Assembly) -> Result<Answer> { Err(Error::internal("stub")) }
    pub(crate) async fn fetch(&mut self, _s: Statement, _k: Vec<Kind>) -> Result<Vec<Record>> { Err(Error::internal("stub")) }
    pub(crate) async fn execute(&mut self, _s: Statement) -> Result<u64> { Err(Error::internal("stub")) }
    pub(crate) async fn insert(&mut self, _i: Insert) -> Result<Vec<Outcome>> { Err(Error::internal("stub")) }
    pub(crate) async fn commit(self) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn rollback(self) {}
}
#[derive(Clone, Debug)] pub struct PostgresConfig {}
pub(crate) struct PostgresEngine {}
pub(crate) struct PostgresTransaction {}
impl PostgresEngine {
    pub(crate) async fn open(_c: PostgresConfig, _k: Arc<Catalog>) -> Result<Self> { Err(Error::internal("stub")) }
    pub(crate) async fn read(&self, _a: &Access, _b: Assembly) -> Result<Answer> { Err(Error::internal("stub")) }
    pub(crate) async fn fetch(&self, _a: &Access, _s: Statement, _k: Vec<Kind>) -> Result<Vec<Record>> { Err(Error::internal("stub")) }
    pub(crate) async fn insert(&self, _a: &Access, _i: Vec<Insert>) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn begin(&self, _a: &Access) -> Result<PostgresTransaction> { Err(Error::internal("stub")) }
    pub(crate) async fn ping(&self) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn close(&self) {}
}
impl PostgresTransaction {
    pub(crate) async fn read(&mut self, _b: Assembly) -> Result<Answer> { Err(Error::internal("stub")) }
    pub(crate) async fn fetch(&mut self, _s: Statement, _k: Vec<Kind>) -> Result<Vec<Record>> { Err(Error::internal("stub")) }
    pub(crate) async fn execute(&mut self, _s: Statement) -> Result<u64> { Err(Error::internal("stub")) }
    pub(crate) async fn insert(&mut self, _i: Insert) -> Result<Vec<Outcome>> { Err(Error::internal("stub")) }
    pub(crate) async fn commit(self) -> Result<()> { Err(Error::internal("stub")) }
    pub(crate) async fn rollback(self) {}
}
