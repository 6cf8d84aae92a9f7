//! Opening a link, or typing a code.

use crate::access::role_book::Source;
use crate::account::address;
use crate::account::reclaim::reclaim;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::mail::changed::{By, Changed, Reader};
use crate::mail::{Letters, link_type};
use crate::organization::domains::domain_entry;
use crate::organization::entering::{last_entered_within, not_a_member};
use crate::organization::invitations::LINK_TYPE;
use crate::organization::members::was_member;
use crate::records::{change, instant, lock, seek, text};
use crate::session::sessions::{AuthRequest, TokenReply, Tokens};
use crate::settings::organization_auth_within;
use crate::sign_in::challenge::is_proven;
use crate::sign_in::landing::{with_refusal, with_tokens};
use crate::sign_in::one_time::{NewCode, expired};
use crate::sign_in::redirect::{with_fragment, with_query};
use crate::sign_in::verification::{UserVerification, VerificationPurpose};
use mainstay_entity::Value;
use mainstay_kernel::entities::{OrganizationMember, User, UserStatus};
use mainstay_kernel::lookup::{equal, find};
use mainstay_kernel::{Context, Result, Work};
use mainstay_vault::hash_token;
use uuid::Uuid;

/// What shows that somebody got what was sent.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The token of a link.
    Token(String),
    /// A code, with the address that it was sent to.
    Code {
        /// The address.
        email: String,
        /// Six digits.
        digits: String,
    },
}

/// What came of it.
#[derive(Debug)]
pub enum Verified {
    /// The person is in.
    Session(Box<TokenReply>),
    /// It did what it is for, of which a person is told this.
    Told(&'static str),
}

const HALF_CHANGED: &str =
    "Confirmation link accepted. Please proceed to confirm link sent to the other email";
const UNLOCKED: &str = "The account is unlocked";

/// What a link or code led to, before it is told to whoever used it.
enum Entered {
    Session {
        tokens: Tokens,
        user: Uuid,
        organization: Option<Uuid>,
    },
    Told(&'static str),
    /// The browser that asked for it fetches its tokens with this.
    Code(String),
}

/// The purposes of what clients call a type; none for an unknown one.
pub(crate) fn purposes(kind: &str) -> Option<&'static [VerificationPurpose]> {
    use VerificationPurpose::{
        EmailChange, EmailChangeCurrent, Invite, MagicLink, Recovery, Signup, Unlock,
    };
    Some(match kind {
        "signup" => &[Signup],
        "invite" => &[Invite],
        "magiclink" => &[MagicLink, Signup],
        "email" => &[MagicLink, Signup, Invite],
        "recovery" => &[Recovery],
        "unlock" => &[Unlock],
        "email_change" => &[EmailChange, EmailChangeCurrent],
        _ => return None,
    })
}

impl Identity {
    /// Uses up a code or the token of a link, and lets the person in.
    ///
    /// # Errors
    /// [`AuthCode::OtpExpired`] when it does not hold.
    pub async fn redeem(
        &self,
        kind: &str,
        proof: &Proof,
        request: &AuthRequest,
    ) -> Result<Verified, AuthError> {
        if kind == LINK_TYPE {
            let Proof::Token(token) = proof else {
                return Err(expired());
            };
            let reply = self.accept_invitation(token, request).await?;
            return Ok(Verified::Session(Box::new(reply)));
        }
        let purposes = purposes(kind)
            .ok_or_else(|| AuthError::invalid("Verify requires a verification type"))?;
        let (mut work, row) = match proof {
            Proof::Token(token) => self.open_link(token, purposes, request).await?,
            Proof::Code { email, digits } => {
                self.take_code(email, digits, purposes, request).await?
            }
        };
        let (entered, letters) = self.enter_with(&mut work, &row, false).await?;
        self.commit_and_post(work, letters).await?;
        match entered {
            Entered::Session { tokens, user, organization } => {
                let reply = self.token_reply(tokens, user, organization).await?;
                Ok(Verified::Session(Box::new(reply)))
            }
            Entered::Told(what) => Ok(Verified::Told(what)),
            Entered::Code(_) => Err(expired()),
        }
    }

