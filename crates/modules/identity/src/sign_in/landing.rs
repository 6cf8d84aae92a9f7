//! Where browsers go on: with tokens or a refusal, and to which pages links lead.
//!
//! Programs that look at mails open their links. A link that is used up by being opened is gone
//! before its reader comes, so those that pages ask for lead to a page with a button.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::session::sessions::TokenReply;
use crate::settings::OrganizationAuth;
use crate::sign_in::redirect::{is_sane, with_fragment, with_query};
use crate::sign_in::verify::purposes;

/// Where a browser may go on after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onward {
    /// A path of this server.
    Here(String),
    /// Another site, which the organisation allows.
    Elsewhere(String),
}

impl Identity {
    /// The address of this server, without a path.
    pub fn own_url(&self) -> &str {
        self.issuer.strip_suffix("/auth/v1").unwrap_or(&self.issuer)
    }

    /// Where a browser may go on that is asked to go somewhere; none where it may not.
    pub fn onward(&self, asked: &str, organization: &OrganizationAuth) -> Option<Onward> {
        let own = self.own_url();
        if asked.starts_with('/') {
            let is_path = !asked.starts_with("//") && is_sane(&format!("{own}{asked}"));
            return is_path.then(|| Onward::Here(asked.to_owned()));
        }
        if self.redirect_target(Some(asked), organization) != asked {
            return None;
        }
        let path = asked.strip_prefix(own).filter(|path| path.starts_with('/'));
        Some(match path {
            Some(path) => Onward::Here(path.to_owned()),
            None => Onward::Elsewhere(asked.to_owned()),
        })
    }

    /// The address that a link was sent to; none for a link that does not hold.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn link_address(&self, kind: &str, token: &str) -> Result<Option<String>, AuthError> {
        let Some(purposes) = purposes(kind) else {
            return Ok(None);
        };
        let now = self.kernel.clock().now();
        let found = self.verification(token).await?.filter(|row| {
            row.verified_at.is_none() && now < row.expires_at && purposes.contains(&row.purpose)
        });
        Ok(found.and_then(|row| row.email).map(mainstay_entity::Text::into_string))
    }

    /// The address of a link whose token is taken by a page; none for other links.
    pub(crate) fn page_link(
        &self,
        redirect_to: Option<&str>,
        token: &str,
        kind: &str,
    ) -> Option<String> {
        let page = redirect_to.filter(|to| self.is_landing(to))?;
        Some(with_query(page, &[("type", kind), ("token", token)]))
    }

    /// Whether an address is that of the page of an organisation that takes links:
    /// `/account/{slug}/link`.
    pub(crate) fn is_landing(&self, asked: &str) -> bool {
        let path =
            asked.strip_prefix(self.own_url()).and_then(|rest| rest.strip_prefix("/account/"));
        let path = path.map(|rest| rest.split('?').next().unwrap_or_default());
        let is_slug = |slug: &str| !slug.is_empty() && !slug.contains('/');
        is_sane(asked) && path.and_then(|path| path.strip_suffix("/link")).is_some_and(is_slug)
    }
}

/// An address with the tokens of a session, as Supabase Auth tells of them.
pub(crate) fn with_tokens(redirect_to: &str, reply: &TokenReply, kind: Option<&str>) -> String {
    let (at, in_seconds) = (reply.expires_at.to_string(), reply.expires_in.to_string());
    let mut parameters = vec![
        ("access_token", reply.access_token.as_str()),
        ("expires_at", &at),
        ("expires_in", &in_seconds),
        ("refresh_token", &reply.refresh_token),
        ("token_type", "bearer"),
    ];
    parameters.extend(kind.map(|kind| ("type", kind)));
    with_fragment(redirect_to, &parameters)
}

/// An address with what went wrong, as Supabase Auth tells of it.
pub(crate) fn with_refusal(
    redirect_to: &str,
    refusal: &AuthError,
    message: &str,
    uses_code: bool,
) -> String {
    let code = match refusal {
        AuthError::Refused { code, .. } => *code,
        _ => AuthCode::UnexpectedFailure,
    };
    let error =
        [("error", "access_denied"), ("error_code", code.as_str()), ("error_description", message)];
    let address = if uses_code { with_query(redirect_to, &error) } else { redirect_to.to_owned() };
    with_fragment(&address, &error)
}
