//! What everybody may know of `/auth/v1`.

use super::Answer;
use super::call::Call;
use crate::answer::{json, with_type};
use axum::body::Body;
use bytes::Bytes;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::json as object;

#[derive(Serialize)]
struct Health {
    name: &'static str,
    version: &'static str,
    description: &'static str,
}

pub(crate) async fn health() -> Response<Body> {
    let health = Health {
        name: "Mainstay",
        version: env!("CARGO_PKG_VERSION"),
        description: "Mainstay speaks the API of Supabase Auth",
    };
    json(StatusCode::OK, &health)
}

/// The keys that verify access tokens (RFC 7517 §5).
pub(crate) async fn jwks(call: Call) -> Answer {
    let jwks = call.identity()?.jwks().to_owned();
    Ok(kept(with_type(StatusCode::OK, "application/json", Bytes::from(jwks))))
}

/// Where what is (`OpenID` Connect Discovery 1.0 §4).
pub(crate) async fn openid(call: Call) -> Answer {
    let issuer = call.identity()?.issuer();
    let document = object!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/user"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256", "plain"],
    });
    Ok(kept(json(StatusCode::OK, &document)))
}

/// What clients can do for people of the key's organisation.
pub(crate) async fn settings(call: Call) -> Answer {
    let request = call.request(None).await?;
    let own = call.identity()?.organization_auth(request.organization).await?;
    let mut external = object!({
        "anonymous_users": own.anonymous,
        "email": true,
        "phone": false,
        "github": false,
        "google": false,
    });
    for name in call.identity()?.provider_names(request.organization).await? {
        external[name] = true.into();
    }
    let settings = object!({
        "external": external,
        "disable_signup": !own.signup,
        "mailer_autoconfirm": !own.confirm_email,
        "phone_autoconfirm": false,
        "sms_provider": "",
        "saml_enabled": false,
    });
    Ok(json(StatusCode::OK, &settings))
}

/// An answer that is the same for everybody and changes seldom.
fn kept(mut response: Response<Body>) -> Response<Body> {
    let kept = HeaderValue::from_static("public, max-age=600");
    response.headers_mut().insert(CACHE_CONTROL, kept);
    response
}
