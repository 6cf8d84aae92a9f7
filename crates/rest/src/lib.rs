//! The PostgREST dialect: request to query on metadata to response.

pub mod dialect;
