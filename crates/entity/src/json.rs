//! Canonical JSON text: the form in which `PostgreSQL` prints `jsonb`.
