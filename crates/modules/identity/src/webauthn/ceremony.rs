//! Ceremonies: what an authenticator is asked, and whether its answer holds (WebAuthn §7).
//!
//! The checks are those of `webauthn_rp`, which takes its challenges from the system's randomness
//! and the time in which an answer must come from the system's clock. What follows from a challenge
//! besides (that it is answered once, by whom, and until when) is kept by [`super::challenge`].

use crate::webauthn::entity::WebAuthnCredential;
use crate::webauthn::relying_party::RelyingParty;
use mainstay_kernel::{Error, Result};
use mainstay_vault::Entropy;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::{AllowedCredentials, AuthenticationVerificationOptions};
use webauthn_rp::request::register::{CredProtect, RegistrationVerificationOptions, UserHandle64};
use webauthn_rp::request::{Credentials, PublicKeyCredentialDescriptor};
use webauthn_rp::response::auth::error::AuthCeremonyErr;
use webauthn_rp::response::register::{DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, AuthenticatorAttachment, Backup, CredentialId};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, NonDiscoverableAuthentication64,
    NonDiscoverableAuthenticationServerState, NonDiscoverableCredentialRequestOptions,
    PublicKeyCredentialCreationOptions, Registration, RegistrationServerState,
};

/// Bytes of what authenticators call a person, as many as there may be (WebAuthn §14.6.1).
const HANDLE_BYTES: usize = 64;

/// What a new credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Signing in by itself: the authenticator keeps it, and makes sure who uses it.
    Passkey,
    /// Showing a second factor.
    SecondFactor,
}

/// Whom a new credential is for, as the authenticator shows it to them.
pub(crate) struct Holder<'a> {
    pub(crate) handle: &'a [u8],
    pub(crate) name: &'a str,
}

/// A ceremony that was begun.
pub(crate) struct Begun {
    /// What the browser gives to the authenticator.
    pub(crate) options: Json,
    /// What the answer is checked against.
    pub(crate) state: Vec<u8>,
}

/// What an authenticator has made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) user_handle: Vec<u8>,
    pub(crate) public_key: Vec<u8>,
    pub(crate) transports: Vec<String>,
    pub(crate) used: Used,
}

/// What a use of a credential tells of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    pub(crate) sign_count: u32,
    pub(crate) user_verified: bool,
    pub(crate) backup_eligible: bool,
    pub(crate) backed_up: bool,
}

/// Why an answer does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// The authenticator has counted fewer signatures than before: there may be a copy of it.
    CountedBack,
    /// Anything else, for the log.
    Invalid(String),
}

impl Rejected {
    #[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
    fn invalid(why: impl ToString) -> Self {
        Self::Invalid(why.to_string())
    }
}

/// What authenticators are to call a person who has no credential yet.
pub(crate) fn new_handle(entropy: &dyn Entropy) -> Vec<u8> {
    let mut handle = vec![0; HANDLE_BYTES];
    entropy.fill(&mut handle);
    handle
}

/// Asks for a new credential.
pub(crate) fn begin_registration(
    site: &RelyingParty,
    purpose: Purpose,
    holder: &Holder<'_>,
    known: &[WebAuthnCredential],
) -> Result<Begun> {
    let handle = user_handle(holder.handle).map_err(|why| Error::internal(format!("{why:?}")))?;
    let blank = (&handle).into();
    let mut options = match purpose {
        Purpose::Passkey => PublicKeyCredentialCreationOptions::first_passkey(&site.id, blank),
        Purpose::SecondFactor => {
            PublicKeyCredentialCreationOptions::first_second_factor(&site.id, blank)
        }
    };
    // Authenticators that can't promise more protection are welcome: what counts is checked when
    // they sign.
    options.extensions.cred_protect = CredProtect::None;
    let (state, client) = options.start_ceremony().map_err(Error::internal)?;
    let mut options = serde_json::to_value(&client).map_err(Error::internal)?;
    // Names are shown as they are; the library takes only those of a strict profile.
    options["rp"]["name"] = json!(site.name);
    options["user"]["name"] = json!(holder.name);
    options["user"]["displayName"] = json!(holder.name);
    let here = known.iter().filter(|credential| *credential.rp_id == *site.domain);
    options["excludeCredentials"] = here.map(descriptor).collect();
    Ok(Begun { options, state: state.encode().map_err(Error::internal)? })
}

