//! Identity and access: accounts, sessions, API keys, roles and organisations.
//!
//! A person has one account on the platform and belongs to organisations as a member; what a
//! member may do follows from roles. Programs use API keys, each of one organisation.

mod account;
mod api_key;
mod api_keys;
mod authenticate;
mod lookup;
mod password;
mod provision;
mod roles;
mod session;
mod sign_in;
mod signing;
mod usage;

pub use account::UserAccount;
pub use api_key::{ApiKey, NewApiKey};
pub use api_keys::KnownApiKey;
pub use authenticate::Identity;
pub use provision::NewUser;
pub use roles::SHIPPED_ROLES;
pub use session::Session;
pub use sign_in::{SignInError, TokenReply};
pub use signing::SigningKey;
pub use usage::write_usage_regularly;

use mainstay_entity::Entity;
use mainstay_kernel::Module;
use mainstay_kernel::entities::{
    Organization, OrganizationMember, Permission, PolicyVersion, Role, RolePermission, Team,
    TeamMember, User, UserRole, VaultKey,
};

/// What this module declares.
pub fn module() -> Module {
    Module::new("identity").entities([
        Organization::meta(),
        User::meta(),
        OrganizationMember::meta(),
        UserAccount::meta(),
        Permission::meta(),
        Role::meta(),
        RolePermission::meta(),
        UserRole::meta(),
        Team::meta(),
        TeamMember::meta(),
        Session::meta(),
        ApiKey::meta(),
        PolicyVersion::meta(),
        VaultKey::meta(),
    ])
}
