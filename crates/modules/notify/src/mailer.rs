//! Mails on their way: the queue of messages, emptied over SMTP.

use crate::channel::DeliveryChannel;
use crate::limit::NotificationSuppression;
use crate::message::OutboundMessage;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use mainstay_entity::{Record, Value};
use mainstay_kernel::lookup::{equal, find, position, table};
use mainstay_kernel::{
    Backoff, Error, Failure, Finished, Input, Job, Module, Queue, QueueMeta, QueueStates,
};
use mainstay_store::{Access, Select};
use serde::Deserialize;
use std::fmt;
use std::time::Duration;

/// Longest handover of one mail.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A server that takes mails, and the address that they come from.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

/// Why there is no mailer.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The address of the server is none.
    #[error("expected smtps://user:password@host or smtp://host:587?tls=required")]
    Url,
    /// Mails and passwords would cross a network in plain text.
    #[error("smtp:// without ?tls=required is for this machine alone; use it or smtps://")]
    Plain,
    /// The sender's address is none.
    #[error("expected the sender as \"Name <name@example.com>\"")]
    From,
}

impl Mailer {
    /// A mailer over an SMTP server, named by its URL (`smtps://`, or `smtp://` with
    /// `?tls=required` for STARTTLS). Nothing is connected yet.
    ///
    /// # Errors
    /// For a URL or a sender that is none, and for plain text to another machine.
    pub fn new(url: &str, from: &str) -> Result<Self, MailerError> {
        let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let is_encrypted =
            url.starts_with("smtps://") || query.split('&').any(|part| part == "tls=required");
        if !is_encrypted && !is_local(url) {
            return Err(MailerError::Plain);
        }
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| MailerError::Url)?;
        let from = from.parse().map_err(|_| MailerError::From)?;
        Ok(Self { transport: transport.timeout(Some(TIMEOUT)).build(), from })
    }
}

