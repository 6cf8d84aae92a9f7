//! `/setup`: the link by which the first administrator comes in.
//!
//! The link's token is known to whoever reads the server's first output; the server keeps its
//! hash, for one use, until it ends or somebody administers the installation.

use crate::answer::Refusal;
use crate::app::App;
use crate::body;
use crate::docs::html;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::{Extension, Form, FromRequest, Query, State};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response, StatusCode};
use mainstay_identity::{Identity, NewUser};
use mainstay_kernel::Error;
use mainstay_store::ErrorKind;
use mainstay_vault::{Entropy, constant_time_eq, hash_token};
use minijinja::{Environment, context};
use serde::Deserialize;
use std::fmt::Write;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Shortest password of an administrator, in characters (NIST SP 800-63B-4 §3.1.1.2).
const PASSWORD_CHARACTERS_MIN: usize = 15;
const TOKEN_BYTES: usize = 32;

/// A set-up link that can be used once.
pub struct Setup {
    /// None once it was used. Held while it is being used, so that two can't.
    hash: Mutex<Option<[u8; 32]>>,
}

impl Setup {
    /// A new link and its token, which is in no other place.
    pub fn new(entropy: &dyn Entropy) -> (Self, String) {
        let mut bytes = [0; TOKEN_BYTES];
        entropy.fill(&mut bytes);
        let mut token = String::with_capacity(2 * TOKEN_BYTES);
        for byte in bytes {
            // Writing to a String does not fail.
            let _ = write!(token, "{byte:02x}");
        }
        let hash = Mutex::new(Some(hash_token(&token)));
        (Self { hash }, token)
    }
}

fn fits(hash: Option<&[u8; 32]>, token: &str) -> bool {
    hash.is_some_and(|hash| constant_time_eq(hash, &hash_token(token)))
}

/// The token in the link.
#[derive(Deserialize)]
pub(crate) struct Link {
    #[serde(default)]
    token: String,
}

/// What the form sends.
#[derive(Default, Deserialize)]
struct Answers {
    #[serde(default)]
    token: String,
    #[serde(default)]
    organization: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

/// `GET /setup?token=…`: the form.
pub(crate) async fn page(State(app): State<Arc<App>>, Query(link): Query<Link>) -> Response<Body> {
    let Some(setup) = app.services().and_then(|services| services.setup.as_ref()) else {
        return over();
    };
    if fits(setup.hash.lock().await.as_ref(), &link.token) {
        form(StatusCode::OK, &Answers { token: link.token, ..Answers::default() }, None)
    } else {
        over()
    }
}

/// `POST /setup`: makes the first organisation and its administrator.
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    request: Request<Body>,
) -> Response<Body> {
    let request_id = origin.request_id.as_deref();
    let answers = match read(&app, request).await {
        Ok(answers) => answers,
        Err(refusal) => return refusal.response(request_id),
    };
    let Some(services) = app.services() else {
        return Refusal::Starting.response(request_id);
    };
    let Some(setup) = &services.setup else {
        return over();
    };
    let mut hash = setup.hash.lock().await;
    if !fits(hash.as_ref(), &answers.token) {
        return over();
    }
    if let Err(problem) = check(&answers) {
        return form(StatusCode::UNPROCESSABLE_ENTITY, &answers, Some(problem));
    }
    match establish(&services.identity, &answers).await {
        Ok(true) => {
            *hash = None;
            tracing::info!("the installation has its first administrator");
            render(StatusCode::CREATED, DONE, context! { email => answers.email.trim() })
        }
        Ok(false) => {
            *hash = None;
            over()
        }
        Err(Error::Store(error)) if matches!(error.kind(), ErrorKind::Unique(_)) => {
            let problem = "The short name or the address is in use already.";
            form(StatusCode::CONFLICT, &answers, Some(problem))
        }
        Err(error) if is_refusal(&error) => {
            let problem = "A name, the short name or the address is not accepted: too long, or \
                           with characters that can't stand there.";
            form(StatusCode::UNPROCESSABLE_ENTITY, &answers, Some(problem))
        }
        Err(error) => {
            tracing::error!(request_id, %error, "the first administrator could not be made");
            Refusal::Internal.response(request_id)
        }
    }
}

