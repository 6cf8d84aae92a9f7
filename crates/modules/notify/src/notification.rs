//! Notifications: what one person is told, and what became of it.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::NotificationChannel;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};
use std::net::IpAddr;

/// Where a notification stands (S0-B1).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "pending -> sent | failed; sent -> read")]
pub enum NotificationStatus {
    /// Waits for its time.
    Pending,
    /// It is on its way or shown.
    Sent,
    /// It could not be sent, and is given up.
    Failed,
    /// Its recipient has seen it.
    Read,
}

/// Who a notification is for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientType {
    /// A member of the organisation.
    User,
    /// A customer, who has no account.
    Customer,
    /// An address of a business, such as a venue's.
    Business,
}

/// What one recipient is told, over one channel.
#[derive(Entity)]
#[entity(
    table = "notifications",
    scope = tenant,
    classification = confidential,
    index(user_id, channel, status),
    index(scheduled_for, sent_at),
    check(name = "recipient_named", "recipient_type <> 'user' or user_id is not null")
)]
pub struct Notification {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The member that it is for; the messages of other recipients name an address.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// Who it is for.
    #[entity(default = "user")]
    pub recipient_type: RecipientType,
    /// What it is about, such as `order_confirmed` or `tax_form`.
    #[entity(default = "general")]
    pub category: Text<100>,
    /// How it reaches the recipient.
    pub channel: NotificationChannel,
    /// The subject of a mail, the title of others.
    #[entity(pii)]
    pub subject: Option<Text<998>>,
    /// What it says.
    #[entity(pii)]
    pub content: Text<65_536>,
    /// Where it stands.
    #[entity(default = "pending")]
    pub status: NotificationStatus,
    /// Not before this time; none means at once.
    pub scheduled_for: Option<Timestamp>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A step in the life of a notification.
#[derive(Entity)]
#[entity(
    table = "notification_history",
    scope = tenant,
    classification = internal,
    append_only,
    read_only,
    audit = none,
    index(notification_id, changed_at)
)]
pub struct NotificationHistory {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The notification, which may be gone.
    #[entity(no_reference)]
    pub notification_id: Id<Notification>,
    /// Where it stood; none for a new one.
    pub status_from: Option<NotificationStatus>,
    /// Where it stands since.
    pub status_to: NotificationStatus,
    /// When it changed.
    #[entity(default = now)]
    pub changed_at: Timestamp,
    /// Why it failed.
    #[entity(confidential)]
    pub error_message: Option<Text<4000>>,
}

/// What its recipient did with a notification, as providers and links report it.
#[derive(Entity)]
#[entity(
    table = "notification_engagements",
    scope = tenant,
    classification = confidential,
    read_only,
    audit = none,
    index(notification_id)
)]
pub struct NotificationEngagement {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The notification.
    #[entity(on_delete = cascade)]
    pub notification_id: Id<Notification>,
    /// Who opened it, where that is a member.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// When it was first opened.
    pub opened_at: Option<Timestamp>,
    /// When a link in it was first followed.
    pub clicked_at: Option<Timestamp>,
    /// Whether the address refused it.
    #[entity(default = false)]
    pub bounced: bool,
    /// Whether it was reported as unwanted.
    #[entity(default = false)]
    pub complained: bool,
    /// The program that opened it.
    #[entity(pii)]
    pub user_agent: Option<Text<1000>>,
    /// Where it was opened.
    #[entity(pii)]
    pub ip_address: Option<IpAddr>,
}

/// A file that goes with a notification.
#[derive(Entity)]
#[entity(
    table = "notification_attachments",
    scope = tenant,
    classification = confidential,
    index(notification_id)
)]
pub struct NotificationAttachment {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// The notification.
    #[entity(on_delete = cascade)]
    pub notification_id: Id<Notification>,
    /// Where the content is stored.
    pub file_key: Text<1024>,
    /// The name that the recipient sees.
    pub filename: Text<255>,
    /// What kind of content it is, such as `application/pdf`.
    pub mime_type: Text<255>,
    /// The length of the content in bytes.
    #[entity(min = 0)]
    pub size_bytes: i64,
    pub created_at: Timestamp,
}
