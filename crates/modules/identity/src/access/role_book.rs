//! The roles of one organisation, compiled: what each allows with what it inherits, and when.

use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::{Permission, Role, RolePermission};
use mainstay_kernel::lookup::{self, equal, one_of};
use mainstay_kernel::{Condition, Error, Grant, GrantSet, Kernel, PermissionPair, Result, Work};
use mainstay_store::{Filter, Select};
use parking_lot::RwLock;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Organisations whose roles are remembered at most; when full, all are forgotten.
const BOOKS_MAX: usize = 10_000;

/// The roles of one organisation.
#[derive(Debug, Default)]
pub(crate) struct RoleBook {
    roles: HashMap<Uuid, Arc<GrantSet>>,
}

/// Where rows are read.
pub(crate) enum Source<'a> {
    /// What is committed, over all organisations.
    Committed(&'a Kernel),
    /// What a unit of work sees, with its own changes.
    Open(&'a mut Work),
}

impl Source<'_> {
    /// The rows of an entity that meet a condition.
    pub(crate) async fn rows<E: Entity>(
        &mut self,
        filter: impl FnOnce(&mainstay_entity::Table) -> Result<Filter>,
    ) -> Result<Vec<E>> {
        match self {
            Self::Committed(kernel) => lookup::find(kernel, filter).await,
            Self::Open(work) => {
                let table = lookup::table::<E>(work.kernel().catalog())?;
                let filter = filter(&table)?;
                let rows = work.fetch(&Select::all(table).filtered(filter)).await?;
                rows.into_iter().map(|row| E::from_record(row).map_err(Error::internal)).collect()
            }
        }
    }
}

impl RoleBook {
    /// Reads the roles of an organisation.
    pub(crate) async fn load(source: &mut Source<'_>, organization: Uuid) -> Result<Self> {
        let own = |table: &mainstay_entity::Table| {
            equal(table, &[("organization_id", Value::Uuid(organization))])
        };
        let roles: Vec<Role> = source.rows(own).await?;
        let granted: Vec<RolePermission> = source.rows(own).await?;
        let ids: HashSet<Uuid> = granted.iter().map(|grant| grant.permission_id.uuid()).collect();
        let ids = ids.into_iter().map(Value::Uuid).collect();
        let permissions: Vec<Permission> = source.rows(|table| one_of(table, "id", ids)).await?;
        Ok(Self::compile(&roles, granted, &permissions))
    }

    /// Each condition is compiled once.
    fn compile(roles: &[Role], granted: Vec<RolePermission>, permissions: &[Permission]) -> Self {
        let permissions: HashMap<Uuid, &Permission> =
            permissions.iter().map(|permission| (permission.id.uuid(), permission)).collect();
        let mut own: HashMap<Uuid, Vec<Grant>> = HashMap::new();
        for grant in granted {
            if let Some(permission) = permissions.get(&grant.permission_id.uuid()) {
                own.entry(grant.role_id.uuid()).or_default().push(compiled(permission, &grant));
            }
        }
        let by_name: BTreeMap<&str, &Role> = roles.iter().map(|role| (&*role.name, role)).collect();
        let mut compiler = Compiler { by_name, own, done: HashMap::new(), open: HashSet::new() };
        for role in roles {
            compiler.grants(role);
        }
        Self { roles: compiler.done }
    }

    /// What a role allows.
    pub(crate) fn grants(&self, role: Uuid) -> Option<&Arc<GrantSet>> {
        self.roles.get(&role)
    }

    /// The roles.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Uuid, &Arc<GrantSet>)> {
        self.roles.iter().map(|(id, grants)| (*id, grants))
    }
}

fn compiled(permission: &Permission, grant: &RolePermission) -> Grant {
    let documents: Vec<&str> = [&permission.conditions, &grant.conditions]
        .into_iter()
        .flatten()
        .map(mainstay_entity::Json::as_str)
        .collect();
    let condition =
        (!documents.is_empty()).then(|| Arc::new(Condition::compile_or_never(&documents)));
    let pair = PermissionPair::new(&*permission.resource, &*permission.action);
    Grant { pair, condition }
}

struct Compiler<'a> {
    by_name: BTreeMap<&'a str, &'a Role>,
    own: HashMap<Uuid, Vec<Grant>>,
    done: HashMap<Uuid, Arc<GrantSet>>,
    /// Roles on the way to the one that is compiled. Cycles are refused where they are written;
    /// one of older data ends here.
    open: HashSet<Uuid>,
}

impl Compiler<'_> {
    fn grants(&mut self, role: &Role) -> Arc<GrantSet> {
        let id = role.id.uuid();
        if let Some(done) = self.done.get(&id) {
            return done.clone();
        }
        if !self.open.insert(id) {
            return Arc::default();
        }
        let mut inherited = Vec::with_capacity(role.inherits.len());
        for name in &role.inherits {
            if let Some(parent) = self.by_name.get(name.as_str()).copied() {
                inherited.push(self.grants(parent));
            }
        }
        self.open.remove(&id);
        let own = self.own.remove(&id).unwrap_or_default();
        let set = GrantSet::new(&*role.name, own, inherited.iter().map(|set| &**set));
        let set = Arc::new(set);
        self.done.insert(id, set.clone());
        set
    }
}

/// The compiled roles of organisations, until who may do what changes.
#[derive(Debug, Default)]
pub(crate) struct RoleBooks(RwLock<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    epoch: u64,
    books: HashMap<Uuid, Arc<RoleBook>>,
}

impl RoleBooks {
    /// The roles of an organisation.
    pub(crate) async fn of(&self, kernel: &Kernel, organization: Uuid) -> Result<Arc<RoleBook>> {
        let epoch = kernel.policy().epoch();
        {
            let remembered = self.0.read();
            if remembered.epoch == epoch
                && let Some(book) = remembered.books.get(&organization)
            {
                return Ok(book.clone());
            }
        }
        let book = RoleBook::load(&mut Source::Committed(kernel), organization).await?;
        let book = Arc::new(book);
        let mut remembered = self.0.write();
        if remembered.epoch != epoch || remembered.books.len() >= BOOKS_MAX {
            remembered.books.clear();
            remembered.epoch = epoch;
        }
        remembered.books.insert(organization, book.clone());
        Ok(book)
    }
}
