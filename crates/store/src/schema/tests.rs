//! What the schema refuses by itself, whoever writes: raw SQL on both engines.

pub(crate) mod fixture;

mod constraints;
mod database;
mod partitions;
mod script;
mod tenancy;
mod views;
