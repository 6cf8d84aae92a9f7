//! What the documents promise of people, sign-in and permissions (S1, S2, S3, S4).

use mainstay_declared::{Declared, set};
use mainstay_entity::{Classification, Kind, OnDelete, Personal, Scope};
use mainstay_identity::SHIPPED_ROLES;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_identity::module().entities));

#[test]
fn choices_of_identity_are_the_documents() {
    for (path, expected) in [
        ("user_mfa_factors.method", "TOTP SMS EMAIL WEBAUTHN"),
        ("user_verifications.type", "email phone password_reset"),
        ("team_members.role", "OWNER MAINTAINER MEMBER"),
        ("user_settings.theme", "dark light system"),
        ("subscriptions.tier", "basic professional enterprise"),
        ("subscription_plans.tier", "basic professional enterprise"),
        (
            "users.status",
            "pending_verification>active|suspended active>locked|suspended \
             locked>active|suspended suspended>active",
        ),
        ("user_roles.status", "active>expired|revoked expired>active revoked>active"),
        (
            "subscriptions.status",
            "incomplete>incomplete_expired|trialing|active incomplete_expired \
             trialing>active|past_due|paused|canceled active>past_due|unpaid|paused|canceled \
             past_due>active|unpaid|canceled unpaid>active|canceled paused>active|canceled \
             canceled",
        ),
    ] {
        assert_eq!(DECLARED.choices(path), expected, "{path}");
    }
}

