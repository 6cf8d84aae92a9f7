//! Migrations on both engines, with rows in the tables.

mod changes;
mod online;
mod refusals;
mod rehearsal;
mod renames;
mod statistics;
mod together;
