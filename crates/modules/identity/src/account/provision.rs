//! Making organisations, users and roles: for first starts, demonstrations and
//! administrators.

use crate::access::roles::{GRANTABLE, SHIPPED_ROLES};
use crate::account::user_account::UserAccount;
use crate::authenticate::Identity;
use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::{
    Organization, OrganizationMember, Permission, Role, RolePermission, User, UserRole,
};
use mainstay_kernel::lookup::{equal, find, table};
use mainstay_kernel::{Context, Create, Error, Kernel, NewRow, PermissionPair, Result, Work};
use mainstay_store::Conflict;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A person to be given an account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address that names the account.
    pub email: String,
    /// The password.
    pub password: String,
    /// Administers the installation itself.
    pub is_platform_admin: bool,
}

impl Identity {
    /// Makes an organisation with its own copy of the shipped roles; gives its identifier.
    ///
    /// # Errors
    /// A unique violation when the slug is taken.
    pub async fn create_organization(&self, name: &str, slug: &str) -> Result<Uuid> {
        let platform = self.system_context(None);
        let id = self.kernel.new_id(&platform);
        // The organisation's first events are its own.
        let context = self.system_context(Some(id));
        ensure_permissions(&self.kernel, &platform).await?;
        let mut work = self.kernel.begin(&context).await?;
        let values = [
            ("id", Value::Uuid(id)),
            ("name", Value::Text(name.to_owned())),
            ("slug", Value::Text(slug.to_owned())),
        ];
        add::<Organization>(&mut work, &values).await?;
        copy_shipped_roles(&mut work).await?;
        work.commit().await?;
        Ok(id)
    }

    /// Makes an account with a password; gives the user's identifier.
    ///
    /// # Errors
    /// A unique violation when the address has an account.
    pub async fn create_user(&self, new: &NewUser) -> Result<Uuid> {
        let hash = self.passwords.hash(&new.password, self.kernel.entropy().clone()).await?;
        let context = self.system_context(None);
        let id = self.kernel.new_id(&context);
        let now = Value::Timestamp(context.now.as_microsecond());
        let mut work = self.kernel.begin(&context).await?;
        let user = [
            ("id", Value::Uuid(id)),
            ("email", Value::Text(new.email.trim().to_lowercase())),
            ("is_platform_admin", Value::Bool(new.is_platform_admin)),
            ("email_verified", Value::Bool(true)),
            ("email_verified_at", now),
        ];
        add::<User>(&mut work, &user).await?;
        let account = [
            ("user_id", Value::Uuid(id)),
            ("provider", Value::Text("password".to_owned())),
            ("provider_account_id", Value::Text(id.to_string())),
            ("password_hash", Value::Text(hash)),
        ];
        add::<UserAccount>(&mut work, &account).await?;
        work.commit().await?;
        Ok(id)
    }

    /// Makes a user a member of an organisation with some of its roles.
    ///
    /// # Errors
    /// When the organisation lacks a role of that name, or the user is a member already.
    pub async fn add_member(
        &self,
        organization: Uuid,
        user: Uuid,
        display_name: &str,
        roles: &[&str],
    ) -> Result<()> {
        let found: Option<User> =
            find(&self.kernel, |table| equal(table, &[("id", Value::Uuid(user))])).await?.pop();
        let account = found.ok_or_else(|| Error::NotFound("user".to_owned()))?;
        let context = self.system_context(Some(organization));
        let mut work = self.kernel.begin(&context).await?;
        let member = [
            ("user_id", Value::Uuid(user)),
            ("display_name", Value::Text(display_name.to_owned())),
            ("email", Value::Text(account.email.to_string())),
        ];
        add::<OrganizationMember>(&mut work, &member).await?;
        for name in roles {
            let pairs = [
                ("organization_id", Value::Uuid(organization)),
                ("name", Value::Text((*name).to_owned())),
            ];
            let role: Option<Role> = find(&self.kernel, |table| equal(table, &pairs)).await?.pop();
            let role = role.ok_or_else(|| Error::NotFound(format!("role {name}")))?;
            let assignment =
                [("user_id", Value::Uuid(user)), ("role_id", Value::Uuid(role.id.uuid()))];
            add::<UserRole>(&mut work, &assignment).await?;
        }
        work.commit().await
    }

    /// The organisation of this slug.
    pub async fn organization_by_slug(&self, slug: &str) -> Result<Option<Uuid>> {
        let slug = Value::Text(slug.to_owned());
        let found: Vec<Organization> =
            find(&self.kernel, |table| equal(table, &[("slug", slug)])).await?;
        Ok(found.first().map(|organization| organization.id.uuid()))
    }

