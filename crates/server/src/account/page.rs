//! How pages are drawn: a frame that all have, and what is in it.

use super::assets;
use super::problem::Problem;
use crate::answer::Refusal;
use crate::docs::html;
use axum::body::Body;
use bytes::Bytes;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderValue, Response, StatusCode};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;
use std::sync::LazyLock;

/// A page uses what this server serves, is in no frame, and sends forms nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const TEMPLATES: [(&str, &str); 21] = [
    ("address.html", include_str!("templates/address.html")),
    ("authenticator.html", include_str!("templates/authenticator.html")),
    ("choose.html", include_str!("templates/choose.html")),
    ("continue.html", include_str!("templates/continue.html")),
    ("devices.html", include_str!("templates/devices.html")),
    ("factors.html", include_str!("templates/factors.html")),
    ("frame.html", include_str!("templates/frame.html")),
    ("home.html", include_str!("templates/home.html")),
    ("link.html", include_str!("templates/link.html")),
    ("organizations.html", include_str!("templates/organizations.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("passkey.html", include_str!("templates/passkey.html")),
    ("password.html", include_str!("templates/password.html")),
    ("recovery.html", include_str!("templates/recovery.html")),
    ("recovery_codes.html", include_str!("templates/recovery_codes.html")),
    ("second_factor.html", include_str!("templates/second_factor.html")),
    ("sent_code.html", include_str!("templates/sent_code.html")),
    ("sent.html", include_str!("templates/sent.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("sign_up.html", include_str!("templates/sign_up.html")),
    ("told.html", include_str!("templates/told.html")),
];

static PAGES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    for (name, template) in TEMPLATES {
        pages.add_template(name, template)?;
    }
    Ok(pages)
});

/// What is in a page's frame.
pub(crate) trait View: Serialize {
    /// The file.
    const TEMPLATE: &'static str;
    /// The page's name.
    const TITLE: &'static str;
}

/// What all pages have.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Frame<'a> {
    /// The organisation's name.
    pub(crate) organization: &'a str,
    /// The path of its pages.
    pub(crate) base: String,
    /// The address of who is signed in; none for who is not, or not quite.
    pub(crate) person: Option<&'a str>,
    /// What forms of the page carry.
    pub(crate) form_token: String,
    /// What was done.
    pub(crate) notice: Option<&'static str>,
    /// What was not, and why.
    pub(crate) problem: Option<&'a Problem>,
}

