//! The vault's keys: wrapped in the database, unwrapped in memory.

use crate::entities::{VaultKey, VaultKeyPurpose};
use crate::error::{Error, Result};
use crate::lookup;
use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Id, Table, Value};
use mainstay_store::{
    Access, Compare, Conflict, Expression, Filter, Insert, IsState, Select, Store, Update,
};
use mainstay_vault::{BlindIndexSecret, DataKey, Entropy, KeyOwner, MasterKey};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Keys that are kept in memory at most; when full, all are forgotten.
const CACHE_CAPACITY: usize = 50_000;

/// Which key is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyName {
    /// Seals an organisation's secrets.
    Tenant(Uuid),
    /// Seals what is kept of a person in an organisation.
    Subject(Uuid, Uuid),
    /// Keys the blind indexes of an organisation.
    BlindIndex(Uuid),
}

/// A key, ready to use.
#[derive(Clone)]
pub(crate) enum Key {
    Data(Arc<DataKey>),
    BlindIndex(Arc<BlindIndexSecret>),
    /// Of a data subject that was erased.
    Destroyed,
}

/// The keys of all organisations.
pub(crate) struct Vaults {
    store: Store,
    table: Arc<Table>,
    master: MasterKey,
    entropy: Arc<dyn Entropy>,
    keys: RwLock<HashMap<KeyName, Key>>,
}

impl KeyName {
    fn organization(self) -> Uuid {
        let (Self::Tenant(id) | Self::Subject(id, _) | Self::BlindIndex(id)) = self;
        id
    }

    fn purpose(self) -> VaultKeyPurpose {
        match self {
            Self::Tenant(_) => VaultKeyPurpose::Tenant,
            Self::Subject(..) => VaultKeyPurpose::Subject,
            Self::BlindIndex(_) => VaultKeyPurpose::BlindIndex,
        }
    }

    fn subject(self) -> Option<Uuid> {
        if let Self::Subject(_, subject) = self { Some(subject) } else { None }
    }
}

impl Key {
    /// The key that seals and opens.
    pub(crate) fn data(&self) -> Result<&DataKey> {
        match self {
            Self::Data(key) => Ok(key),
            Self::BlindIndex(_) => Err(Error::internal("a blind index key seals nothing")),
            Self::Destroyed => Err(erased()),
        }
    }

    /// The secret of blind indexes.
    pub(crate) fn blind_index(&self) -> Result<&BlindIndexSecret> {
        match self {
            Self::BlindIndex(secret) => Ok(secret),
            Self::Data(_) => Err(Error::internal("a data key makes no blind index")),
            Self::Destroyed => Err(erased()),
        }
    }

    /// Whether it is gone for ever.
    pub(crate) fn is_destroyed(&self) -> bool {
        matches!(self, Self::Destroyed)
    }
}

