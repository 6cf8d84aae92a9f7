//! Mails that tell people what was changed of what signs them in (OWASP ASVS 5.0 §6.3.7).
//!
//! They leave with the change, in its transaction, and hold nothing that is of use to anybody who
//! reads them: neither a link nor a code, and of two addresses none names the other.

use super::{Letters, Outgoing, deliver, sender};
use crate::account::provision::add;
use crate::authenticate::Identity;
use crate::factor::entity::MfaMethod;
use crate::organization::members::was_member;
use crate::records::{instant, seek, text};
use crate::sign_in::lockout::{MAILS_TO_ADDRESS, SENT};
use crate::sign_in::login_attempt::LoginAttempt;
use jiff::SignedDuration;
use mainstay_entity::Value;
use mainstay_kernel::entities::{OrganizationMember, User};
use mainstay_kernel::lookup::{compare, equal, table};
use mainstay_kernel::{Error, Result, Work};
use mainstay_store::{Compare, Filter, Select};
use minijinja::{Environment, context};
use uuid::Uuid;

/// After codes, which somebody waits for.
const PRIORITY: i64 = 50;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// How the log of attempts names these mails.
const METHOD: &str = "change told";

/// What was changed of what signs a person in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Changed<'a> {
    Password,
    /// The address, which was this one.
    Address {
        former: &'a str,
        is_verified: bool,
    },
    FactorAdded(MfaMethod),
    FactorRemoved(MfaMethod),
    PasskeyAdded,
    PasskeyRemoved,
    ProviderAdded(&'a str),
    ProviderRemoved(&'a str),
    RecoveryCodesMade,
    RecoveryCodeUsed,
}

impl<'a> Changed<'a> {
    /// Another address, of a person as they were before.
    pub(crate) fn address(before: &'a User) -> Self {
        Self::Address { former: &before.email, is_verified: before.email_verified }
    }
}

/// Who is told: a person, as they are after the change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) id: Uuid,
    pub(crate) email: &'a str,
    /// Whether somebody has shown that the address is theirs.
    pub(crate) is_verified: bool,
    /// Whether the person has given no address.
    pub(crate) is_anonymous: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn of(user: &'a User) -> Self {
        Self {
            id: user.id.uuid(),
            email: &user.email,
            is_verified: user.email_verified,
            is_anonymous: user.is_anonymous,
        }
    }
}

/// Who changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The person, or somebody who is in their account.
    Person,
    /// The organisation, which manages the account.
    Organization,
}

/// What one address is told.
#[derive(Debug)]
struct Telling<'a> {
    to: &'a str,
    /// Whether somebody has shown that the address is theirs.
    is_verified: bool,
    subject: &'static str,
    lead: String,
}

fn factor(method: MfaMethod) -> &'static str {
    match method {
        MfaMethod::Totp => "an authenticator",
        MfaMethod::Sms => "codes by SMS",
        MfaMethod::Email => "codes by mail",
        MfaMethod::WebAuthn => "a security key",
    }
}

/// The subject of a change and what is said of it; of an address what the new one is told.
fn words(changed: Changed<'_>) -> (&'static str, String) {
    match changed {
        Changed::Password => {
            ("Your password was changed", "The password of your account was changed.".to_owned())
        }
        Changed::Address { .. } => {
            ("Your address was changed", "This address names your account from now on.".to_owned())
        }
        Changed::FactorAdded(method) => (
            "A second factor was added",
            format!("A second factor was added to your account: {}.", factor(method)),
        ),
        Changed::FactorRemoved(method) => (
            "A second factor was removed",
            format!("A second factor was removed from your account: {}.", factor(method)),
        ),
        Changed::PasskeyAdded => {
            ("A passkey was added", "A passkey was added to your account.".to_owned())
        }
        Changed::PasskeyRemoved => {
            ("A passkey was removed", "A passkey was removed from your account.".to_owned())
        }
        Changed::ProviderAdded(name) => (
            "A way to sign in was added",
            format!("Your account can be signed in to by “{name}” from now on."),
        ),
        Changed::ProviderRemoved(name) => (
            "A way to sign in was removed",
            format!("Your account can be signed in to by “{name}” no longer."),
        ),
        Changed::RecoveryCodesMade => (
            "New recovery codes",
            "Recovery codes were made for your account. Those from before are of no use any more."
                .to_owned(),
        ),
        Changed::RecoveryCodeUsed => (
            "A recovery code was used",
            "A recovery code stood in for a second factor of your account. It is of no use any \
             more."
                .to_owned(),
        ),
    }
}

/// Which address to tell what.
fn tellings<'a>(reader: Reader<'a>, changed: Changed<'a>) -> Vec<Telling<'a>> {
    let (subject, lead) = words(changed);
    let is_verified = reader.is_verified;
    let mut tellings = vec![Telling { to: reader.email, is_verified, subject, lead }];
    if let Changed::Address { former, is_verified } = changed {
        let lead = "Another address names your account from now on; this one does no longer.";
        tellings.push(Telling { to: former, is_verified, subject, lead: lead.to_owned() });
    }
    tellings
}

const TEXT: &str = "\
{{ lead }}

It happened on {{ time }}{% if place %}, from the network address {{ place }}{% endif %}{% if by_organization %}, by {{ sender }}{% endif %}.

{{ otherwise }}

{{ sender }}
";

const HTML: &str = "\
<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><title>{{ subject }}</title></head>
<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 2em auto\">
<p>{{ lead }}</p>
<p>It happened on {{ time }}{% if place %}, from the network address {{ place }}{% endif %}{% if by_organization %}, by {{ sender }}{% endif %}.</p>
<p>{{ otherwise }}</p>
<p>{{ sender }}</p>
</body>
</html>
";

