//! Showing a second factor after the first.

use super::Answer;
use super::page::View;
use super::problem::Problem;
use super::visit::{Visit, redirect};
use axum::body::Body;
use mainstay_identity::{FactorReply, PageSession};
use serde::Serialize;
use uuid::Uuid;

/// The form that takes a code of a factor.
#[derive(Serialize)]
pub(crate) struct SecondFactor<'a> {
    /// The factors that can be shown.
    pub(crate) factors: &'a [FactorReply],
    pub(crate) next: &'a str,
}

impl View for SecondFactor<'_> {
    const TEMPLATE: &'static str = "second_factor.html";
    const TITLE: &'static str = "Second factor";
}

/// `GET /account/{slug}/second-factor`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let next = visit.query("next");
    match visit.session() {
        None => Ok(visit.go("sign-in")),
        Some(session) if !session.needs_second_factor => Ok(redirect(&visit.destination(next))),
        Some(session) => {
            let factors = verified(&visit, session).await?;
            Ok(visit.show(&SecondFactor { factors: &factors, next }))
        }
    }
}

/// `POST /account/{slug}/second-factor`.
pub(crate) async fn take(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let Some(session) = visit.session() else {
        return Ok(visit.go("sign-in"));
    };
    let (person, next) = (session.person, form.get("next"));
    let factors = verified(&visit, session).await?;
    let view = SecondFactor { factors: &factors, next };
    let chosen = form.get("factor").parse::<Uuid>().ok();
    let Some(factor) = chosen.or_else(|| factors.first().map(|factor| factor.id)) else {
        let problem = Problem::at("factor", "Choose a second factor.");
        return Ok(visit.show_problem(&view, &problem));
    };
    let code = form.get("code").trim().replace(' ', "");
    let identity = visit.identity();
    let shown = match identity.challenge_factor(person, factor, &visit.request).await {
        Ok(asked) => {
            identity.verify_factor(person, factor, (asked.id, &code), &visit.request).await
        }
        Err(error) => Err(error),
    };
    match shown {
        Ok(reply) => visit.enter(&reply, next).await,
        Err(error) => visit.show_refusal(&view, error),
    }
}

/// The factors of a person that count.
async fn verified(visit: &Visit, session: &PageSession) -> Result<Vec<FactorReply>, super::Stop> {
    let user = visit.identity().user_reply(session.person.user, session.organization).await?;
    let mut factors = user.map(|user| user.factors).unwrap_or_default();
    factors.retain(|factor| factor.status == "verified");
    Ok(factors)
}
