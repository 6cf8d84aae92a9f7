//! The one encoding of structured context: additional data, derivation info, hash input.

/// Joins `fields` so that no two different lists give the same bytes: each field is preceded by
/// its length as a big-endian u64.
pub(crate) fn join(fields: &[&[u8]]) -> Vec<u8> {
    let len = fields.iter().map(|field| size_of::<u64>() + field.len()).sum();
    let mut joined = Vec::with_capacity(len);
    for field in fields {
        joined.extend_from_slice(&(field.len() as u64).to_be_bytes());
        joined.extend_from_slice(field);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn moving_a_byte_across_a_field_boundary_changes_the_encoding() {
        assert_ne!(join(&[b"ab", b"c"]), join(&[b"a", b"bc"]));
        assert_ne!(join(&[b"ab"]), join(&[b"ab", b""]));
        assert_eq!(join(&[b"a"]), b"\0\0\0\0\0\0\0\x01a");
    }
}
