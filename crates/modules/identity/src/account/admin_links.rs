//! Links that an organisation's own programs make for its people: to send by themselves, or to
//! have them sent.

use crate::account::address;
use crate::account::admin_users::Administrator;
use crate::account::change::taken;
use crate::account::reply::{UserReply, draft_reply};
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::link_type;
use crate::records::{change, instant};
use crate::sign_in::one_time::NewCode;
use crate::sign_in::sign_up::{create_user, draft, metadata};
use crate::sign_in::verification::VerificationPurpose;
use mainstay_entity::Value;
use mainstay_kernel::Work;
use mainstay_kernel::entities::{MemberStatus, User};
use serde::Serialize;
use serde_json::{Map, Value as JsonValue};

/// A link that is wanted.
#[derive(Clone, Debug, Default)]
pub struct WantedLink {
    /// `signup`, `invite`, `magiclink`, `recovery`, `email_change_current` or `email_change_new`.
    pub kind: String,
    /// The person's address.
    pub email: String,
    /// The address that is to name the account.
    pub new_email: Option<String>,
    /// The password of a new account.
    pub password: Option<String>,
    /// What a new person says of themselves.
    pub data: Map<String, JsonValue>,
    /// Where a browser goes on.
    pub redirect_to: Option<String>,
}

/// A link that was made, with whose it is.
#[derive(Debug, Serialize)]
pub struct Link {
    /// The person.
    #[serde(flatten)]
    pub user: UserReply,
    /// The link.
    pub action_link: String,
    /// The code beside it.
    pub email_otp: String,
    /// What the link holds, for `verify` with `token_hash`.
    pub hashed_token: String,
    /// Where a browser goes on.
    pub redirect_to: String,
    /// What it is for.
    pub verification_type: String,
}

impl Identity {
    /// Makes a link for a person, who is not told of it. One to sign up, to come or to sign in
    /// makes the account where there is none.
    ///
    /// # Errors
    /// [`AuthCode::UserNotFound`], [`AuthCode::EmailExists`], and as
    /// [`Identity::change_person`].
    pub async fn generate_link(
        &self,
        admin: &Administrator,
        wanted: &WantedLink,
    ) -> Result<Link, AuthError> {
        let email = address::normalize(&wanted.email)?;
        let new_email = wanted.new_email.as_deref().map(address::normalize).transpose()?;
        let (purpose, creates) = purpose_of(&wanted.kind)?;
        let hash = self.link_password(purpose, wanted, &email).await?;
        let settings = self.organization_auth(Some(admin.organization)).await?;
        let redirect_to = self.redirect_target(wanted.redirect_to.as_deref(), &settings);
        let existing = self.member_by_email(admin, &email, creates).await?;
        let context = self.system_request(&admin.request, Some(admin.organization));
        let mut work = self.kernel.begin(&context).await?;
        let user = match existing {
            Some(user) => user,
            None => self.new_person(&mut work, admin, &email, &wanted.data, hash).await?,
        };
        let id = user.id.uuid();
        if purpose == VerificationPurpose::Invite {
            change::<User>(
                &mut work,
                &[("invited_at", instant(context.now))],
                &[("id", Value::Uuid(id))],
            )
            .await?;
        }
        let sent_to = match (purpose, &new_email) {
            (VerificationPurpose::EmailChange | VerificationPurpose::EmailChangeCurrent, None) => {
                return Err(AuthError::invalid(
                    "Unable to validate email address: new_email is needed",
                ));
            }
            (VerificationPurpose::EmailChange, Some(new)) => new.as_str(),
            _ => email.as_str(),
        };
        if let Some(new) = &new_email {
            let set = [("new_email", Value::Text(new.clone()))];
            change::<User>(&mut work, &set, &[("id", Value::Uuid(id))]).await?;
        }
        let code = NewCode {
            user: id,
            purpose,
            organization: Some(admin.organization),
            email: sent_to,
            redirect_to: Some(&redirect_to),
            challenge: None,
        };
        let made = self.issue(&mut work, &code).await?;
        work.commit().await.map_err(taken)?;
        Ok(Link {
            user: self.person(admin, id).await?,
            action_link: self.link(purpose, &made, Some(&redirect_to)),
            email_otp: made.digits,
            hashed_token: made.token,
            redirect_to,
            verification_type: link_type(purpose).to_owned(),
        })
    }

    /// The hash of the password that a sign-up begins with; other links have none.
    async fn link_password(
        &self,
        purpose: VerificationPurpose,
        wanted: &WantedLink,
        email: &str,
    ) -> Result<Option<String>, AuthError> {
        match &wanted.password {
            _ if purpose != VerificationPurpose::Signup => Ok(None),
            None => Err(AuthError::invalid("Signup requires a valid password")),
            Some(password) => {
                self.check_password(password, email).await?;
                let entropy = self.kernel.entropy().clone();
                Ok(Some(self.passwords.hash(password, entropy).await?))
            }
        }
    }

