//! Sealed columns: secrets under the organisation's key, personal data under the person's.
//!
//! Keys are made when first needed, in the transaction of the row that they seal.

use crate::context::Context;
use crate::error::{Error, Invalid, Result};
use crate::kernel::Kernel;
use crate::prepare::{self, Input};
use crate::principal::PLATFORM_ORGANIZATION;
use crate::vaults::{Key, KeyName, Vaults};
use mainstay_entity::{Kind, Record, Table, Value, json};
use mainstay_ledger::{Field, Salt, SealedValue};
use mainstay_store::{
    self as store, Compare, Expression, Filter, Outcome, Output, OutputValue, SealedPlace, Select,
    Transaction, Unseal, subject_column,
};
use mainstay_vault::Binding;
use parking_lot::Mutex;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What reads show in the place of sealed data whose key was destroyed. Nobody can seal the same.
pub const ERASED: &str = r#"{"erased": true}"#;

/// Keys that a transaction has made; they count for others when it has committed.
#[derive(Clone, Default)]
pub(crate) struct NewKeys(HashMap<KeyName, Key>);

impl NewKeys {
    /// The transaction has committed.
    pub(crate) fn committed(self, vaults: &Vaults) {
        for (name, key) in self.0 {
            vaults.remember(name, key);
        }
    }

    /// A key, made in the transaction when there is none yet.
    pub(crate) async fn get(
        &mut self,
        kernel: &Kernel,
        context: &Context,
        transaction: &mut Transaction,
        name: KeyName,
    ) -> Result<Key> {
        if let Some(key) = self.0.get(&name) {
            return Ok(key.clone());
        }
        let vaults = kernel.vaults();
        if let Some(key) = vaults.find(name).await? {
            return Ok(key);
        }
        let (key, insert) = vaults.make(name, kernel.new_id(context), context.now);
        let key = match transaction.insert(insert).await?.first() {
            Some(Outcome::Inserted) => key,
            // Another server was first.
            _ => {
                let rows = transaction.fetch(&vaults.select(name)?).await?;
                let found = vaults.unwrap(name, rows)?;
                found.ok_or_else(|| Error::internal("a key of the vault vanished"))?
            }
        };
        self.0.insert(name, key.clone());
        Ok(key)
    }

    /// Seals a plain text for a column of a row, with its blind index where it has one. Gives the
    /// columns and their values.
    pub(crate) async fn seal(
        &mut self,
        kernel: &Kernel,
        context: &Context,
        transaction: &mut Transaction,
        place: (&Table, &Record, usize),
        plain: &str,
    ) -> Result<Vec<(usize, Value)>> {
        let (table, record, column) = place;
        check_plain(table, column, plain)?;
        let name = table.meta.qualified_name();
        let binding = binding(table, &name, record, column)?;
        let organization = binding.organization;
        let key = match table.meta.columns[column].kind {
            Kind::Sealed => KeyName::Subject(organization, subject(table, record, binding.row)),
            _ => KeyName::Tenant(organization),
        };
        let key = self.get(kernel, context, transaction, key).await?;
        let envelope = key
            .data()?
            .seal(&binding, plain.as_bytes(), kernel.vaults().entropy())
            .map_err(Error::internal)?;
        let mut values = vec![(column, Value::Bytes(envelope))];
        if let Some(companion) = table.blind_column(column) {
            let key = KeyName::BlindIndex(organization);
            let key = self.get(kernel, context, transaction, key).await?;
            values.push((companion, blind_index(&key, table, column, &comparable(plain))?));
        }
        Ok(values)
    }

    /// What a leaf holds of a sealed column; none when it is null. The salt comes from the key, so
    /// that it goes with it.
    pub(crate) async fn commit(
        &self,
        kernel: &Kernel,
        place: (&Table, &Record, usize),
        field: Field,
    ) -> Result<Option<SealedValue>> {
        let (table, record, column) = place;
        let Value::Bytes(envelope) = &record.0[column] else {
            return Ok(None);
        };
        let name = table.meta.qualified_name();
        let binding = binding(table, &name, record, column)?;
        let key = KeyName::Subject(binding.organization, subject(table, record, binding.row));
        let key = match self.0.get(&key) {
            Some(key) => Some(key.clone()),
            None => kernel.vaults().find(key).await?,
        };
        let key = key.ok_or_else(|| Error::internal("the key of a sealed value is gone"))?;
        let plain = key.data()?.open(&binding, envelope).map_err(Error::internal)?;
        let salt = Salt::new(key.data()?.salt(&binding).map_err(Error::internal)?);
        Ok(Some(SealedValue::new(field, &salt, &plain, envelope)))
    }