/// Draws a page.
pub(crate) fn draw<V: View>(status: StatusCode, frame: &Frame<'_>, view: &V) -> Response<Body> {
    match text_of(frame, view) {
        Ok(text) => {
            let mut response = html(status, Bytes::from(text));
            let policy = HeaderValue::from_static(POLICY);
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(error) => {
            tracing::error!(%error, page = V::TEMPLATE, "a page could not be drawn");
            Refusal::Internal.response(None)
        }
    }
}

fn text_of<V: View>(frame: &Frame<'_>, view: &V) -> Result<String, String> {
    let pages = PAGES.as_ref().map_err(ToString::to_string)?;
    let page = pages.get_template(V::TEMPLATE).map_err(|error| error.to_string())?;
    let values = context! {
        frame => Serde(frame),
        view => Serde(view),
        title => V::TITLE, here => V::TEMPLATE, style => assets::STYLE.name(),
        script => assets::SCRIPT.name(),
    };
    // The cause says in which line.
    page.render(values).map_err(|error| format!("{error:#}"))
}

#[cfg(test)]
mod tests {
    use super::super::{
        address::NewAddress,
        devices::{Device, Devices, Moment},
        entrance::{Choose, Continue},
        factors::{Authenticator, Key, Named, OwnFactors, RecoveryCodes},
        home::Home,
        link::{Link, Sent},
        organizations::Organizations,
        passkeys::Passkey,
        password::NewPassword,
        recovery::Recovery,
        second_factor::{SecondFactor, SentCode, Shown},
        sign_in::{Provider, SignIn},
        sign_up::NewAccount,
        visit::Told,
    };
    use super::*;
    use mainstay_identity::EnterableOrganization;
    use uuid::Uuid;

    /// What somebody else chose.
    const FOREIGN: &str = "<b>\"'&";

    fn drawn<V: View>(frame: &Frame<'_>, view: &V) -> (&'static str, String) {
        let page = text_of(frame, view).unwrap_or_else(|error| panic!("{}: {error}", V::TEMPLATE));
        (V::TEMPLATE, page)
    }

    fn entrance_pages(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
        let (email, next, kind) = (FOREIGN, FOREIGN, "email");
        let provider = Provider { name: FOREIGN.to_owned(), address: FOREIGN.to_owned() };
        let sign_in = SignIn {
            email,
            next,
            is_open: true,
            is_unconfirmed: true,
            sends_mail: true,
            has_passkeys: true,
            providers: vec![provider],
            elsewhere: Some(Uuid::nil()),
        };
        let one = SecondFactor { authenticators: vec![shown(false)], others: Vec::new(), next };
        let many = SecondFactor {
            authenticators: vec![shown(false), shown(false)],
            others: vec![shown(false), shown(true)],
            next,
        };
        let id = Uuid::nil();
        vec![
            drawn(frame, &Choose { next, unknown: FOREIGN }),
            drawn(frame, &Continue { url: "https://app.example.com/?a=1&b=2" }),
            drawn(frame, &sign_in),
            drawn(frame, &SignIn::default()),
            drawn(
                frame,
                &NewAccount { name: FOREIGN, email, next, password_min: 8, is_open: true },
            ),
            drawn(frame, &NewAccount { name: "", email, next, password_min: 8, is_open: false }),
            drawn(frame, &Recovery { email }),
            drawn(frame, &Sent { email, kind, next }),
            drawn(frame, &Link { email: Some(FOREIGN), kind, token: FOREIGN, next }),
            drawn(frame, &Link { email: None, kind, token: "", next }),
            drawn(frame, &one),
            drawn(frame, &many),
            drawn(frame, &SentCode { factor: id, challenge: id, next }),
            drawn(frame, &passkey(None)),
            drawn(frame, &passkey(Some(id))),
            drawn(frame, &Told { message: FOREIGN }),
        ]
    }

    fn account_pages(frame: &Frame<'_>) -> Vec<(&'static str, String)> {
        let email = FOREIGN;
        let moment = || Moment { text: "1 March 2026".to_owned(), exact: "2026-03-01".to_owned() };
        let device = |is_current| Device {
            id: Uuid::nil(),
            name: FOREIGN.to_owned(),
            is_current,
            ip_address: Some("192.0.2.1".to_owned()),
            created_at: moment(),
            last_activity_at: moment(),
        };
        let membership = |is_current| EnterableOrganization {
            id: Uuid::nil(),
            name: FOREIGN.to_owned(),
            slug: "rock".to_owned(),
            is_current,
        };
        let named = || vec![Named { id: Uuid::nil(), name: FOREIGN.to_owned() }];
        let factors = OwnFactors {
            factors: named(),
            passkeys: named(),
            has_passkeys: true,
            is_demanded: true,
            name: FOREIGN.to_owned(),
        };
        let key = Key { picture: "<svg></svg>", text: "ABCD EFGH".to_owned() };
        let (asks_present, is_demanded, password_min) = (true, true, 8);
        vec![
            drawn(frame, &Home { name: FOREIGN, email, new_email: Some(FOREIGN), factors: 1 }),
            drawn(frame, &NewPassword { email, asks_present, is_demanded, password_min }),
            drawn(frame, &NewAddress { present: FOREIGN, email }),
            drawn(frame, &factors),
            drawn(frame, &Authenticator { id: Uuid::nil(), key: Some(key) }),
            drawn(frame, &Authenticator { id: Uuid::nil(), key: None }),
            drawn(frame, &RecoveryCodes { codes: &["abcd-efgh".to_owned()] }),
            drawn(frame, &Devices { devices: vec![device(true), device(false)] }),
            drawn(
                frame,
                &Organizations { organizations: vec![membership(true), membership(false)] },
            ),
        ]
    }

    fn shown(is_key: bool) -> Shown {
        Shown { id: Uuid::nil(), name: FOREIGN.to_owned(), is_key }
    }

    fn passkey(factor: Option<Uuid>) -> Passkey<'static> {
        Passkey {
            ceremony: "get",
            options: r#"{"challenge":"<b>"}"#.to_owned(),
            challenge: Uuid::nil(),
            action: "/account/rock/passkeys".to_owned(),
            factor,
            name: FOREIGN,
            next: FOREIGN,
        }
    }

    #[test]
    fn every_page_can_be_drawn_and_escapes_what_others_say() {
        let problem = Problem::at("email", FOREIGN);
        let visitor = Frame {
            organization: "Rock & <Roll>",
            base: "/account/rock".to_owned(),
            form_token: "token".to_owned(),
            problem: Some(&problem),
            ..Frame::default()
        };
        let person = Frame { person: Some(FOREIGN), notice: Some("Done"), ..visitor.clone() };
        let mut seen = vec!["frame.html", "parts.html"];
        let pages = [&visitor, &person].map(|frame| [entrance_pages(frame), account_pages(frame)]);
        for (name, page) in pages.into_iter().flatten().flatten() {
            assert!(page.contains("</html>"), "{name}");
            assert!(page.contains("Rock &amp; &lt;Roll&gt;"), "{name}");
            for raw in ["<b>", "\"'&", "<script>", " style=", " onclick="] {
                assert!(!page.contains(raw), "{raw} in {name}: {page}");
            }
            assert_eq!(page.matches("<h1").count(), 1, "{name}");
            let forms = page.matches("method=\"post\"").count();
            assert_eq!(forms, page.matches("name=\"form_token\"").count(), "{name}");
            seen.push(name);
        }
        for (name, _) in TEMPLATES {
            assert!(seen.contains(&name), "{name} has no sample");
        }
    }
}
