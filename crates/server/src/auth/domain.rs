//! Domains that an organisation shows to be its own.

use super::Answer;
use super::call::Call;
use crate::answer::{json, no_content};
use crate::identifier::identifier;
use axum::body::Body;
use axum::extract::Path;
use http::StatusCode;
use mainstay_identity::DomainChange;
use serde::Deserialize;

#[derive(Deserialize)]
struct Wanted {
    domain: Option<String>,
    members_join: Option<bool>,
    member_role: Option<String>,
}

impl From<Wanted> for DomainChange {
    fn from(given: Wanted) -> Self {
        Self {
            domain: given.domain.unwrap_or_default(),
            members_join: given.members_join.unwrap_or(false),
            member_role: given.member_role,
        }
    }
}

/// `POST /auth/v1/domains`.
pub(crate) async fn add(call: Call, body: Body) -> Answer {
    let (principal, request) = call.principal().await?;
    let wanted: DomainChange = call.read::<Wanted>(body).await?.into();
    let reply = call.identity()?.add_domain(&principal, &wanted, &request).await?;
    Ok(json(StatusCode::CREATED, &reply))
}

/// `PUT /auth/v1/domains/{id}`.
pub(crate) async fn change(call: Call, Path(id): Path<String>, body: Body) -> Answer {
    let (principal, request) = call.principal().await?;
    let wanted: DomainChange = call.read::<Wanted>(body).await?.into();
    let reply =
        call.identity()?.change_domain(&principal, identifier(&id), &wanted, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `POST /auth/v1/domains/{id}/verify`.
pub(crate) async fn verify(call: Call, Path(id): Path<String>) -> Answer {
    let (principal, request) = call.principal().await?;
    let reply = call.identity()?.verify_domain(&principal, identifier(&id), &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `DELETE /auth/v1/domains/{id}`.
pub(crate) async fn remove(call: Call, Path(id): Path<String>) -> Answer {
    let (principal, request) = call.principal().await?;
    call.identity()?.remove_domain(&principal, identifier(&id), &request).await?;
    Ok(no_content())
}
