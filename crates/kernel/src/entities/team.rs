use super::{Organization, OrganizationMember};
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};

/// A group of members inside an organisation.
#[derive(Entity)]
#[entity(
    table = "teams",
    scope = tenant,
    classification = internal,
    soft_delete,
    unique(name),
    index(is_active, deleted_at),
    check(name = "own_parent", "parent_team_id <> id")
)]
pub struct Team {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    pub organization_id: Id<Organization>,
    /// The name that identifies it.
    pub name: Text<100>,
    /// The name that people see.
    pub display_name: Option<Text<255>>,
    /// What it does.
    pub description: Option<Text<2000>>,
    /// Address of its picture.
    pub avatar: Option<Text<2000>>,
    /// The team that it belongs to.
    #[entity(on_delete = set_null)]
    pub parent_team_id: Option<Id<Self>>,
    /// Settings of the team.
    #[entity(default = "{}")]
    pub settings: Json<()>,
    /// Whatever integrations keep beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    /// Whether it works.
    #[entity(default = true)]
    pub is_active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// What a member does in a team (S1-B9).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(rename_all = "UPPERCASE")]
pub enum TeamRole {
    /// Decides.
    Owner,
    /// Changes.
    Maintainer,
    /// Takes part.
    Member,
}

/// A member of a team.
#[derive(Entity)]
#[entity(table = "team_members", scope = tenant, classification = internal, unique(user_id, team_id), index(role))]
pub struct TeamMember {
    /// Identifier.
    pub id: Id<Self>,
    /// The organisation that it belongs to.
    pub organization_id: Id<Organization>,
    /// The member, by user.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Id<OrganizationMember>,
    /// The team.
    #[entity(on_delete = cascade)]
    pub team_id: Id<Team>,
    /// What the member does there.
    #[entity(default = "MEMBER")]
    pub role: TeamRole,
    /// When the member joined.
    #[entity(default = now, read_only)]
    pub joined_at: Timestamp,
}
