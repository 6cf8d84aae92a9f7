//! The data API over real databases of both engines.

mod api;
mod describe;
mod embed;
mod equal;
mod read;
mod seal;
mod shop;
mod stream;
mod tenancy;
mod view;
mod write;
