//! Second factors of a person: enrolled, shown, taken away.

use super::Answer;
use super::home;
use super::page::View;
use super::problem::Problem;
use super::visit::{Stop, Visit};
use axum::body::Body;
use mainstay_identity::{AuthError, NewFactor};
use serde::Serialize;
use uuid::Uuid;

const TOTP: &str = "totp";
const UNVERIFIED: &str = "unverified";

/// The factors, and the form that adds one.
#[derive(Serialize)]
pub(crate) struct OwnFactors {
    pub(crate) factors: Vec<Named>,
    pub(crate) passkeys: Vec<Named>,
    /// Whether passkeys can be added here.
    pub(crate) has_passkeys: bool,
    /// Whether nothing else can be done before there is one.
    pub(crate) is_demanded: bool,
    /// What a new authenticator is to be called.
    pub(crate) name: String,
}

/// A factor or passkey that a person has.
#[derive(Serialize)]
pub(crate) struct Named {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

impl View for OwnFactors {
    const TEMPLATE: &'static str = "factors.html";
    const TITLE: &'static str = "Second factors";
}

/// A new authenticator, and the form that takes its first code.
#[derive(Serialize)]
pub(crate) struct Authenticator<'a> {
    pub(crate) id: Uuid,
    /// The key; none when it was shown before.
    pub(crate) key: Option<Key<'a>>,
}

/// The key of an authenticator.
#[derive(Serialize)]
pub(crate) struct Key<'a> {
    /// As a picture, SVG.
    pub(crate) picture: &'a str,
    /// As it is typed, in groups.
    pub(crate) text: String,
}

impl View for Authenticator<'_> {
    const TEMPLATE: &'static str = "authenticator.html";
    const TITLE: &'static str = "Add an authenticator";
}

/// Codes that are shown once.
#[derive(Serialize)]
pub(crate) struct RecoveryCodes<'a> {
    pub(crate) codes: &'a [String],
}

impl View for RecoveryCodes<'_> {
    const TEMPLATE: &'static str = "recovery_codes.html";
    const TITLE: &'static str = "Recovery codes";
}

/// `GET /account/{slug}/factors`.
pub(crate) async fn show(visit: Visit) -> Answer {
    Ok(visit.show(&view(&visit).await?))
}

/// `POST /account/{slug}/factors/authenticator`: shows the key of a new authenticator. What was
/// begun before and not finished ends.
pub(crate) async fn enroll(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.enrolling()?.person;
    let identity = visit.identity();
    for factor in home::of(&visit, visit.enrolling()?).await?.factors {
        if factor.factor_type == TOTP && factor.status == UNVERIFIED {
            identity.unenroll_factor(person, factor.id, &visit.request).await?;
        }
    }
    let name = form.get("name").trim();
    let wanted = NewFactor {
        factor_type: TOTP.to_owned(),
        friendly_name: Some(if name.is_empty() { "Authenticator" } else { name }.to_owned()),
        issuer: Some(visit.organization.name.clone()),
        ..NewFactor::default()
    };
    match identity.enroll_factor(person, &wanted, &visit.request).await {
        Ok(factor) => {
            let key = factor
                .totp
                .as_ref()
                .map(|totp| Key { picture: picture(&totp.qr_code), text: grouped(&totp.secret) });
            Ok(visit.show(&Authenticator { id: factor.id, key }))
        }
        Err(error) => {
            let view = OwnFactors { name: name.to_owned(), ..view(&visit).await? };
            visit.show_refusal(&view, error)
        }
    }
}

/// `POST /account/{slug}/factors/{id}/confirm`: the first code of a new authenticator.
pub(crate) async fn confirm(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (person, id) = (visit.enrolling()?.person, visit.id());
    let code = form.get("code").trim().replace(' ', "");
    let identity = visit.identity();
    let shown = match identity.challenge_factor(person, id, &visit.request).await {
        Ok(asked) => identity.verify_factor(person, id, (asked.id, &code), &visit.request).await,
        Err(error) => Err(error),
    };
    match shown {
        Ok(reply) => visit.enter(&reply, &format!("{}/factors?done=factor", visit.base())).await,
        Err(error) => visit.show_refusal(&Authenticator { id, key: None }, error),
    }
}

/// `POST /account/{slug}/factors/{id}/remove`.
pub(crate) async fn remove(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    let person = visit.enrolling()?.person;
    match visit.identity().unenroll_factor(person, visit.id(), &visit.request).await {
        Ok(()) => Ok(visit.go("factors?done=factor-removed")),
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /account/{slug}/factors/{id}/recovery-codes`.
pub(crate) async fn recovery_codes(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    let person = visit.enrolling()?.person;
    match visit.identity().new_recovery_codes(person, visit.id(), &visit.request).await {
        Ok(codes) => Ok(visit.show(&RecoveryCodes { codes: &codes })),
        Err(error) => refused(&visit, error).await,
    }
}

/// Shows the factors again, with what was refused.
pub(crate) async fn refused(visit: &Visit, error: AuthError) -> Answer {
    // What follows may fail too, so the refusal comes first.
    let problem = Problem::of(error)?;
    Ok(visit.show_problem(&view(visit).await?, &problem))
}

/// The factors of the person that count, and their passkeys.
pub(crate) async fn view(visit: &Visit) -> Result<OwnFactors, Stop> {
    let session = visit.enrolling()?;
    let mut factors = home::of(visit, session).await?.factors;
    factors.retain(|factor| factor.status != UNVERIFIED);
    let passkeys = visit.identity().passkeys(session.person.user).await?;
    let named = |name: Option<String>, kind: &str| {
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| kind.to_owned())
    };
    let factors = factors.into_iter().map(|factor| Named {
        name: named(Some(factor.friendly_name), kind(factor.factor_type)),
        id: factor.id,
    });
    let passkeys = passkeys
        .into_iter()
        .map(|passkey| Named { name: named(passkey.friendly_name, "Passkey"), id: passkey.id });
    Ok(OwnFactors {
        factors: factors.collect(),
        passkeys: passkeys.collect(),
        has_passkeys: visit.identity().has_passkeys_on_pages(&visit.organization.auth),
        is_demanded: session.lacks_second_factor,
        name: String::new(),
    })
}

/// What a factor is called that its person gave no name.
fn kind(factor_type: &str) -> &'static str {
    match factor_type {
        "phone" => "Codes by SMS",
        "email" => "Codes by mail",
        "webauthn" => "Security key",
        _ => "Authenticator",
    }
}

/// A picture as a part of a page: without what stands before the first element of a file.
fn picture(svg: &str) -> &str {
    svg.find("<svg").map_or("", |start| &svg[start..])
}

/// A key in groups of four, as people read it.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
