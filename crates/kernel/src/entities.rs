//! The entities that the kernel itself needs; modules list them.

mod audit_event;
mod idempotency_key;
mod identity_sequence;
mod job;
mod ledger;
mod ledger_statement;
mod organization;
mod permission;
mod policy_version;
mod role;
mod team;
mod user;
mod vault_key;

pub use audit_event::{AuditEvent, EventStatus};
pub use idempotency_key::IdempotencyKey;
pub use identity_sequence::IdentitySequence;
pub use job::{JobState, JobStatus};
pub use ledger::{
    LedgerCosignature, LedgerEntry, LedgerHead, LedgerLease, LedgerPending, LedgerTile,
};
pub use ledger_statement::{LedgerStatement, StatementKind};
pub use organization::{MemberStatus, Organization, OrganizationMember};
pub use permission::Permission;
pub use policy_version::PolicyVersion;
pub use role::{AssignmentStatus, Role, RolePermission, UserRole};
pub use team::{Team, TeamMember, TeamRole};
pub use user::{User, UserStatus};
pub use vault_key::{VaultKey, VaultKeyPurpose};
