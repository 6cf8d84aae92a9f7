//! A request to a page: of which organisation, by which browser, and who is signed in there.

use super::Answer;
use super::cookie::Cookie;
use super::form::{Form, is_from_here};
use super::page::{Frame, View, draw};
use super::problem::Problem;
use crate::answer::{Refusal, with_type};
use crate::app::App;
use crate::auth::is_temporary;
use crate::body;
use crate::identifier::identifier;
use crate::origin::RequestOrigin;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query};
use axum::response::IntoResponse;
use bytes::Bytes;
use http::header::{LOCATION, REFERRER_POLICY, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri};
use mainstay_identity::{
    AuthError, AuthRequest, Identity, Onward, PageSession, ShownOrganization, SignOutScope,
    SignedIn, TokenReply,
};
use mainstay_kernel::Error;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

/// Longest body that pages read, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// A request to a page of an organisation.
pub(crate) struct Visit {
    app: Arc<App>,
    identity: Arc<Identity>,
    headers: HeaderMap,
    /// Where a browser comes back to; none for what was sent.
    here: Option<String>,
    parameters: HashMap<String, String>,
    query: HashMap<String, String>,
    /// Where the request comes from, and for which organisation.
    pub(crate) request: AuthRequest,
    /// Whose page it is.
    pub(crate) organization: ShownOrganization,
    session: Option<PageSession>,
    /// What the forms of the page are bound to.
    bound_to: String,
    /// Whether the browser has to be told that.
    is_new_visitor: bool,
    /// Whether cookies need an encrypted connection.
    is_secure: bool,
}

/// An answer that stands in for the one that was asked for.
pub(crate) struct Stop(Box<Response<Body>>);

impl IntoResponse for Stop {
    fn into_response(self) -> axum::response::Response {
        *self.0
    }
}

impl From<Response<Body>> for Stop {
    fn from(response: Response<Body>) -> Self {
        Self(Box::new(response))
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        told(refusal.status(), refusal.message()).into()
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "a page failed");
        let refusal = if is_temporary(&error) { Refusal::Overloaded } else { Refusal::Internal };
        refusal.into()
    }
}

impl From<AuthError> for Stop {
    fn from(error: AuthError) -> Self {
        match Problem::of(error) {
            Ok(problem) => told(problem.status, &problem.message).into(),
            Err(error) => error.into(),
        }
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Stop> {
        let RequestOrigin(origin) =
            parts.extensions.get::<RequestOrigin>().ok_or(Refusal::Internal)?.clone();
        let identity = app.services().ok_or(Refusal::Starting)?.identity.clone();
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, app).await;
        let Path(parameters) = path.map_err(|_| Refusal::BadPath)?;
        let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri);
        let Query(query) = query.map_err(|_| Refusal::BadPath)?;
        let is_secure = protection(identity.own_url()).ok_or_else(unprotected)?;
        let slug = parameters.get("slug").map_or("", String::as_str);
        let found = identity.shown_organization(slug).await?;
        let organization = found.ok_or_else(no_organization)?;
        let request = AuthRequest { organization: Some(organization.id), origin };
        let headers = parts.headers.clone();
        let cookie = Cookie::Session.read(&headers, is_secure);
        let session = match cookie {
            Some(cookie) => identity.page_session(cookie, &request).await?,
            None => None,
        };
        let visitor = Cookie::Visitor.read(&headers, is_secure);
        let (bound_to, is_new_visitor) = match (&session, cookie, visitor) {
            (Some(_), Some(cookie), _) => (cookie.to_owned(), false),
            (.., Some(visitor)) => (visitor.to_owned(), false),
            _ => (identity.visitor(), true),
        };
        let app = app.clone();
        let path = parts.uri.path_and_query().filter(|_| parts.method == Method::GET);
        let here = path.map(ToString::to_string);
        Ok(Self {
            app,
            identity,
            headers,
            here,
            parameters,
            query,
            request,
            organization,
            session,
            bound_to,
            is_new_visitor,
            is_secure,
        })
    }
}

