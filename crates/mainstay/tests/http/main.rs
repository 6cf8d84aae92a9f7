//! The running server from outside, on both engines: one suite, written once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod access;
mod api_keys;
mod audit;
mod audit_cli;
mod audit_reading;
mod auth;
mod bad_input;
mod changes;
mod classifications;
mod connections;
mod declarations;
mod demo;
mod import;
mod isolation;
mod keys;
mod large;
mod ledger;
mod operations;
mod operator;
mod own;
mod own_actions;
mod own_calls;
mod own_computed;
mod own_fixture;
mod own_governance;
mod own_limits;
mod people;
mod presets;
mod refusals;
mod restart;
mod roles;
mod search;
mod server;
mod soft_delete;
mod teams;
mod timing;
mod witness;

/// Runs each test once per engine, as `sqlite::name` and `postgres::name`.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::server::Server::start(crate::server::Engine::Sqlite).await).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::server::Server::start(crate::server::Engine::Postgres).await).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// Runs each test once per engine over the built-in entities, as `every::sqlite::name`, and all of
/// them one after the other over the own entities of `tests/fixtures/own`, as
/// `every::sqlite::own_entities`.
macro_rules! over_every_catalog {
    ($($name:ident),* $(,)?) => {
        mod every {
            mod sqlite {
                $crate::over_every_catalog!(@ crate::server::Engine::Sqlite, $($name),*);
            }

            mod postgres {
                $crate::over_every_catalog!(@ crate::server::Engine::Postgres, $($name),*);
            }
        }
    };
    (@ $engine:expr, $($name:ident),*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            super::super::$name(&crate::server::Server::start($engine).await).await;
        })*

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn own_entities() {
            let server = crate::own_fixture::start($engine).await;
            $(super::super::$name(&server).await;)*
        }
    };
}
pub(crate) use over_every_catalog;
