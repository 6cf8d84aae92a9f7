mod durability;
mod errors;
mod fixture;
mod functions;
mod rate;
mod transactions;
mod upserts;
mod writes;
