//! Inviting people to an organisation, whether they have an account or not.
//!
//! The link that is sent shows that whoever opens it reads the address, so it lets them in: into
//! the account of that address, or into a new one. Its token names the organisation, holds for one
//! use and a time, and is kept as a hash. Nobody gives a role by it that they don't have, neither
//! when they invite nor any more when it is accepted.

use crate::access::delegation::{self, Wanted, lacking};
use crate::access::principal::{self, Acting};
use crate::account::address;
use crate::account::provision::add;
use crate::api_key::entity::ApiKey;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::{Identity, may_work};
use crate::mail::Notice;
use crate::organization::invitation::{Invitation, InvitationStatus};
use crate::records::{change, change_all, instant, key, lock, seek, text};
use crate::session::sessions::{AuthRequest, TokenReply};
use crate::sign_in::landing::with_tokens;
use crate::sign_in::one_time::expired;
use crate::sign_in::sign_up::{create_user, draft};
use crate::sign_in::verification::VerificationPurpose;
use crate::sign_in::verify::refused_landing;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use mainstay_entity::{Choice, Id, Value};
use mainstay_kernel::entities::{
    AssignmentStatus, MemberStatus, OrganizationMember, User, UserRole, UserStatus,
};
use mainstay_kernel::lookup::{compare, equal, find, table};
use mainstay_kernel::permissions::{CREATE, DELETE, UPDATE};
use mainstay_kernel::{Context, Error, Principal, PrincipalKind, Result, Tick, Work};
use mainstay_store::{Compare, Filter};
use mainstay_vault::hash_token;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// How long an invitation can be accepted, when nothing is said, and at most.
const HOLDS: SignedDuration = SignedDuration::from_hours(7 * 24);
const HOLDS_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
const TOKEN_BYTES: usize = 32;
const UUID_BYTES: usize = 16;
const RESOURCE: &str = "invitations";
/// How links name an invitation.
pub(crate) const LINK_TYPE: &str = "invitation";

/// Somebody who is to come.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// The address.
    pub email: String,
    /// The name of the role that the person gets; none gets no permissions.
    pub role: Option<String>,
    /// Where a browser goes on after the link.
    pub redirect_to: Option<String>,
    /// Seconds that it can be accepted: 7 days when nothing is said, at most 30.
    pub expires_in: Option<u32>,
}

/// An invitation, as who invites sees it.
#[derive(Debug, Serialize)]
pub struct InvitationReply {
    /// Identifier.
    pub id: Uuid,
    /// The address.
    pub email: String,
    /// The role's identifier.
    pub role_id: Option<Uuid>,
    /// Where it stands.
    pub status: &'static str,
    /// It can't be accepted after this time.
    pub expires_at: String,
    /// When it was sent last.
    pub sent_at: String,
    /// How often it was sent.
    pub sent_count: i32,
}

impl Identity {
    /// Invites an address to the caller's organisation (permission `invitations:create`).
    ///
    /// # Errors
    /// [`AuthCode::NotAdmin`] without the permission or for a role that the caller does not have,
    /// [`AuthCode::EmailExists`] for an address that belongs or was invited already, and the code
    /// `54000` when all seats are taken.
    pub async fn invite_member(
        &self,
        principal: &Arc<Principal>,
        new: &NewInvitation,
        request: &AuthRequest,
    ) -> Result<InvitationReply, AuthError> {
        let organization = self.may_act(principal, (RESOURCE, CREATE), request)?;
        let email = address::normalize(&new.email)?;
        let holds = lifetime(new.expires_in)?;
        let settings = self.organization_auth(Some(organization)).await?;
        let redirect_to = self.redirect_target(new.redirect_to.as_deref(), &settings);
        self.count_mail(&email, "invitation", request).await?;
        let mut work = self.begin_for(principal, request).await?;
        let now = work.context().now;
        self.refuse_member(&mut work, organization, &email).await?;
        let role = match &new.role {
            Some(name) => Some(role_to_give(&mut work, organization, name, principal).await?),
            None => None,
        };
        end_overdue(&mut work, &[("organization_id", Value::Uuid(organization))]).await?;
        let token = self.invitation_token(organization);
        let id = self.kernel.new_id(work.context());
        let mut row = vec![
            ("id", Value::Uuid(id)),
            ("organization_id", Value::Uuid(organization)),
            ("email", text(email.as_str())),
            ("token_hash", Value::Bytes(hash_token(&token).to_vec())),
            ("expires_at", instant(now + holds)),
            ("redirect_to", text(redirect_to.as_str())),
            ("sent_at", instant(now)),
        ];
        row.extend(role.map(|role| ("role_id", Value::Uuid(role))));
        match principal.kind {
            PrincipalKind::ApiKey(key) => row.push(("api_key_id", Value::Uuid(key))),
            _ => row.extend(principal.user_id.map(|user| ("invited_by", Value::Uuid(user)))),
        }
        add::<Invitation>(&mut work, &row).await.map_err(already)?;
        self.send_invitation(work, (organization, id), &token, holds).await
    }

