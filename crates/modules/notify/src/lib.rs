//! Notifications: what people are told, over which channel, by which template and within which limits.

mod campaign;
mod channel;
mod limit;
mod mailer;
mod message;
mod notification;
mod preference;
mod provider;
mod template;

pub use campaign::{
    BatchStatus, NotificationBatch, NotificationSchedule, NotificationScheduleStatus,
    NotificationSegment,
};
pub use channel::{Carrier, DeliveryChannel, NotificationChannel};
pub use limit::{NotificationRateLimit, NotificationSuppression, SuppressionReason};
pub use mailer::{Mailer, MailerError, sending};
pub use message::{MessageStatus, OutboundMessage};
pub use notification::{
    Notification, NotificationAttachment, NotificationEngagement, NotificationHistory,
    NotificationStatus, RecipientType,
};
pub use preference::{NotificationPreference, PushPlatform, PushToken};
pub use provider::NotificationProvider;
pub use template::{NotificationTemplate, NotificationTrigger};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("notify").entities([
        Notification::meta(),
        NotificationHistory::meta(),
        NotificationEngagement::meta(),
        NotificationAttachment::meta(),
        NotificationTemplate::meta(),
        NotificationTrigger::meta(),
        NotificationPreference::meta(),
        PushToken::meta(),
        NotificationProvider::meta(),
        OutboundMessage::meta(),
        NotificationBatch::meta(),
        NotificationSchedule::meta(),
        NotificationSegment::meta(),
        NotificationRateLimit::meta(),
        NotificationSuppression::meta(),
    ])
}
