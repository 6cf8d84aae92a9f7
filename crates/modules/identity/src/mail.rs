//! What people are sent: codes and links, in words.
//!
//! A mail is a row of the queue of messages, which a later module declares and sends; so it is
//! known here by its table's name. The link and the code are no part of its texts: they are sealed
//! beside them until it is sent.

use crate::authenticate::Identity;
use crate::records::seek;
use crate::sign_in::one_time::{Code, NewCode};
use crate::sign_in::redirect::escape;
use crate::sign_in::verification::VerificationPurpose;
use mainstay_entity::Value;
use mainstay_kernel::entities::{Organization, OrganizationMember, User};
use mainstay_kernel::{Create, Error, Input, NewRow, Result, Work};
use mainstay_store::Conflict;
use minijinja::{Environment, context};
use serde_json::json;
use std::fmt;
use std::sync::Arc;

const QUEUE_SCHEMA: &str = "mainstay";
const QUEUE: &str = "outbound_messages";
/// Codes are waited for; what else is in the queue is not.
const PRIORITY: i64 = 100;
/// What stands in a text for what is sealed beside it.
const LINK: &str = "{{ link }}";
const CODE: &str = "{{ code }}";

/// Prints a mail for who started the server.
pub type Printer = Arc<dyn Fn(&str) + Send + Sync>;

/// How mails leave.
#[derive(Clone, Default)]
pub enum Post {
    /// Over the queue of messages.
    Queue,
    /// To who started the server, for development.
    Print(Printer),
    /// Not at all.
    #[default]
    Nowhere,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queue => "Queue",
            Self::Print(_) => "Print",
            Self::Nowhere => "Nowhere",
        })
    }
}

/// Mails to be printed once what they tell of is committed.
#[derive(Default)]
#[must_use = "mails leave with `commit_and_post`"]
pub(crate) struct Letters(Vec<String>);

impl Letters {
    pub(crate) fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}

/// What differs between mails.
struct Words {
    subject: &'static str,
    lead: &'static str,
    /// What stands on the link; none for a mail with a code alone.
    action: Option<&'static str>,
    /// What a reader does who did not ask for it.
    otherwise: &'static str,
}

const NOT_ASKED: &str = "If you did not ask for this, you can ignore this mail.";
const NOT_ASKED_FOR_CHANGE: &str =
    "If you did not ask for this, somebody may know your password: choose a new one.";

fn words(purpose: VerificationPurpose) -> Words {
    let (subject, lead, action, otherwise) = match purpose {
        VerificationPurpose::Signup => (
            "Confirm your address",
            "Somebody signed up with this address. Confirm that it is yours:",
            Some("Confirm the address"),
            NOT_ASKED,
        ),
        VerificationPurpose::Invite => (
            "You are invited",
            "You are invited to join. Accept the invitation:",
            Some("Accept"),
            "If you do not know why, you can ignore this mail.",
        ),
        VerificationPurpose::MagicLink => {
            ("Your link to sign in", "Sign in with this link, once:", Some("Sign in"), NOT_ASKED)
        }
        VerificationPurpose::Recovery => (
            "Choose a new password",
            "Somebody asked for a new password for this address. Sign in with this link, once, \
             and choose one:",
            Some("Sign in"),
            NOT_ASKED,
        ),
        VerificationPurpose::EmailChange => (
            "Confirm your new address",
            "This address is to be the one that names your account. Confirm that it is yours:",
            Some("Confirm the address"),
            NOT_ASKED,
        ),
        VerificationPurpose::EmailChangeCurrent => (
            "Your address is to change",
            "Another address is to name your account. Agree to it:",
            Some("Agree"),
            NOT_ASKED_FOR_CHANGE,
        ),
        VerificationPurpose::Reauthentication => (
            "Your code",
            "Somebody who is signed in to your account wants to change something that matters. \
             Enter the code to show that it is you:",
            None,
            NOT_ASKED_FOR_CHANGE,
        ),
        VerificationPurpose::Unlock => (
            "Your account is locked",
            "There were too many failed attempts to sign in. Unlock the account with this link, \
             or wait:",
            Some("Unlock"),
            "If you did not try to sign in, somebody else did.",
        ),
        VerificationPurpose::AuthorizationCode => ("", "", None, ""),
    };
    Words { subject, lead, action, otherwise }
}