async fn read(app: &App, request: Request<Body>) -> Result<Answers, Refusal> {
    let (mut parts, body) = request.into_parts();
    let received = body::read(app, body).await?;
    parts
        .headers
        .entry(CONTENT_TYPE)
        .or_insert(http::HeaderValue::from_static("application/x-www-form-urlencoded"));
    let request = Request::from_parts(parts, Body::from(received.bytes));
    match Form::<Answers>::from_request(request, &()).await {
        Ok(Form(answers)) => Ok(answers),
        Err(_) => Err(Refusal::BodyBroken),
    }
}

fn check(answers: &Answers) -> Result<(), &'static str> {
    let slug = answers.slug.trim();
    let is_slug = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    if answers.organization.trim().is_empty() || answers.name.trim().is_empty() {
        return Err("Organisation and name are needed.");
    }
    if slug.len() < 2 || slug.len() > 63 || !slug.bytes().all(is_slug) {
        return Err("The short name takes 2 to 63 lower-case letters, digits and hyphens.");
    }
    if !answers.email.trim().contains('@') {
        return Err("The address needs an @.");
    }
    if answers.password.chars().count() < PASSWORD_CHARACTERS_MIN {
        return Err("The password needs at least 15 characters; a few words do well.");
    }
    Ok(())
}

/// Makes organisation and administrator; false when somebody administers the installation.
///
/// The organisation comes first and is found again when a later step failed, so that the same
/// form can be sent once more.
async fn establish(identity: &Identity, answers: &Answers) -> mainstay_kernel::Result<bool> {
    if !identity.needs_setup().await? {
        return Ok(false);
    }
    let slug = answers.slug.trim();
    let organization = match identity.organization_by_slug(slug).await? {
        Some(organization) => organization,
        None => identity.create_organization(answers.organization.trim(), slug).await?,
    };
    let user = identity
        .create_user(&NewUser {
            email: answers.email.clone(),
            password: answers.password.clone(),
            is_platform_admin: true,
        })
        .await?;
    identity.add_member(organization, user, answers.name.trim(), &["admin"]).await?;
    Ok(true)
}

fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Invalid(_) | Error::Rule { .. } => true,
        Error::Store(error) => error.is_callers_fault(),
        _ => false,
    }
}

const FORM: &str = include_str!("assets/setup.html");
const DONE: &str = include_str!("assets/setup_done.html");
const OVER: &str = include_str!("assets/setup_over.html");

fn form(status: StatusCode, answers: &Answers, problem: Option<&str>) -> Response<Body> {
    // The password is typed again.
    let values = context! {
        token => answers.token.as_str(),
        organization => answers.organization.as_str(),
        slug => answers.slug.as_str(),
        name => answers.name.as_str(),
        email => answers.email.as_str(),
        password_min => PASSWORD_CHARACTERS_MIN,
        problem,
    };
    render(status, FORM, values)
}

/// The link does not hold, or does no longer.
fn over() -> Response<Body> {
    render(StatusCode::NOT_FOUND, OVER, context! {})
}

fn render(status: StatusCode, template: &str, values: minijinja::Value) -> Response<Body> {
    // The name's ending turns escaping on.
    match Environment::new().render_named_str("setup.html", template, values) {
        Ok(page) => html(status, Bytes::from(page)),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            Refusal::Internal.response(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use mainstay_vault::SeededEntropy;

    #[test]
    fn a_link_fits_its_own_token_alone() {
        let (setup, token) = Setup::new(&SeededEntropy::new(1));
        let hash = setup.hash.into_inner();
        assert!(fits(hash.as_ref(), &token));
        assert!(!fits(hash.as_ref(), ""));
        assert!(!fits(hash.as_ref(), &token[1..]));
        assert!(!fits(None, &token));
    }

    #[tokio::test]
    async fn every_page_can_be_drawn_and_escapes_what_was_typed() {
        let typed = Answers {
            organization: "<script>\"'&".to_owned(),
            password: "never shown".to_owned(),
            ..Answers::default()
        };
        for response in [
            form(StatusCode::OK, &typed, Some("<b>")),
            over(),
            render(StatusCode::OK, DONE, context! { email => "<b>" }),
        ] {
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let page = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(page.contains("</html>"), "{page}");
            for raw in ["<script>", "<b>", "never shown"] {
                assert!(!page.contains(raw), "{raw} in {page}");
            }
        }
    }
}
