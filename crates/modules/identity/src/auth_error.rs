//! Why `/auth/v1` refuses, in terms that Supabase Auth's clients know.

use mainstay_kernel::Error;
use mainstay_store::ErrorKind;
use std::borrow::Cow;

/// The code of what is more than a limit (program limit exceeded).
pub(crate) const LIMIT: &str = "54000";

/// A refused or failed request of `/auth/v1`.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// A rule refuses it.
    #[error("{message}")]
    Refused {
        /// Why, for programs.
        code: AuthCode,
        /// Why, for people.
        message: Cow<'static, str>,
    },
    /// The password is not accepted.
    #[error("{message}")]
    WeakPassword {
        /// Why, for people.
        message: String,
        /// Why, for programs: `length`, `pwned` or `reused`.
        reasons: Vec<&'static str>,
    },
    /// Something else went wrong.
    #[error(transparent)]
    Kernel(Error),
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        match error {
            Error::Rule { code: LIMIT, message, .. } => Self::new(AuthCode::LimitReached, message),
            error => Self::Kernel(error),
        }
    }
}

impl AuthError {
    /// A refusal.
    pub fn new(code: AuthCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    /// A value that the request gives is not accepted.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(AuthCode::ValidationFailed, message)
    }

    /// Whether a key that the request would take is another row's already.
    pub(crate) fn is_taken(error: &Error) -> bool {
        matches!(error, Error::Store(error) if matches!(error.kind(), ErrorKind::Unique(_)))
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why a request is refused, for programs: Supabase Auth's codes, and a few of our own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum AuthCode {
            $($(#[$doc])* $name,)*
        }

        impl AuthCode {
            /// The code as clients compare it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// Anonymous people can't sign in here.
    AnonymousProviderDisabled = "anonymous_provider_disabled",
    /// The code verifier is not the one of the code challenge (RFC 7636 §4.6).
    BadCodeVerifier = "bad_code_verifier",
    /// The provider, or the person there, did not say who came.
    BadOauthCallback = "bad_oauth_callback",
    /// No sign-in by a provider waits for this answer in this browser.
    BadOauthState = "bad_oauth_state",
    /// The body is no JSON object, or lacks what the request needs.
    BadJson = "bad_json",
    /// The access token does not hold.
    BadJwt = "bad_jwt",
    /// The account belongs to somebody whom the caller may not change.
    Conflict = "conflict",
    /// The organisation has no such domain.
    DomainNotFound = "domain_not_found",
    /// The record that shows a domain to be the organisation's is not there.
    DomainNotVerified = "domain_not_verified",
    /// The address has an account.
    EmailExists = "email_exists",
    /// The address has not been shown to be the person's.
    EmailNotConfirmed = "email_not_confirmed",
    /// The sign-in that a code was for is over.
    FlowStateExpired = "flow_state_expired",
    /// No sign-in waits for this code.
    FlowStateNotFound = "flow_state_not_found",
    /// The person at the provider belongs to an account already.
    IdentityAlreadyExists = "identity_already_exists",
    /// There is no such way to sign in of this person.
    IdentityNotFound = "identity_not_found",
    /// The session has shown one factor, and this needs two.
    InsufficientAal = "insufficient_aal",
    /// Address and password don't belong together; nothing tells which is wrong.
    InvalidCredentials = "invalid_credentials",
    /// People can't add ways to sign in by themselves.
    ManualLinkingDisabled = "manual_linking_disabled",
    /// The challenge was not answered in time.
    MfaChallengeExpired = "mfa_challenge_expired",
    /// Nothing can be sent to mail addresses here.
    MfaEmailEnrollNotEnabled = "mfa_email_enroll_not_enabled",
    /// The person calls another factor so.
    MfaFactorNameConflict = "mfa_factor_name_conflict",
    /// The person has no such factor, or the challenge is not of it.
    MfaFactorNotFound = "mfa_factor_not_found",
    /// There is no such invitation, or it was answered.
    InvitationNotFound = "invitation_not_found",
    /// The organisation has as many of these as it may have.
    LimitReached = "limit_reached",
    /// Nothing can be sent to telephone numbers here.
    MfaPhoneEnrollNotEnabled = "mfa_phone_enroll_not_enabled",
    /// The code of the factor is wrong.
    MfaVerificationFailed = "mfa_verification_failed",
    /// The request needs a signed-in person or a key.
    NoAuthorization = "no_authorization",
    /// The person does not belong to the organisation that was named.
    NotAMember = "not_a_member",
    /// The caller may not manage people.
    NotAdmin = "not_admin",
    /// This way to get a code is off.
    OtpDisabled = "otp_disabled",
    /// The code or link was used, replaced, or its time has passed.
    OtpExpired = "otp_expired",
    /// Too many mails were asked for.
    OverEmailSendRateLimit = "over_email_send_rate_limit",
    /// Too much was tried.
    OverRequestRateLimit = "over_request_rate_limit",
    /// Too many messages were asked for.
    OverSmsSendRateLimit = "over_sms_send_rate_limit",
    /// Passkeys are no way to sign in here.
    PasskeyDisabled = "passkey_disabled",
    /// Telephone numbers are no way to sign in here.
    PhoneProviderDisabled = "phone_provider_disabled",
    /// The provider does not say that the address is verified.
    ProviderEmailNeedsVerification = "provider_email_needs_verification",
    /// This provider is no way to sign in here.
    ProviderDisabled = "provider_disabled",
    /// The change needs a new proof of who asks.
    ReauthenticationNeeded = "reauthentication_needed",
    /// That proof does not hold.
    ReauthenticationNotValid = "reauthentication_not_valid",
    /// The refresh token was used before; its session is over.
    RefreshTokenAlreadyUsed = "refresh_token_already_used",
    /// No session has this refresh token.
    RefreshTokenNotFound = "refresh_token_not_found",
    /// The new password is the present one.
    SamePassword = "same_password",
    /// Enterprise sign-in is off.
    SamlProviderDisabled = "saml_provider_disabled",
    /// As many passwords are being checked as the server takes.
    ServiceUnavailable = "service_unavailable",
    /// The session is over: it was too long, or unused for too long.
    SessionExpired = "session_expired",
    /// The session is over: it was ended.
    SessionNotFound = "session_not_found",
    /// Nobody can make an account here by themselves.
    SignupDisabled = "signup_disabled",
    /// It is the last way to sign in that the person has.
    SingleIdentityNotDeletable = "single_identity_not_deletable",
    /// The person has as many factors as there can be.
    TooManyEnrolledMfaFactors = "too_many_enrolled_mfa_factors",
    /// The person has as many passkeys as there can be.
    TooManyPasskeys = "too_many_passkeys",
    /// Something is wrong that the caller can't help.
    UnexpectedFailure = "unexpected_failure",
    /// The account is barred for a time.
    UserBanned = "user_banned",
    /// The address has an account.
    UserAlreadyExists = "user_already_exists",
    /// There is no such person, for this caller.
    UserNotFound = "user_not_found",
    /// A value is not accepted.
    ValidationFailed = "validation_failed",
    /// The challenge was not answered in time.
    WebAuthnChallengeExpired = "webauthn_challenge_expired",
    /// No such challenge waits for this caller's answer.
    WebAuthnChallengeNotFound = "webauthn_challenge_not_found",
    /// The credential is registered already.
    WebAuthnCredentialExists = "webauthn_credential_exists",
    /// The person has no such credential.
    WebAuthnCredentialNotFound = "webauthn_credential_not_found",
    /// The authenticator's answer does not hold.
    WebAuthnVerificationFailed = "webauthn_verification_failed",
}
