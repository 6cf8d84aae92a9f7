//! The Rust types of fields that the standard library does not have.

mod confidential;
mod decimal;
mod id;
pub(crate) mod interval;
pub(crate) mod text;
mod u256;

pub use confidential::{Json, Sealed, Secret};
pub use decimal::{Decimal, Numeric};
pub use id::Id;
pub use interval::Interval;
pub use text::Text;
pub use u256::U256;
