//! Ticketing: venues, events, tickets and customers; scanning, minting, pricing and what is learnt of customers.

mod customer;
mod customer_value;
mod daily_stats;
mod fraud_event;
mod nft;
mod offline_scan_cache;
mod pricing;
mod scan_policy;
mod scanner_device;
mod ticket;
mod ticket_scan;
mod venue;
mod venue_event;

pub use customer::Customer;
pub use customer_value::{ChurnRisk, CustomerLifetimeValue, CustomerRfmScore, CustomerSegment};
pub use daily_stats::{EventDailyStats, VenueDailyStats};
pub use fraud_event::FraudEvent;
pub use nft::{MintStatus, NftMint, NftTransfer};
pub use offline_scan_cache::OfflineScanCache;
pub use pricing::{PendingPriceChange, PriceHistory};
pub use scan_policy::ScanPolicy;
pub use scanner_device::{DeviceStatus, ScannerDevice};
pub use ticket::{Ticket, TicketStatus};
pub use ticket_scan::{
    DenyReason, ScanDirection, ScanLogEvent, ScanResult, TicketScan, TicketScanLog,
};
pub use venue::{Venue, VenueMember, VenueRole};
pub use venue_event::{EventStatus, VenueEvent};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("ticketing").entities([
        Venue::meta(),
        VenueMember::meta(),
        Customer::meta(),
        VenueEvent::meta(),
        Ticket::meta(),
        ScannerDevice::meta(),
        ScanPolicy::meta(),
        OfflineScanCache::meta(),
        TicketScan::meta(),
        TicketScanLog::meta(),
        NftMint::meta(),
        NftTransfer::meta(),
        FraudEvent::meta(),
        CustomerRfmScore::meta(),
        CustomerSegment::meta(),
        CustomerLifetimeValue::meta(),
        PriceHistory::meta(),
        PendingPriceChange::meta(),
        VenueDailyStats::meta(),
        EventDailyStats::meta(),
    ])
}