    /// Follows a link that was opened in a browser; gives the address where it goes on, with what
    /// came of the link.
    pub async fn follow_link(
        &self,
        kind: &str,
        token: &str,
        request: &AuthRequest,
    ) -> Result<String, AuthError> {
        if kind == LINK_TYPE {
            return self.follow_invitation(token, request).await;
        }
        let known = self.verification(token).await?;
        let redirect_to = known.as_ref().and_then(|row| row.redirect_to.as_deref());
        let redirect_to = redirect_to.unwrap_or(&self.settings.site_url).to_owned();
        let uses_code = known.as_ref().is_some_and(|row| row.code_challenge.is_some());
        match self.try_link(kind, token, request).await {
            Ok((entered, row)) => self.landing(entered, &row, &redirect_to).await,
            Err(AuthError::Kernel(error)) => Err(error.into()),
            Err(refusal) => Ok(refused_landing(&redirect_to, &refusal, uses_code)),
        }
    }

    /// Exchanges what a browser got from a link, or from a provider, for tokens, once.
    ///
    /// # Errors
    /// [`AuthCode::FlowStateNotFound`], [`AuthCode::FlowStateExpired`],
    /// [`AuthCode::BadCodeVerifier`].
    pub async fn exchange(
        &self,
        code: &str,
        verifier: &str,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let unknown = || {
            let message = "invalid flow state, no valid flow state found";
            AuthError::new(AuthCode::FlowStateNotFound, message)
        };
        let Some(known) = self.verification(code).await? else {
            return self.redeem_flow(code, Some(verifier), request).await;
        };
        if known.verified_at.is_none() && known.expires_at <= self.kernel.clock().now() {
            let message = "invalid flow state, flow state has expired";
            return Err(AuthError::new(AuthCode::FlowStateExpired, message));
        }
        let mut work = self.kernel.begin(&self.context_of(&known, request)).await?;
        let purposes = [VerificationPurpose::AuthorizationCode];
        let row = self.redeem_token(&mut work, code, &purposes).await?.ok_or_else(unknown)?;
        if !row.code_challenge.as_deref().is_some_and(|stored| is_proven(stored, verifier)) {
            // Used up all the same: who guesses gets one guess.
            work.commit().await?;
            let message = "code challenge does not match previously saved code verifier";
            return Err(AuthError::new(AuthCode::BadCodeVerifier, message));
        }
        let own = [("id", Value::Uuid(row.user_id.uuid()))];
        let user = seek::<User>(&mut work, &own).await?.pop().ok_or_else(unknown)?;
        let entered = self.open(&mut work, &user, &row).await?;
        work.commit().await?;
        match entered {
            Entered::Session { tokens, user, organization } => {
                Ok(self.token_reply(tokens, user, organization).await?)
            }
            Entered::Told(_) | Entered::Code(_) => Err(unknown()),
        }
    }

    async fn try_link(
        &self,
        kind: &str,
        token: &str,
        request: &AuthRequest,
    ) -> Result<(Entered, UserVerification), AuthError> {
        let purposes = purposes(kind).ok_or_else(expired)?;
        let (mut work, row) = self.open_link(token, purposes, request).await?;
        let (entered, letters) = self.enter_with(&mut work, &row, true).await?;
        self.commit_and_post(work, letters).await?;
        Ok((entered, row))
    }

    async fn landing(
        &self,
        entered: Entered,
        row: &UserVerification,
        redirect_to: &str,
    ) -> Result<String, AuthError> {
        match entered {
            Entered::Code(code) => Ok(with_query(redirect_to, &[("code", &code)])),
            Entered::Told(what) => Ok(with_fragment(redirect_to, &[("message", what)])),
            Entered::Session { tokens, user, organization } => {
                let reply = self.token_reply(tokens, user, organization).await?;
                Ok(with_tokens(redirect_to, &reply, Some(link_type(row.purpose))))
            }
        }
    }

    pub(crate) async fn verification(&self, token: &str) -> Result<Option<UserVerification>> {
        let own = [("token_hash", Value::Bytes(hash_token(token).to_vec()))];
        Ok(find(&self.kernel, |table| equal(table, &own)).await?.pop())
    }

    /// The events of what follows are of the organisation that the person enters.
    fn context_of(&self, row: &UserVerification, request: &AuthRequest) -> Context {
        self.system_request(request, row.organization_id.map(mainstay_entity::Id::uuid))
    }

