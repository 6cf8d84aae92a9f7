//! Organisations of a person: which ones they may enter, and who is invited to them.

use super::Answer;
use super::call::Call;
use super::session::Redirect;
use crate::answer::{json, no_content};
use crate::identifier::identifier;
use axum::body::Body;
use axum::extract::{Path, Query};
use http::StatusCode;
use mainstay_identity::{AuthCode, AuthError, NewInvitation};
use serde::Deserialize;
use serde_json::json as object;
use uuid::Uuid;

#[derive(Deserialize)]
struct Invitation {
    email: Option<String>,
    role: Option<String>,
    expires_in: Option<u32>,
    redirect_to: Option<String>,
}

/// `GET /auth/v1/user/organizations`: those that the person may enter.
pub(crate) async fn list(call: Call) -> Answer {
    let (person, request) = call.person().await?;
    let own = call.identity()?.enterable_organizations(person.user, request.organization).await?;
    Ok(json(StatusCode::OK, &object!({ "organizations": own })))
}

/// `POST /auth/v1/user/organizations/{id}/enter`: the session goes to that organisation.
pub(crate) async fn enter(call: Call, Path(id): Path<String>) -> Answer {
    let (person, request) = call.person().await?;
    let unknown = || AuthError::new(AuthCode::NotAMember, "not a member of this organisation");
    let id = id.parse::<Uuid>().map_err(|_| unknown())?;
    let reply = call.identity()?.enter_organization(&person, id, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `POST /auth/v1/invitations`.
pub(crate) async fn invite(call: Call, Query(to): Query<Redirect>, body: Body) -> Answer {
    let (principal, request) = call.principal().await?;
    let given: Invitation = call.read(body).await?;
    let new = NewInvitation {
        email: given.email.unwrap_or_default(),
        role: given.role,
        redirect_to: to.redirect_to.or(given.redirect_to),
        expires_in: given.expires_in,
    };
    let reply = call.identity()?.invite_member(&principal, &new, &request).await?;
    Ok(json(StatusCode::CREATED, &reply))
}

/// `POST /auth/v1/invitations/{id}/resend`.
pub(crate) async fn resend(call: Call, Path(id): Path<String>) -> Answer {
    let (principal, request) = call.principal().await?;
    let id = identifier(&id);
    let reply = call.identity()?.resend_invitation(&principal, id, &request).await?;
    Ok(json(StatusCode::OK, &reply))
}

/// `DELETE /auth/v1/invitations/{id}`.
pub(crate) async fn revoke(call: Call, Path(id): Path<String>) -> Answer {
    let (principal, request) = call.principal().await?;
    call.identity()?.revoke_invitation(&principal, identifier(&id), &request).await?;
    Ok(no_content())
}
