//! The stored bytes of each format. A difference here means that released data no longer reads.

use mainstay_vault::{BlindIndexSecret, DataKey, KeyOwner};

use crate::{ACME, SUBJECT, entropy, hex, master, place, tenant};

#[test]
fn the_format_of_an_envelope() {
    let random = entropy();
    let key = DataKey::generate(tenant(ACME), &random);
    let envelope = key.seal(&place(), b"value", &random).unwrap();
    assert_eq!(
        hex(&envelope),
        "0101cd9d96be99a0c410532deabf88729cb43995ab5af706a7e927d18cdf990fd885962a917527b66d046e"
    );
}

#[test]
fn the_formats_of_wrapped_keys() {
    let random = entropy();
    let subject = KeyOwner::Subject { organization: ACME, subject: SUBJECT };
    let wrapped = [
        DataKey::generate(tenant(ACME), &random).wrap(&master(1), &random),
        DataKey::generate(subject, &random).wrap(&master(1), &random),
        BlindIndexSecret::generate(ACME, &random).wrap(&master(1), &random),
    ];
    assert_eq!(
        wrapped.map(|wrapped| hex(&wrapped)),
        [
            "0101010000000000000000509a385ddfbc43d6532deabf88729cb43995ab5a5e9f94d948e4947a7874c759fcbd1f9e9563cc9d28652b08960ecea7ecdea7d54606bd79f51f08b46c208c4faf604c51",
            "0101020000000000000000509a385ddfbc43d63ed2b0611e97da9cfe87c83ecc79d8c9388cf1e4a62f904f038fd68ce68b46c077bd2f5ad82567af7095c8f4c5dc6a3dec350dd30f21f4184391cd94",
            "0101030000000000000000509a385ddfbc43d6adf21c0341a4dfca3200c2661f16aa17b4ae7153c681a8e690a93e747a78171adec0cd072e5691d812c414b14e3eaee0ae981f752612e840acb307cb",
        ]
    );
}

#[test]
fn the_format_of_a_blind_index() {
    let secret = BlindIndexSecret::generate(ACME, &entropy());
    let index = secret.key("mainstay.users", "phone").blind_index(b"+15550100");
    assert_eq!(hex(&index), "09cdb3ca00ba8bba0cd7d4f599192fd5");
}
