//! Channels and those who carry messages over them.

use mainstay_entity::Choice;

/// How a notification reaches somebody (S0-B2).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationChannel {
    /// A mail.
    Email,
    /// A text message.
    Sms,
    /// A message on a device.
    Push,
    /// Shown inside the product; nothing leaves the server.
    InApp,
}

/// How a message leaves the server (S0-B3, S0-B4). What is shown in the product has no template,
/// preference or provider, so `in_app` is missing.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryChannel {
    /// A mail.
    Email,
    /// A text message.
    Sms,
    /// A message on a device.
    Push,
}

/// Who carries messages (S0-B6, S0-B7, S0-B10).
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Mails, by `SendGrid`.
    Sendgrid,
    /// Mails, by Amazon SES.
    Ses,
    /// Text messages, by Twilio.
    Twilio,
    /// Messages on devices, by Firebase Cloud Messaging.
    Fcm,
}
