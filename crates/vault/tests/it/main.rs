//! What the vault promises, tried from outside.

mod blind_index;
mod envelope;
mod formats;
mod master_key;
mod wrapped_key;

use mainstay_vault::{Binding, DataKey, KeyOwner, MasterKey, SeededEntropy};
use uuid::Uuid;

const ACME: Uuid = Uuid::from_u128(0xac);
const GLOBEX: Uuid = Uuid::from_u128(0x61);
const SUBJECT: Uuid = Uuid::from_u128(0x5b);
const ROW: Uuid = Uuid::from_u128(0x70);

/// A source of randomness that each test repeats.
fn entropy() -> SeededEntropy {
    SeededEntropy::new(1)
}

#[expect(clippy::unwrap_used, reason = "the text is well formed")]
fn master(byte: u8) -> MasterKey {
    MasterKey::from_text(&format!("{byte:02x}").repeat(32)).unwrap()
}

fn tenant(organization: Uuid) -> KeyOwner {
    KeyOwner::Tenant { organization }
}

fn tenant_key() -> DataKey {
    DataKey::generate(tenant(ACME), &entropy())
}

/// Every message that differs from `message` in one bit, with the position of its byte.
fn flipped(message: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..message.len() * 8).map(|bit| {
        let mut flipped = message.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (bit / 8, flipped)
    })
}

fn place() -> Binding<'static> {
    Binding { organization: ACME, table: "mainstay.webhooks", column: "config", row: ROW }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn debug_output_and_errors_never_hold_key_or_value_bytes() {
    use mainstay_vault::{BlindIndexSecret, Error};

    let text = "c7".repeat(32);
    let master = MasterKey::from_text(&text).unwrap();
    let key = tenant_key();
    let secret = BlindIndexSecret::generate(ACME, &entropy());
    let envelope = key.seal(&place(), b"value-of-the-secret", &entropy()).unwrap();
    let broken = Binding { column: "other", ..place() };
    let errors: [Error; 3] = [
        key.open(&broken, &envelope).unwrap_err(),
        MasterKey::from_text(&format!("{text}c7")).unwrap_err(),
        DataKey::unwrap(&self::master(1), tenant(ACME), &key.wrap(&master, &entropy()))
            .unwrap_err(),
    ];

    let mut shown = format!("{master:?} {key:?} {secret:?} {:?}", secret.key("t", "c"));
    for error in errors {
        shown = format!("{shown} {error} {error:?}");
    }
    // The same seed makes the bytes of `key` and of `secret` known here.
    let mut generated = [0; 32];
    mainstay_vault::Entropy::fill(&entropy(), &mut generated);
    for secret in ["c7c7c7", "199, 199", "value-of", &hex(&generated)[..8]] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    let decimal = format!("{}, {}", generated[0], generated[1]);
    assert!(!shown.contains(&decimal), "{decimal} is in {shown}");
}

#[test]
fn a_token_hash_is_plain_sha_256_and_comparison_sees_every_byte() {
    use mainstay_vault::{constant_time_eq, hash_token};

    // FIPS 180-4, the example "abc".
    assert_eq!(
        hex(&hash_token("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(constant_time_eq(b"token", b"token"));
    assert!(!constant_time_eq(b"token", b"tokeN"));
    assert!(!constant_time_eq(b"token", b"toke"));
    assert!(constant_time_eq(b"", b""));
}
