//! What people are sent: codes and links, in words.
//!
//! A mail is a row of the queue of messages, which a later module declares and sends; so it is
//! known here by its table's name. The link and the code are no part of its texts: they are sealed
//! beside them until it is sent.

pub(crate) mod changed;

use crate::authenticate::Identity;
use crate::organization::members::was_member;
use crate::records::seek;
use crate::sign_in::one_time::{Code, DIGITS, NewCode};
use crate::sign_in::redirect::escape;
use crate::sign_in::verification::VerificationPurpose;
use jiff::SignedDuration;
use mainstay_entity::Value;
use mainstay_kernel::entities::{Organization, User};
use mainstay_kernel::{Create, Error, Input, NewRow, Result, Work};
use mainstay_store::Conflict;
use minijinja::{Environment, context};
use serde_json::json;
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

const QUEUE_SCHEMA: &str = "mainstay";
const QUEUE: &str = "outbound_messages";
/// Codes are waited for.
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
        VerificationPurpose::SecondFactor => (
            "Your code",
            "Somebody signs in to your account. Enter the code to show that it is you:",
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

{% if action %}{{ link }}{% if has_code %}

Or enter the code {{ code }}{% endif %}{% else %}{{ code }}{% endif %}

It can be used once, for {{ time }}{% if code_time %}, the code for {{ code_time }}{% endif %}. {{ otherwise }}

{{ sender }}
";

const HTML: &str = "\
<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><title>{{ subject }}</title></head>
<body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 2em auto\">
<p>{{ lead }}</p>
{% if action %}<p><a href=\"{{ link }}\">{{ action }}</a></p>
{% if has_code %}<p>Or enter the code <strong>{{ code }}</strong></p>{% endif %}{% else %}<p><strong>{{ code }}</strong></p>{% endif %}
<p>It can be used once, for {{ time }}{% if code_time %}, the code for {{ code_time }}{% endif %}. {{ otherwise }}</p>
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

/// Something to be sent, with what is secret of it.
pub(crate) struct Notice<'a> {
    pub(crate) purpose: VerificationPurpose,
    /// The address that it goes to.
    pub(crate) to: &'a str,
    pub(crate) link: &'a str,
    /// The code beside the link; none where there is none.
    pub(crate) digits: Option<&'a str>,
    /// How long the link can be used; a code beside it for [`DIGITS`] at most.
    pub(crate) holds: SignedDuration,
    /// Who gets it, of those that the organisation knows.
    pub(crate) user: Option<Uuid>,
}

fn render(notice: &Notice<'_>, sender: &str) -> Result<Mail> {
    let Words { subject, lead, action, otherwise } = words(notice.purpose);
    let (holds, code_holds) = (notice.holds, notice.holds.min(DIGITS));
    let has_code = notice.digits.is_some();
    let time = in_words(if action.is_some() { holds } else { code_holds });
    let code_time = (action.is_some() && has_code).then(|| in_words(code_holds));
    let values = context! {
        subject, lead, action, otherwise, time, has_code, code_time, sender, link => LINK,
        code => CODE,
    };
    let environment = Environment::new();
    // The name's ending turns escaping on.
    let text = environment.render_named_str("mail.txt", TEXT, &values);
    let html = environment.render_named_str("mail.html", HTML, &values);
    Ok(Mail { subject, text: text.map_err(Error::internal)?, html: html.map_err(Error::internal)? })
}

/// A length of time: days or hours where they are whole, else minutes.
fn in_words(time: SignedDuration) -> String {
    let (days, hours) = (time.as_hours() / 24, time.as_hours());
    if days > 1 && time == SignedDuration::from_hours(days * 24) {
        format!("{days} days")
    } else if hours > 1 && time == SignedDuration::from_hours(hours) {
        format!("{hours} hours")
    } else {
        format!("{} minutes", time.as_mins().max(1))
    }
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
        let notice = Notice {
            purpose: new.purpose,
            to: new.email,
            link: &self.link(new.purpose, &code, new.redirect_to),
            digits: Some(&code.digits),
            holds: self.settings.code,
            user: is_known(work, user).await?.then_some(new.user),
        };
        self.send_notice(work, &notice).await
    }

    /// Makes a mail that leaves when the work is committed.
    pub(crate) async fn send_notice(
        &self,
        work: &mut Work,
        notice: &Notice<'_>,
    ) -> Result<Letters> {
        let mail = render(notice, &sender(work).await?)?;
        let texts = [
            ("channel", "email"),
            ("subject", mail.subject),
            ("text_body", &mail.text),
            ("html_body", &mail.html),
        ];
        let outgoing = notice.outgoing(work, &texts);
        let printed = || {
            let digits = notice.digits.unwrap_or_default();
            let text = mail.text.replace(LINK, notice.link).replace(CODE, digits);
            format!("To: {}\nSubject: {}\n\n{text}", notice.to, mail.subject)
        };
        deliver(work, &self.settings.post, &outgoing, printed).await
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
        self.link_of(&code.token, link_type(purpose), redirect_to)
    }

    /// The address of a link with a token of a kind.
    pub(crate) fn link_of(&self, token: &str, kind: &str, redirect_to: Option<&str>) -> String {
        if let Some(address) = self.page_link(redirect_to, token, kind) {
            return address;
        }
        let redirect_to = escape(redirect_to.unwrap_or_default());
        format!("{}/verify?token={token}&type={kind}&redirect_to={redirect_to}", self.issuer)
    }
}