    /// Sends an invitation anew, with a new token (permission `invitations:update`). The one from
    /// before ends.
    ///
    /// # Errors
    /// [`AuthCode::InvitationNotFound`] for one that was answered or taken back.
    pub async fn resend_invitation(
        &self,
        principal: &Arc<Principal>,
        id: Uuid,
        request: &AuthRequest,
    ) -> Result<InvitationReply, AuthError> {
        let organization = self.may_act(principal, (RESOURCE, UPDATE), request)?;
        let own = key(organization, id);
        let known: Option<Invitation> = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        if let Some(known) = known.filter(is_open) {
            // Written by itself, before anything is held.
            self.count_mail(&known.email, "invitation", request).await?;
        }
        let mut work = self.begin_for(principal, request).await?;
        let invitation = open_invitation(&mut work, organization, id).await?;
        let now = work.context().now;
        let holds = invitation.expires_at.duration_since(invitation.sent_at);
        let token = self.invitation_token(organization);
        let set = [
            ("status", text(InvitationStatus::Pending.as_str())),
            ("token_hash", Value::Bytes(hash_token(&token).to_vec())),
            ("expires_at", instant(now + holds)),
            ("sent_at", instant(now)),
            ("sent_count", Value::Int((invitation.sent_count + 1).into())),
        ];
        change::<Invitation>(&mut work, &set, &own).await.map_err(already)?;
        self.send_invitation(work, (organization, id), &token, holds).await
    }

    /// Takes an invitation back (permission `invitations:delete`). Its link opens nothing more.
    ///
    /// # Errors
    /// As [`Identity::resend_invitation`].
    pub async fn revoke_invitation(
        &self,
        principal: &Arc<Principal>,
        id: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let organization = self.may_act(principal, (RESOURCE, DELETE), request)?;
        let mut work = self.begin_for(principal, request).await?;
        open_invitation(&mut work, organization, id).await?;
        let now = instant(work.context().now);
        let set = [("status", text(InvitationStatus::Revoked.as_str())), ("revoked_at", now)];
        let own = key(organization, id);
        change::<Invitation>(&mut work, &set, &own).await?;
        Ok(work.commit().await?)
    }

