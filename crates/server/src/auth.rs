//! `/auth/v1`: accounts and sessions, as Supabase Auth speaks of them.

mod admin;
mod call;
mod discovery;
mod domain;
mod elsewhere;
mod error;
mod factor;
mod link;
mod organization;
mod passkey;
mod provider;
mod session;
mod user;

use crate::app::App;
use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn;
use axum::routing::{delete, get, patch, post, put};
use error::Problem;
pub(crate) use error::is_temporary;
use http::Response;
use std::sync::Arc;

type Answer = Result<Response<Body>, Problem>;

/// The routes below `/auth/v1`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/auth/v1/health", get(discovery::health))
        .route("/auth/v1/settings", get(discovery::settings))
        .route("/auth/v1/.well-known/jwks.json", get(discovery::jwks))
        .route("/auth/v1/.well-known/openid-configuration", get(discovery::openid))
        .route("/auth/v1/signup", post(session::sign_up))
        .route("/auth/v1/token", post(session::token))
        .route("/auth/v1/logout", post(session::sign_out))
        .route("/auth/v1/sessions", get(session::list))
        .route("/auth/v1/sessions/{id}", delete(session::end))
        .route("/auth/v1/user/organizations", get(organization::list))
        .route("/auth/v1/user/organizations/{id}/enter", post(organization::enter))
        .route("/auth/v1/domains", post(domain::add))
        .route("/auth/v1/domains/{id}", put(domain::change).delete(domain::remove))
        .route("/auth/v1/domains/{id}/verify", post(domain::verify))
        .route("/auth/v1/invitations", post(organization::invite))
        .route("/auth/v1/invitations/{id}", delete(organization::revoke))
        .route("/auth/v1/invitations/{id}/resend", post(organization::resend))
        .route("/auth/v1/authorize", get(provider::authorize))
        .route("/auth/v1/callback", get(provider::callback).post(provider::agree))
        .route("/auth/v1/otp", post(link::one_time))
        .route("/auth/v1/magiclink", post(link::one_time))
        .route("/auth/v1/recover", post(link::recover))
        .route("/auth/v1/resend", post(link::resend))
        .route("/auth/v1/verify", get(link::follow).post(link::verify))
        .route("/auth/v1/user", get(user::get).put(user::update))
        .route("/auth/v1/reauthenticate", get(user::reauthenticate).post(user::reauthenticate))
        .route("/auth/v1/user/identities/authorize", get(provider::link_identity))
        .route("/auth/v1/user/identities/{id}", delete(provider::unlink_identity))
        .route("/auth/v1/factors", post(factor::enroll))
        .route("/auth/v1/factors/{id}", delete(factor::unenroll))
        .route("/auth/v1/factors/{id}/challenge", post(factor::challenge))
        .route("/auth/v1/factors/{id}/verify", post(factor::verify))
        .route("/auth/v1/factors/{id}/recovery_codes", post(factor::recovery_codes))
        .route("/auth/v1/passkeys", get(passkey::list))
        .route("/auth/v1/passkeys/{id}", patch(passkey::rename).delete(passkey::remove))
        .route("/auth/v1/passkeys/registration/options", post(passkey::registration_options))
        .route("/auth/v1/passkeys/registration/verify", post(passkey::register))
        .route("/auth/v1/passkeys/authentication/options", post(passkey::sign_in_options))
        .route("/auth/v1/passkeys/authentication/verify", post(passkey::sign_in))
        .route("/auth/v1/sso", post(elsewhere::saml))
        .route("/auth/v1/invite", post(admin::invite))
        .route("/auth/v1/admin/generate_link", post(admin::generate_link))
        .route("/auth/v1/admin/users", get(admin::list).post(admin::create))
        .route(
            "/auth/v1/admin/users/{id}",
            get(admin::get).put(admin::update).delete(admin::remove),
        )
        .route("/auth/v1/admin/users/{id}/factors", get(admin::factors))
        .route("/auth/v1/admin/users/{id}/factors/{factor}", delete(admin::remove_factor))
        .route("/auth/v1/admin/users/{id}/passkeys", get(passkey::list_of_member))
        .route("/auth/v1/admin/users/{id}/passkeys/{passkey}", delete(passkey::remove_of_member))
        .layer(from_fn(error::shape))
}
