//! Ticketing: venues, events, tickets and customers; scanning, minting, pricing and what is learnt of customers.

use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("ticketing")
}
