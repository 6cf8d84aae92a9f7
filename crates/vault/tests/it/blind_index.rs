use std::collections::HashSet;

use mainstay_vault::BlindIndexSecret;

use crate::{ACME, GLOBEX, entropy};

#[test]
fn equal_values_of_one_column_have_equal_indexes() {
    let secret = BlindIndexSecret::generate(ACME, &entropy());
    let [first, second] = [0; 2].map(|_| secret.key("mainstay.users", "phone"));

    assert_eq!(first.blind_index(b"+15550100"), second.blind_index(b"+15550100"));
    assert_ne!(first.blind_index(b"+15550100"), first.blind_index(b"+15550101"));
}

#[test]
fn the_same_value_looks_unrelated_in_other_columns_tables_and_tenants() {
    // One seed, so the secrets have the same bytes and only the organisation tells them apart.
    let [acme, globex] = [ACME, GLOBEX].map(|id| BlindIndexSecret::generate(id, &entropy()));
    let other_secret = BlindIndexSecret::generate(ACME, &mainstay_vault::SeededEntropy::new(2));

    let indexes: HashSet<_> = [
        acme.key("mainstay.users", "phone"),
        acme.key("mainstay.users", "mobile"),
        acme.key("mainstay.guests", "phone"),
        acme.key("mainstay.usersp", "hone"),
        globex.key("mainstay.users", "phone"),
        other_secret.key("mainstay.users", "phone"),
    ]
    .map(|key| key.blind_index(b"+15550100"))
    .into();

    assert_eq!(indexes.len(), 6);
}
