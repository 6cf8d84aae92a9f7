//! Messages on their way out: the queue of mails, text messages and messages to devices.
#![expect(missing_docs, reason = "conventional columns need no words")]

use crate::channel::{Carrier, DeliveryChannel};
use crate::notification::Notification;
use jiff::Timestamp;
use mainstay_entity::{Choice, Entity, Id, Secret, Text};
use mainstay_kernel::entities::{Organization, OrganizationMember};

/// Where a message stands (S0-B5; text messages, whose states S0 does not list, have the same).
///
/// An attempt that failed puts the message back into the queue until it is given up; one that
/// must not be tried at all, as its address is suppressed, fails without an attempt.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
#[choice(moves = "queued -> sending | failed; sending -> sent | failed | queued")]
pub enum MessageStatus {
    /// Waits for its turn.
    Queued,
    /// A server hands it over.
    Sending,
    /// Its carrier took it.
    Sent,
    /// It is given up.
    Failed,
}

/// A message that leaves the server: what is sent, where to and over whom.
#[derive(Entity)]
#[entity(
    table = "outbound_messages",
    scope = tenant,
    classification = confidential,
    queue,
    index(notification_id),
    index(columns(status, run_at), global),
    check(name = "body_given", "html_body is not null or text_body is not null"),
    check(
        name = "provider_channel",
        "provider is null or (channel = 'email' and provider in ('sendgrid', 'ses')) \
         or (channel = 'sms' and provider = 'twilio') or (channel = 'push' and provider = 'fcm')"
    )
)]
pub struct OutboundMessage {
    pub id: Id<Self>,
    pub organization_id: Id<Organization>,
    /// What it tells; none for a message of its own.
    #[entity(on_delete = set_null)]
    pub notification_id: Option<Id<Notification>>,
    /// The member that it goes to.
    #[entity(subject, references(OrganizationMember, to = "user_id", on_delete = cascade))]
    pub user_id: Option<Id<OrganizationMember>>,
    /// How it goes.
    pub channel: DeliveryChannel,
    /// The address, the number or the device that it goes to.
    #[entity(pii)]
    pub recipient: Text<320>,
    /// The address or number that it comes from; none means the provider's own.
    pub sender: Option<Text<320>>,
    /// The subject of a mail, the title of others.
    #[entity(pii)]
    pub subject: Option<Text<998>>,
    /// The text of a mail as HTML.
    #[entity(pii)]
    pub html_body: Option<Text<262_144>>,
    /// The plain text.
    #[entity(pii)]
    pub text_body: Option<Text<65_536>>,
    /// What stands for `{{ link }}` and `{{ code }}` in the texts, until it is sent.
    #[entity(secret)]
    pub secrets: Option<Secret<()>>,
    /// Where it stands.
    #[entity(default = "queued")]
    pub status: MessageStatus,
    /// Who carries it; none until that is chosen.
    pub provider: Option<Carrier>,
    /// Larger goes first.
    #[entity(default = 0)]
    pub priority: i32,
    /// What it cost, in cents.
    #[entity(min = 0)]
    pub cost_cents: Option<i64>,
    /// Attempts begun.
    #[entity(default = 0, min = 0, read_only)]
    pub attempts: i32,
    /// Attempts before it is given up.
    #[entity(default = 5, min = 1, max = 100)]
    pub max_attempts: i32,
    /// Not before this time; none means at once.
    pub run_at: Option<Timestamp>,
    /// Which server works on it.
    #[entity(read_only)]
    pub leased_by: Option<Text<255>>,
    /// Until when no other server may.
    #[entity(read_only)]
    pub leased_until: Option<Timestamp>,
    /// Why the last attempt failed.
    #[entity(read_only)]
    pub last_error: Option<Text<4000>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
