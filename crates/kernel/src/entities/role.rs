use super::{Organization, OrganizationMember, Permission};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};

/// A named set of permissions of one organisation (S4-B47).
#[derive(Entity)]
#[entity(table = "roles", scope = tenant, classification = internal, unique(name))]
pub struct Role {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to (S4-B50).
    #[entity(on_delete = cascade)]
    pub organization_id: Id<Organization>,
    /// The name by which it is assigned and inherited.
    pub name: Text<100>,
    /// What it is for.
    pub description: Option<Text<1000>>,
    /// Names of roles whose permissions it has too (S4-B49).
    #[entity(default = "[]")]
    pub inherits: Vec<String>,
    /// Shipped with the product; can't be removed.
    #[entity(default = false, read_only)]
    pub is_system: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A permission that a role has.
#[derive(Entity)]
#[entity(
    table = "role_permissions",
    scope = tenant,
    classification = internal,
    unique(role_id, permission_id)
)]
pub struct RolePermission {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    pub organization_id: Id<Organization>,
    /// The role.
    #[entity(on_delete = cascade)]
    pub role_id: Id<Role>,
    /// The permission.
    pub permission_id: Id<Permission>,
    /// When it holds; nothing means always.
    pub conditions: Option<Json<()>>,
    /// When it was granted.
    #[entity(default = now, read_only)]
    pub granted_at: Timestamp,
    /// Who granted it; nothing means the system.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub granted_by: Option<Id<OrganizationMember>>,
}

/// Where an assignment stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "active -> expired | revoked; revoked -> active; expired -> active")]
pub enum AssignmentStatus {
    /// Holds.
    Active,
    /// Its time has passed.
    Expired,
    /// Taken back.
    Revoked,
}

/// A role that a member has, for good or for a time (S3-B149).
#[derive(Entity)]
#[entity(table = "user_roles", scope = tenant, classification = internal, unique(user_id, role_id))]
pub struct UserRole {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    pub organization_id: Id<Organization>,
    /// The member, by user.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Id<OrganizationMember>,
    /// The role.
    #[entity(on_delete = cascade)]
    pub role_id: Id<Role>,
    /// Where the assignment stands.
    #[entity(default = "active")]
    pub status: AssignmentStatus,
    /// When it was assigned.
    #[entity(default = now, read_only)]
    pub assigned_at: Timestamp,
    /// Who assigned it; nothing means the system.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub assigned_by: Option<Id<OrganizationMember>>,
    /// It ends then.
    pub expires_at: Option<Timestamp>,
}