    async fn open_link(
        &self,
        token: &str,
        purposes: &[VerificationPurpose],
        request: &AuthRequest,
    ) -> Result<(Work, UserVerification), AuthError> {
        let known = self.verification(token).await?.ok_or_else(expired)?;
        let mut work = self.kernel.begin(&self.context_of(&known, request)).await?;
        let row = self.redeem_token(&mut work, token, purposes).await?.ok_or_else(expired)?;
        Ok((work, row))
    }

    async fn take_code(
        &self,
        email: &str,
        digits: &str,
        purposes: &[VerificationPurpose],
        request: &AuthRequest,
    ) -> Result<(Work, UserVerification), AuthError> {
        let email = address::normalize(email)?;
        let user = match self.user_by_email(&email).await? {
            Some(user) => Some(user),
            None if purposes.contains(&VerificationPurpose::EmailChange) => {
                let own = [("new_email", text(email.as_str()))];
                find(&self.kernel, |table| equal(table, &own)).await?.pop()
            }
            None => None,
        };
        // Nobody has the nil identifier: an unknown address is looked up like a known one.
        let user = user.map_or(Uuid::nil(), |user: User| user.id.uuid());
        let context = self.system_request(request, request.organization);
        self.redeem_code(&context, (user, &email), digits, purposes).await
    }

    /// What a code or link that holds leads to. A browser that will prove to be the one that asked
    /// gets a code for its tokens.
    async fn enter_with(
        &self,
        work: &mut Work,
        row: &UserVerification,
        by_link: bool,
    ) -> Result<(Entered, Letters), AuthError> {
        let id = row.user_id.uuid();
        let user: User = lock(work, &[("id", Value::Uuid(id))]).await?.ok_or_else(expired)?;
        let mut letters = Letters::default();
        let user = match row.purpose {
            VerificationPurpose::Unlock => {
                self.forgive(work, &user, "unlock").await?;
                return Ok((Entered::Told(UNLOCKED), letters));
            }
            VerificationPurpose::EmailChange | VerificationPurpose::EmailChangeCurrent => {
                match self.agree_to_change(work, user, row).await? {
                    Some((user, told)) => {
                        letters = told;
                        user
                    }
                    None => return Ok((Entered::Told(HALF_CHANGED), letters)),
                }
            }
            purpose => self.confirm(work, user, purpose).await?,
        };
        let entered = match &row.code_challenge {
            Some(challenge) if by_link => {
                let code = NewCode {
                    user: id,
                    purpose: VerificationPurpose::AuthorizationCode,
                    organization: row.organization_id.map(mainstay_entity::Id::uuid),
                    email: row.email.as_deref().unwrap_or_default(),
                    redirect_to: None,
                    challenge: Some(challenge.to_string()),
                };
                self.belong(work, &user, row).await?;
                Entered::Code(self.issue(work, &code).await?.token)
            }
            _ => self.open(work, &user, row).await?,
        };
        Ok((entered, letters))
    }

    async fn open(
        &self,
        work: &mut Work,
        user: &User,
        row: &UserVerification,
    ) -> Result<Entered, AuthError> {
        self.check_usable(user)?;
        let organization = self.belong(work, user, row).await?;
        self.forgive(work, user, "otp").await?;
        let tokens = self.open_session(work, user, organization, "otp").await?;
        Ok(Entered::Session { tokens, user: user.id.uuid(), organization })
    }

    /// The organisation that the person enters; they belong to it from now on, if it asked them to
    /// come or lets people in.
    async fn belong(
        &self,
        work: &mut Work,
        user: &User,
        row: &UserVerification,
    ) -> Result<Option<Uuid>, AuthError> {
        let asked = row.organization_id.map(mainstay_entity::Id::uuid);
        self.belong_to(work, user, asked, row.purpose == VerificationPurpose::Invite).await
    }

    /// The same for an organisation that is asked for, whoever shows that they may come.
    pub(crate) async fn belong_to(
        &self,
        work: &mut Work,
        user: &User,
        asked: Option<Uuid>,
        is_invited: bool,
    ) -> Result<Option<Uuid>, AuthError> {
        let own = [("user_id", Value::Uuid(user.id.uuid())), ("status", text("active"))];
        let own = seek::<OrganizationMember>(work, &own).await?;
        let own: Vec<Uuid> = own.iter().map(|member| member.organization_id.uuid()).collect();
        let Some(organization) = asked else {
            return Ok(last_entered_within(work, user.id.uuid(), &own).await?);
        };
        if !own.contains(&organization) && !user.is_platform_admin {
            let settings = organization_auth_within(work, Some(organization)).await?;
            let entry = if user.email_verified {
                domain_entry(&mut Source::Open(work), organization, &user.email).await?
            } else {
                None
            };
            let is_open = is_invited || settings.signup;
            if !is_open
                && (entry.is_none() || was_member(work, organization, user.id.uuid()).await?)
            {
                return Err(not_a_member());
            }
            let role = entry.and_then(|entry| entry.role).or(settings.role);
            self.join(work, user, organization, role.as_deref()).await?;
        }
        Ok(Some(organization))
    }

