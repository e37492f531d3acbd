//! The few values that are written: to give a certificate its other signature, and to take the SCTs out
//! of one.

use alloc::vec::Vec;

/// A value with this tag (X.690 section 8.1.3: the length in its shortest form).
pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoding = Vec::from([tag]);
    let octets = content.len().to_be_bytes();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let length = octets.get(zeros..).unwrap_or_default();
    match (content.len(), u8::try_from(length.len())) {
        (0..0x80, _) => encoding.push(length.first().copied().unwrap_or_default()),
        (_, count) => {
            encoding.push(0x80 | count.unwrap_or_default());
            encoding.extend(length);
        }
    }
    encoding.extend(content);
    encoding
}

/// A SEQUENCE.
pub(crate) fn sequence(content: &[u8]) -> Vec<u8> {
    value(0x30, content)
}

/// An INTEGER that is not negative, from its octets, big endian.
pub(crate) fn unsigned(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let octets = octets.get(zeros..).unwrap_or_default();
    // A zero in front keeps it from being negative, and is the number zero.
    let sign: &[u8] = match octets.first() {
        Some(..0x80) => &[],
        _ => &[0],
    };
    value(0x02, &[sign, octets].concat())
}

/// A BIT STRING of whole octets.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    value(0x03, &[&[0], octets].concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::vec;

    use der::{Encode as _, asn1::UintRef};

    use super::*;

    #[test]
    fn lengths_are_in_their_shortest_form() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let content = vec![7; length];
            let expected = der::asn1::OctetStringRef::new(&content)
                .unwrap()
                .to_der()
                .unwrap();
            assert_eq!(value(0x04, &content), expected, "{length}");
        }
    }

    #[test]
    fn numbers_are_in_their_shortest_form() {
        for octets in [&[0][..], &[1], &[0x7f], &[0x80], &[0, 0, 5], &[0, 0xff, 0]] {
            let expected = UintRef::new(octets).unwrap().to_der().unwrap();
            assert_eq!(unsigned(octets), expected, "{octets:?}");
        }
    }
}
