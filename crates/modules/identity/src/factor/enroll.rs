//! Second factors: enrolled, taken away (S1-B73, S1-B74).

use crate::account::address;
use crate::account::change::SignedIn;
use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::factor::entity::{MfaMethod, UserMfaFactor};
use crate::factor::factors::{demand_aal2, factor_not_found};
use crate::factor::phone::normalize_phone;
use crate::factor::reply::{AuthenticatorKey, EnrolledFactor, NewFactor};
use crate::factor::totp::{TotpKey, qr_code};
use crate::mail::changed::{By, Changed, Reader};
use crate::records::{change_all, seek, text};
use crate::session::entity::{AssuranceLevel, Session};
use crate::session::sessions::{AuthRequest, has_shown, session_org};
use crate::watch::{self, Kind};
use crate::webauthn::with_passkey::PASSKEY;
use mainstay_entity::{Choice, Text, Value};
use mainstay_kernel::entities::User;
use mainstay_kernel::lookup::{equal, one_of, position, table};
use mainstay_kernel::{Create, Input, NewRow, Result, Work};
use mainstay_store::{Conflict, Select};
use uuid::Uuid;

/// Factors of one person, shown to have or not.
const FACTORS_MAX: usize = 10;

/// What is kept of a factor that nobody has shown to have yet.
struct Draft {
    method: MfaMethod,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    key: Option<TotpKey>,
}

