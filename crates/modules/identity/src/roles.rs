//! Roles: which permissions a member has, with what their roles inherit.

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Value};
use mainstay_kernel::entities::{Permission, Role, RolePermission, TeamMember, UserRole};
use mainstay_kernel::lookup::{equal, find, one_of, position};
use mainstay_kernel::{Kernel, PermissionPair, Permissions, Result};
use mainstay_store::{Access, Filter, Narrow, Select};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A role that every organisation gets a copy of.
pub struct ShippedRole {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Roles whose permissions it has too.
    pub inherits: &'static [&'static str],
    /// Its own permissions, each `resource:action`.
    pub permissions: &'static [&'static str],
}

/// The roles of the five documents, copied into each organisation: those of the portal (ADMIN,
/// `PLATFORM_ENGINEER`, DEVELOPER, VIEWER), of exposure management (`super_admin`, admin, analyst,
/// user, `company_user`, demo) and of the audit service (org:admin, admin, member, viewer).
pub const SHIPPED_ROLES: &[ShippedRole] = &[
    ShippedRole {
        name: "viewer",
        description: "Sees the organisation and its people.",
        inherits: &[],
        permissions: &[
            "organization_members:read",
            "teams:read",
            "team_members:read",
            "roles:read",
            "role_permissions:read",
            "user_roles:read",
            "system_settings:read",
        ],
    },
    ShippedRole {
        name: "member",
        description: "Takes part in the organisation's work.",
        inherits: &["viewer"],
        permissions: &["teams:create", "teams:update", "team_members:create"],
    },
    ShippedRole {
        name: "analyst",
        description: "Reads everything, the audit trail included.",
        inherits: &["member"],
        permissions: &["*:read"],
    },
    ShippedRole {
        name: "user",
        description: "Uses the product.",
        inherits: &["member"],
        permissions: &[],
    },
    ShippedRole {
        name: "company_user",
        description: "Uses the product for a company.",
        inherits: &["member"],
        permissions: &[],
    },
    ShippedRole {
        name: "developer",
        description: "Builds services and looks after them.",
        inherits: &["member"],
        permissions: &["audit_events:create"],
    },
    ShippedRole {
        name: "platform_engineer",
        description: "Looks after the platform that services run on.",
        inherits: &["developer", "analyst"],
        permissions: &["system_settings:*"],
    },
    ShippedRole {
        name: "demo",
        description: "Looks around for a while.",
        inherits: &["viewer"],
        permissions: &[],
    },
    ShippedRole {
        name: "admin",
        description: "Does everything in the organisation.",
        inherits: &[],
        permissions: &["*:*", "*:unmask"],
    },
    ShippedRole {
        name: "org:admin",
        description: "Administers the organisation.",
        inherits: &["admin"],
        permissions: &[],
    },
    ShippedRole {
        name: "super_admin",
        description: "Administers the organisation and its administrators.",
        inherits: &["admin"],
        permissions: &[],
    },
];

/// What a member may do at a time, with the names of the roles that say so.
pub(crate) async fn of_member(
    kernel: &Kernel,
    organization: Uuid,
    user: Uuid,
    now: Timestamp,
) -> Result<(Permissions, Vec<String>)> {
    let tenant = Value::Uuid(organization);
    let assigned: Vec<UserRole> = find(kernel, |table| {
        equal(
            table,
            &[
                ("organization_id", tenant.clone()),
                ("user_id", Value::Uuid(user)),
                ("status", Value::Text("active".to_owned())),
            ],
        )
    })
    .await?;
    let assigned: HashSet<Uuid> = assigned
        .into_iter()
        .filter(|role| role.expires_at.is_none_or(|end| now < end))
        .map(|role| role.role_id.uuid())
        .collect();
    if assigned.is_empty() {
        return Ok((Permissions::default(), Vec::new()));
    }
    let all: Vec<Role> =
        find(kernel, |table| equal(table, &[("organization_id", tenant.clone())])).await?;
    let held = inherited(&all, &assigned);
    let mut names: Vec<String> = all
        .iter()
        .filter(|role| assigned.contains(&role.id.uuid()))
        .map(|role| role.name.to_string())
        .collect();
    names.sort();
    Ok((permissions_of(kernel, tenant, &held).await?, names))
}