const TEXT: &str = "\
{{ lead }}

{% if action %}{{ link }}

Or enter the code {{ code }}{% else %}{{ code }}{% endif %}

It can be used once, for {{ minutes }} minutes. {{ otherwise }}

{{ sender }}
";

const HTML: &str = "\
<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><title>{{ subject }}</title></head>
<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 2em auto\">
<p>{{ lead }}</p>
{% if action %}<p><a href=\"{{ link }}\">{{ action }}</a></p>
<p>Or enter the code <strong>{{ code }}</strong></p>{% else %}<p><strong>{{ code }}</strong></p>{% endif %}
<p>It can be used once, for {{ minutes }} minutes. {{ otherwise }}</p>
<p>{{ sender }}</p>
</body>
</html>
";

/// A mail with places for link and code.
#[derive(Debug)]
struct Mail {
    subject: &'static str,
    text: String,
    html: String,
}

fn render(purpose: VerificationPurpose, minutes: i64, sender: &str) -> Result<Mail> {
    let Words { subject, lead, action, otherwise } = words(purpose);
    let values = context! {
        subject, lead, action, otherwise, minutes, sender, link => LINK, code => CODE,
    };
    let environment = Environment::new();
    // The name's ending turns escaping on.
    let text = environment.render_named_str("mail.txt", TEXT, &values);
    let html = environment.render_named_str("mail.html", HTML, &values);
    Ok(Mail { subject, text: text.map_err(Error::internal)?, html: html.map_err(Error::internal)? })
}

impl Identity {
    /// Whether people can be written to.
    pub fn sends_mail(&self) -> bool {
        !matches!(self.settings.post, Post::Nowhere)
    }

    /// Makes a code for an address, and a mail that leaves when the work is committed.
    pub(crate) async fn send_code(
        &self,
        work: &mut Work,
        user: &User,
        new: &NewCode<'_>,
    ) -> Result<Letters> {
        let code = self.issue(work, new).await?;
        let link = self.link(new.purpose, &code, new.redirect_to);
        let organization = work.context().principal.organization_id;
        let sender = match organization {
            Some(id) => {
                let found = seek::<Organization>(work, &[("id", Value::Uuid(id))]).await?.pop();
                found.map(|organization| organization.name.into_string())
            }
            None => None,
        };
        let minutes = self.settings.code.as_mins();
        let mail = render(new.purpose, minutes, sender.as_deref().unwrap_or("Mainstay"))?;
        match &self.settings.post {
            Post::Print(_) => {
                let text = mail.text.replace(LINK, &link).replace(CODE, &code.digits);
                let (to, subject) = (new.email, mail.subject);
                return Ok(Letters(vec![format!("To: {to}\nSubject: {subject}\n\n{text}")]));
            }
            Post::Queue if organization.is_some() => {
                let is_member = is_member(work, user).await?;
                enqueue(work, new, mail, &link, &code, is_member).await?;
            }
            Post::Queue | Post::Nowhere => {
                tracing::warn!(user = %user.id, "a code could not be sent: there is no way to");
            }
        }
        Ok(Letters::default())
    }

    /// Commits the work of some mails, and prints those that are printed.
    pub(crate) async fn commit_and_post(&self, work: Work, letters: Letters) -> Result<()> {
        work.commit().await?;
        if let Post::Print(print) = &self.settings.post {
            letters.0.iter().for_each(|letter| print(letter));
        }
        Ok(())
    }