impl Identity {
    /// Gives a person a factor that counts once it was shown.
    ///
    /// # Errors
    /// [`AuthCode::InsufficientAal`] when another factor was not shown in this session,
    /// [`AuthCode::MfaFactorNameConflict`], [`AuthCode::TooManyEnrolledMfaFactors`], and
    /// [`AuthCode::MfaPhoneEnrollNotEnabled`], [`AuthCode::MfaEmailEnrollNotEnabled`] where nothing
    /// can be sent.
    pub async fn enroll_factor(
        &self,
        person: SignedIn,
        wanted: &NewFactor,
        request: &AuthRequest,
    ) -> Result<EnrolledFactor, AuthError> {
        let user = self.user(person.user).await?.ok_or_else(factor_not_found)?;
        let draft = self.draft(&user, wanted)?;
        let session = self.session_of(person).await?;
        let factors = self.factors(vec![Value::Uuid(person.user)]).await?;
        if factors.iter().any(|factor| factor.is_enabled) {
            demand_aal2(&session, "AAL2 required to enroll a new factor")?;
        }
        if factors.len() >= FACTORS_MAX {
            let message = "Maximum number of enrolled factors reached, unenroll to continue";
            return Err(AuthError::new(AuthCode::TooManyEnrolledMfaFactors, message));
        }
        let is_named =
            |factor: &UserMfaFactor| factor.friendly_name.as_deref() == Some(&*draft.name);
        if !draft.name.is_empty() && factors.iter().any(is_named) {
            let message = "A factor with this friendly name exists for this user already";
            return Err(AuthError::new(AuthCode::MfaFactorNameConflict, message));
        }
        let mut work =
            self.kernel.begin(&self.system_request(request, session_org(&session))).await?;
        let id = add(&mut work, person.user, &draft).await?;
        work.commit().await?;
        let issuer = wanted.issuer.as_deref().filter(|issuer| !issuer.is_empty());
        let totp = match &draft.key {
            Some(key) => Some(shown_key(key, issuer.unwrap_or(&self.issuer), &user)?),
            None => None,
        };
        let Draft { method, name, phone, email, .. } = draft;
        let r#type = method.factor_type();
        Ok(EnrolledFactor { id, r#type, friendly_name: name, totp, phone, email })
    }

    /// Takes a factor away. The last one takes the second factor from all sessions.
    ///
    /// # Errors
    /// [`AuthCode::MfaFactorNotFound`], [`AuthCode::InsufficientAal`].
    pub async fn unenroll_factor(
        &self,
        person: SignedIn,
        factor: Uuid,
        request: &AuthRequest,
    ) -> Result<(), AuthError> {
        let (work, held) = self.begin_with(person, factor, request).await?;
        if held.factor.is_enabled {
            demand_aal2(&held.session, "AAL2 required to unenroll verified factor")?;
        }
        Ok(self.remove_and_tell(work, &held.user, &held.factor, By::Person).await?)
    }

    /// Removes a factor and tells its person, if it was shown to be theirs.
    pub(crate) async fn remove_and_tell(
        &self,
        mut work: Work,
        user: &User,
        factor: &UserMfaFactor,
        by: By,
    ) -> Result<()> {
        remove(&mut work, factor).await?;
        if !factor.is_enabled {
            return work.commit().await;
        }
        let changed = Changed::FactorRemoved(factor.method);
        let letters = self.tell_of_change(&mut work, Reader::of(user), changed, by).await?;
        self.commit_and_post(work, letters).await
    }

    /// What is to be kept of a wanted factor.
    fn draft(&self, user: &User, wanted: &NewFactor) -> Result<Draft, AuthError> {
        let method = MfaMethod::of_factor_type(&wanted.factor_type);
        let method = method.ok_or_else(|| {
            AuthError::invalid("factor_type needs to be totp, phone, email or webauthn")
        })?;
        let name = wanted.friendly_name.as_deref().unwrap_or_default().trim().to_owned();
        let stored = Text::<100>::new(name.as_str());
        stored.map_err(|_| AuthError::invalid("friendly_name: expected at most 100 characters"))?;
        let mut draft = Draft { method, name, phone: None, email: None, key: None };
        match method {
            MfaMethod::Totp => draft.key = Some(TotpKey::generate(&**self.kernel.entropy())),
            MfaMethod::Sms => {
                if !self.sends_mail() {
                    let message = "MFA enroll is disabled for Phone";
                    return Err(AuthError::new(AuthCode::MfaPhoneEnrollNotEnabled, message));
                }
                draft.phone = Some(normalize_phone(wanted.phone.as_deref().unwrap_or_default())?);
            }
            MfaMethod::Email => {
                if !self.sends_mail() {
                    let message = "MFA enroll is disabled for Email";
                    return Err(AuthError::new(AuthCode::MfaEmailEnrollNotEnabled, message));
                }
                draft.email = Some(match wanted.email.as_deref().filter(|text| !text.is_empty()) {
                    Some(email) => address::normalize(email)?,
                    None if user.is_anonymous => return Err(AuthError::invalid("email: required")),
                    None => user.email.to_string(),
                });
            }
            MfaMethod::WebAuthn => {}
        }
        Ok(draft)
    }
}

fn shown_key(key: &TotpKey, issuer: &str, user: &User) -> Result<AuthenticatorKey> {
    let uri = key.uri(issuer, &user.email);
    Ok(AuthenticatorKey { qr_code: qr_code(&uri)?, secret: key.encode(), uri })
}

async fn add(work: &mut Work, user: Uuid, draft: &Draft) -> Result<Uuid> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    let id = work.kernel().new_id(work.context());
    let mut row = NewRow::empty(&factors);
    row.set(&factors, "id", Value::Uuid(id))?;
    row.set(&factors, "user_id", Value::Uuid(user))?;
    row.set(&factors, "method", text(draft.method.as_str()))?;
    if !draft.name.is_empty() {
        row.set(&factors, "friendly_name", text(draft.name.as_str()))?;
    }
    for (column, address) in [("phone", &draft.phone), ("email", &draft.email)] {
        if let Some(address) = address {
            row.set(&factors, column, text(address.as_str()))?;
        }
    }
    if let Some(key) = &draft.key {
        row.values[position(&factors, "secret")?] = Some(Input::Plain(key.encode()));
    }
    work.create(Create { table: factors, rows: vec![row], conflict: Conflict::Fail }).await?;
    Ok(id)
}

/// Removes a factor; the last one takes the second factor from all sessions.
async fn remove(work: &mut Work, factor: &UserMfaFactor) -> Result<()> {
    let factors = table::<UserMfaFactor>(work.kernel().catalog())?;
    work.delete(&factors, equal(&factors, &[("id", Value::Uuid(factor.id.uuid()))])?).await?;
    if !factor.is_enabled {
        return Ok(());
    }
    let user = factor.user_id.uuid();
    let own = [("user_id", Value::Uuid(user)), ("is_enabled", Value::Bool(true))];
    let left = Select::all(factors.clone()).filtered(equal(&factors, &own)?);
    if work.fetch(&left).await?.is_empty() {
        lower_sessions(work, user).await?;
    }
    let what = format!("a second factor was taken away: {}", factor.method.as_str());
    watch::raise(work, Kind::SecondFactorDisabled, Some(user), None, &what).await
}

/// Takes the second factor from the sessions of a person, but for those that began with a passkey:
/// they have shown two by themselves.
async fn lower_sessions(work: &mut Work, user: Uuid) -> Result<()> {
    let own = [("user_id", Value::Uuid(user)), ("is_active", Value::Bool(true))];
    let mut sessions: Vec<Session> = seek(work, &own).await?;
    sessions.retain(|session| !has_shown(session, PASSKEY));
    if sessions.is_empty() {
        return Ok(());
    }
    let ids = sessions.iter().map(|session| Value::Uuid(session.id.uuid())).collect();
    let lowered = one_of(&*table::<Session>(work.kernel().catalog())?, "id", ids)?;
    let set = [("assurance_level", text(AssuranceLevel::Aal1.as_str()))];
    change_all::<Session>(work, &set, lowered).await?;
    Ok(())
}