/// Takes a new credential.
pub(crate) fn finish_registration(
    site: &RelyingParty,
    state: &[u8],
    answer: &[u8],
) -> Result<Made, Rejected> {
    let state =
        RegistrationServerState::<HANDLE_BYTES>::decode(state).map_err(Rejected::invalid)?;
    let answer = Registration::from_json_relaxed(answer).map_err(Rejected::invalid)?;
    let options = RegistrationVerificationOptions {
        allowed_origins: std::slice::from_ref(&site.origins),
        // Browsers and authenticators add extensions that nobody asked for (WebAuthn §9).
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::<_, &str>::default()
    };
    let made = state.verify(&site.id, &answer, &options).map_err(Rejected::invalid)?;
    let transports = serde_json::to_value(made.transports()).map_err(Rejected::invalid)?;
    let public_key = made.static_state().encode().map_err(Rejected::invalid)?;
    Ok(Made {
        credential_id: made.id().as_ref().to_vec(),
        user_handle: made.user_id().as_ref().to_vec(),
        public_key,
        transports: serde_json::from_value(transports).map_err(Rejected::invalid)?,
        used: used(made.dynamic_state()),
    })
}

/// Asks whoever is there to sign in with a passkey, with proof of who they are (WebAuthn §1.1.3).
pub(crate) fn begin_sign_in(site: &RelyingParty) -> Result<Begun> {
    let options = DiscoverableCredentialRequestOptions::passkey(&site.id);
    let (state, client) = options.start_ceremony().map_err(Error::internal)?;
    let options = serde_json::to_value(&client).map_err(Error::internal)?;
    let state = state.encode().map_err(Error::internal)?;
    Ok(Begun { options: public_key(options), state })
}

/// An answer that names the person.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is asked for, and read by the library")]
struct Named {
    response: NamedResponse,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "it is asked for, and read by the library")]
struct NamedResponse {
    user_handle: String,
}

/// The answer to a request to sign in.
pub(crate) struct SignInAnswer(DiscoverableAuthentication64);

impl SignInAnswer {
    /// Reads an answer.
    pub(crate) fn read(answer: &[u8]) -> Result<Self, Rejected> {
        // The library panics where it is absent.
        serde_json::from_slice::<Named>(answer).map_err(Rejected::invalid)?;
        DiscoverableAuthentication64::from_json_relaxed(answer).map(Self).map_err(Rejected::invalid)
    }

    /// Which credential it is of, as it claims.
    pub(crate) fn credential_id(&self) -> Vec<u8> {
        self.0.raw_id().as_ref().to_vec()
    }

    /// Checks it with that credential.
    pub(crate) fn check(
        &self,
        site: &RelyingParty,
        state: &[u8],
        credential: &WebAuthnCredential,
    ) -> Result<Used, Rejected> {
        let state = DiscoverableAuthenticationServerState::decode(state);
        let state = state.map_err(Rejected::invalid)?;
        let handle = user_handle(&credential.user_handle)?;
        let mut known = known(credential, &handle)?;
        let options = options(site);
        state.verify(&site.id, &self.0, &mut known, &options).map_err(rejected)?;
        Ok(used(known.dynamic_state()))
    }
}

/// Asks for a signature with a credential.
pub(crate) fn begin_assertion(
    site: &RelyingParty,
    credential: &WebAuthnCredential,
) -> Result<Begun> {
    let id = CredentialId::<Vec<u8>>::decode(credential.credential_id.clone());
    let id = id.map_err(Error::internal)?;
    // How it is reached is told to browsers below, in their own words.
    let transports = AuthTransports::decode(0).map_err(Error::internal)?;
    let mut allowed = AllowedCredentials::with_capacity(1);
    allowed.push(PublicKeyCredentialDescriptor { id, transports }.into());
    let options = NonDiscoverableCredentialRequestOptions::second_factor(&site.id, allowed);
    let (state, client) =
        options.map_err(Error::internal)?.start_ceremony().map_err(Error::internal)?;
    let options = serde_json::to_value(&client).map_err(Error::internal)?;
    let mut options = public_key(options);
    options["allowCredentials"] = json!([descriptor(credential)]);
    Ok(Begun { options, state: state.encode().map_err(Error::internal)? })
}