/// The roles held with all that they inherit; each role is visited once, so cycles end.
fn inherited<'a>(all: &'a [Role], assigned: &HashSet<Uuid>) -> HashSet<Uuid> {
    let by_name: HashMap<&str, &Role> = all.iter().map(|role| (&*role.name, role)).collect();
    let mut held = HashSet::new();
    let mut open: Vec<&'a Role> =
        all.iter().filter(|role| assigned.contains(&role.id.uuid())).collect();
    while let Some(role) = open.pop() {
        if held.insert(role.id.uuid()) {
            open.extend(role.inherits.iter().filter_map(|name| by_name.get(name.as_str())));
        }
    }
    held
}

async fn permissions_of(
    kernel: &Kernel,
    tenant: Value,
    roles: &HashSet<Uuid>,
) -> Result<Permissions> {
    let roles = roles.iter().copied().map(Value::Uuid).collect();
    let granted: Vec<RolePermission> = find(kernel, |table| {
        let own = equal(table, &[("organization_id", tenant)])?;
        Ok(Filter::And(vec![own, one_of(table, "role_id", roles)?]))
    })
    .await?;
    // A grant under conditions is no grant until conditions can be evaluated.
    let ids: HashSet<Id<Permission>> = granted
        .into_iter()
        .filter(|grant| grant.conditions.is_none())
        .map(|grant| grant.permission_id)
        .collect();
    let ids = ids.into_iter().map(|id| Value::Uuid(id.uuid())).collect();
    let permissions: Vec<Permission> = find(kernel, |table| one_of(table, "id", ids)).await?;
    let unconditional = permissions.into_iter().filter(|p| p.conditions.is_none());
    let pair =
        |p: Permission| PermissionPair::new(p.resource.into_string(), p.action.into_string());
    Ok(Permissions::new(unconditional.map(pair)))
}

/// The teams of a member.
pub(crate) async fn teams_of(kernel: &Kernel, organization: Uuid, user: Uuid) -> Result<Narrow> {
    let teams: Vec<TeamMember> = find(kernel, |table| {
        equal(
            table,
            &[("organization_id", Value::Uuid(organization)), ("user_id", Value::Uuid(user))],
        )
    })
    .await?;
    Ok(Narrow::Only(teams.into_iter().map(|team| team.team_id.uuid()).collect()))
}

/// The resource of the permission to reach the rows of all teams, `teams:all`.
pub(crate) const TEAMS: &str = "teams";
/// The resource of the permission to reach the rows of all venues, `venues:all`.
pub(crate) const VENUES: &str = "venues";

/// Permissions that organisations may give roles of their own, beside those of shipped roles.
pub(crate) const GRANTABLE: [&str; 2] = ["teams:all", "venues:all"];

/// Says which members work at which venue. The module of venues comes later than this one, so the
/// table is known by its name.
const VENUE_MEMBERS: &str = "venue_members";

/// The venues that a member works at; none where the installation has no venues.
pub(crate) async fn venues_of(kernel: &Kernel, organization: Uuid, user: Uuid) -> Result<Narrow> {
    let Some(table) = kernel.catalog().find(TeamMember::SCHEMA, VENUE_MEMBERS) else {
        return Ok(Narrow::None);
    };
    let own = equal(
        table,
        &[("organization_id", Value::Uuid(organization)), ("user_id", Value::Uuid(user))],
    )?;
    let venue = position(table, "venue_id")?;
    let select = Select::all(table.clone()).filtered(own);
    let rows = kernel.store().fetch_columns(&Access::system(), &select, &[venue]).await?;
    let venues = rows.iter().filter_map(|row| row.0.first().and_then(Value::as_uuid));
    Ok(Narrow::Only(venues.collect()))
}
