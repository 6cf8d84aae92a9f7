//! What can be set of sign-in and mails.

use super::Config;
use crate::log;
use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use mainstay_identity::{AuthSettings, Post};
use mainstay_notify::Mailer;
use std::sync::Arc;

impl Config {
    /// How people sign in, at a server that clients see at `url`.
    ///
    /// # Errors
    /// For a provider that lacks what it needs, and a network that is none.
    pub(crate) fn auth(&self, url: &str) -> Result<AuthSettings> {
        let hours = |given: Option<u32>, default: SignedDuration| {
            given.map_or(default, |hours| SignedDuration::from_hours(hours.into()))
        };
        let mut settings = AuthSettings::default();
        url.clone_into(&mut settings.site_url);
        let seconds = |seconds: u32| SignedDuration::from_secs(seconds.into());
        settings.access_token = self.token_lifetime.map_or(settings.access_token, seconds);
        settings.session_idle = hours(self.session_idle, settings.session_idle);
        settings.session_max = hours(self.session_lifetime, settings.session_max);
        settings.password_ranges.clone_from(&self.password_ranges);
        settings.password_ranges_url.clone_from(&self.password_ranges_url);
        settings.resolver = self.resolver;
        settings.domain_check = self.domain_check.map_or(settings.domain_check, seconds);
        let length = self.password_length.unwrap_or(settings.password_characters_min);
        settings.password_characters_min = length;
        settings.default_organization.clone_from(&self.default_organization);
        settings.change_mails = self.change_mails.unwrap_or(settings.change_mails);
        settings.providers = self.providers()?;
        settings.outbound_networks = self.outbound_networks()?;
        if self.smtp.is_some() {
            settings.post = Post::Queue;
        } else if self.public_url.is_none() && self.listen().ip().is_loopback() {
            // Whoever started a server on their own machine sees what it prints.
            settings.post = Post::Print(Arc::new(|mail| {
                if let Err(error) = log::print(&format!("\n{mail}\n")) {
                    tracing::warn!(%error, "standard output is closed");
                }
            }));
        }
        Ok(settings)
    }

    /// Hands mails over, where there is a mail server.
    ///
    /// # Errors
    /// When its URL or the sender's address is none, or one is given without the other.
    pub(crate) fn mailer(&self) -> Result<Option<Mailer>> {
        match (&self.smtp, &self.mail_from) {
            (Some(url), Some(from)) => Ok(Some(Mailer::new(url.reveal(), from).context("smtp")?)),
            (None, None) => Ok(None),
            _ => bail!("smtp and mail_from go together: a mail server, and who mails come from"),
        }
    }
}