/// A text message that shows a code, with the sender's name.
const SMS: &str = "{{ code }} is your code for ";

impl Identity {
    /// Makes a text message that leaves when the work is committed, to a telephone number.
    pub(crate) async fn send_text(&self, work: &mut Work, notice: &Notice<'_>) -> Result<Letters> {
        let text = format!("{SMS}{}", sender(work).await?);
        let texts = [("channel", "sms"), ("text_body", text.as_str())];
        let outgoing = notice.outgoing(work, &texts);
        let printed = || {
            let text = text.replace(CODE, notice.digits.unwrap_or_default());
            format!("To: {}\n\n{text}", notice.to)
        };
        deliver(work, &self.settings.post, &outgoing, printed).await
    }
}

/// Who sends the messages of some work.
async fn sender(work: &mut Work) -> Result<String> {
    let organization = match work.context().principal.organization_id {
        Some(id) => seek::<Organization>(work, &[("id", Value::Uuid(id))]).await?.pop(),
        None => None,
    };
    Ok(organization.map_or_else(|| "Mainstay".to_owned(), |found| found.name.into_string()))
}

/// Whether a person belongs to the work's organisation, in whatever state.
async fn is_known(work: &mut Work, user: &User) -> Result<bool> {
    match work.context().principal.organization_id {
        Some(organization) => was_member(work, organization, user.id.uuid()).await,
        None => Ok(false),
    }
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
        VerificationPurpose::SecondFactor => "second_factor",
    }
}

/// A message to be sent.
struct Outgoing<'a> {
    to: &'a str,
    /// Whose message it is; nobody sends one of none.
    organization: Option<Uuid>,
    /// Who gets it, of those that the organisation knows.
    user: Option<Uuid>,
    /// Larger goes first.
    priority: i64,
    /// What is secret of it, as JSON.
    secrets: Option<String>,
    texts: &'a [(&'static str, &'a str)],
}

impl Notice<'_> {
    fn outgoing<'a>(&'a self, work: &Work, texts: &'a [(&'static str, &'a str)]) -> Outgoing<'a> {
        let secrets = json!({ "link": self.link, "code": self.digits.unwrap_or_default() });
        Outgoing {
            to: self.to,
            organization: work.context().principal.organization_id,
            user: self.user,
            priority: PRIORITY,
            secrets: Some(secrets.to_string()),
            texts,
        }
    }
}

/// Sends a message the way that messages leave: into the queue, or to be printed.
async fn deliver(
    work: &mut Work,
    post: &Post,
    outgoing: &Outgoing<'_>,
    printed: impl FnOnce() -> String,
) -> Result<Letters> {
    match (post, outgoing.organization) {
        (Post::Print(_), _) => return Ok(Letters(vec![printed()])),
        (Post::Queue, Some(organization)) => enqueue(work, organization, outgoing).await?,
        (Post::Queue | Post::Nowhere, _) => tracing::warn!("there is no way to send a message"),
    }
    Ok(Letters::default())
}

/// Puts a message into the queue, with what is secret of it sealed.
async fn enqueue(work: &mut Work, organization: Uuid, outgoing: &Outgoing<'_>) -> Result<()> {
    let queue = work.kernel().catalog().find(QUEUE_SCHEMA, QUEUE).cloned();
    let table = queue.ok_or_else(|| Error::internal("there is no queue of messages"))?;
    let mut row = NewRow::empty(&table);
    row.set(&table, "organization_id", Value::Uuid(organization))?;
    row.set(&table, "recipient", Value::Text(outgoing.to.to_owned()))?;
    for (column, value) in outgoing.texts {
        row.set(&table, column, Value::Text((*value).to_owned()))?;
    }
    row.set(&table, "priority", Value::Int(outgoing.priority))?;
    if let Some(user) = outgoing.user {
        row.set(&table, "user_id", Value::Uuid(user))?;
    }
    if let Some(secrets) = &outgoing.secrets {
        let place = table.column_index("secrets");
        let place = place.ok_or_else(|| Error::internal("messages have no place for secrets"))?;
        row.values[place] = Some(Input::Plain(secrets.clone()));
    }
    work.create(Create { table, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CODE, LINK, Notice, VerificationPurpose, render};
    use jiff::SignedDuration;

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
            VerificationPurpose::SecondFactor,
            VerificationPurpose::Unlock,
        ] {
            let (to, link, holds) = ("ada@example.com", "x", SignedDuration::from_mins(60));
            let digits = Some("123456");
            let notice = Notice { purpose, to, link, digits, holds, user: None };
            let mail = render(&notice, "Rock & <Roll>").unwrap();
            assert!(!mail.subject.is_empty());
            let is_code =
                [VerificationPurpose::Reauthentication, VerificationPurpose::SecondFactor];
            let has_link = !is_code.contains(&purpose);
            for text in [&mail.text, &mail.html] {
                assert_eq!(text.contains(LINK), has_link, "{text}");
                assert!(text.contains(CODE) && text.contains("for 10 minutes"), "{text}");
                assert_eq!(text.contains("for 60 minutes"), has_link, "{text}");
            }
            assert!(mail.text.ends_with("Rock & <Roll>"), "{}", mail.text);
            assert!(mail.html.contains("Rock &amp; &lt;Roll&gt;"), "{}", mail.html);
        }
    }
}