impl Visit {
    /// Who is who.
    pub(crate) fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// The path of the organisation's pages.
    pub(crate) fn base(&self) -> String {
        format!("/account/{}", self.organization.slug)
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// An identifier in the path; nil, which nobody has, for what is none.
    pub(crate) fn id(&self) -> Uuid {
        identifier(self.parameters.get("id").map_or("", String::as_str))
    }

    /// The session of the browser, whatever it may be used for.
    pub(crate) fn session(&self) -> Option<&PageSession> {
        self.session.as_ref()
    }

    /// Who is signed in and may look after their account here. Anybody else is led to what is
    /// missing: a sign-in, a second factor, a new password.
    pub(crate) fn person(&self) -> Result<&PageSession, Stop> {
        let session = self.enrolling()?;
        if session.lacks_second_factor {
            return Err(self.led_to("factors").into());
        }
        Ok(session)
    }

    /// Who may look after their second factors here, whether the organisation demands one or not.
    pub(crate) fn enrolling(&self) -> Result<&PageSession, Stop> {
        let session = self.proven()?;
        if session.must_change_password {
            return Err(self.led_to("password").into());
        }
        Ok(session)
    }

    /// Who is signed in with all the factors that they have.
    pub(crate) fn proven(&self) -> Result<&PageSession, Stop> {
        let Some(session) = &self.session else {
            return Err(self.led_to("sign-in").into());
        };
        if session.needs_second_factor {
            return Err(self.led_to("second-factor").into());
        }
        if session.organization != Some(self.organization.id) {
            return Err(self.led_to("sign-in").into());
        }
        Ok(session)
    }

    /// What forms of this browser are bound to.
    pub(crate) fn bound_to(&self) -> &str {
        &self.bound_to
    }

    /// What a form sent, if it is a form of ours.
    pub(crate) async fn form(&self, body: Body) -> Result<Form, Stop> {
        let received = body::read(&self.app, body).await?;
        if received.bytes.len() > BODY_BYTES_MAX {
            return Err(Refusal::BodyTooLarge { bytes_max: BODY_BYTES_MAX }.into());
        }
        let form = Form::parse(&self.headers, received.bytes.clone()).await?;
        let is_bound = self.identity.is_form_token(form.get("form_token"), &self.bound_to);
        if !is_bound || !is_from_here(&self.headers, self.identity.own_url()) {
            let what = "This form is out of date, or was not sent from these pages. Go back, load \
                        the page again and send it once more.";
            return Err(told(StatusCode::FORBIDDEN, what).into());
        }
        Ok(form)
    }

    /// Shows a page.
    pub(crate) fn show<V: View>(&self, view: &V) -> Response<Body> {
        self.drawn(StatusCode::OK, view, None)
    }

    /// Shows a page again, with what was wrong.
    pub(crate) fn show_problem<V: View>(&self, view: &V, problem: &Problem) -> Response<Body> {
        self.drawn(problem.status, view, Some(problem))
    }

    /// Shows a page again, with what was refused; a failure is told on a page of its own.
    pub(crate) fn show_refusal<V: View>(&self, view: &V, error: AuthError) -> Answer {
        Ok(self.show_problem(view, &Problem::of(error)?))
    }

    fn drawn<V: View>(
        &self,
        status: StatusCode,
        view: &V,
        problem: Option<&Problem>,
    ) -> Response<Body> {
        let is_in = |session: &&PageSession| {
            !session.needs_second_factor && session.organization == Some(self.organization.id)
        };
        let frame = Frame {
            organization: &self.organization.name,
            base: self.base(),
            person: self.session.as_ref().filter(is_in).map(|session| session.email.as_str()),
            form_token: self.identity.form_token(&self.bound_to),
            notice: notice(self.query("done")),
            problem,
        };
        let mut response = draw(status, &frame, view);
        if self.is_new_visitor {
            let cookie = Cookie::Visitor.set(&self.bound_to, self.is_secure);
            response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
        }
        response
    }

    /// Signs the browser in with a session that was just opened, or that has just proved more, and
    /// goes on. The cookie is a new one each time, and the session that the browser had is over.
    pub(crate) async fn enter(&self, reply: &TokenReply, next: &str) -> Answer {
        let cookie = self.identity.page_cookie(reply)?;
        let opened = self.identity.page_session(&cookie, &self.request).await?;
        let opened = opened.ok_or(Refusal::Internal)?;
        if let Some(before) = &self.session
            && before.person.session != opened.person.session
        {
            self.end(before.person).await?;
        }
        let mut response = if opened.needs_second_factor {
            redirect(&format!("{}/second-factor?next={}", self.base(), escaped(next)))
        } else {
            redirect(&self.destination(next))
        };
        let cookie = self.session_cookie(&cookie);
        response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
        Ok(response)
    }

    /// Signs the browser out.
    pub(crate) async fn leave(&self) -> Answer {
        if let Some(session) = &self.session {
            self.end(session.person).await?;
        }
        Ok(self.forgotten("sign-in?done=signed-out"))
    }

    /// Goes to a page and has the browser forget its session.
    pub(crate) fn forgotten(&self, page: &str) -> Response<Body> {
        let mut response = self.go(page);
        let cookie = Cookie::Session.remove(self.is_secure);
        response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
        response
    }

    /// The header that gives the browser a session.
    pub(crate) fn session_cookie(&self, cookie: &str) -> Option<HeaderValue> {
        Cookie::Session.set(cookie, self.is_secure)
    }

    /// Goes to another page of the organisation.
    pub(crate) fn go(&self, page: &str) -> Response<Body> {
        redirect(&format!("{}/{page}", self.base()))
    }

    /// Goes to the account, which says what was done.
    pub(crate) fn go_home(&self, done: &str) -> Response<Body> {
        redirect(&format!("{}?done={done}", self.base()))
    }

    /// Where a browser goes on that is to go somewhere: to a path of this server; over a page that
    /// says so to a site that the organisation allows; else to the account.
    pub(crate) fn destination(&self, next: &str) -> String {
        match self.onward(next) {
            Some(Onward::Here(path)) => path,
            Some(Onward::Elsewhere(url)) => {
                format!("{}/continue?next={}", self.base(), escaped(&url))
            }
            None => self.base(),
        }
    }

    /// Where a browser may go on that is to go somewhere.
    pub(crate) fn onward(&self, next: &str) -> Option<Onward> {
        self.identity.onward(next, &self.organization.auth)
    }

    /// The address of the page that takes links, which goes on afterwards.
    pub(crate) fn landing(&self, next: &str) -> String {
        let page = format!("{}{}/link", self.identity.own_url(), self.base());
        if next.is_empty() { page } else { format!("{page}?next={}", escaped(next)) }
    }

    fn led_to(&self, page: &str) -> Response<Body> {
        match &self.here {
            Some(here) if *here != self.base() => {
                self.go(&format!("{page}?next={}", escaped(here)))
            }
            _ => self.go(page),
        }
    }

    async fn end(&self, person: SignedIn) -> Result<(), Stop> {
        let SignedIn { user, session } = person;
        Ok(self.identity.sign_out(user, session, SignOutScope::Local, &self.request).await?)
    }
}

/// Goes to a path of this server, or to what the caller has looked at.
pub(crate) fn redirect(to: &str) -> Response<Body> {
    let Ok(to) = HeaderValue::from_str(to) else {
        return Refusal::Internal.response(None);
    };
    let mut response = with_type(StatusCode::SEE_OTHER, "text/plain", Bytes::new());
    let headers = response.headers_mut();
    headers.insert(LOCATION, to);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A page that says one thing.
pub(crate) fn told(status: StatusCode, message: &str) -> Response<Body> {
    draw(status, &Frame::default(), &Told { message })
}

fn no_organization() -> Stop {
    told(StatusCode::NOT_FOUND, "There is no such organisation here.").into()
}

fn unprotected() -> Stop {
    let what = "These pages need https://. Whoever runs this server names its address with \
                public_url.";
    told(StatusCode::FORBIDDEN, what).into()
}

/// Whether cookies of a server with this address need an encrypted connection; none where they
/// would need one that is not there. The machine itself needs none.
pub(crate) fn protection(own_url: &str) -> Option<bool> {
    let url = own_url.parse::<Uri>().ok()?;
    let host = url.host()?.trim_matches(['[', ']']);
    let is_own = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match url.scheme_str() {
        Some("https") => Some(true),
        _ if is_own => Some(false),
        _ => None,
    }
}

/// A text as a parameter of a query.
pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What a page that says one thing shows.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    pub(crate) message: &'a str,
}

impl View for Told<'_> {
    const TEMPLATE: &'static str = "told.html";
    const TITLE: &'static str = "This did not work";
}

/// What a page says after it was asked to do something.
fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "address" => "Links were sent to both addresses. Open both, and the new one counts.",
        "address-half" => "Thank you. Open the link that was sent to the other address too.",
        "device" => "The device is signed out.",
        "devices" => "The devices are signed out.",
        "factor" => "The second factor is on. All other devices are signed out.",
        "passkey" => "The passkey is added.",
        "passkey-removed" => "The passkey is gone.",
        "factor-removed" => "The second factor is gone.",
        "password" => "The password is changed. All other devices are signed out.",
        "profile" => "Your profile is saved.",
        "signed-out" => "You are signed out.",
        "unlocked" => "The account is unlocked. Sign in again.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::protection;

    #[test]
    fn only_the_machine_itself_needs_no_encryption() {
        for (url, is_secure) in [
            ("https://id.example.com", Some(true)),
            ("http://127.0.0.1:8420", Some(false)),
            ("http://[::1]:8420", Some(false)),
            ("http://localhost", Some(false)),
            ("http://id.example.com", None),
            ("http://0.0.0.0:8420", None),
            ("http://localhost.example.com", None),
            ("", None),
        ] {
            assert_eq!(protection(url), is_secure, "{url}");
        }
    }
}