    /// Asks somebody to come: makes their account where there is none, and sends a link. Who has an
    /// account elsewhere is asked too; the answer tells nothing of it.
    ///
    /// # Errors
    /// [`AuthCode::EmailExists`] for somebody who belongs to the organisation.
    pub async fn invite(
        &self,
        admin: &Administrator,
        email: &str,
        data: &Map<String, JsonValue>,
        redirect_to: Option<&str>,
    ) -> Result<UserReply, AuthError> {
        let email = address::normalize(email)?;
        let settings = self.organization_auth(Some(admin.organization)).await?;
        let redirect_to = self.redirect_target(redirect_to, &settings);
        let context = self.system_request(&admin.request, Some(admin.organization));
        let mut shown =
            draft(self.kernel.new_id(&context), &email, metadata(data)?, false, context.now)?;
        shown.invited_at = Some(context.now);
        let known = self.user_by_email(&email).await?;
        let was_asked = match &known {
            Some(user) => self.was_asked(admin, user).await?,
            None => false,
        };
        let mut work = self.kernel.begin(&context).await?;
        let user = match known {
            Some(user) => {
                if was_asked {
                    shown.id = user.id;
                } else {
                    self.add_again(&mut work, &user, admin.organization).await?;
                }
                user
            }
            None => {
                create_user(&mut work, &shown, None).await.map_err(taken)?;
                self.add_to(&mut work, &shown, admin.organization, "invited").await?;
                draft(shown.id.uuid(), &email, metadata(data)?, false, context.now)?
            }
        };
        let code = NewCode {
            user: user.id.uuid(),
            purpose: VerificationPurpose::Invite,
            organization: Some(admin.organization),
            email: &email,
            redirect_to: Some(&redirect_to),
            challenge: None,
        };
        let letters = self.send_code(&mut work, &user, &code).await?;
        self.commit_and_post(work, letters).await.map_err(taken)?;
        let mut reply = draft_reply(&shown);
        reply.confirmation_sent_at = reply.invited_at.clone();
        Ok(reply)
    }

    /// Whether the organisation asked somebody with an account before.
    ///
    /// # Errors
    /// [`AuthCode::EmailExists`] for somebody who belongs to it.
    async fn was_asked(&self, admin: &Administrator, user: &User) -> Result<bool, AuthError> {
        match self.own_person(admin, user.id.uuid()).await {
            Ok((_, member)) if member.status == MemberStatus::Invited => Ok(true),
            Ok(_) => {
                let message = "A user with this email address has already been registered";
                Err(AuthError::new(AuthCode::EmailExists, message))
            }
            Err(AuthError::Refused { code: AuthCode::UserNotFound, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The organisation's person of an address; none where a new one is to be made.
    async fn member_by_email(
        &self,
        admin: &Administrator,
        email: &str,
        creates: bool,
    ) -> Result<Option<User>, AuthError> {
        let missing = || {
            let message = "User with this email not found";
            AuthError::new(AuthCode::UserNotFound, message)
        };
        let Some(user) = self.user_by_email(email).await? else {
            return if creates { Ok(None) } else { Err(missing()) };
        };
        match self.own_person(admin, user.id.uuid()).await {
            Ok((user, _)) => {
                self.check_own(admin, &user).await?;
                Ok(Some(user))
            }
            // Somebody else's person can't be made anew either.
            Err(AuthError::Refused { code: AuthCode::UserNotFound, .. }) if creates => {
                let message = "A user with this email address has already been registered";
                Err(AuthError::new(AuthCode::EmailExists, message))
            }
            Err(AuthError::Refused { code: AuthCode::UserNotFound, .. }) => Err(missing()),
            Err(error) => Err(error),
        }
    }

    async fn new_person(
        &self,
        work: &mut Work,
        admin: &Administrator,
        email: &str,
        data: &Map<String, JsonValue>,
        hash: Option<String>,
    ) -> Result<User, AuthError> {
        let (id, now) = (self.kernel.new_id(work.context()), work.context().now);
        let user = draft(id, email, metadata(data)?, false, now)?;
        create_user(work, &user, hash.as_deref()).await.map_err(taken)?;
        self.add_to(work, &user, admin.organization, "active").await?;
        Ok(user)
    }
}

/// What a kind of link is for, and whether it makes an account where there is none.
fn purpose_of(kind: &str) -> Result<(VerificationPurpose, bool), AuthError> {
    Ok(match kind {
        "signup" => (VerificationPurpose::Signup, true),
        "invite" => (VerificationPurpose::Invite, true),
        "magiclink" => (VerificationPurpose::MagicLink, true),
        "recovery" => (VerificationPurpose::Recovery, false),
        "email_change_current" => (VerificationPurpose::EmailChangeCurrent, false),
        "email_change_new" => (VerificationPurpose::EmailChange, false),
        _ => return Err(AuthError::invalid("Invalid email action link type requested")),
    })
}