/// Checks a signature with a credential.
pub(crate) fn finish_assertion(
    site: &RelyingParty,
    state: &[u8],
    credential: &WebAuthnCredential,
    answer: &[u8],
) -> Result<Used, Rejected> {
    let state = NonDiscoverableAuthenticationServerState::decode(state);
    let state = state.map_err(Rejected::invalid)?;
    let answer =
        NonDiscoverableAuthentication64::from_json_relaxed(answer).map_err(Rejected::invalid)?;
    let handle = user_handle(&credential.user_handle)?;
    let mut known = known(credential, &handle)?;
    let options = options(site);
    state.verify(&site.id, &answer, &mut known, &options).map_err(rejected)?;
    Ok(used(known.dynamic_state()))
}

type PublicKey =
    webauthn_rp::response::register::CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;
type Known<'a> = AuthenticatedCredential<'a, 'a, HANDLE_BYTES, PublicKey>;

/// A credential as the library knows it.
fn known<'a>(
    credential: &'a WebAuthnCredential,
    handle: &'a UserHandle64,
) -> Result<Known<'a>, Rejected> {
    let id = CredentialId::<&[u8]>::decode(&credential.credential_id).map_err(Rejected::invalid)?;
    let key =
        StaticState::<PublicKey>::decode(&credential.public_key).map_err(Rejected::invalid)?;
    let backup = match (credential.backup_eligible, credential.backed_up) {
        (false, _) => Backup::NotEligible,
        (true, false) => Backup::Eligible,
        (true, true) => Backup::Exists,
    };
    let state = DynamicState {
        user_verified: credential.user_verified,
        backup,
        sign_count: u32::try_from(credential.sign_count).map_err(Rejected::invalid)?,
        authenticator_attachment: AuthenticatorAttachment::None,
    };
    AuthenticatedCredential::new(id, handle, key, state).map_err(Rejected::invalid)
}

fn options(
    site: &RelyingParty,
) -> AuthenticationVerificationOptions<'_, '_, super::relying_party::Origins, &'static str> {
    AuthenticationVerificationOptions {
        allowed_origins: std::slice::from_ref(&site.origins),
        error_on_unsolicited_extensions: false,
        update_uv: true,
        ..AuthenticationVerificationOptions::default()
    }
}

fn used(state: DynamicState) -> Used {
    Used {
        sign_count: state.sign_count,
        user_verified: state.user_verified,
        backup_eligible: !matches!(state.backup, Backup::NotEligible),
        backed_up: matches!(state.backup, Backup::Exists),
    }
}

fn rejected(error: AuthCeremonyErr) -> Rejected {
    match error {
        AuthCeremonyErr::SignatureCounter => Rejected::CountedBack,
        other => Rejected::invalid(other),
    }
}

fn user_handle(bytes: &[u8]) -> Result<UserHandle64, Rejected> {
    let bytes: [u8; HANDLE_BYTES] = bytes.try_into().map_err(Rejected::invalid)?;
    UserHandle64::decode(bytes).map_err(Rejected::invalid)
}

/// How browsers are told of a credential (WebAuthn §5.8.3).
fn descriptor(credential: &WebAuthnCredential) -> Json {
    let id = data_encoding::BASE64URL_NOPAD.encode(&credential.credential_id);
    json!({ "type": "public-key", "id": id, "transports": credential.transports })
}

/// The options themselves, without what pages say to the browser around them.
fn public_key(mut options: Json) -> Json {
    match options.get_mut("publicKey") {
        Some(inner) => inner.take(),
        None => options,
    }
}
