//! Dashboards: pages that show measurements, and what stands on them.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Json, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Who a dashboard is shown to (S0-B22).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DashboardVisibility {
    /// Who made it.
    Private,
    /// The teams of who made it.
    Team,
    /// The whole organisation.
    Public,
}

/// A page of widgets.
#[derive(Entity)]
#[entity(
    table = "dashboards",
    scope = tenant,
    classification = internal,
    index(r#type),
    index(created_by),
    index(is_default)
)]
pub struct Dashboard {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The name that people choose it by.
    pub name: Text<255>,
    /// What it shows.
    pub description: Option<Text<2000>>,
    /// What it is about, such as `monitoring` or `sales`.
    #[entity(default = "custom")]
    pub r#type: Text<50>,
    /// How widgets are arranged.
    #[entity(default = "{}")]
    pub layout: Json<()>,
    /// What all widgets are narrowed to, such as a range of time.
    #[entity(default = "{}")]
    pub filters: Json<()>,
    /// Who it is shown to.
    #[entity(default = "private")]
    pub visibility: DashboardVisibility,
    /// Whether it is shown when nothing else is chosen.
    #[entity(default = false)]
    pub is_default: bool,
    /// Its place among others; smaller comes first.
    #[entity(default = 0)]
    pub display_order: i32,
    /// Who made it.
    #[entity(references(OrganizationMember, to = "user_id", on_delete = set_null))]
    pub created_by: Option<Id<OrganizationMember>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A chart, number or list on a dashboard.
#[derive(Entity)]
#[entity(
    table = "dashboard_widgets",
    scope = tenant,
    classification = internal,
    index(dashboard_id),
    index(widget_type)
)]
pub struct DashboardWidget {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The dashboard that it stands on.
    #[entity(on_delete = cascade)]
    pub dashboard_id: Id<Dashboard>,
    /// How it shows what it shows, such as `line_chart` or `number`.
    pub widget_type: Text<50>,
    /// What stands above it.
    pub title: Text<255>,
    /// What it shows.
    pub description: Option<Text<2000>>,
    /// How it looks and behaves.
    #[entity(default = "{}")]
    pub configuration: Json<()>,
    /// What it shows, such as `{"metric": "ticket_sales", "aggregation": "sum"}`.
    #[entity(default = "{}")]
    pub data_source: Json<()>,
    /// Where on the dashboard it stands.
    #[entity(default = "{}")]
    pub position: Json<()>,
    /// How much of the dashboard it takes.
    #[entity(default = "{}")]
    pub size: Json<()>,
    /// Colours and the like.
    #[entity(default = "{}")]
    pub style: Json<()>,
    /// Seconds until it is drawn anew (S0-B75).
    #[entity(default = 60, min = 1)]
    pub refresh_interval: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