    /// Accepts the invitation of a token: the person belongs to the organisation from now on, with
    /// its role, and is in.
    ///
    /// # Errors
    /// [`AuthCode::OtpExpired`] for a token that does not hold, [`AuthCode::NotAMember`] for
    /// somebody who is suspended there, and the code `54000` when all seats are taken.
    pub(crate) async fn accept_invitation(
        &self,
        token: &str,
        request: &AuthRequest,
    ) -> Result<TokenReply, AuthError> {
        let organization = organization_of(token).ok_or_else(expired)?;
        let context = self.system_request(request, Some(organization));
        let mut work = self.kernel.begin(&context).await?;
        let found: Option<Invitation> = lock(&mut work, &by_token(organization, token)).await?;
        let invitation = found.filter(|row| holds(row, context.now)).ok_or_else(expired)?;
        let role = self.role_still_given(&mut work, &invitation).await?;
        let user = self.invited_account(&mut work, &invitation.email).await?;
        self.check_usable(&user)?;
        let id = user.id.uuid();
        // Before the person takes the seat that is kept for them.
        let accepted = [
            ("status", text(InvitationStatus::Accepted.as_str())),
            ("accepted_at", instant(context.now)),
        ];
        let own = key(organization, invitation.id.uuid());
        change::<Invitation>(&mut work, &accepted, &own).await?;
        self.join(&mut work, &user, organization, None).await?;
        change::<Invitation>(&mut work, &[("accepted_by", Value::Uuid(id))], &own).await?;
        if let Some(role) = role {
            give_role(&mut work, organization, id, role, invitation.invited_by.map(Id::uuid))
                .await?;
        }
        self.forgive(&mut work, &user, LINK_TYPE).await?;
        let tokens = self.open_session(&mut work, &user, Some(organization), "otp").await?;
        work.commit().await?;
        Ok(self.token_reply(tokens, id, Some(organization)).await?)
    }

    /// Accepts the invitation of a link that was opened in a browser; gives the address where it
    /// goes on.
    pub(crate) async fn follow_invitation(
        &self,
        token: &str,
        request: &AuthRequest,
    ) -> Result<String, AuthError> {
        let known = self.invitation_of(token).await?;
        let redirect_to = known.as_ref().and_then(|row| row.redirect_to.as_deref());
        let redirect_to = redirect_to.unwrap_or(&self.settings.site_url);
        match self.accept_invitation(token, request).await {
            Ok(reply) => Ok(with_tokens(redirect_to, &reply, Some(LINK_TYPE))),
            Err(AuthError::Kernel(error)) => Err(error.into()),
            Err(refusal) => Ok(refused_landing(redirect_to, &refusal, false)),
        }
    }

