use super::User;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};

/// A company, institution or customer: the tenant that owns records.
#[derive(Entity)]
#[entity(
    table = "organizations",
    scope = owner(organization = id),
    classification = internal,
    soft_delete,
    unique(slug),
    unique(columns(primary_domain), where = "deleted_at is null"),
    index(deleted_at),
    check(name = "slug_form", "slug = lower(slug) and length(slug) >= 2")
)]
pub struct Organization {
    /// Identifier.
    pub id: Id<Self>,
    /// The name that members see.
    pub name: Text<255>,
    /// The short name in addresses; lower case.
    pub slug: Text<63>,
    /// The domain whose addresses belong to it.
    pub primary_domain: Option<Text<253>>,
    /// Further domains.
    pub additional_domains: Option<Vec<String>>,
    /// Most members it may have; none means no limit (S2-B50).
    #[entity(min = 1)]
    pub max_seats: Option<i32>,
    /// Most domains it may have; none means no limit (S2-B50).
    #[entity(min = 1)]
    pub max_domains: Option<i32>,
    /// Settings of the organisation.
    #[entity(default = "{}")]
    pub settings: Json<()>,
    /// Whatever integrations keep beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Whether its members may work.
    #[entity(default = true)]
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Where a membership stands.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(
    moves = "invited -> active | left; active -> suspended | left; suspended -> active | left; left -> invited | active"
)]
pub enum MemberStatus {
    /// Asked, not answered yet.
    Invited,
    /// Belongs.
    Active,
    /// Belongs, but may not work.
    Suspended,
    /// Belonged; the row stays for those that refer to it.
    Left,
}

/// A person's membership in an organisation; what records refer to when they name a person.
#[derive(Entity)]
#[entity(
    table = "organization_members",
    scope = tenant,
    classification = internal,
    unique(user_id),
    index(status),
    index(user_id)
)]
pub struct OrganizationMember {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    pub organization_id: Id<Organization>,
    /// The person.
    #[entity(subject)]
    pub user_id: Id<User>,
    /// Where the membership stands.
    #[entity(default = "active")]
    pub status: MemberStatus,
    /// The name under which colleagues know the person.
    #[entity(pii)]
    pub display_name: Option<Text<255>>,
    /// The address at which the organisation reaches the person.
    #[entity(pii)]
    pub email: Option<Text<320>>,
    /// What the organisation's programs keep of the person; clients of `/auth/v1` see it as
    /// `app_metadata`.
    #[entity(default = "{}", read_only)]
    pub app_metadata: Json<()>,
    /// When the person joined.
    #[entity(default = now)]
    pub joined_at: Timestamp,
    /// When the person left.
    pub left_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