impl Vaults {
    /// The vault of a store.
    ///
    /// # Errors
    /// When the catalog lacks the entity of wrapped keys.
    pub(crate) fn new(
        store: Store,
        catalog: &Catalog,
        master: MasterKey,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self> {
        let table = lookup::table::<VaultKey>(catalog)?;
        Ok(Self { store, table, master, entropy, keys: RwLock::default() })
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// A key that was used before.
    pub(crate) fn cached(&self, name: KeyName) -> Option<Key> {
        self.keys.read().get(&name).cloned()
    }

    /// Keeps a key whose row is committed.
    pub(crate) fn remember(&self, name: KeyName, key: Key) {
        let mut keys = self.keys.write();
        if keys.len() >= CACHE_CAPACITY {
            keys.clear();
        }
        keys.insert(name, key);
    }

    /// Forgets a key that was destroyed.
    pub(crate) fn forget(&self, name: KeyName) {
        self.keys.write().remove(&name);
    }

    /// Forgets all keys; those that still exist are read again when they are needed.
    pub(crate) fn forget_all(&self) {
        self.keys.write().clear();
    }

    /// What destroys a key that still exists. Its row stays, so that nobody makes another.
    pub(crate) fn destroy(&self, name: KeyName, now: Timestamp) -> Result<Update> {
        let select = self.select(name)?;
        let exists = Filter::Is {
            left: Expression::column(self.column("destroyed_at")?),
            state: IsState::Null,
        };
        Ok(Update {
            table: self.table.clone(),
            set: vec![
                (self.column("wrapped")?, Value::Bytes(Vec::new())),
                (self.column("destroyed_at")?, Value::Timestamp(now.as_microsecond())),
            ],
            filter: Filter::And(vec![select.filter, exists]),
        })
    }

    /// A key that exists.
    pub(crate) async fn find(&self, name: KeyName) -> Result<Option<Key>> {
        if let Some(key) = self.cached(name) {
            return Ok(Some(key));
        }
        // Rare, and large among the futures that hold it.
        let select = self.select(name)?;
        let rows = Box::pin(self.store.fetch(&Access::system(), &select)).await?;
        let Some(key) = self.unwrap(name, rows)? else {
            return Ok(None);
        };
        self.remember(name, key.clone());
        Ok(Some(key))
    }

    /// Reads the keys of some people into memory, with one statement.
    pub(crate) async fn find_subjects(
        &self,
        organization: Uuid,
        subjects: &[Uuid],
    ) -> Result<HashMap<Uuid, Key>> {
        let column = self.column("subject_id")?;
        let list = subjects.iter().copied().map(Value::Uuid).collect();
        let filter = Filter::And(vec![
            self.equal("organization_id", Value::Uuid(organization))?,
            Filter::In { left: Expression::column(column), list },
        ]);
        let select = Select::all(self.table.clone()).filtered(filter);
        let mut found = HashMap::with_capacity(subjects.len());
        for row in self.store.fetch(&Access::system(), &select).await? {
            let Some(subject) = row.0[column].as_uuid() else {
                continue;
            };
            let name = KeyName::Subject(organization, subject);
            if let Some(key) = self.unwrap(name, vec![row])? {
                self.remember(name, key.clone());
                found.insert(subject, key);
            }
        }
        Ok(found)
    }

    /// What finds a key's row.
    pub(crate) fn select(&self, name: KeyName) -> Result<Select> {
        use mainstay_entity::Choice;
        let subject = match name.subject() {
            Some(subject) => self.equal("subject_id", Value::Uuid(subject))?,
            None => Filter::Is {
                left: Expression::column(self.column("subject_id")?),
                state: IsState::Null,
            },
        };
        let filter = Filter::And(vec![
            self.equal("organization_id", Value::Uuid(name.organization()))?,
            self.equal("purpose", Value::Text(name.purpose().as_str().to_owned()))?,
            subject,
        ]);
        Ok(Select::all(self.table.clone()).filtered(filter))
    }

    /// The key in a row that [`Self::select`] found.
    pub(crate) fn unwrap(
        &self,
        name: KeyName,
        mut rows: Vec<mainstay_entity::Record>,
    ) -> Result<Option<Key>> {
        let Some(row) = rows.pop() else {
            return Ok(None);
        };
        let row = VaultKey::from_record(row).map_err(Error::internal)?;
        if row.destroyed_at.is_some() {
            return Ok(Some(Key::Destroyed));
        }
        let key = match name {
            KeyName::BlindIndex(organization) => {
                let secret = BlindIndexSecret::unwrap(&self.master, organization, &row.wrapped);
                Key::BlindIndex(Arc::new(secret.map_err(Error::internal)?))
            }
            KeyName::Tenant(_) | KeyName::Subject(..) => {
                let key = DataKey::unwrap(&self.master, owner(name), &row.wrapped);
                Key::Data(Arc::new(key.map_err(Error::internal)?))
            }
        };
        Ok(Some(key))
    }

    /// A new key with its row; another server's row wins.
    pub(crate) fn make(&self, name: KeyName, id: Uuid, now: Timestamp) -> (Key, Insert) {
        let (key, wrapped) = match name {
            KeyName::BlindIndex(organization) => {
                let secret = BlindIndexSecret::generate(organization, &*self.entropy);
                let wrapped = secret.wrap(&self.master, &*self.entropy);
                (Key::BlindIndex(Arc::new(secret)), wrapped)
            }
            KeyName::Tenant(_) | KeyName::Subject(..) => {
                let key = DataKey::generate(owner(name), &*self.entropy);
                let wrapped = key.wrap(&self.master, &*self.entropy);
                (Key::Data(Arc::new(key)), wrapped)
            }
        };
        let row = VaultKey {
            id: Id::new(id),
            organization_id: Id::new(name.organization()),
            purpose: name.purpose(),
            subject_id: name.subject().map(Id::new),
            wrapped,
            created_at: now,
            destroyed_at: None,
        };
        let insert = Insert {
            table: self.table.clone(),
            rows: vec![row.into_record()],
            conflict: Conflict::Ignore { key: Vec::new() },
        };
        (key, insert)
    }

    fn column(&self, name: &str) -> Result<usize> {
        lookup::position(&self.table, name)
    }

    fn equal(&self, name: &str, right: Value) -> Result<Filter> {
        lookup::compare(&self.table, name, Compare::Eq, right)
    }
}

fn erased() -> Error {
    Error::rule("22023", "the data subject was erased: nothing more can be kept of it")
}

fn owner(name: KeyName) -> KeyOwner {
    match name {
        KeyName::Subject(organization, subject) => KeyOwner::Subject { organization, subject },
        KeyName::Tenant(organization) | KeyName::BlindIndex(organization) => {
            KeyOwner::Tenant { organization }
        }
    }
}
