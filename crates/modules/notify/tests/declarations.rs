//! What the documents promise of notifications, and the declarations say.

use mainstay_declared::lines::{
    checks, confidential, defaults, keeping, moves, references, uniques, values,
};
use mainstay_entity::EntityMeta;

fn entities() -> Vec<EntityMeta> {
    mainstay_notify::module().entities
}

/// S0-B1, S0-B5. S0-B36 leaves batches and schedules open.
#[test]
fn messages_move_as_documented() {
    assert_eq!(
        moves(&entities()),
        [
            "notifications.status pending -> sent | failed; sent -> read",
            "notification_history.status_from pending -> sent | failed; sent -> read",
            "notification_history.status_to pending -> sent | failed; sent -> read",
            "outbound_messages.status queued -> sending | failed; sending -> sent | failed | queued",
            "notification_batches.status pending -> processing | cancelled; processing -> completed | failed | cancelled",
            "notification_schedules.status pending -> processing | cancelled; processing -> pending | completed | failed",
        ]
    );
}

/// S0-B2 to S0-B4, S0-B6 to S0-B8, S0-B10, S0-B11.
#[test]
fn messages_take_the_documented_values() {
    assert_eq!(
        values(&entities()),
        [
            "notifications.recipient_type user/customer/business",
            "notifications.channel email/sms/push/in_app",
            "notification_templates.type email/sms/push",
            "notification_preferences.channel email/sms/push",
            "push_tokens.platform ios/android/web",
            "notification_providers.name sendgrid/ses/twilio/fcm",
            "notification_providers.type email/sms/push",
            "outbound_messages.channel email/sms/push",
            "outbound_messages.provider sendgrid/ses/twilio/fcm",
            "notification_rate_limits.channel email/sms/push",
            "notification_suppressions.reason bounced/complained/unsubscribed",
        ]
    );
}

/// S2-B52: messages are wanted unless somebody says otherwise.
#[test]
fn messages_have_defaults() {
    assert_eq!(
        defaults(&entities()),
        [
            "notifications.recipient_type user",
            "notifications.category general",
            "notifications.status pending",
            "notification_engagements.bounced false",
            "notification_engagements.complained false",
            "notification_triggers.enabled true",
            "notification_preferences.category all",
            "notification_preferences.is_enabled true",
            "push_tokens.active true",
            "notification_providers.active true",
            "notification_providers.priority 0",
            "outbound_messages.status queued",
            "outbound_messages.priority 0",
            "outbound_messages.attempts 0",
            "outbound_messages.max_attempts 5",
            "notification_batches.total_count 0",
            "notification_batches.sent_count 0",
            "notification_batches.failed_count 0",
            "notification_batches.status pending",
            "notification_schedules.status pending",
            "notification_segments.user_count 0",
            "notification_rate_limits.current_count 0",
        ]
    );
}

/// S0-B44, S0-B45: tokens and accounts are sealed.
#[test]
fn messages_keep_personal_data_and_credentials_apart() {
    assert_eq!(
        confidential(&entities()),
        [
            "notifications.user_id subject",
            "notifications.subject pii",
            "notifications.content pii",
            "notification_engagements.user_id subject",
            "notification_engagements.user_agent pii",
            "notification_engagements.ip_address pii",
            "notification_preferences.user_id subject",
            "push_tokens.user_id subject",
            "push_tokens.device_id pii",
            "push_tokens.token secret",
            "notification_providers.config secret",
            "outbound_messages.user_id subject",
            "outbound_messages.recipient pii",
            "outbound_messages.subject pii",
            "outbound_messages.html_body pii",
            "outbound_messages.text_body pii",
            "outbound_messages.secrets secret",
            "notification_suppressions.email pii",
            "notification_suppressions.phone pii",
        ]
    );
}

/// S0-B9: one template for a kind of event. S0-D8: an organisation has one limit for a channel.
#[test]
fn messages_have_unique_keys() {
    assert_eq!(
        uniques(&entities()),
        [
            "notification_templates (name, type)",
            "notification_triggers (event_type)",
            "notification_preferences (user_id, channel, category)",
            "push_tokens (user_id, device_id)",
            "notification_segments (name)",
            "notification_rate_limits (user_id, channel) nulls not distinct",
            "notification_suppressions (email)",
            "notification_suppressions (phone)",
        ]
    );
}

/// S0-B6, S0-B7, S0-B10: carriers serve their channels. S0-B72: an address or number is given.
#[test]
fn messages_are_checked() {
    assert_eq!(
        checks(&entities()),
        [
            "notification_attachments.size_bytes 0..",
            "notification_providers.priority 0..",
            "outbound_messages.cost_cents 0..",
            "outbound_messages.attempts 0..",
            "outbound_messages.max_attempts 1..100",
            "notification_batches.total_count 0..",
            "notification_batches.sent_count 0..",
            "notification_batches.failed_count 0..",
            "notification_segments.user_count 0..",
            "notification_rate_limits.max_per_hour 0..",
            "notification_rate_limits.max_per_day 0..",
            "notification_rate_limits.current_count 0..",
            "notifications: recipient_type <> 'user' or user_id is not null",
            "notification_providers: (type = 'email' and name in ('sendgrid', 'ses')) or (type = 'sms' and name = 'twilio') or (type = 'push' and name = 'fcm')",
            "outbound_messages: html_body is not null or text_body is not null",
            "outbound_messages: provider is null or (channel = 'email' and provider in ('sendgrid', 'ses')) or (channel = 'sms' and provider = 'twilio') or (channel = 'push' and provider = 'fcm')",
            "notification_batches: sent_count + failed_count <= total_count",
            "notification_rate_limits: max_per_hour <= max_per_day",
            "notification_suppressions: email is not null or phone is not null",
            "notification_suppressions: email = lower(email)",
        ]
    );
}

/// Templates in use stay, and so do messages whose notification goes.
#[test]
fn messages_go_with_what_they_belong_to() {
    assert_eq!(
        references(&entities()),
        [
            "notifications.user_id -> organization_members cascade",
            "notification_engagements.notification_id -> notifications cascade",
            "notification_engagements.user_id -> organization_members cascade",
            "notification_attachments.notification_id -> notifications cascade",
            "notification_triggers.template_id -> notification_templates restrict",
            "notification_preferences.user_id -> users cascade",
            "push_tokens.user_id -> users cascade",
            "outbound_messages.notification_id -> notifications setnull",
            "outbound_messages.user_id -> organization_members cascade",
            "notification_schedules.notification_id -> notifications cascade",
            "notification_rate_limits.user_id -> organization_members cascade",
        ]
    );
}

/// S3-B10: a queue, the history of states, and preferences that are a person's own.
#[test]
fn messages_are_kept_as_what_they_are() {
    assert_eq!(
        keeping(&entities()),
        [
            "notification_history: append only, read only, unaudited",
            "notification_engagements: read only, unaudited",
            "notification_preferences: owner(user(\"user_id\"))",
            "push_tokens: owner(user(\"user_id\"))",
            "outbound_messages: queue",
        ]
    );
}
