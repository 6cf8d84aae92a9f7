//! Identity and access: accounts, sessions, API keys, roles and organisations.
//!
//! A person has one account on the platform and belongs to organisations as a member; what a
//! member may do follows from roles. Programs use API keys, each of one organisation.

mod access;
mod account;
mod api_key;
mod auth_error;
mod authenticate;
mod factor;
mod mail;
mod organization;
mod password;
mod provider;
mod records;
mod regularly;
mod session;
mod settings;
mod sign_in;
mod watch;
mod webauthn;

pub use access::roles::SHIPPED_ROLES;
pub use account::admin_links::{Link, WantedLink};
pub use account::admin_users::{Administrator, PeoplePage, PersonChange};
pub use account::change::{AccountChange, SignedIn};
pub use account::profile::{Theme, UserProfile, UserSettings};
pub use account::provision::NewUser;
pub use account::reply::{IdentityReply, UserReply};
pub use account::user_account::UserAccount;
pub use api_key::entity::{ApiKey, NewApiKey};
pub use api_key::known::KnownApiKey;
pub use api_key::usage::write_usage_regularly;
pub use auth_error::{AuthCode, AuthError};
pub use authenticate::Identity;
pub use factor::entity::{MfaMethod, UserMfaFactor};
pub use factor::phone::normalize_phone;
pub use factor::reply::{
    AuthenticatorKey, CredentialOptions, EnrolledFactor, FactorChallenge, FactorReply,
    KeyChallenge, NewFactor,
};
pub use mail::{Post, Printer};
pub use organization::domain::{DomainStatus, OrganizationDomain, VerifiedDomain};
pub use organization::domains::{DomainChange, DomainReply, check_domains_regularly};
pub use organization::entering::EnterableOrganization;
pub use organization::invitation::{Invitation, InvitationStatus};
pub use organization::invitations::{InvitationReply, NewInvitation};
pub use organization::onboarding::{OnboardingState, OnboardingStep};
pub use organization::plan::SubscriptionPlan;
pub use organization::shown::ShownOrganization;
pub use organization::subscription::{Subscription, SubscriptionStatus, SubscriptionTier};
pub use password::history::PasswordHistory;
pub use provider::enter::GivenToken;
pub use provider::flow::{Agreement, Departed, Departure, FLOW, Landing, Return};
pub use provider::flow_entity::SignInFlow;
pub use provider::settings::{ProviderKind, ProviderSettings};
pub use session::entity::{AssuranceLevel, Session};
pub use session::page::PageSession;
pub use session::sessions::{AuthRequest, KnownSession, SignOutScope, TokenReply};
pub use session::signing::SigningKey;
pub use settings::{AuthSettings, OrganizationAuth};
pub use sign_in::challenge::Challenge;
pub use sign_in::landing::Onward;
pub use sign_in::login_attempt::LoginAttempt;
pub use sign_in::recover::{Asked, Resend};
pub use sign_in::sign_up::{SignUp, SignedUp};
pub use sign_in::verification::{UserVerification, VerificationPurpose, VerificationType};
pub use sign_in::verify::{Proof, Verified};
pub use webauthn::entity::{Ceremony, WebAuthnChallenge, WebAuthnCredential};
pub use webauthn::passkeys::{PasskeyOptions, PasskeyReply};

use mainstay_entity::Entity;
use mainstay_kernel::entities::{
    Organization, OrganizationMember, Permission, PolicyVersion, Role, RolePermission, Team,
    TeamMember, User, UserRole, VaultKey,
};
use mainstay_kernel::permissions::{CREATE, DELETE, READ, UPDATE};
use mainstay_kernel::{Module, PermissionPair, typed};

/// What this module declares.
pub fn module() -> Module {
    let module = Module::new("identity")
        .entities([
            Organization::meta(),
            User::meta(),
            OrganizationMember::meta(),
            Subscription::meta(),
            SubscriptionPlan::meta(),
            UserProfile::meta(),
            UserSettings::meta(),
            UserAccount::meta(),
            UserMfaFactor::meta(),
            WebAuthnCredential::meta(),
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
            SignInFlow::meta(),
            WebAuthnChallenge::meta(),
            ApiKey::meta(),
            Invitation::meta(),
            OrganizationDomain::meta(),
            VerifiedDomain::meta(),
            PolicyVersion::meta(),
            VaultKey::meta(),
        ])
        .guard::<Role>(access::delegation::roles)
        .guard::<RolePermission>(access::delegation::role_permissions)
        .guard::<Permission>(access::delegation::permissions)
        .guard::<UserRole>(access::delegation::user_roles)
        .guard::<OrganizationMember>(organization::seats::members)
        .guard::<Organization>(organization::seats::organizations_row)
        .guard::<Invitation>(organization::seats::invitations)
        .guard::<OrganizationDomain>(organization::seats::domains)
        .guard::<Team>(organization::team_tree::teams)
        .guard::<TeamMember>(organization::team_member::members)
        .guard::<OnboardingStep>(organization::onboarding_progress::steps)
        .guard::<OnboardingState>(organization::onboarding_progress::states)
        .guard::<User>(access::owners::users);
    with_actions(module)
        .every("1 minute", access::assignments::expire)
        .every("10 minutes", provider::flow::remove_old)
        .every("1 minute", organization::invitations::expire_invitations)
        .every("10 minutes", webauthn::challenge::remove_expired)
}

/// What people can do beyond reading and writing rows.
fn with_actions(module: Module) -> Module {
    module
        .action(
            "explain_access",
            PermissionPair::new("access", READ),
            typed(access::explain::explain_access),
        )
        .action(
            "create_api_key",
            PermissionPair::new(ApiKey::TABLE, CREATE),
            typed(api_key::actions::create_api_key),
        )
        .action(
            "rotate_api_key",
            PermissionPair::new(ApiKey::TABLE, UPDATE),
            typed(api_key::actions::rotate_api_key),
        )
        .action(
            "revoke_api_key",
            PermissionPair::new(ApiKey::TABLE, DELETE),
            typed(api_key::actions::revoke_api_key),
        )
        .action(
            "set_account_end",
            PermissionPair::new(OrganizationMember::TABLE, UPDATE),
            typed(account::end::set_account_end),
        )
        .action(
            "add_team_member",
            PermissionPair::new(Team::TABLE, READ),
            typed(organization::team_member::add_team_member),
        )
        .action(
            "set_team_role",
            PermissionPair::new(Team::TABLE, READ),
            typed(organization::team_member::set_team_role),
        )
        .action(
            "remove_team_member",
            PermissionPair::new(Team::TABLE, READ),
            typed(organization::team_member::remove_team_member),
        )
}
