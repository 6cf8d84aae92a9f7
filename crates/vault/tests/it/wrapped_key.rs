use mainstay_vault::{BlindIndexSecret, DataKey, KeyOwner, wrapping_key_id};
use uuid::Uuid;

use crate::{ACME, GLOBEX, SUBJECT, entropy, flipped, master, place, tenant, tenant_key};

const OWNERS: [KeyOwner; 5] = [
    KeyOwner::Tenant { organization: ACME },
    KeyOwner::Tenant { organization: GLOBEX },
    KeyOwner::Subject { organization: ACME, subject: SUBJECT },
    KeyOwner::Subject { organization: ACME, subject: Uuid::nil() },
    KeyOwner::Subject { organization: GLOBEX, subject: SUBJECT },
];

#[test]
fn a_wrapped_key_unwraps_for_its_owner_alone() {
    let master = master(1);
    for owner in OWNERS {
        let key = DataKey::generate(owner, &entropy());
        let wrapped = key.wrap(&master, &entropy());
        for asked in OWNERS {
            let unwrapped = DataKey::unwrap(&master, asked, &wrapped);
            if asked == owner {
                assert_eq!(unwrapped.unwrap().id(), key.id());
            } else {
                assert!(unwrapped.unwrap_err().is_tampered(), "{owner:?} as {asked:?}");
            }
        }
        let as_secret = BlindIndexSecret::unwrap(&master, owner.organization(), &wrapped);
        assert!(as_secret.unwrap_err().is_tampered(), "{owner:?} as blind-index secret");
    }
}

#[test]
fn every_flipped_bit_is_detected() {
    let master = master(1);
    let wrapped = tenant_key().wrap(&master, &entropy());

    for (position, wrapped) in flipped(&wrapped) {
        let error = DataKey::unwrap(&master, tenant(ACME), &wrapped).unwrap_err();
        let as_expected = match position {
            0 | 1 | 3..11 => error.is_unsupported_format(),
            11..19 => error.is_wrong_key(),
            _ => error.is_tampered(),
        };
        assert!(as_expected, "byte {position}: {error}");
    }
}

#[test]
fn every_truncation_and_an_extension_are_detected() {
    let master = master(1);
    let mut wrapped = tenant_key().wrap(&master, &entropy());

    for len in 0..wrapped.len() {
        let error = DataKey::unwrap(&master, tenant(ACME), &wrapped[..len]).unwrap_err();
        assert!(error.is_tampered(), "{len} bytes: {error}");
    }
    wrapped.push(0);
    assert!(DataKey::unwrap(&master, tenant(ACME), &wrapped).unwrap_err().is_tampered());
}

#[test]
fn another_master_is_refused_and_the_right_one_named() {
    let (old, new) = (master(1), master(2));
    let wrapped = tenant_key().wrap(&old, &entropy());

    let error = DataKey::unwrap(&new, tenant(ACME), &wrapped).unwrap_err();

    assert!(error.is_wrong_key());
    assert!(error.to_string().contains(&old.id().to_string()), "{error}");
    assert_eq!(wrapping_key_id(&wrapped).unwrap(), old.id());
}

#[test]
fn rotating_the_master_leaves_envelopes_and_blind_indexes_valid() {
    let (old, new, random) = (master(1), master(2), entropy());
    let key = DataKey::generate(tenant(ACME), &random);
    let secret = BlindIndexSecret::generate(ACME, &random);
    let envelope = key.seal(&place(), b"value", &random).unwrap();
    let index = secret.key("mainstay.users", "phone").blind_index(b"value");
    let stored = (key.wrap(&old, &random), secret.wrap(&old, &random));

    let key = DataKey::unwrap(&old, tenant(ACME), &stored.0).unwrap();
    let secret = BlindIndexSecret::unwrap(&old, ACME, &stored.1).unwrap();
    let stored = (key.wrap(&new, &random), secret.wrap(&new, &random));

    assert_eq!(wrapping_key_id(&stored.0).unwrap(), new.id());
    let key = DataKey::unwrap(&new, tenant(ACME), &stored.0).unwrap();
    let secret = BlindIndexSecret::unwrap(&new, ACME, &stored.1).unwrap();
    assert_eq!(&key.open(&place(), &envelope).unwrap()[..], b"value");
    assert_eq!(secret.key("mainstay.users", "phone").blind_index(b"value"), index);
}
