use mainstay_vault::{Binding, DataKey, KeyOwner, SystemEntropy, envelope_key_id};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{ACME, GLOBEX, SUBJECT, entropy, flipped, place, tenant, tenant_key};

proptest! {
    #[test]
    fn what_is_sealed_opens_at_its_place(
        value in prop::collection::vec(any::<u8>(), 0..300),
        table in ".{0,20}",
        column in ".{0,20}",
        row in any::<u128>(),
        organization in any::<u128>().prop_map(Uuid::from_u128),
        subject in any::<Option<u128>>(),
    ) {
        let owner = match subject.map(Uuid::from_u128) {
            Some(subject) => KeyOwner::Subject { organization, subject },
            None => KeyOwner::Tenant { organization },
        };
        let key = DataKey::generate(owner, &SystemEntropy);
        let row = Uuid::from_u128(row);
        let place = Binding { organization, table: &table, column: &column, row };

        let envelope = key.seal(&place, &value, &SystemEntropy).unwrap();

        prop_assert_eq!(&**key.open(&place, &envelope).unwrap(), &value);
        prop_assert_eq!(envelope.len(), value.len() + 38);
        prop_assert_eq!(envelope_key_id(&envelope).unwrap(), key.id());
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(tenant_key().open(&place(), &bytes).is_err());
    }
}

#[test]
fn every_flipped_bit_is_detected() {
    let key = tenant_key();
    let envelope = key.seal(&place(), b"value", &entropy()).unwrap();

    for (position, envelope) in flipped(&envelope) {
        let error = key.open(&place(), &envelope).unwrap_err();
        let as_expected = match position {
            0 | 1 => error.is_unsupported_format(),
            2..10 => error.is_wrong_key(),
            _ => error.is_tampered(),
        };
        assert!(as_expected, "byte {position}: {error}");
    }
}

#[test]
fn every_truncation_and_an_extension_are_detected() {
    let key = tenant_key();
    let mut envelope = key.seal(&place(), b"value", &entropy()).unwrap();

    for len in 0..envelope.len() {
        assert!(key.open(&place(), &envelope[..len]).unwrap_err().is_tampered(), "{len} bytes");
    }
    envelope.push(0);
    assert!(key.open(&place(), &envelope).unwrap_err().is_tampered());
}

#[test]
fn an_envelope_moved_elsewhere_does_not_open() {
    let key = tenant_key();
    let envelope = key.seal(&place(), b"value", &entropy()).unwrap();

    let elsewhere = [
        Binding { table: "mainstay.mailboxes", ..place() },
        Binding { column: "config2", ..place() },
        Binding { row: Uuid::nil(), ..place() },
        // The same letters, divided differently between table and column.
        Binding { table: "mainstay.webhooksc", column: "onfig", ..place() },
    ];
    for place in elsewhere {
        assert!(key.open(&place, &envelope).unwrap_err().is_tampered(), "{place:?}");
    }
}

#[test]
fn a_key_serves_its_own_organisation_alone() {
    let key = tenant_key();
    let envelope = key.seal(&place(), b"value", &entropy()).unwrap();
    let foreign = Binding { organization: GLOBEX, ..place() };

    assert!(key.open(&foreign, &envelope).unwrap_err().is_wrong_key());
    assert!(key.seal(&foreign, b"value", &entropy()).unwrap_err().is_wrong_key());
}

#[test]
fn another_key_of_the_same_organisation_is_told_from_tampering() {
    let random = entropy();
    let subject = KeyOwner::Subject { organization: ACME, subject: SUBJECT };
    let [key, other] = [tenant(ACME), subject].map(|owner| DataKey::generate(owner, &random));
    let envelope = key.seal(&place(), b"value", &random).unwrap();

    let error = other.open(&place(), &envelope).unwrap_err();

    assert!(error.is_wrong_key() && !error.is_tampered());
    assert!(error.to_string().contains(&key.id().to_string()), "{error}");
}

#[test]
fn sealing_twice_never_gives_the_same_bytes() {
    let (key, random) = (tenant_key(), entropy());
    let [first, second] = [0; 2].map(|_| key.seal(&place(), b"value", &random).unwrap());
    assert_ne!(first, second);
}

#[test]
fn a_salt_belongs_to_one_place_and_key() {
    let key = tenant_key();
    let salt = key.salt(&place()).unwrap();
    assert_eq!(salt, key.salt(&place()).unwrap());
    let elsewhere = Binding { row: Uuid::from_u128(0x71), ..place() };
    assert_ne!(salt, key.salt(&elsewhere).unwrap());
    let other = DataKey::generate(tenant(ACME), &SystemEntropy);
    assert_ne!(salt, other.salt(&place()).unwrap());
    let foreign = Binding { organization: GLOBEX, ..place() };
    assert!(key.salt(&foreign).unwrap_err().is_wrong_key());
}
