//! Second factors of a person: enrolled, shown, taken away.

use super::Answer;
use super::home::own;
use super::page::View;
use super::problem::Problem;
use super::visit::{Stop, Visit};
use axum::body::Body;
use mainstay_identity::{FactorReply, NewFactor};
use serde::Serialize;
use uuid::Uuid;

const TOTP: &str = "totp";
const UNVERIFIED: &str = "unverified";

/// The factors, and the form that adds one.
#[derive(Serialize)]
pub(crate) struct Factors<'a> {
    pub(crate) factors: &'a [FactorReply],
    /// What the new one is to be called.
    pub(crate) name: &'a str,
}

impl View for Factors<'_> {
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
    let factors = counting(&visit).await?;
    Ok(visit.show(&Factors { factors: &factors, name: "" }))
}

/// `POST /account/{slug}/factors/authenticator`: shows the key of a new authenticator. What was
/// begun before and not finished ends.
pub(crate) async fn enroll(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.person()?.person;
    let identity = visit.identity();
    for factor in own(&visit).await?.factors {
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
            let factors = counting(&visit).await?;
            visit.show_refusal(&Factors { factors: &factors, name }, error)
        }
    }
}

/// `POST /account/{slug}/factors/{id}/confirm`: the first code of a new authenticator.
pub(crate) async fn confirm(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let (person, id) = (visit.person()?.person, visit.id());
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
    let person = visit.person()?.person;
    match visit.identity().unenroll_factor(person, visit.id(), &visit.request).await {
        Ok(()) => Ok(visit.go("factors?done=factor-removed")),
        Err(error) => refused(&visit, error).await,
    }
}

/// `POST /account/{slug}/factors/{id}/recovery-codes`.
pub(crate) async fn recovery_codes(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    let person = visit.person()?.person;
    match visit.identity().new_recovery_codes(person, visit.id(), &visit.request).await {
        Ok(codes) => Ok(visit.show(&RecoveryCodes { codes: &codes })),
        Err(error) => refused(&visit, error).await,
    }
}

async fn refused(visit: &Visit, error: mainstay_identity::AuthError) -> Answer {
    let problem = Problem::of(error)?;
    let factors = counting(visit).await?;
    Ok(visit.show_problem(&Factors { factors: &factors, name: "" }, &problem))
}

/// The factors of the person that count.
async fn counting(visit: &Visit) -> Result<Vec<FactorReply>, Stop> {
    let mut factors = own(visit).await?.factors;
    factors.retain(|factor| factor.status != UNVERIFIED);
    Ok(factors)
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