    /// The address of an invitation that can be accepted; none for a token that does not hold.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn invitation_of(&self, token: &str) -> Result<Option<Invitation>> {
        let Some(organization) = organization_of(token) else {
            return Ok(None);
        };
        let own = by_token(organization, token);
        let found: Option<Invitation> = find(&self.kernel, |table| equal(table, &own)).await?.pop();
        let now = self.kernel.clock().now();
        Ok(found.filter(|row| holds(row, now)))
    }

    async fn refuse_member(
        &self,
        work: &mut Work,
        organization: Uuid,
        email: &str,
    ) -> Result<(), AuthError> {
        let Some(user) = seek::<User>(work, &[("email", text(email))]).await?.pop() else {
            return Ok(());
        };
        let own = [
            ("organization_id", Value::Uuid(organization)),
            ("user_id", Value::Uuid(user.id.uuid())),
        ];
        let member = seek::<OrganizationMember>(work, &own).await?.pop();
        match member.map(|member| member.status) {
            Some(MemberStatus::Active | MemberStatus::Suspended) => {
                let message = "A user with this email address belongs to the organization already";
                Err(AuthError::new(AuthCode::EmailExists, message))
            }
            _ => Ok(()),
        }
    }

    fn invitation_token(&self, organization: Uuid) -> String {
        let mut bytes = [0; UUID_BYTES + TOKEN_BYTES];
        let (named, secret) = bytes.split_at_mut(UUID_BYTES);
        named.copy_from_slice(organization.as_bytes());
        self.kernel.entropy().fill(secret);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Sends the token of an invitation, commits, and tells of the invitation.
    async fn send_invitation(
        &self,
        mut work: Work,
        (organization, id): (Uuid, Uuid),
        token: &str,
        holds: SignedDuration,
    ) -> Result<InvitationReply, AuthError> {
        let own = key(organization, id);
        let row = seek::<Invitation>(&mut work, &own).await?.pop();
        let row = row.ok_or_else(|| Error::internal("an invitation vanished"))?;
        let link = self.link_of(token, LINK_TYPE, row.redirect_to.as_deref());
        let notice = Notice {
            purpose: VerificationPurpose::Invite,
            to: &row.email,
            link: &link,
            digits: None,
            holds,
            user: None,
        };
        let letters = self.send_notice(&mut work, &notice).await?;
        self.commit_and_post(work, letters).await.map_err(already)?;
        Ok(InvitationReply {
            id,
            email: row.email.into_string(),
            role_id: row.role_id.map(Id::uuid),
            status: row.status.as_str(),
            expires_at: row.expires_at.to_string(),
            sent_at: row.sent_at.to_string(),
            sent_count: row.sent_count,
        })
    }

    /// The role of an invitation, if who invited may still give it.
    async fn role_still_given(
        &self,
        work: &mut Work,
        invitation: &Invitation,
    ) -> Result<Option<Uuid>, AuthError> {
        let organization = invitation.organization_id.uuid();
        let Some(role) = invitation.role_id.map(Id::uuid) else {
            return Ok(None);
        };
        let inviter = self.inviter(work, invitation).await?.ok_or_else(expired)?;
        match lacking(work, organization, role, &inviter.principal).await? {
            None => Ok(Some(role)),
            Some(_) => Err(expired()),
        }
    }

    /// Whom who invited acts as now; none when they may not work any more.
    async fn inviter(&self, work: &mut Work, invitation: &Invitation) -> Result<Option<Acting>> {
        let organization = invitation.organization_id.uuid();
        let now = work.context().now;
        if let Some(user) = invitation.invited_by.map(Id::uuid) {
            let Some(user) = self.user(user).await?.filter(|user| may_work(user, now)) else {
                return Ok(None);
            };
            let own = [
                ("organization_id", Value::Uuid(organization)),
                ("user_id", Value::Uuid(user.id.uuid())),
            ];
            let member = seek::<OrganizationMember>(work, &own).await?.pop();
            let belongs = member.is_some_and(|member| member.status == MemberStatus::Active);
            if !belongs && !user.is_platform_admin {
                return Ok(None);
            }
            let acting =
                principal::of_user(&self.kernel, &self.books, &user, Some(organization), now);
            return acting.await.map(Some);
        }
        let Some(id) = invitation.api_key_id.map(Id::uuid) else {
            return Ok(None);
        };
        let Some(row) = seek::<ApiKey>(work, &key(organization, id)).await?.pop() else {
            return Ok(None);
        };
        let known = principal::of_key(&self.kernel, &self.books, &row, now).await?;
        Ok(Some(known.acting).filter(|_| known.is_valid && known.has_owner))
    }

    /// The account of an address that was shown to be its reader's, made where there is none.
    async fn invited_account(&self, work: &mut Work, email: &str) -> Result<User, AuthError> {
        let own = [("email", text(email))];
        if let Some(user) = lock::<User>(work, &own).await? {
            return Ok(self.confirm(work, user, VerificationPurpose::Invite).await?);
        }
        let (id, now) = (self.kernel.new_id(work.context()), work.context().now);
        let mut user = draft(id, email, "{}".to_owned(), true, now)?;
        user.status = UserStatus::Active;
        (user.email_verified, user.email_verified_at) = (true, Some(now));
        user.invited_at = Some(now);
        create_user(work, &user, None).await?;
        Ok(user)
    }
}

/// Marks what can't be accepted any more as expired, so that its address can be invited anew.
pub(crate) async fn expire_invitations(tick: Tick) -> Result<()> {
    let mut work = tick.begin().await?;
    if end_overdue(&mut work, &[]).await? == 0 {
        work.rollback().await;
        return Ok(());
    }
    work.commit().await
}

async fn end_overdue(work: &mut Work, own: &[(&str, Value)]) -> Result<usize> {
    let invitations = table::<Invitation>(work.kernel().catalog())?;
    let now = instant(work.context().now);
    let overdue = Filter::And(vec![
        equal(&invitations, own)?,
        equal(&invitations, &[("status", text(InvitationStatus::Pending.as_str()))])?,
        compare(&invitations, "expires_at", Compare::Le, now)?,
    ]);
    let set = [("status", text(InvitationStatus::Expired.as_str()))];
    change_all::<Invitation>(work, &set, overdue).await
}

