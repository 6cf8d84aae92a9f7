//! Signing in with a password or by a mail, and signing out.

use super::Answer;
use super::link::{Sent, next_of};
use super::page::View;
use super::problem::Problem;
use super::visit::{Stop, Visit, redirect};
use axum::body::Body;
use mainstay_identity::{Asked, AuthCode, AuthError, Challenge, PageSession};
use serde::Serialize;
use uuid::Uuid;

/// The forms to sign in with.
#[derive(Default, Serialize)]
pub(crate) struct SignIn<'a> {
    pub(crate) email: &'a str,
    /// Where to go on.
    pub(crate) next: &'a str,
    /// Whether people can make an account here.
    pub(crate) is_open: bool,
    /// Whether the address that was given waits for its link.
    pub(crate) is_unconfirmed: bool,
    /// Whether mails are sent.
    pub(crate) sends_mail: bool,
    /// Whether passkeys can be used here.
    pub(crate) has_passkeys: bool,
    /// The providers that people can come by.
    pub(crate) providers: Vec<Provider>,
    /// This organisation, for somebody who is signed in at another one.
    pub(crate) elsewhere: Option<Uuid>,
}

/// A provider that people can come by.
#[derive(Serialize)]
pub(crate) struct Provider {
    pub(crate) name: String,
    /// Where a browser begins.
    pub(crate) address: String,
}

impl View for SignIn<'_> {
    const TEMPLATE: &'static str = "sign_in.html";
    const TITLE: &'static str = "Sign in";
}

/// `GET /account/{slug}/sign-in`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let next = visit.query("next");
    if visit.proven().is_ok() {
        return Ok(redirect(&visit.destination(next)));
    }
    Ok(visit.show(&view(&visit, "", next).await?))
}

/// `POST /account/{slug}/sign-in`.
pub(crate) async fn with_password(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, next) = (form.get("email").trim(), form.get("next"));
    let view = view(&visit, email, next).await?;
    if let Some(problem) = missing_address(email) {
        return Ok(visit.show_problem(&view, &problem));
    }
    match visit.identity().sign_in(email, form.get("password"), &visit.request).await {
        Ok(reply) => visit.enter(&reply, next).await,
        Err(error) => {
            let code = AuthCode::EmailNotConfirmed;
            let is_unconfirmed =
                matches!(&error, AuthError::Refused { code: given, .. } if *given == code);
            visit.show_refusal(&SignIn { is_unconfirmed, ..view }, error)
        }
    }
}

/// `POST /account/{slug}/sign-in/link`: sends a link and a code.
pub(crate) async fn send_link(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (email, next) = (form.get("email").trim(), form.get("next"));
    let asked = asked(&visit, email, next);
    match visit.identity().send_magic_link(&asked, None, &visit.request).await {
        Ok(()) => Ok(visit.show(&Sent { email, kind: "email", next: &next_of(&visit, next) })),
        Err(error) => {
            let problem = Problem::of(error)?.about("email");
            Ok(visit.show_problem(&view(&visit, email, next).await?, &problem))
        }
    }
}

/// `POST /account/{slug}/sign-out`.
pub(crate) async fn sign_out(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    visit.leave().await
}

/// A link that is asked for, which leads to the page that takes links.
pub(crate) fn asked(visit: &Visit, email: &str, next: &str) -> Asked {
    Asked {
        email: email.to_owned(),
        redirect_to: Some(visit.landing(&next_of(visit, next))),
        challenge: Challenge::default(),
    }
}

/// What is wrong with an address that was not given.
pub(crate) fn missing_address(email: &str) -> Option<Problem> {
    email.is_empty().then(|| Problem::at("email", "Enter your e-mail address."))
}

/// The forms of an organisation.
pub(crate) async fn view<'a>(
    visit: &Visit,
    email: &'a str,
    next: &'a str,
) -> Result<SignIn<'a>, Stop> {
    let (identity, organization) = (visit.identity(), &visit.organization);
    let (_, challenge) = identity.page_challenge(visit.bound_to());
    let challenge = challenge.code_challenge.unwrap_or_default();
    let (id, landing) = (organization.id.to_string(), visit.landing(&next_of(visit, next)));
    let provider = |name: String| {
        let parameters = [
            ("provider", name.as_str()),
            ("organization_id", &id),
            ("redirect_to", &landing),
            ("code_challenge", &challenge),
            ("code_challenge_method", "s256"),
        ];
        Provider { address: identity.address_with("authorize", &parameters), name }
    };
    let names = identity.provider_names(Some(organization.id)).await?;
    let is_elsewhere = |session: &&PageSession| {
        !session.needs_second_factor && session.organization != Some(organization.id)
    };
    Ok(SignIn {
        email,
        next,
        is_open: organization.auth.signup,
        is_unconfirmed: false,
        sends_mail: identity.sends_mail(),
        has_passkeys: identity.has_passkeys_on_pages(&organization.auth),
        providers: names.into_iter().map(provider).collect(),
        elsewhere: visit.session().filter(is_elsewhere).map(|_| organization.id),
    })
}