    /// The address that a link leads to.
    pub(crate) fn link(
        &self,
        purpose: VerificationPurpose,
        code: &Code,
        redirect_to: Option<&str>,
    ) -> String {
        let (token, kind) = (&code.token, link_type(purpose));
        let redirect_to = escape(redirect_to.unwrap_or_default());
        format!("{}/verify?token={token}&type={kind}&redirect_to={redirect_to}", self.issuer)
    }
}

/// Whether a person belongs to the work's organisation, in whatever state.
async fn is_member(work: &mut Work, user: &User) -> Result<bool> {
    let Some(organization) = work.context().principal.organization_id else {
        return Ok(false);
    };
    let own =
        [("organization_id", Value::Uuid(organization)), ("user_id", Value::Uuid(user.id.uuid()))];
    Ok(!seek::<OrganizationMember>(work, &own).await?.is_empty())
}

/// How links name a purpose.
pub(crate) fn link_type(purpose: VerificationPurpose) -> &'static str {
    match purpose {
        VerificationPurpose::Signup => "signup",
        VerificationPurpose::Invite => "invite",
        VerificationPurpose::MagicLink => "magiclink",
        VerificationPurpose::Recovery => "recovery",
        VerificationPurpose::EmailChange | VerificationPurpose::EmailChangeCurrent => {
            "email_change"
        }
        VerificationPurpose::Reauthentication => "reauthentication",
        VerificationPurpose::AuthorizationCode => "code",
        VerificationPurpose::Unlock => "unlock",
    }
}

/// Puts a mail into the queue, with what is secret of it sealed.
async fn enqueue(
    work: &mut Work,
    new: &NewCode<'_>,
    mail: Mail,
    link: &str,
    code: &Code,
    is_member: bool,
) -> Result<()> {
    let queue = work.kernel().catalog().find(QUEUE_SCHEMA, QUEUE).cloned();
    let table = queue.ok_or_else(|| Error::internal("there is no queue of messages"))?;
    let mut row = NewRow::empty(&table);
    let texts = [
        ("channel", "email"),
        ("recipient", new.email),
        ("subject", mail.subject),
        ("text_body", &mail.text),
        ("html_body", &mail.html),
    ];
    for (column, value) in texts {
        row.set(&table, column, Value::Text(value.to_owned()))?;
    }
    row.set(&table, "priority", Value::Int(PRIORITY))?;
    if is_member {
        row.set(&table, "user_id", Value::Uuid(new.user))?;
    }
    let place = table.column_index("secrets");
    let place = place.ok_or_else(|| Error::internal("messages have no place for secrets"))?;
    let secrets = json!({ "link": link, "code": code.digits });
    row.values[place] = Some(Input::Plain(secrets.to_string()));
    work.create(Create { table, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CODE, LINK, VerificationPurpose, render};

    #[test]
    fn every_mail_can_be_drawn_and_escapes_what_others_say() {
        for purpose in [
            VerificationPurpose::Signup,
            VerificationPurpose::Invite,
            VerificationPurpose::MagicLink,
            VerificationPurpose::Recovery,
            VerificationPurpose::EmailChange,
            VerificationPurpose::EmailChangeCurrent,
            VerificationPurpose::Reauthentication,
            VerificationPurpose::Unlock,
        ] {
            let mail = render(purpose, 60, "Rock & <Roll>").unwrap();
            assert!(!mail.subject.is_empty());
            let has_link = purpose != VerificationPurpose::Reauthentication;
            for text in [&mail.text, &mail.html] {
                assert_eq!(text.contains(LINK), has_link, "{text}");
                assert!(text.contains(CODE) && text.contains("60 minutes"), "{text}");
            }
            assert!(mail.text.ends_with("Rock & <Roll>"), "{}", mail.text);
            assert!(mail.html.contains("Rock &amp; &lt;Roll&gt;"), "{}", mail.html);
        }
    }
}
