//! Passkeys: signing in with one, adding and removing them.
//!
//! A page holds what the browser asks an authenticator for, and its form takes the answer: the
//! page's script does nothing else.

use super::Answer;
use super::factors::refused;
use super::page::View;
use super::sign_in;
use super::visit::Visit;
use axum::body::Body;
use mainstay_identity::{AuthError, PasskeyOptions};
use serde::Serialize;
use uuid::Uuid;

/// Asks an authenticator.
#[derive(Serialize)]
pub(crate) struct Passkey<'a> {
    /// What is asked for: `create` or `get`, as browsers call it.
    pub(crate) ceremony: &'static str,
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`.
    pub(crate) options: String,
    pub(crate) challenge: Uuid,
    /// Where the answer goes.
    pub(crate) action: String,
    /// The factor that is shown; nothing for a passkey.
    pub(crate) factor: Option<Uuid>,
    /// What a new passkey is to be called.
    pub(crate) name: &'a str,
    pub(crate) next: &'a str,
}

impl View for Passkey<'_> {
    const TEMPLATE: &'static str = "passkey.html";
    const TITLE: &'static str = "Passkey";
}

/// `POST /account/{slug}/sign-in/passkey`: asks for a passkey.
pub(crate) async fn ask(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let next = form.get("next");
    match visit.identity().begin_passkey_sign_in(&visit.request).await {
        Ok(asked) => {
            let action = format!("{}/sign-in/passkey/answer", visit.base());
            Ok(visit.show(&Passkey { next, ..passkey("get", &asked, action) }))
        }
        Err(error) => visit.show_refusal(&sign_in::view(&visit, "", next).await?, error),
    }
}

/// `POST /account/{slug}/sign-in/passkey/answer`: signs in with what the authenticator answered.
pub(crate) async fn sign_in(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let answer = (form.id("challenge"), form.get("credential").as_bytes());
    match visit.identity().sign_in_with_passkey(answer, &visit.request).await {
        Ok(reply) => visit.enter(&reply, form.get("next")).await,
        Err(error) => {
            visit.show_refusal(&sign_in::view(&visit, "", form.get("next")).await?, error)
        }
    }
}

/// `POST /account/{slug}/passkeys/new`: asks for a new passkey.
pub(crate) async fn begin(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.enrolling()?.person;
    match visit.identity().begin_passkey(person, &visit.request).await {
        Ok(asked) => {
            let action = format!("{}/passkeys", visit.base());
            let name = form.get("passkey-name");
            Ok(visit.show(&Passkey { name, ..passkey("create", &asked, action) }))
        }
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /account/{slug}/passkeys`: takes a new passkey.
pub(crate) async fn add(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.enrolling()?.person;
    let identity = visit.identity();
    let answer = (form.id("challenge"), form.get("credential").as_bytes());
    let added: Result<(), AuthError> = async {
        let passkey = identity.add_passkey(person, answer, &visit.request).await?;
        if let Some(name) = form.given("name") {
            identity.rename_passkey(person, passkey.id, name, &visit.request).await?;
        }
        Ok(())
    }
    .await;
    match added {
        Ok(()) => Ok(visit.go("factors?done=passkey")),
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /account/{slug}/passkeys/{id}/remove`.
pub(crate) async fn remove(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    let person = visit.enrolling()?.person;
    match visit.identity().remove_passkey(person, visit.id(), &visit.request).await {
        Ok(()) => Ok(visit.go("factors?done=passkey-removed")),
        Err(error) => refused(&visit, error).await,
    }
}

fn passkey<'a>(ceremony: &'static str, asked: &PasskeyOptions, action: String) -> Passkey<'a> {
    Passkey {
        ceremony,
        options: asked.options.to_string(),
        challenge: asked.challenge_id,
        action,
        factor: None,
        name: "",
        next: "",
    }
}
