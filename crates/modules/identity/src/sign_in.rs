//! The ways in: passwords, sign-up, links and codes, and what keeps guessers out.

pub(crate) mod attempt;
pub(crate) mod challenge;
pub(crate) mod landing;
pub(crate) mod lockout;
pub(crate) mod login_attempt;
pub(crate) mod one_time;
pub(crate) mod recover;
pub(crate) mod redirect;
pub(crate) mod sign_up;
pub(crate) mod standing;
pub(crate) mod verification;
pub(crate) mod verify;
pub(crate) mod with_password;