#[test]
fn defaults_of_identity_are_the_documents() {
    for (path, expected) in [
        ("users.status", "active"),
        ("users.failed_login_attempts", "0"),
        ("users.must_change_password", "false"),
        ("users.email_verified", "false"),
        ("team_members.role", "MEMBER"),
        ("user_profiles.timezone", "UTC"),
        ("user_settings.language", "en"),
        ("user_settings.theme", "dark"),
        ("subscriptions.tier", "basic"),
        ("api_keys.usage_count", "0"),
        ("sessions.is_active", "true"),
        ("login_attempts.attempted_at", "now"),
        ("onboarding_states.completed", "false"),
    ] {
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// S1-B35, S1-B39, S2-D6: a name that a deleted row had is free again.
#[test]
fn names_are_unique_among_rows_that_are_not_deleted() {
    let live = " where deleted_at is null";
    for (table, keys) in [
        ("users", set([&format!("email{live}"), &format!("username{live}")])),
        ("organizations", set(["slug", &format!("primary_domain{live}")])),
        // An upsert by name needs a key over all rows.
        ("teams", set(["name"])),
    ] {
        assert_eq!(DECLARED.uniques(table), keys, "{table}");
        assert!(DECLARED.entity(table).soft_delete, "{table}");
        assert!(DECLARED.entity(table).column("is_active").is_some(), "{table}");
    }
    assert_eq!(
        DECLARED.reference("teams.parent_team_id"),
        Some(("teams.id".to_owned(), OnDelete::SetNull))
    );
}

/// S1-B40, S3-B7: tokens are hashes, each of one session; sessions end, and can be ended before.
#[test]
fn a_session_has_its_own_tokens_and_an_end() {
    assert_eq!(DECLARED.uniques("sessions"), set(["token_hash", "refresh_token_hash"]));
    DECLARED.assert_columns(
        "sessions",
        "expires_at refresh_expires_at revoked_at? revoked_reason? ip_address?",
    );
    assert_eq!(
        DECLARED.reference("sessions.user_id"),
        Some(("users.id".to_owned(), OnDelete::Cascade))
    );
    let devices = "device_type in ('web', 'mobile', 'api')";
    assert!(DECLARED.entity("sessions").checks.iter().any(|check| check.condition == devices));
}

/// S1-B38, S3-B35: memberships and assignments go with either side and are there once.
#[test]
fn memberships_and_assignments_are_unique_and_go_with_either_side() {
    for (table, user, other) in
        [("team_members", "user_id", "team_id"), ("user_roles", "user_id", "role_id")]
    {
        assert_eq!(DECLARED.uniques(table), set([&format!("{user} {other}")]), "{table}");
        for column in [user, other] {
            assert_eq!(
                DECLARED.on_delete(&format!("{table}.{column}")),
                OnDelete::Cascade,
                "{table}"
            );
        }
    }
}

/// S3-B32, S3-B33: one row for each person, gone with the person.
#[test]
fn profiles_and_settings_are_one_to_one_with_people() {
    for table in ["user_profiles", "user_settings"] {
        assert_eq!(*DECLARED.entity(table).primary_key, ["user_id"], "{table}");
    }
    for table in ["user_profiles", "user_settings", "user_mfa_factors", "user_accounts"] {
        let user = format!("{table}.user_id");
        assert_eq!(
            DECLARED.reference(&user),
            Some(("users.id".to_owned(), OnDelete::Cascade)),
            "{table}"
        );
    }
}

/// S3-B36, S3-B151, S3-D6: steps are the installation's, states a person's, one for each step.
#[test]
fn onboarding_has_steps_and_a_state_of_each_for_each_person() {
    DECLARED
        .assert_columns("onboarding_steps", "name description? order required validation_rules");
    DECLARED
        .assert_columns("onboarding_states", "user_id step completed data completed_at? metadata");
    assert_eq!(DECLARED.entity("onboarding_steps").scope, Scope::Public);
    assert_eq!(DECLARED.uniques("onboarding_steps"), set(["name"]));
    assert_eq!(*DECLARED.entity("onboarding_states").primary_key, ["user_id", "step"]);
    assert_eq!(DECLARED.on_delete("onboarding_states.user_id"), OnDelete::Cascade);
    let step = Some(("onboarding_steps.name".to_owned(), OnDelete::Restrict));
    assert_eq!(DECLARED.reference("onboarding_states.step"), step);
}

/// S2-B51: an organisation has one subscription, and each member can have one.
#[test]
fn organisations_and_members_have_a_subscription_each() {
    let keys = set(["user_id =", "stripe_subscription_id"]);
    assert_eq!(DECLARED.uniques("subscriptions"), keys);
    DECLARED
        .assert_columns("subscriptions", "tier status stripe_customer_id? stripe_subscription_id?");
    assert!(DECLARED.entity("subscriptions").read_only);
}

/// S2-B47, S2-B66, S2-B67: what goes with a person, and what outlasts them.
#[test]
fn former_passwords_go_with_a_person_and_sign_ins_stay() {
    assert_eq!(DECLARED.on_delete("password_history.user_id"), OnDelete::Cascade);
    assert_eq!(DECLARED.on_delete("user_verifications.user_id"), OnDelete::Cascade);
    assert_eq!(DECLARED.on_delete("login_attempts.user_id"), OnDelete::SetNull);
    DECLARED.assert_columns(
        "login_attempts",
        "user_id? email? login_method? ip_address? success failure_reason?",
    );
}

/// S3-B150: a token can be used until it expires, and it is known when it was.
#[test]
fn verifications_expire_and_say_when_they_were_used() {
    DECLARED.assert_columns("user_verifications", "type token_hash expires_at verified_at?");
    assert_eq!(DECLARED.uniques("user_verifications"), set(["token_hash"]));
}

/// S1-B73, S1-B74, S1-B75, S2-D10: what opens an account is sealed or a hash.
#[test]
fn credentials_are_sealed_or_hashed() {
    for path in [
        "user_mfa_factors.secret",
        "user_mfa_factors.backup_codes",
        "user_accounts.access_token",
        "user_accounts.refresh_token",
    ] {
        assert_eq!(DECLARED.column(path).kind, Kind::Secret, "{path}");
    }
    for path in [
        "user_accounts.password_hash",
        "password_history.password_hash",
        "sessions.token_hash",
        "sessions.refresh_token_hash",
        "api_keys.key_hash",
        "user_verifications.token_hash",
        "invitations.token_hash",
    ] {
        assert_eq!(DECLARED.column(path).classification, Classification::Restricted, "{path}");
    }
    let tables = ["user_mfa_factors", "password_history", "user_verifications", "login_attempts"];
    for table in tables {
        assert!(DECLARED.entity(table).read_only, "{table} is written by the system alone");
    }
}

#[test]
fn personal_data_is_marked_with_whose_it_is() {
    for (table, columns) in [
        ("user_profiles", "full_name first_name last_name avatar_url phone_number address"),
        ("login_attempts", "email ip_address network"),
        ("invitations", "email"),
        ("subscriptions", "billing_email"),
        ("onboarding_states", "data"),
        ("users", "email username last_login_ip"),
    ] {
        for name in columns.split_whitespace() {
            let path = format!("{table}.{name}");
            assert_eq!(DECLARED.column(&path).personal, Personal::Pii, "{path}");
        }
        assert!(DECLARED.entity(table).columns.iter().any(|column| column.subject), "{table}");
    }
}

/// S3-B149, S4-B47, S4-B50: roles are an organisation's, hold pairs, and can hold for a time.
#[test]
fn roles_hold_pairs_for_an_organisation_and_a_time() {
    assert_eq!(DECLARED.uniques("roles"), set(["name"]));
    assert_eq!(DECLARED.entity("roles").scope, Scope::Tenant);
    assert_eq!(DECLARED.on_delete("roles.organization_id"), OnDelete::Cascade);
    DECLARED.assert_columns("roles", "inherits");
    DECLARED.assert_columns("permissions", "resource action conditions?");
    DECLARED.assert_columns("role_permissions", "conditions? granted_at granted_by?");
    DECLARED.assert_columns("user_roles", "status assigned_at assigned_by? expires_at?");
}

/// S4-B17: an organisation begins with the roles that the documents name.
#[test]
fn shipped_roles_have_the_documents_names() {
    let shipped: BTreeSet<&str> = SHIPPED_ROLES.iter().map(|role| role.name).collect();
    for name in [
        "admin",
        "member",
        "viewer",
        "org:admin",
        "super_admin",
        "analyst",
        "user",
        "company_user",
        "demo",
        "platform_engineer",
        "developer",
    ] {
        assert!(shipped.contains(name), "{name}");
    }
}
