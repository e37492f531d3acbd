//! Hex of any length.

use alloc::vec::Vec;

use modelseal_hash::decode_hex;

/// Decodes lower-case hex.
pub(crate) fn decode(hex: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = hex;
    while !rest.is_empty() {
        let (pair, after) = rest.split_at_checked(2)?;
        let [byte] = decode_hex(pair)?;
        bytes.push(byte);
        rest = after;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn pairs_of_lower_case_digits() {
        assert_eq!(decode(""), Some([].into()));
        assert_eq!(decode("00ff10"), Some([0, 255, 16].into()));
        for other in ["0", "0g", "FF", "é", "aé", " 00"] {
            assert_eq!(decode(other), None, "{other}");
        }
    }
}