const OTHERWISE: &str = "If you know of this, there is nothing to do. If you do not, somebody \
                         else may be in your account: choose a new password, sign out all other \
                         devices, and tell those who look after your account.";

/// The texts of a mail, as text and as HTML.
fn render(
    telling: &Telling<'_>,
    (time, place): (&str, Option<String>),
    by: By,
    sender: &str,
) -> Result<(String, String)> {
    let by_organization = by == By::Organization;
    // Where the organisation's own program is tells a person nothing.
    let place = place.filter(|_| !by_organization);
    let (subject, lead) = (telling.subject, telling.lead.as_str());
    let values =
        context! { subject, lead, time, place, by_organization, sender, otherwise => OTHERWISE };
    let environment = Environment::new();
    // The name's ending turns escaping on.
    let text = environment.render_named_str("mail.txt", TEXT, &values);
    let html = environment.render_named_str("mail.html", HTML, &values);
    Ok((text.map_err(Error::internal)?, html.map_err(Error::internal)?))
}

impl Identity {
    /// Tells a person what was changed of what signs them in, by mails that leave when the work is
    /// committed.
    pub(crate) async fn tell_of_change(
        &self,
        work: &mut Work,
        reader: Reader<'_>,
        changed: Changed<'_>,
        by: By,
    ) -> Result<Letters> {
        let mut letters = Letters::default();
        if reader.is_anonymous || !self.settings.change_mails || !self.sends_mail() {
            return Ok(letters);
        }
        let (sender, now) = (sender(work).await?, work.context().now);
        let time = now.strftime("%-d %B %Y at %H:%M UTC").to_string();
        let place = work.context().origin.ip_address.map(|address| address.to_string());
        let organization = organization_of(work, reader.id).await?;
        for telling in tellings(reader, changed) {
            if !telling.is_verified && !may_be_told(work, telling.to).await? {
                continue;
            }
            let (text, html) = render(&telling, (&time, place.clone()), by, &sender)?;
            let texts = [
                ("channel", "email"),
                ("subject", telling.subject),
                ("text_body", text.as_str()),
                ("html_body", html.as_str()),
            ];
            let outgoing = Outgoing {
                to: telling.to,
                organization: organization.map(|(id, _)| id),
                user: organization.filter(|(_, is_known)| *is_known).map(|_| reader.id),
                priority: PRIORITY,
                secrets: None,
                texts: &texts,
            };
            let printed = || format!("To: {}\nSubject: {}\n\n{text}", telling.to, telling.subject);
            letters = letters.and(deliver(work, &self.settings.post, &outgoing, printed).await?);
        }
        Ok(letters)
    }
}

/// The organisation whose mail it is, and whether it knows the person: the work's, else the first
/// one of the person.
async fn organization_of(work: &mut Work, user: Uuid) -> Result<Option<(Uuid, bool)>> {
    if let Some(organization) = work.context().principal.organization_id {
        return Ok(Some((organization, was_member(work, organization, user).await?)));
    }
    let own = [("user_id", Value::Uuid(user)), ("status", text("active"))];
    let first = seek::<OrganizationMember>(work, &own).await?.into_iter().next();
    Ok(first.map(|member| (member.organization_id.uuid(), true)))
}

/// Counts a mail to an address that nobody has shown to be theirs, and says whether it may be sent:
/// whoever made an account of another's address does not fill their mailbox.
async fn may_be_told(work: &mut Work, email: &str) -> Result<bool> {
    let now = work.context().now;
    let attempts = table::<LoginAttempt>(work.kernel().catalog())?;
    let own = [("email", text(email)), ("failure_reason", text(SENT))];
    let lately = compare(&attempts, "attempted_at", Compare::Gt, instant(now - HOUR))?;
    let mut select =
        Select::all(attempts.clone()).filtered(Filter::And(vec![equal(&attempts, &own)?, lately]));
    select.limit = Some(MAILS_TO_ADDRESS as u64);
    if work.fetch(&select).await?.len() >= MAILS_TO_ADDRESS {
        return Ok(false);
    }
    let row = [
        ("email", text(email)),
        ("login_method", text(METHOD)),
        ("success", Value::Bool(false)),
        ("failure_reason", text(SENT)),
    ];
    add::<LoginAttempt>(work, &row).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::{By, Changed, MfaMethod, Telling, render, words};

    #[test]
    fn every_change_is_told_in_words_and_escapes_what_others_say() {
        let former = "ada@example.com";
        for changed in [
            Changed::Password,
            Changed::Address { former, is_verified: true },
            Changed::FactorAdded(MfaMethod::Totp),
            Changed::FactorRemoved(MfaMethod::WebAuthn),
            Changed::PasskeyAdded,
            Changed::PasskeyRemoved,
            Changed::ProviderAdded("<okta>"),
            Changed::ProviderRemoved("<okta>"),
            Changed::RecoveryCodesMade,
            Changed::RecoveryCodeUsed,
        ] {
            let (subject, lead) = words(changed);
            assert!(lead.ends_with('.') && !lead.contains(former), "{lead}");
            let telling = Telling { to: former, is_verified: true, subject, lead };
            let when = ("1 May 2026 at 12:00 UTC", Some("192.0.2.7".to_owned()));
            let (text, html) = render(&telling, when.clone(), By::Person, "Rock & <Roll>").unwrap();
            assert!(text.starts_with(&telling.lead) && text.contains("192.0.2.7."), "{text}");
            assert!(text.ends_with("\nRock & <Roll>"), "{text}");
            assert!(html.contains("Rock &amp; &lt;Roll&gt;") && !html.contains("<okta>"), "{html}");
            let (text, _) = render(&telling, when, By::Organization, "Acme").unwrap();
            assert!(text.contains("UTC, by Acme.") && !text.contains("192.0.2.7"), "{text}");
        }
    }
}