/// Whether a URL names this machine.
fn is_local(url: &str) -> bool {
    let authority = url.strip_prefix("smtp://").unwrap_or(url).split(['/', '?']).next();
    let host = authority.and_then(|text| text.rsplit('@').next()).unwrap_or_default();
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| {
        host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

/// The states of messages, as S0-B5 names them.
impl Queue for OutboundMessage {
    const QUEUE: QueueMeta = QueueMeta {
        states: QueueStates {
            waiting: "queued",
            running: "sending",
            done: "sent",
            retrying: "queued",
            dead: "failed",
        },
        timeout: Duration::from_mins(1),
        backoff: Backoff { base: Duration::from_secs(5), cap: Duration::from_mins(10) },
        ..QueueMeta::STANDARD
    };
}

/// The same module, sending the mails of its queue.
#[must_use]
pub fn sending(module: Module, mailer: Mailer) -> Module {
    module.queue::<OutboundMessage>(move |job| send(mailer.clone(), job))
}

/// What stands in for `{{ link }}` and `{{ code }}`.
#[derive(Default, Deserialize)]
struct Secrets {
    #[serde(default)]
    link: String,
    #[serde(default)]
    code: String,
}

async fn send(mailer: Mailer, job: Job<OutboundMessage>) -> Result<Finished, Failure> {
    if job.row.channel != DeliveryChannel::Email || job.row.provider.is_some() {
        return Err(Failure::dead("this server sends mails alone, over its own mail server"));
    }
    if is_suppressed(&job).await? {
        return Err(Failure::dead("nothing is sent to this address any more"));
    }
    let secrets = secrets(&job).await?;
    let message = message(&mailer, &job.row, &secrets)?;
    if let Err(error) = mailer.transport.send(message).await {
        tracing::warn!(%error, message = %job.row.id, "a mail could not be handed over");
        return Err(if error.is_permanent() {
            Failure::dead("the mail server refuses the mail")
        } else {
            Failure::retry("the mail server could not take the mail")
        });
    }
    forget_secrets(job).await
}

async fn is_suppressed(job: &Job<OutboundMessage>) -> Result<bool, Failure> {
    let own = [
        ("organization_id", Value::Uuid(job.row.organization_id.uuid())),
        ("email", Value::Text(job.row.recipient.to_lowercase())),
    ];
    let found: Vec<NotificationSuppression> =
        find(job.kernel(), |table| equal(table, &own)).await?;
    Ok(!found.is_empty())
}

/// What is sealed beside the texts.
async fn secrets(job: &Job<OutboundMessage>) -> Result<Secrets, Failure> {
    let kernel = job.kernel();
    let messages = table::<OutboundMessage>(kernel.catalog())?;
    let own = [
        ("organization_id", Value::Uuid(job.row.organization_id.uuid())),
        ("id", Value::Uuid(job.row.id.uuid())),
    ];
    let select = Select::all(messages.clone()).filtered(equal(&messages, &own)?);
    let rows = kernel.store().fetch(&Access::system(), &select).await.map_err(Error::Store)?;
    let Some(row): Option<&Record> = rows.first() else {
        return Ok(Secrets::default());
    };
    let column = position(&messages, "secrets")?;
    match kernel.open_secret(&messages, row, column).await? {
        Some(text) => Ok(serde_json::from_slice(&text).map_err(Error::internal)?),
        None => Ok(Secrets::default()),
    }
}

fn message(mailer: &Mailer, row: &OutboundMessage, secrets: &Secrets) -> Result<Message, Failure> {
    let to: Mailbox =
        row.recipient.parse().map_err(|_| Failure::dead("the recipient is no mail address"))?;
    let domain = mailer.from.email.domain();
    let mut builder = Message::builder()
        .from(mailer.from.clone())
        .to(to)
        // The same for each attempt, so that a mail that came twice is known as one.
        .message_id(Some(format!("<{}@{domain}>", row.id)))
        .subject(row.subject.as_deref().unwrap_or_default());
    if let Some(sender) = &row.sender {
        let sender = sender.parse().map_err(|_| Failure::dead("the sender is no mail address"))?;
        builder = builder.reply_to(sender);
    }
    let fill = |text: &str, link: &str| {
        text.replace("{{ link }}", link).replace("{{ code }}", &secrets.code)
    };
    let text = row.text_body.as_deref().map(|text| fill(text, &secrets.link));
    let html = row.html_body.as_deref().map(|html| fill(html, &escape(&secrets.link)));
    let built = match (text, html) {
        (Some(text), Some(html)) => {
            builder.multipart(MultiPart::alternative_plain_html(text, html))
        }
        (Some(text), None) => builder.singlepart(SinglePart::plain(text)),
        (None, html) => builder.singlepart(SinglePart::html(html.unwrap_or_default())),
    };
    built.map_err(|_| Failure::dead("the texts make no mail"))
}

/// A text inside HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The mail is handed over; what was secret of it is kept no longer.
async fn forget_secrets(job: Job<OutboundMessage>) -> Result<Finished, Failure> {
    if job.row.secrets.is_none() {
        return job.done().await;
    }
    let mut work = job.begin().await?;
    let messages = table::<OutboundMessage>(job.kernel().catalog())?;
    let own = [
        ("organization_id", Value::Uuid(job.row.organization_id.uuid())),
        ("id", Value::Uuid(job.row.id.uuid())),
    ];
    let set = vec![(position(&messages, "secrets")?, Input::Value(Value::Null))];
    work.update(&messages, set, equal(&messages, &own)?).await?;
    job.finish(work).await
}

#[cfg(test)]
mod tests {
    use super::Mailer;

    #[test]
    fn plain_text_stays_on_this_machine() {
        let from = "Mainstay <noreply@example.com>";
        for url in [
            "smtps://user:secret@smtp.example.com",
            "smtp://smtp.example.com:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
            "smtp://[::1]:25",
        ] {
            assert!(Mailer::new(url, from).is_ok(), "{url}");
        }
        for url in [
            "smtp://smtp.example.com",
            "smtp://user:secret@smtp.example.com:587",
            "smtp://smtp.example.com?tls=opportunistic",
            "smtp://localhost.example.com",
            "smtp://localhost@smtp.example.com",
            "nonsense",
        ] {
            assert!(Mailer::new(url, from).is_err(), "{url}");
        }
        assert!(Mailer::new("smtp://localhost", "nobody").is_err());
    }
}
