//! The `mainstay` binary.
mod import;

fn main() {}