    /// The slugs of all organisations.
    pub async fn organization_slugs(&self) -> Result<HashMap<Uuid, String>> {
        let found: Vec<Organization> =
            find(&self.kernel, |_| Ok(mainstay_store::Filter::All)).await?;
        Ok(found.into_iter().map(|o| (o.id.uuid(), o.slug.into_string())).collect())
    }

    /// Whether nobody administers the installation yet.
    pub async fn needs_setup(&self) -> Result<bool> {
        let admins: Vec<User> =
            find(&self.kernel, |table| equal(table, &[("is_platform_admin", Value::Bool(true))]))
                .await?;
        Ok(admins.is_empty())
    }

    fn system_context(&self, organization: Option<Uuid>) -> Context {
        Context::system("provisioning", organization, self.kernel.clock().now())
    }
}

/// Adds a row with some values; the rest takes its defaults.
pub(crate) async fn add<E: Entity>(work: &mut Work, values: &[(&str, Value)]) -> Result<Uuid> {
    let table = table::<E>(work.kernel().catalog())?;
    let mut row = NewRow::empty(&table);
    for (column, value) in values {
        row.set(&table, column, value.clone())?;
    }
    let create = Create { table: table.clone(), rows: vec![row], conflict: Conflict::Fail };
    let written = work.create(create).await?;
    let id = table.column_index("id").and_then(|column| written.first()?.1.0[column].as_uuid());
    id.ok_or_else(|| Error::internal(format!("{} has no id", E::TABLE)))
}

/// Adds the permissions that roles need to the installation's list.
async fn ensure_permissions(kernel: &Kernel, context: &Context) -> Result<()> {
    let known = permission_ids(kernel).await?;
    let shipped = SHIPPED_ROLES.iter().flat_map(|role| {
        role.permissions.iter().chain(role.conditional.iter().map(|(name, _)| name)).copied()
    });
    let needed: BTreeSet<&str> = shipped.chain(GRANTABLE).collect();
    let table = table::<Permission>(kernel.catalog())?;
    let mut rows = Vec::new();
    for name in needed.into_iter().filter(|name| !known.contains_key(*name)) {
        let pair = PermissionPair::parse(name)
            .ok_or_else(|| Error::internal(format!("shipped permission {name}")))?;
        let mut row = NewRow::empty(&table);
        row.set(&table, "name", Value::Text(name.to_owned()))?;
        row.set(&table, "resource", Value::Text(pair.resource))?;
        row.set(&table, "action", Value::Text(pair.action))?;
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut work = kernel.begin(context).await?;
    // Another server may add the same at the same time.
    work.create(Create { table, rows, conflict: Conflict::Ignore { key: Vec::new() } }).await?;
    work.commit().await
}

async fn permission_ids(kernel: &Kernel) -> Result<HashMap<String, Uuid>> {
    let all: Vec<Permission> = find(kernel, |_| Ok(mainstay_store::Filter::All)).await?;
    Ok(all.into_iter().map(|p| (p.name.into_string(), p.id.uuid())).collect())
}

/// Gives the organisation of some work its own copy of the shipped roles.
async fn copy_shipped_roles(work: &mut Work) -> Result<()> {
    let permissions = permission_ids(work.kernel()).await?;
    for shipped in SHIPPED_ROLES {
        let inherits = shipped.inherits.iter().map(|n| Value::Text((*n).to_owned())).collect();
        let role = [
            ("name", Value::Text(shipped.name.to_owned())),
            ("description", Value::Text(shipped.description.to_owned())),
            ("inherits", Value::List(inherits)),
            ("is_system", Value::Bool(true)),
        ];
        let role = add::<Role>(work, &role).await?;
        let always = shipped.permissions.iter().map(|name| (*name, None));
        let conditional = shipped.conditional.iter().map(|(name, when)| (*name, Some(*when)));
        for (name, when) in always.chain(conditional) {
            let permission = permissions
                .get(name)
                .ok_or_else(|| Error::internal(format!("shipped permission {name}")))?;
            let mut grant =
                vec![("role_id", Value::Uuid(role)), ("permission_id", Value::Uuid(*permission))];
            grant.extend(when.map(|when| {
                ("conditions", Value::Json(serde_json::Value::from(when).to_string()))
            }));
            add::<RolePermission>(work, &grant).await?;
        }
    }
    Ok(())
}