    /// Seals what an update gives in plain, for one row; a null clears the blind index too.
    pub(crate) async fn seal_inputs(
        &mut self,
        kernel: &Kernel,
        context: &Context,
        transaction: &mut Transaction,
        row: (&Table, &Record),
        inputs: &[(usize, Input)],
    ) -> Result<Vec<(usize, Value)>> {
        let mut set = Vec::new();
        for (column, input) in inputs {
            match input {
                Input::Plain(plain) => {
                    let place = (row.0, row.1, *column);
                    set.extend(self.seal(kernel, context, transaction, place, plain).await?);
                }
                Input::Value(value) => {
                    set.push((*column, value.clone()));
                    set.extend(row.0.blind_column(*column).map(|c| (c, Value::Null)));
                }
            }
        }
        Ok(set)
    }
}

/// Opens a sealed column of a row, for the system's own use.
pub(crate) async fn open(
    kernel: &Kernel,
    table: &Table,
    record: &Record,
    column: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let Value::Bytes(envelope) = &record.0[column] else {
        return Ok(None);
    };
    let name = table.meta.qualified_name();
    let binding = binding(table, &name, record, column)?;
    let key = match table.meta.columns[column].kind {
        Kind::Sealed => KeyName::Subject(binding.organization, subject(table, record, binding.row)),
        _ => KeyName::Tenant(binding.organization),
    };
    let Some(key) = kernel.vaults().find(key).await?.filter(|key| !key.is_destroyed()) else {
        return Ok(None);
    };
    key.data()?.open(&binding, envelope).map(Some).map_err(Error::internal)
}

/// What ties an envelope to its place.
fn binding<'a>(
    table: &'a Table,
    name: &'a str,
    record: &Record,
    column: usize,
) -> Result<Binding<'a>> {
    let row = table
        .row_key()
        .find_map(|key| record.0[key].as_uuid())
        .ok_or_else(|| Error::internal("sealed columns need a row with a uuid key"))?;
    let organization = table.tenant_column().and_then(|tenant| record.0[tenant].as_uuid());
    Ok(Binding {
        organization: organization.unwrap_or(PLATFORM_ORGANIZATION),
        table: name,
        column: table.column_name(column),
        row,
    })
}

/// Whose data a row holds; the row's own, when it names nobody.
fn subject(table: &Table, record: &Record, row: Uuid) -> Uuid {
    subject_column(table).and_then(|column| record.0[column].as_uuid()).unwrap_or(row)
}

/// Sealed columns hold JSON values, which are shown as they are.
fn check_plain(table: &Table, column: usize, plain: &str) -> Result<()> {
    let meta = &table.meta.columns[column];
    if meta.kind != Kind::Sealed {
        return Ok(());
    }
    let checked = json::canonical(plain);
    let checked = checked.map_err(|e| Error::invalid(prepare::column_name(table, meta), &e))?;
    if checked == ERASED {
        return Err(Error::Invalid(Invalid {
            sqlstate: "22023",
            message: format!("{ERASED} stands for what was erased and can't be sealed"),
            column: prepare::column_name(table, meta),
            row: None,
        }));
    }
    Ok(())
}

/// What a blind index is made of: the text of a JSON string, else the JSON itself.
fn comparable(plain: &str) -> Cow<'_, str> {
    if plain.starts_with('"') {
        json::unescape(plain).unwrap_or(plain.into())
    } else {
        plain.into()
    }
}

fn blind_index(key: &Key, table: &Table, column: usize, text: &str) -> Result<Value> {
    let key = key.blind_index()?.key(&table.meta.qualified_name(), table.column_name(column));
    Ok(Value::Bytes(key.blind_index(text.as_bytes()).to_vec()))
}

/// Makes filters on sealed columns ask their blind indexes. Without a blind index, and for other
/// operators than equality, there is nothing to ask.
pub(crate) async fn seal_filter(
    kernel: &Kernel,
    context: &Context,
    table: &Table,
    filter: &mut Filter,
) -> Result<()> {
    let mut blind = Vec::new();
    collect(table, filter, &mut blind)?;
    if blind.is_empty() {
        return Ok(());
    }
    let organization = context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
    let key = kernel.vaults().find(KeyName::BlindIndex(organization)).await?;
    for filter in blind {
        rewrite(table, filter, key.as_ref())?;
    }
    Ok(())
}

/// The conditions on sealed columns; null tests stay as they are.
fn collect<'a>(
    table: &Table,
    filter: &'a mut Filter,
    found: &mut Vec<&'a mut Filter>,
) -> Result<()> {
    let sealed = |left: &Expression| table.readable(left.column).kind == Kind::Sealed;
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter_mut().try_for_each(|part| collect(table, part, found))
        }
        Filter::Not(inner) => collect(table, inner, found),
        Filter::Compare { left, op, .. } if sealed(left) => {
            let equality = matches!(op, Compare::Eq | Compare::Ne | Compare::Distinct);
            if !equality || table.blind_column(left.column).is_none() {
                return Err(not_comparable(table, left.column));
            }
            found.push(filter);
            Ok(())
        }
        Filter::In { left, .. } if sealed(left) => {
            if table.blind_column(left.column).is_none() {
                return Err(not_comparable(table, left.column));
            }
            found.push(filter);
            Ok(())
        }
        Filter::Exists { table: other, filter, .. } => {
            let mut inner = Vec::new();
            collect(other, filter, &mut inner)?;
            if inner.is_empty() {
                Ok(())
            } else {
                Err(Error::Unsupported("a filter on a related sealed column".to_owned()))
            }
        }
        _ => Ok(()),
    }
}

