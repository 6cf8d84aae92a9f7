//! `/account`: the pages on which people sign in and look after their account.
//!
//! They do what `/auth/v1` does, by the same functions, and work without scripts, but for
//! passkeys. A browser is known by a cookie; what changes something is a form of a page of ours,
//! which shows that by a token.

mod address;
mod assets;
mod cookie;
mod devices;
mod entrance;
mod factors;
mod form;
mod home;
mod link;
mod organizations;
mod page;
mod passkeys;
mod password;
mod problem;
mod recovery;
mod second_factor;
mod sign_in;
mod sign_up;
mod visit;

use crate::app::App;
use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::Response;
use std::sync::Arc;
use visit::Stop;

type Answer = Result<Response<Body>, Stop>;

/// The routes of pages.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/assets/{name}", get(assets::get))
        .route("/account", get(entrance::choose))
        .route("/account/{slug}", get(home::show))
        .route("/account/{slug}/sign-in", get(sign_in::show).post(sign_in::with_password))
        .route("/account/{slug}/sign-in/link", post(sign_in::send_link))
        .route("/account/{slug}/sign-in/passkey", post(passkeys::ask))
        .route("/account/{slug}/sign-in/passkey/answer", post(passkeys::sign_in))
        .route("/account/{slug}/sign-out", post(sign_in::sign_out))
        .route("/account/{slug}/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/account/{slug}/sign-up/again", post(sign_up::send_again))
        .route("/account/{slug}/recovery", get(recovery::show).post(recovery::submit))
        .route("/account/{slug}/code", post(link::take_code))
        .route("/account/{slug}/link", get(link::show).post(link::take))
        .route("/account/{slug}/continue", get(entrance::go_on))
        .route("/account/{slug}/second-factor", get(second_factor::show).post(second_factor::take))
        .route("/account/{slug}/second-factor/ask", post(second_factor::ask))
        .route("/account/{slug}/profile", post(home::save))
        .route("/account/{slug}/password", get(password::show).post(password::submit))
        .route("/account/{slug}/address", get(address::show).post(address::submit))
        .route("/account/{slug}/factors", get(factors::show))
        .route("/account/{slug}/factors/authenticator", post(factors::enroll))
        .route("/account/{slug}/factors/{id}/confirm", post(factors::confirm))
        .route("/account/{slug}/factors/{id}/remove", post(factors::remove))
        .route("/account/{slug}/factors/{id}/recovery-codes", post(factors::recovery_codes))
        .route("/account/{slug}/passkeys", post(passkeys::add))
        .route("/account/{slug}/passkeys/new", post(passkeys::begin))
        .route("/account/{slug}/passkeys/{id}/remove", post(passkeys::remove))
        .route("/account/{slug}/devices", get(devices::show))
        .route("/account/{slug}/devices/end", post(devices::end_several))
        .route("/account/{slug}/devices/{id}/end", post(devices::end))
        .route("/account/{slug}/organizations", get(organizations::show).post(organizations::enter))
}
