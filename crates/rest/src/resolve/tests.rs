//! Planning alone: what parsed requests become, on the kernel's own entities.

use super::{Purpose, Resolver};
use crate::dialect::{Limits, parse_query};
use crate::error::Failure;
use crate::request::Settings;
use jiff::Timestamp;
use mainstay_entity::{Catalog, Entity, Value};
use mainstay_kernel::entities::{
    AuditEvent, Organization, OrganizationMember, Permission, Role, RolePermission, Team,
    TeamMember, User, UserRole, VaultKey,
};
use mainstay_kernel::{Context, Module, Principal, PrincipalKind, catalog};
use mainstay_store::{Compare, Filter, OutputValue, Relation, Select};
use std::sync::Arc;
use uuid::Uuid;

fn entities() -> Catalog {
    let module = Module::new("kernel").entities([
        Organization::meta(),
        User::meta(),
        OrganizationMember::meta(),
        Permission::meta(),
        Role::meta(),
        RolePermission::meta(),
        UserRole::meta(),
        Team::meta(),
        TeamMember::meta(),
        AuditEvent::meta(),
        VaultKey::meta(),
    ]);
    catalog(&[module]).expect("the kernel's entities fit together")
}

fn plan(table: &str, query: &str) -> Result<Select, (u16, String)> {
    let catalog = entities();
    let principal = Principal {
        kind: PrincipalKind::User,
        organization_id: Some(Uuid::nil()),
        ..Principal::anonymous()
    };
    let context = Context::new(Arc::new(principal), Arc::default(), Timestamp::UNIX_EPOCH);
    let params = parse_query(query, &Limits::default()).expect("a well-formed query");
    let settings = Settings::default();
    let table = catalog.find("mainstay", table).expect("a table");
    let resolver = Resolver::new(&catalog, &context, &settings, &params);
    resolver.select(table, Purpose::Read).map_err(|failure| {
        let response = match failure {
            Failure::Fault(fault) => fault.response(),
            Failure::Kernel(error) => crate::error_response(&error, None, false),
        };
        let body = String::from_utf8_lossy(response.body()).into_owned();
        (response.status().as_u16(), body)
    })
}

/// The relation of the first embed.
fn relation(table: &str, query: &str) -> Relation {
    let select = plan(table, query).expect("a plan");
    let embed = select.output.into_iter().find_map(|output| match output.value {
        OutputValue::Embed(embed) => Some(embed.relation),
        _ => None,
    });
    embed.expect("an embed")
}

#[test]
fn a_star_leaves_out_what_nobody_reads() {
    let select = plan("vault_keys", "").expect("a plan");
    assert!(!select.output.iter().any(|output| output.key == "wrapped"));
    let twice = plan("users", "select=*,email,id").expect("a plan");
    let once = plan("users", "").expect("a plan");
    assert_eq!(twice.output.len(), once.output.len());
}

#[test]
fn junctions_are_tables_whose_key_is_made_of_two_references() {
    let permissions = relation("roles", "select=permissions(resource)");
    let junction = permissions.junction.expect("a table between");
    assert_eq!(junction.table.meta.table, "role_permissions");
    assert!(!permissions.to_one);
    let organizations = relation("users", "select=organizations(slug)");
    let junction = organizations.junction.expect("a table between");
    assert_eq!(junction.table.meta.table, "organization_members");
    // A tenant table belongs to its organisation, whatever else refers to both.
    let organization = relation("teams", "select=organizations(slug)");
    assert!(organization.to_one && organization.junction.is_none());
    // `assigned_by` is no part of a key.
    let roles = relation("organization_members", "select=roles(name)");
    let junction = roles.junction.expect("a table between");
    assert_eq!(junction.table.column_name(junction.from[1]), "user_id");
}

#[test]
fn a_reference_that_is_unique_leads_to_one() {
    let member = relation("team_members", "select=organization_members(display_name)");
    assert!(member.to_one && member.from.len() == 2);
    let up = relation("teams", "select=parent_team_id(name)");
    assert!(up.to_one);
    let down = relation("teams", "select=teams(name)");
    assert!(!down.to_one && down.from == up.to && down.to == up.from);
    let hinted = relation("teams", "select=parts:teams!parent_team_id(name)");
    assert_eq!(hinted, down);
}

#[test]
fn filters_of_embeds_stay_with_them_unless_the_join_is_inner() {
    let query = "select=name,team_members(role)&team_members.role=eq.OWNER";
    let left = plan("teams", query).expect("a plan");
    assert!(matches!(left.filter, Filter::All));
    let query = "select=name,m:team_members!inner(role)&m.role=eq.OWNER&name=eq.x";
    let inner = plan("teams", query).expect("a plan");
    let Filter::And(parts) = inner.filter else { panic!("two conditions") };
    let [Filter::Compare { op: Compare::Eq, .. }, Filter::Exists { filter, .. }] = &parts[..]
    else {
        panic!("{parts:?}")
    };
    let Filter::Compare { right: Value::Text(role), .. } = &**filter else { panic!("{filter:?}") };
    assert_eq!(role, "OWNER");
    // Deeper inner joins reach the root through the ones above.
    let query = "select=name,team_members!inner(organization_members!inner())";
    let deep = plan("teams", query).expect("a plan");
    let Filter::Exists { filter, .. } = deep.filter else { panic!("{:?}", deep.filter) };
    assert!(matches!(*filter, Filter::Exists { .. }));
}

#[test]
fn lists_inside_of_rows_are_bounded_too() {
    let select = plan("teams", "select=team_members(role)").expect("a plan");
    let OutputValue::Embed(embed) = &select.output[0].value else { panic!("an embed") };
    assert_eq!(embed.select.limit, Some(1_000));
    let select = plan("team_members", "select=teams(name)").expect("a plan");
    let OutputValue::Embed(embed) = &select.output[0].value else { panic!("an embed") };
    assert_eq!(embed.select.limit, None);
}

#[test]
fn too_many_levels_are_refused() {
    let mut query = "name".to_owned();
    for _ in 0..9 {
        query = format!("up:parent_team_id({query})");
    }
    let (status, body) = plan("teams", &format!("select={query}")).expect_err("too deep");
    assert_eq!(status, 400);
    assert!(body.contains("PGRST127") && body.contains("8 levels"), "{body}");
}

#[test]
fn an_alias_names_an_embed_and_a_table_one_that_is_alone() {
    assert!(plan("teams", "select=m:team_members(role)&team_members.role=eq.OWNER").is_ok());
    let twice = "select=a:team_members(role),b:team_members(role)";
    assert!(plan("teams", &format!("{twice}&a.role=eq.OWNER")).is_ok());
    let unclear = plan("teams", &format!("{twice}&team_members.role=eq.OWNER"));
    assert!(unclear.is_err_and(|(_, body)| body.contains("PGRST108")));
}
