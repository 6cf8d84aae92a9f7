//! Migrations on both engines, with rows in the tables.

mod changes;
mod refusals;
mod renames;
mod together;
