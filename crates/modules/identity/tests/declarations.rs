//! What the documents promise of people, sign-in and permissions (S1, S2, S3, S4).

#![expect(clippy::panic, reason = "a test fails by panicking")]

use mainstay_entity::{
    ChoiceMeta, ChoiceValue, Classification, Column, DefaultValue, EntityMeta, Kind, NullsDistinct,
    OnDelete, Personal, Scope, Unique,
};
use mainstay_identity::{SHIPPED_ROLES, module};
use std::collections::BTreeSet;

fn entity(table: &str) -> EntityMeta {
    let found = module().entities.into_iter().find(|entity| entity.table == table);
    found.unwrap_or_else(|| panic!("no table {table}"))
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('.').unwrap_or_else(|| panic!("{path} is no table.column"))
}

fn column(path: &str) -> Column {
    let (table, name) = split(path);
    entity(table).column(name).cloned().unwrap_or_else(|| panic!("no column {path}"))
}

fn choice(path: &str) -> ChoiceMeta {
    match column(path).kind {
        Kind::Choice(choice) => choice.into_owned(),
        other => panic!("{path} is {}", other.name()),
    }
}

/// The values of a choice in their order, each with those that may follow it in a life cycle.
fn choices(path: &str) -> String {
    let choice = choice(path);
    let mut described = Vec::new();
    for value in choice.values.iter() {
        let follows = |other: &&ChoiceValue| value.next.contains(&other.name);
        let next: Vec<&str> = choice.values.iter().filter(follows).map(|v| &*v.name).collect();
        let arrow = if next.is_empty() { "" } else { ">" };
        described.push(format!("{}{arrow}{}", value.name, next.join("|")));
    }
    described.join(" ")
}

/// The default's text; `now` for the time of the request.
fn default(path: &str) -> String {
    match column(path).default {
        Some(DefaultValue::Literal(text)) => text.into_owned(),
        Some(DefaultValue::Now) => "now".to_owned(),
        other => panic!("{path} has the default {other:?}"),
    }
}

/// Every unique key: its columns, then `=` when nulls are equal, then its condition.
fn uniques(table: &str) -> BTreeSet<String> {
    let describe = |unique: &Unique| {
        let nulls = if unique.nulls == NullsDistinct::No { " =" } else { "" };
        let filter = unique.filter.as_ref().map_or_else(String::new, |f| format!(" where {f}"));
        format!("{}{nulls}{filter}", unique.columns.join(" "))
    };
    entity(table).uniques.iter().map(describe).collect()
}

fn set<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(str::to_owned).into()
}

/// The column that a column refers to, and what happens when the row there goes.
fn reference(path: &str) -> (String, OnDelete) {
    let (table, name) = split(path);
    let entity = entity(table);
    let found = entity.references.iter().find(|reference| *reference.columns == [name]);
    let reference = found.unwrap_or_else(|| panic!("{path} refers to nothing"));
    (format!("{}.{}", reference.table, reference.to.join(" ")), reference.on_delete)
}

/// Asserts that a table has columns, each of which may be null if a `?` follows its name.
fn has(table: &str, columns: &str) {
    for word in columns.split_whitespace() {
        let name = word.trim_end_matches('?');
        let column = column(&format!("{table}.{name}"));
        assert_eq!(column.nullable, word.ends_with('?'), "{table}.{name}");
    }
}

#[test]
fn choices_of_identity_are_the_documents() {
    for (path, expected) in [
        ("user_mfa_factors.method", "TOTP SMS EMAIL WEBAUTHN"),
        ("user_verifications.type", "email phone password_reset"),
        ("team_members.role", "OWNER MAINTAINER MEMBER"),
        ("user_settings.theme", "dark light system"),
        ("subscriptions.tier", "basic professional enterprise"),
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
        assert_eq!(choices(path), expected, "{path}");
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
        assert_eq!(default(path), expected, "{path}");
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
        assert_eq!(uniques(table), keys, "{table}");
        assert!(entity(table).soft_delete, "{table}");
        assert!(entity(table).column("is_active").is_some(), "{table}");
    }
    assert_eq!(reference("teams.parent_team_id"), ("teams.id".to_owned(), OnDelete::SetNull));
}

/// S1-B40, S3-B7: tokens are hashes, each of one session; sessions end, and can be ended before.
#[test]
fn a_session_has_its_own_tokens_and_an_end() {
    assert_eq!(uniques("sessions"), set(["token_hash", "refresh_token_hash"]));
    has("sessions", "expires_at refresh_expires_at revoked_at? revoked_reason? ip_address?");
    assert_eq!(reference("sessions.user_id"), ("users.id".to_owned(), OnDelete::Cascade));
    let devices = "device_type in ('web', 'mobile', 'api')";
    assert!(entity("sessions").checks.iter().any(|check| check.condition == devices));
}

