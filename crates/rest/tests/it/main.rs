//! The data API over real databases of both engines.

mod api;
mod batch;
mod describe;
mod embed;
mod equal;
mod idempotent;
mod keyset;
mod may;
mod names;
mod nasty;
mod nested;
mod own_action;
mod read;
mod seal;
mod shape;
mod shop;
mod stream;
mod tenancy;
mod types;
mod unite;
mod view;
mod write;
