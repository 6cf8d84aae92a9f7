//! Roles: which permissions a member has, with what their roles inherit.

use crate::access::role_book::RoleBooks;
use jiff::Timestamp;
use mainstay_entity::{Entity, Value};
use mainstay_kernel::entities::{TeamMember, UserRole};
use mainstay_kernel::lookup::{equal, find, position};
use mainstay_kernel::{Kernel, Permissions, Result};
use mainstay_store::{Access, Narrow, Select};
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
    /// Its own permissions that hold under a condition.
    pub conditional: &'static [(&'static str, &'static str)],
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
        // S3-B63: of the trail, what they did themselves.
        conditional: &[("audit_events:read", "row.actor_id == subject.id")],
    },
    ShippedRole {
        name: "member",
        description: "Takes part in the organisation's work.",
        inherits: &["viewer"],
        permissions: &["teams:create", "teams:update", "team_members:create"],
        conditional: &[],
    },
    ShippedRole {
        name: "analyst",
        description: "Reads everything, the audit trail included.",
        inherits: &["member"],
        // The pair by its name, which overrides the viewer's own trail.
        permissions: &["*:read", "audit_events:read"],
        conditional: &[],
    },
    ShippedRole {
        name: "user",
        description: "Uses the product.",
        inherits: &["member"],
        permissions: &[],
        conditional: &[],
    },
    ShippedRole {
        name: "company_user",
        description: "Uses the product for a company.",
        inherits: &["member"],
        permissions: &[],
        conditional: &[],
    },
    ShippedRole {
        name: "developer",
        description: "Builds services and looks after them.",
        inherits: &["member"],
        permissions: &["audit_events:create"],
        // S1-B69: of plugins, what they installed themselves.
        conditional: &[("plugin_installations:*", "row.installed_by == subject.id")],
    },
    ShippedRole {
        name: "platform_engineer",
        description: "Looks after the platform that services run on.",
        inherits: &["developer", "analyst"],
        permissions: &["plugin_installations:*", "system_settings:*"],
        conditional: &[],
    },
    ShippedRole {
        name: "demo",
        description: "Looks around for a while.",
        inherits: &["viewer"],
        permissions: &[],
        conditional: &[],
    },
    ShippedRole {
        name: "admin",
        description: "Does everything in the organisation.",
        inherits: &[],
        permissions: &["*:*", "*:unmask"],
        conditional: &[],
    },
    ShippedRole {
        name: "org:admin",
        description: "Administers the organisation.",
        inherits: &["admin"],
        permissions: &[],
        conditional: &[],
    },
    ShippedRole {
        name: "super_admin",
        description: "Administers the organisation and its administrators.",
        inherits: &["admin"],
        permissions: &[],
        conditional: &[],
    },
];

/// What a member may do, and until when that is certain.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// What their roles allow.
    pub(crate) permissions: Permissions,
    /// The names of their roles.
    pub(crate) names: Vec<String>,
    /// The first of their assignments ends then.
    pub(crate) until: Option<Timestamp>,
}

/// What a member may do at a time, by the roles that are remembered.
pub(crate) async fn held_by(
    kernel: &Kernel,
    books: &RoleBooks,
    (organization, user): (Uuid, Uuid),
    now: Timestamp,
) -> Result<Held> {
    let assigned: Vec<UserRole> = find(kernel, |table| {
        equal(
            table,
            &[
                ("organization_id", Value::Uuid(organization)),
                ("user_id", Value::Uuid(user)),
                ("status", Value::Text("active".to_owned())),
            ],
        )
    })
    .await?;
    let book = books.of(kernel, organization).await?;
    let mut held = Held::default();
    let mut sets = Vec::new();
    for role in assigned.iter().filter(|role| role.expires_at.is_none_or(|end| now < end)) {
        held.until = [held.until, role.expires_at].into_iter().flatten().min();
        if let Some(grants) = book.grants(role.role_id.uuid()) {
            held.names.push(grants.name().to_owned());
            sets.push(grants.clone());
        }
    }
    held.names.sort();
    held.permissions = Permissions::of_sets(sets);
    Ok(held)
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
pub(crate) const GRANTABLE: [&str; 21] = [
    "access:read",
    "api_keys:create",
    "api_keys:delete",
    "api_keys:read",
    "api_keys:update",
    "invitations:*",
    "invitations:create",
    "organization_domains:*",
    "organization_members:*",
    "organization_members:create",
    "organization_members:update",
    "organizations:update",
    "role_permissions:*",
    "roles:*",
    "subscriptions:read",
    "team_members:*",
    "teams:*",
    "teams:all",
    "teams:delete",
    "user_roles:*",
    "venues:all",
];

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