    /// The address is the person's: they got what was sent there. If nobody had shown that before,
    /// whoever made the account may be somebody else: nothing is left that they could come back
    /// with, unless it is the link of that very sign-up.
    pub(crate) async fn confirm(
        &self,
        work: &mut Work,
        mut user: User,
        purpose: VerificationPurpose,
    ) -> Result<User> {
        let (id, now) = (user.id.uuid(), work.context().now);
        if user.email_verified {
            return Ok(user);
        }
        if purpose != VerificationPurpose::Signup {
            reclaim(work, id).await?;
        }
        let set = [
            ("email_verified", Value::Bool(true)),
            ("email_verified_at", instant(now)),
            ("status", text("active")),
        ];
        let is_pending = user.status == UserStatus::PendingVerification;
        let set = if is_pending { &set[..] } else { &set[..2] };
        change::<User>(work, set, &[("id", Value::Uuid(id))]).await?;
        (user.email_verified, user.email_verified_at) = (true, Some(now));
        if is_pending {
            user.status = UserStatus::Active;
        }
        Ok(user)
    }

    /// One of the two addresses agrees to a change; none until both do. Both are told of it.
    async fn agree_to_change(
        &self,
        work: &mut Work,
        mut user: User,
        row: &UserVerification,
    ) -> Result<Option<(User, Letters)>, AuthError> {
        let new_email = user.new_email.clone().ok_or_else(expired)?;
        let is_new = row.purpose == VerificationPurpose::EmailChange;
        if is_new && row.email.as_deref() != Some(&*new_email) {
            return Err(expired());
        }
        if !user.is_anonymous && !self.has_agreed(work, &user, row).await? {
            return Ok(None);
        }
        let now = work.context().now;
        let set = [
            ("email", text(&*new_email)),
            ("new_email", Value::Null),
            ("email_verified", Value::Bool(true)),
            ("email_verified_at", instant(now)),
            ("is_anonymous", Value::Bool(false)),
        ];
        let changed = change::<User>(work, &set, &[("id", Value::Uuid(user.id.uuid()))]).await;
        changed
            .map_err(|error| if AuthError::is_taken(&error) { expired() } else { error.into() })?;
        let reader = Reader { email: &new_email, is_verified: true, ..Reader::of(&user) };
        let changed = Changed::address(&user);
        let letters = self.tell_of_change(work, reader, changed, By::Person).await?;
        (user.email, user.new_email) = (new_email, None);
        (user.email_verified, user.email_verified_at) = (true, Some(now));
        user.is_anonymous = false;
        Ok(Some((user, letters)))
    }

    /// Whether the other address has agreed to the change that this one agrees to.
    async fn has_agreed(
        &self,
        work: &mut Work,
        user: &User,
        row: &UserVerification,
    ) -> Result<bool> {
        let other = match row.purpose {
            VerificationPurpose::EmailChange => VerificationPurpose::EmailChangeCurrent,
            _ => VerificationPurpose::EmailChange,
        };
        let newest = self.newest_of(work, user.id.uuid(), other).await?;
        let is_of_this_change = |found: &UserVerification| {
            other != VerificationPurpose::EmailChange || found.email == user.new_email
        };
        Ok(newest.filter(is_of_this_change).is_some_and(|found| found.verified_at.is_some()))
    }
}

/// Where a browser goes on whose link does not hold.
pub(crate) fn refused_landing(redirect_to: &str, refusal: &AuthError, uses_code: bool) -> String {
    let message = match refusal {
        AuthError::Refused { code: AuthCode::OtpExpired, .. } => {
            "Email link is invalid or has expired".to_owned()
        }
        _ => refusal.to_string(),
    };
    with_refusal(redirect_to, refusal, &message, uses_code)
}
