//! Integrations: other systems, the connections to them, and what is exchanged.

mod connection;
mod credential;
mod integration;
mod sync;
mod webhook_event;

pub use connection::{
    Connection, ConnectionHealth, ConnectionStatus, FieldMapping, IntegrationHealth,
};
pub use credential::{KeyEnvironment, OauthToken, VenueApiKey};
pub use integration::{Integration, IntegrationConfig, IntegrationType};
pub use sync::{SyncJob, SyncLog, SyncOutcome, SyncStatus, SyncType};
pub use webhook_event::{WebhookEvent, WebhookSource, WebhookStatus};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("integrations").entities([
        Integration::meta(),
        Connection::meta(),
        FieldMapping::meta(),
        IntegrationConfig::meta(),
        IntegrationHealth::meta(),
        WebhookEvent::meta(),
        SyncJob::meta(),
        SyncLog::meta(),
        OauthToken::meta(),
        VenueApiKey::meta(),
    ])
}
