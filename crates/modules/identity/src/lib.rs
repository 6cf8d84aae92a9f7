//! Identity and access: accounts, sessions, API keys, roles and organisations.
//!
//! A person has one account on the platform and belongs to organisations as a member; what a
//! member may do follows from roles. Programs use API keys, each of one organisation.

mod account;
mod account_change;
mod account_end;
mod address;
mod admin_links;
mod admin_users;
mod api_key;
mod api_keys;
mod assignments;
mod auth_error;
mod authenticate;
mod challenge;
mod delegation;
mod explain;
mod factors;
mod key_actions;
mod key_limit;
mod key_rules;
mod lockout;
mod login_attempt;
mod mail;
mod members;
mod mfa_factor;
mod onboarding;
mod onboarding_progress;
mod one_time;
mod owners;
mod password;
mod password_history;
mod password_policy;
mod profile;
mod provision;
mod records;
mod recover;
mod recovery_code;
mod redirect;
mod refresh_token;
mod role_book;
mod roles;
mod seats;
mod session;
mod sessions;
mod settings;
mod sign_in;
mod sign_up;
mod signing;
mod subscription;
mod totp;
mod usage;
mod user_reply;
mod verification;
mod verify;
mod watch;

pub use account::UserAccount;
pub use account_change::{AccountChange, SignedIn};
pub use admin_links::{Link, WantedLink};
pub use admin_users::{Administrator, PeoplePage, PersonChange};
pub use api_key::{ApiKey, NewApiKey};
pub use api_keys::KnownApiKey;
pub use auth_error::{AuthCode, AuthError};
pub use authenticate::Identity;
pub use challenge::Challenge;
pub use factors::{AuthenticatorKey, EnrolledFactor, FactorChallenge, FactorReply, NewFactor};
pub use login_attempt::LoginAttempt;
pub use mail::{Post, Printer};
pub use mfa_factor::{MfaMethod, UserMfaFactor};
pub use onboarding::{OnboardingState, OnboardingStep};
pub use password_history::PasswordHistory;
pub use profile::{Theme, UserProfile, UserSettings};
pub use provision::NewUser;
pub use recover::{Asked, Resend};
pub use roles::SHIPPED_ROLES;
pub use session::{AssuranceLevel, Session};
pub use sessions::{AuthRequest, KnownSession, SignOutScope, TokenReply};
pub use settings::{AuthSettings, OrganizationAuth};
pub use sign_up::{SignUp, SignedUp};
pub use signing::SigningKey;
pub use subscription::{Subscription, SubscriptionStatus, SubscriptionTier};
pub use usage::write_usage_regularly;
pub use user_reply::{IdentityReply, UserReply};
pub use verification::{UserVerification, VerificationPurpose, VerificationType};
pub use verify::{Proof, Verified};

use mainstay_entity::Entity;
use mainstay_kernel::entities::{
    Organization, OrganizationMember, Permission, PolicyVersion, Role, RolePermission, Team,
    TeamMember, User, UserRole, VaultKey,
};
use mainstay_kernel::permissions::{CREATE, DELETE, READ, UPDATE};
use mainstay_kernel::{Module, PermissionPair, typed};

/// What this module declares.
pub fn module() -> Module {
    Module::new("identity")
        .entities([
            Organization::meta(),
            User::meta(),
            OrganizationMember::meta(),
            Subscription::meta(),
            UserProfile::meta(),
            UserSettings::meta(),
            UserAccount::meta(),
            UserMfaFactor::meta(),
            UserVerification::meta(),
            PasswordHistory::meta(),
            LoginAttempt::meta(),
            OnboardingStep::meta(),
            OnboardingState::meta(),
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
        .guard::<Role>(delegation::roles)
        .guard::<RolePermission>(delegation::role_permissions)
        .guard::<Permission>(delegation::permissions)
        .guard::<UserRole>(delegation::user_roles)
        .guard::<OrganizationMember>(seats::members)
        .guard::<Organization>(seats::organizations_row)
        .guard::<OnboardingStep>(onboarding_progress::steps)
        .guard::<OnboardingState>(onboarding_progress::states)
        .guard::<User>(owners::users)
        .action(
            "explain_access",
            PermissionPair::new("access", READ),
            typed(explain::explain_access),
        )
        .action(
            "create_api_key",
            PermissionPair::new(ApiKey::TABLE, CREATE),
            typed(key_actions::create_api_key),
        )
        .action(
            "rotate_api_key",
            PermissionPair::new(ApiKey::TABLE, UPDATE),
            typed(key_actions::rotate_api_key),
        )
        .action(
            "revoke_api_key",
            PermissionPair::new(ApiKey::TABLE, DELETE),
            typed(key_actions::revoke_api_key),
        )
        .action(
            "set_account_end",
            PermissionPair::new(OrganizationMember::TABLE, UPDATE),
            typed(account_end::set_account_end),
        )
        .every("1 minute", assignments::expire)
}
