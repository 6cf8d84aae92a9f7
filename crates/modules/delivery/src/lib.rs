//! Delivery: destinations outside, what waits to be sent to them, and how they are.

mod destination;
mod queue;
mod webhook;

pub use destination::{
    CircuitBreakerState, DeliveryDestination, DestinationHealth, DestinationType, HealthStatus,
};
pub use queue::{Delivery, DeliveryLog, DeliveryLogStatus, DeliveryStatus};
pub use webhook::{SignatureAlgorithm, WebhookSecret};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("delivery").entities([
        DeliveryDestination::meta(),
        DestinationHealth::meta(),
        WebhookSecret::meta(),
        Delivery::meta(),
        DeliveryLog::meta(),
    ])
}
