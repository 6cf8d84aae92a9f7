//! Exact numbers and bytes.

/// Appends `units` / 10^`scale`.
pub(crate) fn write_decimal(units: i64, scale: u8, out: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(units.unsigned_abs()).as_bytes();
    let scale = usize::from(scale);
    if units < 0 {
        out.push(b'-');
    }
    let whole = digits.len().saturating_sub(scale);
    if whole == 0 {
        out.push(b'0');
    }
    out.extend_from_slice(&digits[..whole]);
    if scale > 0 {
        out.push(b'.');
        out.resize(out.len() + scale.saturating_sub(digits.len()), b'0');
        out.extend_from_slice(&digits[whole..]);
    }
}

/// Appends an integer without its leading zeros.
pub(super) fn write_digits(digits: &str, out: &mut Vec<u8>) {
    let significant = digits.trim_start_matches('0');
    out.extend_from_slice(if significant.is_empty() { b"0" } else { significant.as_bytes() });
}

/// Appends bytes as `\x` and hexadecimal digits.
pub(super) fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.reserve(2 + 2 * bytes.len());
    out.extend_from_slice(b"\\x");
    for byte in bytes {
        let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 0xf)]];
        out.extend_from_slice(&digits);
    }
}