/// S1-B38, S3-B35: memberships and assignments go with either side and are there once.
#[test]
fn memberships_and_assignments_are_unique_and_go_with_either_side() {
    for (table, user, other) in
        [("team_members", "user_id", "team_id"), ("user_roles", "user_id", "role_id")]
    {
        assert_eq!(uniques(table), set([&format!("{user} {other}")]), "{table}");
        for column in [user, other] {
            assert_eq!(reference(&format!("{table}.{column}")).1, OnDelete::Cascade, "{table}");
        }
    }
}

/// S3-B32, S3-B33: one row for each person, gone with the person.
#[test]
fn profiles_and_settings_are_one_to_one_with_people() {
    for table in ["user_profiles", "user_settings"] {
        assert_eq!(*entity(table).primary_key, ["user_id"], "{table}");
    }
    for table in ["user_profiles", "user_settings", "user_mfa_factors", "user_accounts"] {
        let user = format!("{table}.user_id");
        assert_eq!(reference(&user), ("users.id".to_owned(), OnDelete::Cascade), "{table}");
    }
}

/// S3-B36, S3-B151, S3-D6: steps are the installation's, states a person's, one for each step.
#[test]
fn onboarding_has_steps_and_a_state_of_each_for_each_person() {
    has("onboarding_steps", "name description? order required validation_rules");
    has("onboarding_states", "user_id step completed data completed_at? metadata");
    assert_eq!(entity("onboarding_steps").scope, Scope::Public);
    assert_eq!(uniques("onboarding_steps"), set(["name"]));
    assert_eq!(*entity("onboarding_states").primary_key, ["user_id", "step"]);
    assert_eq!(reference("onboarding_states.user_id").1, OnDelete::Cascade);
    assert_eq!(reference("onboarding_states.step").0, "onboarding_steps.name");
}

/// S2-B51: an organisation has one subscription, and each member can have one.
#[test]
fn organisations_and_members_have_a_subscription_each() {
    let keys = set(["user_id =", "stripe_subscription_id"]);
    assert_eq!(uniques("subscriptions"), keys);
    has("subscriptions", "tier status stripe_customer_id? stripe_subscription_id?");
    assert!(entity("subscriptions").read_only);
}

/// S2-B47, S2-B66, S2-B67: what goes with a person, and what outlasts them.
#[test]
fn former_passwords_go_with_a_person_and_sign_ins_stay() {
    assert_eq!(reference("password_history.user_id").1, OnDelete::Cascade);
    assert_eq!(reference("user_verifications.user_id").1, OnDelete::Cascade);
    assert_eq!(reference("login_attempts.user_id").1, OnDelete::SetNull);
    has("login_attempts", "user_id? email? login_method? ip_address? success failure_reason?");
}

/// S3-B150: a token can be used until it expires, and it is known when it was.
#[test]
fn verifications_expire_and_say_when_they_were_used() {
    has("user_verifications", "type token_hash expires_at verified_at?");
    assert_eq!(uniques("user_verifications"), set(["token_hash"]));
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
        assert_eq!(column(path).kind, Kind::Secret, "{path}");
    }
    for path in [
        "user_accounts.password_hash",
        "password_history.password_hash",
        "sessions.token_hash",
        "sessions.refresh_token_hash",
        "api_keys.key_hash",
        "user_verifications.token_hash",
    ] {
        assert_eq!(column(path).classification, Classification::Restricted, "{path}");
    }
    let tables = ["user_mfa_factors", "password_history", "user_verifications", "login_attempts"];
    for table in tables {
        assert!(entity(table).read_only, "{table} is written by the system alone");
    }
}

#[test]
fn personal_data_is_marked_with_whose_it_is() {
    for (table, columns) in [
        ("user_profiles", "full_name first_name last_name avatar_url phone_number address"),
        ("login_attempts", "email ip_address"),
        ("subscriptions", "billing_email"),
        ("onboarding_states", "data"),
        ("users", "email username last_login_ip"),
    ] {
        for name in columns.split_whitespace() {
            let path = format!("{table}.{name}");
            assert_eq!(column(&path).personal, Personal::Pii, "{path}");
        }
        assert!(entity(table).columns.iter().any(|column| column.subject), "{table}");
    }
}

/// S3-B149, S4-B47, S4-B50: roles are an organisation's, hold pairs, and can hold for a time.
#[test]
fn roles_hold_pairs_for_an_organisation_and_a_time() {
    assert_eq!(uniques("roles"), set(["name"]));
    assert_eq!(entity("roles").scope, Scope::Tenant);
    assert_eq!(reference("roles.organization_id").1, OnDelete::Cascade);
    has("roles", "inherits");
    has("permissions", "resource action conditions?");
    has("role_permissions", "conditions? granted_at granted_by?");
    has("user_roles", "status assigned_at assigned_by? expires_at?");
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
