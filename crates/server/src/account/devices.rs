//! Where a person is signed in.

use super::Answer;
use super::page::View;
use super::visit::{Stop, Visit};
use axum::body::Body;
use jiff::Timestamp;
use mainstay_identity::{KnownSession, SignOutScope};
use serde::Serialize;
use uuid::Uuid;

/// Programs by what they say of themselves; the first that fits counts.
const PROGRAMS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
/// Systems, likewise.
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];
/// Longest name of an unknown program that is shown, in characters.
const NAME_MAX: usize = 60;

/// The devices.
#[derive(Serialize)]
pub(crate) struct Devices {
    pub(crate) devices: Vec<Device>,
}

/// A device as its person sees it.
#[derive(Serialize)]
pub(crate) struct Device {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) is_current: bool,
    pub(crate) ip_address: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) last_activity_at: Moment,
}

/// A time, for people and for programs.
#[derive(Serialize)]
pub(crate) struct Moment {
    pub(crate) text: String,
    pub(crate) exact: String,
}

impl View for Devices {
    const TEMPLATE: &'static str = "devices.html";
    const TITLE: &'static str = "Devices";
}

/// `GET /account/{slug}/devices`.
pub(crate) async fn show(visit: Visit) -> Answer {
    let view = Devices { devices: devices(&visit).await? };
    Ok(visit.show(&view))
}

/// `POST /account/{slug}/devices/{id}/end`.
pub(crate) async fn end(visit: Visit, body: Body) -> Answer {
    visit.form(body).await?;
    let person = visit.person()?.person;
    if visit.id() == person.session {
        return visit.leave().await;
    }
    // One that is over already is as it was wanted.
    visit.identity().end_session(person.user, visit.id(), &visit.request).await?;
    Ok(visit.go("devices?done=device"))
}

/// `POST /account/{slug}/devices/end`: all others, or all.
pub(crate) async fn end_several(visit: Visit, body: Body) -> Answer {
    let form = visit.form(body).await?;
    let person = visit.person()?.person;
    let is_all = form.get("scope") == "all";
    let scope = if is_all { SignOutScope::Global } else { SignOutScope::Others };
    visit.identity().sign_out(person.user, person.session, scope, &visit.request).await?;
    Ok(if is_all {
        visit.forgotten("sign-in?done=signed-out")
    } else {
        visit.go("devices?done=devices")
    })
}

async fn devices(visit: &Visit) -> Result<Vec<Device>, Stop> {
    let person = visit.person()?.person;
    let sessions = visit.identity().sessions(person.user, Some(person.session)).await?;
    Ok(sessions.into_iter().map(device).collect())
}

fn device(session: KnownSession) -> Device {
    let said = session.user_agent.as_deref();
    Device {
        id: session.id,
        name: session.device_name.unwrap_or_else(|| said.map_or_else(unknown, program)),
        is_current: session.is_current,
        ip_address: session.ip_address,
        created_at: moment(session.created_at),
        last_activity_at: moment(session.last_activity_at),
    }
}

fn unknown() -> String {
    "Unknown program".to_owned()
}

/// What a program says of itself, in words.
fn program(said: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    match (first(&PROGRAMS), first(&SYSTEMS)) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => said.chars().take(NAME_MAX).collect(),
    }
}

/// To the minute, in UTC.
fn moment(exact: String) -> Moment {
    let parsed = exact.parse::<Timestamp>();
    let text =
        parsed.map_or_else(|_| exact.clone(), |at| at.strftime("%-d %B %Y, %H:%M UTC").to_string());
    Moment { text, exact }
}

#[cfg(test)]
mod tests {
    use super::{moment, program};

    #[test]
    fn programs_are_told_in_words() {
        for (said, told) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/148.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0",
                "Firefox on Windows",
            ),
            ("curl/8.9.0", "curl"),
            ("my-program 1.0", "my-program 1.0"),
        ] {
            assert_eq!(program(said), told);
        }
    }

    #[test]
    fn times_are_told_to_the_minute() {
        let told = moment("2026-03-01T08:05:59.123Z".to_owned());
        assert_eq!(told.text, "1 March 2026, 08:05 UTC");
    }
}
