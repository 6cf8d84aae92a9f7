//! API keys as those see them who look after them: listed, made and withdrawn.

use crate::account::provision::add;
use crate::api_key;
use crate::api_key::entity::{ApiKey, NewApiKey};
use crate::authenticate::Identity;
use jiff::Timestamp;
use mainstay_entity::Value;
use mainstay_kernel::lookup::{equal, find, position, table};
use mainstay_kernel::{Context, Error, Input, PermissionPair, Result};
use mainstay_store::Filter;
use mainstay_vault::hash_token;
use serde::{Serialize, Serializer};
use uuid::Uuid;

/// What may be known of an API key: nothing that it could be made or found with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KnownApiKey {
    /// Identifies the key in audit events.
    pub id: Uuid,
    /// The organisation that it works in.
    pub organization_id: Uuid,
    /// The key's first characters.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What it may do, each `resource:action`.
    pub scopes: Vec<String>,
    /// When it was made.
    #[serde(serialize_with = "instant")]
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    #[serde(serialize_with = "optional_instant")]
    pub last_used_at: Option<Timestamp>,
    /// How often it was used.
    pub usage_count: i64,
    /// It ends then.
    #[serde(serialize_with = "optional_instant")]
    pub expires_at: Option<Timestamp>,
    /// When it was withdrawn.
    #[serde(serialize_with = "optional_instant")]
    pub revoked_at: Option<Timestamp>,
    /// Why it was withdrawn.
    pub revoked_reason: Option<String>,
    /// Whether it may be used, if it has not ended.
    pub is_active: bool,
}

fn instant<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

#[expect(clippy::ref_option, reason = "serde hands a field over like this")]
fn optional_instant<S: Serializer>(
    at: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

impl From<ApiKey> for KnownApiKey {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.uuid(),
            organization_id: key.organization_id.uuid(),
            prefix: key.key_prefix.into_string(),
            name: key.name.into_string(),
            scopes: key.scopes,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            usage_count: key.usage_count,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
            revoked_reason: key.revoked_reason.map(mainstay_entity::Text::into_string),
            is_active: key.is_active,
        }
    }
}

impl Identity {
    /// The API keys of an organisation, or of all, by organisation and age.
    pub async fn api_keys(&self, organization: Option<Uuid>) -> Result<Vec<KnownApiKey>> {
        let rows: Vec<ApiKey> = find(&self.kernel, |table| match organization {
            Some(id) => equal(table, &[("organization_id", Value::Uuid(id))]),
            None => Ok(Filter::All),
        })
        .await?;
        let mut keys: Vec<KnownApiKey> = rows.into_iter().map(Into::into).collect();
        keys.sort_by_key(|key| (key.organization_id, key.created_at, key.id));
        Ok(keys)
    }

    /// Makes an API key; gives its text, which is shown this once.
    ///
    /// # Errors
    /// `22023` for a scope that is none.
    pub async fn create_api_key(&self, new: &NewApiKey) -> Result<String> {
        for scope in &new.scopes {
            if PermissionPair::parse(scope).is_none() {
                let message = format!("expected a scope like resource:action, got {scope}");
                return Err(Error::rule("22023", message));
            }
        }
        let context = self.key_context(new.organization_id);
        let key = api_key::generate(new.organization_id, &**self.kernel.entropy());
        let scopes = new.scopes.iter().cloned().map(Value::Text).collect();
        let mut row = vec![
            ("name", Value::Text(new.name.clone())),
            ("key_hash", Value::Bytes(hash_token(&key).to_vec())),
            ("key_prefix", Value::Text(api_key::prefix(&key).to_owned())),
            ("scopes", Value::List(scopes)),
            ("installation", Value::Bool(new.installation)),
        ];
        row.extend(new.expires_at.map(|at| ("expires_at", Value::Timestamp(at.as_microsecond()))));
        let mut work = self.kernel.begin(&context).await?;
        add::<ApiKey>(&mut work, &row).await?;
        work.commit().await?;
        Ok(key)
    }

    /// Withdraws an API key: no server accepts it any more, within a second. One that was
    /// withdrawn before stays as it is.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a reason that is too long.
    pub async fn revoke_api_key(&self, key: &KnownApiKey, reason: Option<&str>) -> Result<()> {
        let context = self.key_context(key.organization_id);
        let keys = table::<ApiKey>(self.kernel.catalog())?;
        let set = [
            ("revoked_at", Value::Timestamp(context.now.as_microsecond())),
            ("revoked_reason", reason.map_or(Value::Null, |why| Value::Text(why.to_owned()))),
            ("is_active", Value::Bool(false)),
        ];
        let column = |(name, value)| Ok((position(&keys, name)?, Input::Value(value)));
        let set = set.into_iter().map(column).collect::<Result<_>>()?;
        let still_valid = equal(
            &keys,
            &[
                ("organization_id", Value::Uuid(key.organization_id)),
                ("id", Value::Uuid(key.id)),
                ("is_active", Value::Bool(true)),
            ],
        )?;
        let mut work = self.kernel.begin(&context).await?;
        work.update(&keys, set, still_valid).await?;
        work.commit().await
    }

    fn key_context(&self, organization: Uuid) -> Context {
        Context::system("api-keys", Some(organization), self.kernel.clock().now())
    }
}