fn lifetime(seconds: Option<u32>) -> Result<SignedDuration, AuthError> {
    let Some(seconds) = seconds else {
        return Ok(HOLDS);
    };
    let holds = SignedDuration::from_secs(seconds.into());
    if holds.is_zero() || holds > HOLDS_MAX {
        let message = format!("expires_in: expected 1 to {} seconds", HOLDS_MAX.as_secs());
        return Err(AuthError::invalid(message));
    }
    Ok(holds)
}

/// The organisation that a token names.
fn organization_of(token: &str) -> Option<Uuid> {
    let bytes: [u8; UUID_BYTES + TOKEN_BYTES] =
        URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    Uuid::from_slice(&bytes[..UUID_BYTES]).ok()
}

/// The invitation of a token.
fn by_token(organization: Uuid, token: &str) -> [(&'static str, Value); 2] {
    let hash = Value::Bytes(hash_token(token).to_vec());
    [("organization_id", Value::Uuid(organization)), ("token_hash", hash)]
}

/// Whether an invitation can be accepted.
fn holds(invitation: &Invitation, now: Timestamp) -> bool {
    invitation.status == InvitationStatus::Pending && now < invitation.expires_at
}

fn is_open(invitation: &Invitation) -> bool {
    matches!(invitation.status, InvitationStatus::Pending | InvitationStatus::Expired)
}

/// An invitation that was neither answered nor taken back, locked.
async fn open_invitation(
    work: &mut Work,
    organization: Uuid,
    id: Uuid,
) -> Result<Invitation, AuthError> {
    let own = key(organization, id);
    let found: Option<Invitation> = lock(work, &own).await?;
    found.filter(is_open).ok_or_else(|| {
        let message = "There is no such invitation";
        AuthError::new(AuthCode::InvitationNotFound, message)
    })
}

/// The role of a name, if a caller may give it.
async fn role_to_give(
    work: &mut Work,
    organization: Uuid,
    name: &str,
    principal: &Principal,
) -> Result<Uuid, AuthError> {
    let why = match delegation::role_to_give(work, organization, name, principal).await? {
        Wanted::Granted(role) => return Ok(role),
        Wanted::Refused(why) => why,
        Wanted::Unknown => return Err(AuthError::invalid("role: there is no such role")),
    };
    let asked = work.context().clone();
    let asked = Context::new(Arc::new(principal.clone()), asked.origin, asked.now);
    work.kernel().record_refusal(&asked, RESOURCE, CREATE, &why);
    Err(AuthError::new(AuthCode::NotAdmin, why))
}

/// Gives a member a role, unless they have it for good.
async fn give_role(
    work: &mut Work,
    organization: Uuid,
    user: Uuid,
    role: Uuid,
    by: Option<Uuid>,
) -> Result<()> {
    let own = [
        ("organization_id", Value::Uuid(organization)),
        ("user_id", Value::Uuid(user)),
        ("role_id", Value::Uuid(role)),
    ];
    let active = ("status", text(AssignmentStatus::Active.as_str()));
    match lock::<UserRole>(work, &own).await? {
        None => {
            let mut row = own.to_vec();
            row.extend(by.map(|user| ("assigned_by", Value::Uuid(user))));
            add::<UserRole>(work, &row).await?;
        }
        Some(held) if held.status == AssignmentStatus::Active && held.expires_at.is_none() => {}
        Some(_) => {
            change::<UserRole>(work, &[active, ("expires_at", Value::Null)], &own).await?;
        }
    }
    Ok(())
}

/// Another invitation of the address waits, made at the same time or before.
fn already(error: Error) -> AuthError {
    if AuthError::is_taken(&error) {
        let message = "An invitation of this email address is pending already";
        return AuthError::new(AuthCode::EmailExists, message);
    }
    error.into()
}
