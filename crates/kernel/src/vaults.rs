//! The vault's keys, kept wrapped in the database and unwrapped in memory.

use crate::entities::{VaultKey, VaultKeyPurpose};
use crate::error::{Error, Result};
use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Id, Table, Value};
use mainstay_store::{
    Access, Compare, Conflict, ErrorKind, Expression, Filter, Insert, Select, Store,
};
use mainstay_vault::{Binding, DataKey, Entropy, KeyOwner, MasterKey};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// Seals what tenants entrust. Data keys are made when first needed.
pub(crate) struct Vaults {
    store: Store,
    table: Arc<Table>,
    master: MasterKey,
    entropy: Arc<dyn Entropy>,
    keys: RwLock<HashMap<Uuid, Arc<DataKey>>>,
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
        let table = catalog
            .find(VaultKey::SCHEMA, VaultKey::TABLE)
            .ok_or_else(|| Error::internal("the catalog lacks vault_keys"))?
            .clone();
        Ok(Self {
            store,
            table,
            master,
            entropy,
            keys: RwLock::default(),
        })
    }

    /// Seals a secret of a row with the organisation's key.
    pub(crate) async fn seal(
        &self,
        binding: &Binding<'_>,
        plain: &[u8],
        now: Timestamp,
        id: Uuid,
    ) -> Result<Vec<u8>> {
        let key = self.tenant_key(binding.organization, now, id).await?;
        key.seal(binding, plain, &*self.entropy)
            .map_err(Error::internal)
    }

    /// Opens a secret of a row, for the system's own use.
    pub(crate) async fn open(
        &self,
        binding: &Binding<'_>,
        envelope: &[u8],
        now: Timestamp,
        id: Uuid,
    ) -> Result<Zeroizing<Vec<u8>>> {
        let key = self.tenant_key(binding.organization, now, id).await?;
        key.open(binding, envelope).map_err(Error::internal)
    }

    /// The organisation's key; `id` names the new row when it has none yet.
    async fn tenant_key(
        &self,
        organization: Uuid,
        now: Timestamp,
        id: Uuid,
    ) -> Result<Arc<DataKey>> {
        if let Some(key) = self.keys.read().get(&organization) {
            return Ok(key.clone());
        }
        let owner = KeyOwner::Tenant { organization };
        let key = match self.load(organization, owner).await? {
            Some(key) => key,
            None => self.make(organization, owner, now, id).await?,
        };
        let key = Arc::new(key);
        self.keys.write().insert(organization, key.clone());
        Ok(key)
    }

    async fn load(&self, organization: Uuid, owner: KeyOwner) -> Result<Option<DataKey>> {
        let column = |name| {
            self.table
                .column_index(name)
                .ok_or_else(|| Error::internal(name))
        };
        let equals = |column, right| Filter::Compare {
            left: Expression::column(column),
            op: Compare::Eq,
            right,
        };
        let filter = Filter::And(vec![
            equals(column("owner_id")?, Value::Uuid(organization)),
            equals(column("purpose")?, Value::Text("tenant".to_owned())),
        ]);
        let select = Select::all(self.table.clone()).filtered(filter);
        let Some(row) = self.store.fetch(&Access::system(), &select).await?.pop() else {
            return Ok(None);
        };
        let row = VaultKey::from_record(row).map_err(Error::internal)?;
        DataKey::unwrap(&self.master, owner, &row.wrapped)
            .map(Some)
            .map_err(Error::internal)
    }

    async fn make(
        &self,
        organization: Uuid,
        owner: KeyOwner,
        now: Timestamp,
        id: Uuid,
    ) -> Result<DataKey> {
        let key = DataKey::generate(owner, &*self.entropy);
        let row = VaultKey {
            id: Id::new(id),
            owner_id: Id::new(organization),
            purpose: VaultKeyPurpose::Tenant,
            subject_id: None,
            wrapped: key.wrap(&self.master, &*self.entropy),
            created_at: now,
        };
        let insert = Insert {
            table: self.table.clone(),
            rows: vec![row.into_record()],
            conflict: Conflict::Fail,
        };
        match self.store.insert(&Access::system(), vec![insert]).await {
            Ok(()) => Ok(key),
            // Another server was first: its key counts.
            Err(error) if matches!(error.kind(), ErrorKind::Unique(_)) => self
                .load(organization, owner)
                .await?
                .ok_or_else(|| Error::internal("the organisation's key vanished")),
            Err(error) => Err(error.into()),
        }
    }
}