fn rewrite(table: &Table, filter: &mut Filter, key: Option<&Key>) -> Result<()> {
    let (Filter::Compare { left, .. } | Filter::In { left, .. }) = &*filter else {
        return Ok(());
    };
    let column = left.column;
    let (Some(key), Some(companion)) = (key, table.blind_column(column)) else {
        // Nothing was ever sealed here, so nothing is equal.
        *filter = Filter::Or(Vec::new());
        return Ok(());
    };
    let hashed = |value: &mut Value| -> Result<()> {
        if let Value::Text(plain) = value {
            *value = blind_index(key, table, column, plain)?;
        }
        Ok(())
    };
    match filter {
        Filter::Compare { left, right, .. } => {
            *left = Expression::column(companion);
            hashed(right)
        }
        Filter::In { left, list } => {
            *left = Expression::column(companion);
            list.iter_mut().try_for_each(hashed)
        }
        _ => Ok(()),
    }
}

fn not_comparable(table: &Table, column: usize) -> Error {
    let name = table.column_name(column);
    Error::Unsupported(format!("this filter on the sealed column {name}"))
}

/// Whether an answer shows sealed columns.
pub(crate) fn shows_sealed(select: &Select) -> bool {
    select.output.iter().any(|output: &Output| match &output.value {
        OutputValue::Expression(e) => select.table.readable(e.column).kind == Kind::Sealed,
        OutputValue::Embed(embed) => shows_sealed(&embed.select),
        OutputValue::Aggregate { .. } | OutputValue::Masked(_) => false,
    })
}

/// Opens columns with the keys in memory, and notes whose keys are missing there.
pub(crate) struct Unsealer {
    kernel: Kernel,
    organization: Uuid,
    /// Keys that the reading transaction has made.
    new: NewKeys,
    /// Keys of the people whose rows are opened next.
    held: Mutex<HashMap<Uuid, Key>>,
    missing: Mutex<HashSet<Uuid>>,
}

impl Unsealer {
    pub(crate) fn new(kernel: &Kernel, context: &Context, new: NewKeys) -> Arc<Self> {
        let organization = context.principal.organization_id.unwrap_or(PLATFORM_ORGANIZATION);
        Arc::new(Self {
            kernel: kernel.clone(),
            organization,
            new,
            held: Mutex::default(),
            missing: Mutex::default(),
        })
    }

    /// Reads the keys that were missing; false when there were none to read.
    pub(crate) async fn load_missing(&self) -> Result<bool> {
        let missing: Vec<Uuid> = self.missing.lock().drain().collect();
        if missing.is_empty() {
            return Ok(false);
        }
        Box::pin(self.hold(&missing)).await?;
        Ok(true)
    }

    /// Keeps the keys of these people, and no others', at hand.
    async fn hold(&self, subjects: &[Uuid]) -> Result<()> {
        let vaults = self.kernel.vaults();
        let mut held = HashMap::with_capacity(subjects.len());
        let mut missing = Vec::new();
        for subject in subjects {
            match vaults.cached(KeyName::Subject(self.organization, *subject)) {
                Some(key) => drop(held.insert(*subject, key)),
                None => missing.push(*subject),
            }
        }
        if !missing.is_empty() {
            held.extend(vaults.find_subjects(self.organization, &missing).await?);
        }
        *self.held.lock() = held;
        Ok(())
    }
}

impl Unseal for Unsealer {
    fn load<'a>(
        &'a self,
        subjects: &'a [Uuid],
    ) -> Pin<Box<dyn Future<Output = store::Result<()>> + Send + 'a>> {
        let internal = |error| match error {
            Error::Store(error) => error,
            error => store::ErrorKind::Internal(error.to_string()).into(),
        };
        Box::pin(async move { self.hold(subjects).await.map_err(internal) })
    }

    fn open(&self, place: SealedPlace<'_>, envelope: &[u8]) -> Option<String> {
        let name = KeyName::Subject(self.organization, place.subject);
        let known = self.new.0.get(&name).cloned();
        let known = known.or_else(|| self.held.lock().get(&place.subject).cloned());
        let Some(key) = known.or_else(|| self.kernel.vaults().cached(name)) else {
            self.missing.lock().insert(place.subject);
            return None;
        };
        if key.is_destroyed() {
            return Some(ERASED.to_owned());
        }
        let table = place.table.meta.qualified_name();
        let binding = Binding {
            organization: self.organization,
            table: &table,
            column: place.table.column_name(place.column),
            row: place.row,
        };
        let plain = key.data().ok()?.open(&binding, envelope).ok()?;
        String::from_utf8(plain.to_vec()).ok()
    }
}
