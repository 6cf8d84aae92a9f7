//! Codes of an authenticator (RFC 6238): six digits, new every 30 seconds, by HMAC-SHA-1, which is
//! what authenticators know.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use mainstay_kernel::{Error, Result};
use mainstay_vault::{Entropy, constant_time_eq};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::QrCode;
use qrcode::render::svg;
use zeroize::Zeroizing;

/// A key is as long as what HMAC-SHA-1 makes (RFC 4226 §4).
const KEY_BYTES: usize = 20;
/// Seconds in which a code holds.
const STEP: i64 = 30;
/// Clocks may differ by so many steps.
const SKEW: i64 = 1;
const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
/// Width of the QR code in pixels, at least.
const QR_SIZE: u32 = 200;

/// The key of an authenticator.
pub(crate) struct TotpKey(Zeroizing<Vec<u8>>);

impl TotpKey {
    /// A new key.
    pub(crate) fn generate(entropy: &dyn Entropy) -> Self {
        let mut key = Zeroizing::new(vec![0; KEY_BYTES]);
        entropy.fill(&mut key);
        Self(key)
    }

    /// Reads a key as people type it into their authenticator.
    pub(crate) fn decode(text: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(BASE32_NOPAD.decode(text).ok()?)))
    }

    /// The key as people type it into their authenticator.
    pub(crate) fn encode(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The address by which an authenticator takes the key, with its digits and seconds.
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> String {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let (issuer, account, key) = (encode(issuer), encode(account), self.encode());
        format!(
            "otpauth://totp/{issuer}:{account}?algorithm=SHA1&digits={DIGITS}&issuer={issuer}\
             &period={STEP}&secret={key}"
        )
    }

    /// The step whose code this is, of those around a time and after the last one that was used;
    /// none if it is of no such step.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp, used: Option<i64>) -> Option<i64> {
        let present = now.as_second().div_euclid(STEP);
        let steps = present - SKEW..=present + SKEW;
        // All are compared, so that the time tells nothing.
        steps.filter(|step| used.is_none_or(|used| *step > used)).fold(None, |found, step| {
            let is_it = constant_time_eq(self.code(step).as_bytes(), code.as_bytes());
            if is_it { Some(step) } else { found }
        })
    }

    /// The code of a step (RFC 4226 §5.3).
    fn code(&self, step: i64) -> String {
        let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0), &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0xf);
        let number = tag[offset..offset + 4].iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
        format!("{:0DIGITS$}", (number & 0x7fff_ffff) % CODES)
    }
}

/// A QR code of a text, as SVG.
pub(crate) fn qr_code(text: &str) -> Result<String> {
    let code = QrCode::new(text).map_err(Error::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(QR_SIZE, QR_SIZE).build())
}

#[cfg(test)]
mod tests {
    use super::{STEP, TotpKey};
    use jiff::Timestamp;
    use zeroize::Zeroizing;

    fn key() -> TotpKey {
        TotpKey(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key().step_of(code, at(second), None), Some(second / STEP), "{second}");
        }
    }

    #[test]
    fn a_code_holds_for_a_step_before_and_after_and_once() {
        let (code, step) = ("287082", 59 / STEP);
        for (second, holds) in [(0, true), (89, true), (90, false)] {
            assert_eq!(key().step_of(code, at(second), None).is_some(), holds, "{second}");
        }
        assert_eq!(key().step_of(code, at(59), Some(step)), None);
        assert_eq!(key().step_of(code, at(59), Some(step - 1)), Some(step));
        assert_eq!(key().step_of("287083", at(59), None), None);
        assert_eq!(key().step_of("", at(59), None), None);
    }

    #[test]
    fn a_key_reads_as_it_was_written() {
        let text = key().encode();
        assert_eq!(TotpKey::decode(text.as_bytes()).unwrap().encode(), text);
        assert!(TotpKey::decode(b"not base32!").is_none());
        let uri = key().uri("Acme & Co", "a@b.c");
        assert!(uri.starts_with("otpauth://totp/Acme%20%26%20Co:a%40b%2Ec?"), "{uri}");
    }
}
